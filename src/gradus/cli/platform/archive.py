# SPDX-License-Identifier: Apache-2.0
"""The file of a backup: a ZIP that says first what it is, and last what must be in it (docs/formats/backup.md)."""

import hashlib
import json
import os
import secrets
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from gradus.formats.files import problem, refuse_other_kinds
from gradus.formats.stored_zip import NO_ZIP
from gradus.grading.faults import Fault, Place, Refusal

_NAME, _FORMAT = "gradus-backup", "gradus-backup/1\n"
_MANIFEST = "manifest.json"
_CHUNK = 2**20
left_out = ("files/incoming/", "static/", "uploads/", "cache/", "gradus.sqlite3")
"""How the names of files begin that no backup holds: what is made anew, what is passing, and the database itself, whose
rows are written as tables."""
# What reading raises when the bytes of an archive, or what is written in it, are not what they should be.
_DAMAGE = (*NO_ZIP, TypeError)

Entry = dict[str, Any]
"""What the manifest says of a table or file: ``sha256``, ``size``; of a table ``rows``, of a file ``mode``."""


class Writer:
    """A backup that is being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._archive.writestr(zipfile.ZipInfo(_NAME), _FORMAT)

    def add(self, name: str, chunks: Iterable[bytes], *, squeeze: bool) -> Entry:
        """Write one table or file. Papers and pictures are squeezed already."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if squeeze else zipfile.ZIP_STORED
        hashed, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as out:
            for chunk in chunks:
                out.write(chunk)
                hashed.update(chunk)
                size += len(chunk)
        return {"sha256": hashed.hexdigest(), "size": size}

    def finish(self, manifest: dict[str, Any]) -> None:
        text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1)
        self._archive.writestr(zipfile.ZipInfo(_MANIFEST), text, zipfile.ZIP_DEFLATED)


@contextmanager
def written(file: Path) -> Iterator[Writer]:
    """A new backup, readable by its owner alone; it has its name when it is whole, and before that nobody sees it.

    Raises Refusal when something has that name, or when it can not be written.
    """
    here = Place(str(file))
    part = file.with_name(f".gradus-{secrets.token_hex(4)}.part")
    try:
        _refuse_taken(file)
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as stream:
            with zipfile.ZipFile(stream, "w") as archive:
                yield Writer(archive)
            stream.flush()
            os.fsync(stream.fileno())
        _refuse_taken(file)
        part.rename(file)
    except OSError as error:
        raise Refusal([Fault("file.not_written", here, problem(error))]) from None
    finally:
        part.unlink(missing_ok=True)


class Reader:
    """A backup whose every byte has been compared with what its manifest says."""

    def __init__(self, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
        self._archive, self.manifest = archive, manifest

    def table(self, label: str) -> IO[bytes]:
        return self._archive.open(table_name(label))

    def write_file(self, name: str, target: Path) -> None:
        """Write a file of the data folder where it belongs, as it was."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._archive.open(file_name(name)) as source, target.open("wb") as out:
            target.chmod(0o600)
            for chunk in iter(lambda: source.read(_CHUNK), b""):
                out.write(chunk)
        target.chmod(self.manifest["files"][name]["mode"] & 0o700)


@contextmanager
def opened(file: Path, refuse: Callable[[dict[str, Any]], None]) -> Iterator[Reader]:
    """A backup to read. ``refuse`` looks at its manifest before the long comparison.

    Raises Refusal when it is no backup, a newer one, damaged or cut off.
    """
    here = Place(str(file))
    try:
        refuse_other_kinds(file, here)
        with file.open("rb") as stream:
            if not stream.read(30 + len(_NAME)).endswith(_NAME.encode()):  # a ZIP's first name follows 30 bytes
                raise Refusal([Fault("backup.foreign", here)])
    except OSError as error:
        raise Refusal([Fault("file.not_read", here, problem(error))]) from None
    with _whole(file) as archive:
        try:
            if archive.read(_NAME) != _FORMAT.encode():
                raise Refusal([Fault("backup.newer", here)])
            manifest = json.loads(archive.read(_MANIFEST))
            _refuse_other_shape(manifest)
            refuse(manifest)
            damaged = _damaged(archive, manifest)
        except _DAMAGE:
            raise Refusal([Fault("backup.damaged", here)]) from None
        if damaged:
            raise Refusal([Fault("backup.damaged_part", here, {"part": name}) for name in damaged])
        yield Reader(archive, manifest)


def _refuse_other_shape(manifest: dict[str, Any]) -> None:
    """Raises ValueError or LookupError for a manifest that no Gradus has written (docs/formats/backup.md)."""
    numbers = [each[name] for each in manifest["tables"].values() for name in ("size", "rows")]
    numbers += [each[name] for each in manifest["files"].values() for name in ("size", "mode")]
    texts = [manifest["gradus"], *(part for each in manifest["migrations"] for part in each)]
    datetime.fromisoformat(manifest["made_at"])
    right = all(type(each) is int for each in numbers) and all(isinstance(each, str) for each in texts)
    if not right or any(len(each) != 2 for each in manifest["migrations"]) or "secret_key" not in manifest:
        raise ValueError


def table_name(label: str) -> str:
    return f"tables/{label}.jsonl"


def file_name(name: str) -> str:
    return f"data/{name}"


@contextmanager
def _whole(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except _DAMAGE:
        raise Refusal([Fault("backup.damaged", Place(str(file)))]) from None
    with archive:
        yield archive


def _damaged(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> list[str]:
    """The parts that are not what the manifest says, or are missing, or are not in it, or lead out of the folder."""
    wanted = {table_name(label): each for label, each in manifest["tables"].items()}
    wanted |= {file_name(name): each for name, each in manifest["files"].items()}
    there = Counter(each for each in archive.namelist() if each not in {_NAME, _MANIFEST})
    odd = {name for name, times in there.items() if times > 1 or name not in wanted}
    # The database's own file would lie where the new one is made.
    odd |= {file_name(name) for name in manifest["files"] if name.startswith(left_out)}
    outside = {name for name in wanted if ".." in PurePosixPath(name).parts or "\\" in name or "//" in name}
    bad = {name for name, entry in wanted.items() if name not in outside and _digest(archive, name) != entry["sha256"]}
    return sorted(outside | odd | bad)


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    hashed = hashlib.sha256()
    try:
        with archive.open(name) as source:
            for chunk in iter(lambda: source.read(_CHUNK), b""):
                hashed.update(chunk)
    except _DAMAGE:
        return ""
    return hashed.hexdigest()


def _refuse_taken(file: Path) -> None:
    """A backup never takes the place of anything, nor goes where a link leads."""
    if os.path.lexists(file):
        raise Refusal([Fault("backup.taken", Place(str(file)))])
