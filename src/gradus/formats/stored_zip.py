# SPDX-License-Identifier: Apache-2.0
"""A zip archive of exactly one form: nothing compressed, nothing between the files, no times, no comments.

The same files give the same bytes on every system, an archive holds no more than its own size, and a byte that was
changed anywhere is found: by a checksum, or because the archive is no longer what :class:`Writer` writes.
"""

import hashlib
import os
import secrets
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gradus.formats.files import problem
from gradus.grading.faults import Fault, Place, Refusal

most_files = 65_534
most_bytes = 2**32 - 2
"""What a zip archive can hold without its later extensions."""
most_unpacked = 2**30
"""Of an archive that another program packed, all its files together: what they take is written beside, to be read."""
NO_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    LookupError,
    ValueError,
    AttributeError,
    OSError,  # it seeks where a damaged directory sends it, before the file's first byte too
)
"""What Python's reader of any ZIP raises where bytes are not what they should be."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LOCAL_SIGN, _CENTRAL_SIGN, _END_SIGN = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_FORM = (20, 0x800, 0, 0, 0x21)  # version, names in UTF-8, stored, midnight of 1980-01-01
_MADE_BY, _MODE = 3 << 8 | 20, 0o100644 << 16
_LONGEST_NAME = 1000
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: where its content begins, and what it says of it."""

    name: str
    size: int
    crc: int
    offset: int


@dataclass(frozen=True, slots=True)
class Scanned:
    """The files of an archive in their order; ``damaged_at`` is the first byte that is not as it was written."""

    members: tuple[Member, ...]
    damaged_at: int | None


class Writer:
    """Writes one file after the other; :meth:`finish` writes the archive's end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._members = stream, list[Member]()

    def add(self, name: str, chunks: Iterable[bytes]) -> dict[str, object]:
        """Write a file; returns its SHA-256 and size."""
        assert is_safe(name), name
        begin = self._stream.tell()
        self._stream.write(bytes(_LOCAL.size) + name.encode())
        offset, crc, hashed = self._stream.tell(), 0, hashlib.sha256()
        for chunk in chunks:
            crc = zlib.crc32(chunk, crc)
            hashed.update(chunk)
            self._stream.write(chunk)
        member = Member(name, self._stream.tell() - offset, crc, offset)
        if self._stream.tell() > most_bytes or len(self._members) >= most_files:
            raise Refusal([Fault("bundle.too_large", params={"limit": str(most_bytes // 2**20)})])
        self._stream.seek(begin)
        self._stream.write(_local(member))
        self._stream.seek(0, os.SEEK_END)
        self._members.append(member)
        return {"sha256": hashed.hexdigest(), "size": member.size}

    def finish(self) -> None:
        self._stream.write(_directory(self._members, self._stream.tell()))


@contextmanager
def written(file: Path) -> Iterator[Writer]:
    """A new archive, readable by its owner alone. It has its name when it is whole, and before that nobody sees it.

    Raises Refusal when something has that name already, or when it can not be written.
    """
    part = file.with_name(f".gradus-{secrets.token_hex(4)}.part")
    try:
        _refuse_taken(file)
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as stream:
            writer = Writer(stream)
            yield writer
            writer.finish()
            stream.flush()
            os.fsync(stream.fileno())
        _refuse_taken(file)
        part.rename(file)
    except OSError as error:
        raise Refusal([Fault("file.not_written", Place(str(file)), problem(error))]) from None
    finally:
        part.unlink(missing_ok=True)


def _refuse_taken(file: Path) -> None:
    if os.path.lexists(file):
        raise Refusal([Fault("bundle.taken", Place(str(file)))])


def is_safe(name: str) -> bool:
    """Whether a name stays within the folder that an archive is unpacked to, on every system."""
    parts = name.split("/")
    return (
        len(name.encode("utf-8", "replace")) <= _LONGEST_NAME
        and not any(ord(each) < 32 or each in '\\:*?"<>|\x7f' for each in name)
        and all(part.strip(" .") for part in parts)
    )


def scan(stream: IO[bytes]) -> Scanned:
    """Read an archive's structure; no content is read, and nothing beyond it is believed."""
    size = stream.seek(0, os.SEEK_END)
    members: list[Member] = []
    at = 0
    while (found := _member(stream, at, size)) is not None:
        members.append(found)
        at = found.offset + found.size
    rest = _directory(members, at)
    stream.seek(at)
    there = stream.read(len(rest) + 1)
    if there == rest:
        return Scanned(tuple(members), None)
    same = next((n for n, (a, b) in enumerate(zip(there, rest, strict=False)) if a != b), min(len(there), len(rest)))
    return Scanned(tuple(members), at + same)


@contextmanager
def unpacked(stream: IO[bytes]) -> Iterator[IO[bytes] | None]:
    """What is to be read of an archive that is not of the one form (another program packed it anew, or a byte where a
    file begins was changed), as one that is; None where nothing is. A file that can not be read whole is left out."""
    with tempfile.TemporaryFile() as out:
        writer, left = Writer(out), most_unpacked
        try:
            with zipfile.ZipFile(stream) as archive:
                listed = archive.infolist()
                for info in listed[:most_files]:
                    left -= _copy(archive, info, writer, left)
        except NO_ZIP:
            listed = []
        writer.finish()
        yield out if listed else None


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, writer: Writer, most: int) -> int:
    """Add a file of another archive; how many bytes it took."""
    if info.is_dir() or not is_safe(info.filename) or info.file_size > most:
        return 0
    try:
        with tempfile.TemporaryFile() as content, archive.open(info) as source:
            shutil.copyfileobj(source, content, _CHUNK)
            content.seek(0)
            writer.add(info.filename, iter(lambda: content.read(_CHUNK), b""))
    except NO_ZIP:
        return 0
    return info.file_size


def _member(stream: IO[bytes], at: int, size: int) -> Member | None:
    """The file that begins at a byte; None when none does that is of the one form."""
    stream.seek(at)
    head = stream.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(_LOCAL_SIGN):
        return None
    *_, crc, _, length, name_length, _ = _LOCAL.unpack(head)
    try:
        name = stream.read(name_length).decode()
    except UnicodeDecodeError:
        return None
    member = Member(name, length, crc, at + _LOCAL.size + name_length)
    whole = head + name.encode() == _local(member) + name.encode()
    return member if whole and is_safe(name) and member.offset + length <= size else None


def chunks(stream: IO[bytes], member: Member) -> Iterator[bytes]:
    """A file's content, bit by bit."""
    stream.seek(member.offset)
    left = member.size
    while left and (chunk := stream.read(min(left, _CHUNK))):
        left -= len(chunk)
        yield chunk


def _local(member: Member) -> bytes:
    return _LOCAL.pack(_LOCAL_SIGN, *_FORM, member.crc, member.size, member.size, len(member.name.encode()), 0)


def _directory(members: Iterable[Member], begin: int) -> bytes:
    """The list of files and the end of an archive."""
    lines, count = [], 0
    for each in members:
        name, count = each.name.encode(), count + 1
        offset = each.offset - len(name) - _LOCAL.size
        sizes = (each.crc, each.size, each.size, len(name), 0, 0, 0, 0, _MODE, offset)
        lines.append(_CENTRAL.pack(_CENTRAL_SIGN, _MADE_BY, *_FORM, *sizes) + name)
    listed = b"".join(lines)
    return listed + _END.pack(_END_SIGN, 0, 0, count, count, len(listed), begin, 0)
