# SPDX-License-Identifier: Apache-2.0
"""A signed PDF file taken apart so that every byte belongs to something (docs/formats/certificate-pdf.md).

    file     = page update
    page     = header object* table          as typst writes it
    update   = object* table                 as the signature writes it
    table    = "xref" entry* "trailer" dictionary "startxref" offset "%%EOF" newline

Objects follow each other without a gap, each is in its table, and the file ends with the update's last newline. In
the update one object is the signature; its container stands between ``<`` and ``>`` and is the only part that
the signature does not cover.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gradus.trust.pdf_syntax import Reader, Ref, Value, refuse

LARGEST_FILE = 4 * 1024 * 1024

_HEADER = re.compile(rb"%PDF-1\.7\n%[\x80-\xff]{4}\n\n")
_END = re.compile(rb"\nstartxref\n(0|[1-9]\d{0,8})\n%%EOF\n")
_SECTION = re.compile(rb"(\d{1,7}) (\d{1,7})\n")
_ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])(?: \n|\r\n)")
_TRAILER = re.compile(rb"trailer\n")
_OBJECT = re.compile(rb"(\d{1,7}) 0 obj\n")
_STREAM = re.compile(rb"\nstream\n")
_STREAM_END = re.compile(rb"\nendstream")
_OBJECT_END = re.compile(rb"\nendobj\n{1,2}")
_SIGNATURE = re.compile(
    rb"\d{1,7} 0 obj\n<<\n/Contents (<[0-9A-F]+>)\n/ByteRange \[0 (\d{1,9}) (\d{1,9}) (\d{1,9})\] *+\n"
)


@dataclass(frozen=True, slots=True)
class PdfObject:
    """An object: where it begins, its value, and its stream as it stands in the file, None where it has none."""

    at: int
    value: Value
    stream: bytes | None

    @property
    def entries(self) -> Mapping[str, Value]:
        """A dictionary's entries. Raises Refusal for another kind of object."""
        return self.value if isinstance(self.value, dict) else refuse("pdf.syntax", self.at)


@dataclass(frozen=True, slots=True)
class Revision:
    """The objects that the page or the update brings, by their numbers, and the trailer."""

    objects: Mapping[int, PdfObject]
    trailer: Mapping[str, Value]

    def get(self, ref: Value) -> PdfObject:
        """The object that a reference means. Raises Refusal where there is none."""
        found = self.objects.get(ref.number) if isinstance(ref, Ref) else None
        return found if found is not None else refuse("pdf.lacks_object")


@dataclass(frozen=True, slots=True)
class SignedFile:
    """The two revisions of a signed file."""

    data: bytes
    page: Revision
    update: Revision


@dataclass(frozen=True, slots=True)
class Container:
    """What is signed, in two parts, and the signature container with its padding."""

    before: bytes
    after: bytes
    content: bytes


def read_file(data: bytes) -> SignedFile:
    """Take a file apart. Raises Refusal where a byte belongs to nothing."""
    header = _HEADER.match(data)
    if len(data) > LARGEST_FILE or header is None:
        refuse("pdf.no_certificate")
    end = _END.fullmatch(data, max(0, data.rfind(b"\nstartxref\n")))
    if end is None:
        refuse("pdf.end")
    reader = Reader(data)
    update_table = _table(data, reader, int(end[1]), len(data))
    before = update_table.trailer.get("Prev")
    if not isinstance(before, int) or before >= update_table.at:
        refuse("pdf.one_update")
    page_table = _table(data, reader, before, None)
    if "Prev" in page_table.trailer or page_table.end > update_table.at:
        refuse("pdf.one_update")
    page = _revision(data, reader, page_table, header.end())
    update = _revision(data, reader, update_table, page_table.end)
    for key in ("Root", "Info"):
        if page.trailer.get(key) != update.trailer.get(key):
            refuse("pdf.update", what=f"/{key}")
    if not {*page.trailer, *update.trailer} <= {"Size", "Root", "Info", "ID", "Prev"}:
        refuse("pdf.update", what="trailer")
    return SignedFile(data, page, update)


def read_container(file: SignedFile, signature: Ref) -> Container:
    """The signature container in its one form: it covers all of the file but itself. Raises Refusal."""
    data, at = file.data, file.update.get(signature).at
    found = _SIGNATURE.match(data, at)
    if found is None:
        refuse("pdf.container_form")
    start, end = found.span(1)
    if [int(found[index]) for index in (2, 3, 4)] != [start, end, len(data) - end] or (end - start) % 2:
        refuse("pdf.range")
    return Container(data[:start], data[end:], bytes.fromhex(data[start + 1 : end - 1].decode()))


@dataclass(frozen=True, slots=True)
class _Table:
    """A cross-reference table (ISO 32000-1, 7.5.4): offsets of objects by number, its trailer, its own bounds."""

    at: int
    end: int
    offsets: Mapping[int, int]
    trailer: Mapping[str, Value]


def _table(data: bytes, reader: Reader, at: int, end: int | None) -> _Table:
    if not data.startswith(b"xref\n", at):
        refuse("pdf.syntax", at)
    offsets: dict[int, int] = {}
    place = at + 5
    while section := _SECTION.match(data, place):
        place = section.end()
        first, count = int(section[1]), int(section[2])
        for number in range(first, first + count):
            entry = _ENTRY.match(data, place)
            if entry is None or number in offsets or (entry[3] == b"f") != (number == 0):
                refuse("pdf.syntax", place)
            offsets[number] = int(entry[1])
            place = entry.end()
    offsets.pop(0, None)
    words = _TRAILER.match(data, place)
    if words is None:
        refuse("pdf.syntax", place)
    trailer, place = reader.value(words.end())
    last = _END.match(data, place)
    if not isinstance(trailer, dict) or last is None or int(last[1]) != at:
        refuse("pdf.syntax", place)
    if end is not None and last.end() != end:
        refuse("pdf.end")
    return _Table(at, last.end(), offsets, trailer)


def _revision(data: bytes, reader: Reader, table: _Table, start: int) -> Revision:
    objects: dict[int, PdfObject] = {}
    place = start
    for number, at in sorted(table.offsets.items(), key=lambda each: each[1]):
        if at != place:
            refuse("pdf.gap", place)
        objects[number], place = _object(data, reader, number, at)
    if place != table.at:
        refuse("pdf.gap", place)
    return Revision(objects, table.trailer)


def _object(data: bytes, reader: Reader, number: int, at: int) -> tuple[PdfObject, int]:
    head = _OBJECT.match(data, at)
    if head is None or int(head[1]) != number:
        refuse("pdf.syntax", at)
    value, place = reader.value(head.end())
    stream = None
    if begin := _STREAM.match(data, place):
        length = value.get("Length") if isinstance(value, dict) else None
        place = begin.end() + length if isinstance(length, int) and length >= 0 else len(data)
        stream = data[begin.end() : place]
        finish = _STREAM_END.match(data, place)
        if finish is None:
            refuse("pdf.syntax", at)
        place = finish.end()
    last = _OBJECT_END.match(data, place)
    if last is None:
        refuse("pdf.syntax", place)
    return PdfObject(at, value, stream), last.end()
