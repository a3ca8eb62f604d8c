# SPDX-License-Identifier: Apache-2.0
"""Evidence files on disk, each kept once under the SHA-256 of its content: ``files/ab/<digest>`` in the data folder.

A file is written whole under a passing name, flushed to the disk and only then given its own name; the database's row
comes after. Whatever stops in between leaves a passing file or one without a row: harmless, and found by
:func:`examine`. What is kept is never changed.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from gradus.dossiers.models import File
from gradus.grading.faults import Fault, Refusal

most_bytes = 50 * 2**20
"""Of one evidence file."""


@dataclass(frozen=True, slots=True)
class Received:
    """Content that lies on the disk under a passing name, measured and not yet kept."""

    path: Path
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Examined:
    """What :func:`examine` finds. ``passing`` and ``orphans`` may be removed; the others are lost evidence."""

    passing: tuple[str, ...]
    orphans: tuple[str, ...]
    missing: tuple[str, ...]
    damaged: tuple[str, ...]


def path_of(digest: str) -> Path:
    """Where the content of a digest lies."""
    return _files() / digest[:2] / digest


@contextmanager
def received(chunks: Iterable[bytes]) -> Iterator[Received]:
    """Write content to the disk and measure it; gone afterwards unless it was kept. Raises Refusal when it is empty or
    too large, without reading further."""
    incoming = _files() / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=incoming)
    try:
        with os.fdopen(descriptor, "wb") as out:
            hashed, size = hashlib.sha256(), 0
            for chunk in chunks:
                size += len(chunk)
                if size > most_bytes:
                    raise Refusal([Fault("evidence.too_large", params={"limit": str(most_bytes // 2**20)})])
                hashed.update(chunk)
                out.write(chunk)
            if not size:
                raise Refusal([Fault("evidence.nothing_in_it")])
            out.flush()
            os.fsync(out.fileno())
        yield Received(Path(name), hashed.hexdigest(), size)
    finally:
        Path(name).unlink(missing_ok=True)


def keep(content: Received) -> None:
    """Give content its own name. What is there already stays, unless the disk has damaged it."""
    target = path_of(content.digest)
    if is_whole(content.digest):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    content.path.replace(target)
    target.chmod(0o440)
    for folder in (target.parent, target.parent.parent):
        _flush(folder)


def is_whole(digest: str) -> bool:
    """Whether what lies under a digest is there, and is what the digest says."""
    try:
        with path_of(digest).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


def examine() -> Examined:
    """Compare the store with the database, reading every file."""
    known = set(File.objects.values_list("digest", flat=True))
    there = {path.name for path in _files().glob("??/*")}
    passing = sorted(path.name for path in _files().glob("incoming/*"))
    damaged = sorted(digest for digest in known & there if not is_whole(digest))
    return Examined(tuple(passing), tuple(sorted(there - known)), tuple(sorted(known - there)), tuple(damaged))


def _files() -> Path:
    return Path(settings.DATA) / "files"


def _flush(folder: Path) -> None:
    """Make a new name in a folder survive a power cut, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
