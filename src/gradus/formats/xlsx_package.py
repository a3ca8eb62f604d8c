# SPDX-License-Identifier: Apache-2.0
"""A workbook's package: what must be known before its cells may be read, and what the cell reader cannot tell.

The file is unpacked once, within bounds, and packed again plainly: what is checked here is what is read later, whatever
a hostile archive says about itself. In this order: (1) the file's size and kind, (2) no macros, (3) bounds of the
archive, (4) the list of sheets, (5) each sheet's outline: where cells stand, which are formulas without a stored value
or error values, which are merged or hidden.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath
from xml.etree import ElementTree as ET
from xml.parsers import expat

from gradus.grading.faults import Fault, Place, Refusal

most_bytes = 50 * 2**20
most_unpacked = 100 * 2**20
most_parts = 2_000
highest_ratio = 300  # a workbook of equal rows reaches about 100
most_text = 2**30  # characters of all cells together, as if each were as long as the longest

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_WORKBOOK = "xl/workbook.xml"
_STRINGS = "xl/sharedStrings.xml"


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range, counted from 1 and both ends included."""

    ref: str
    rows: range
    columns: range


@dataclass(slots=True)
class Outline:
    """What a sheet's XML tells beside its values; rows and columns count from 1."""

    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    strings: int = 0
    without_value: list[tuple[int, int]] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[range] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name as the user sees it, and its outline; that of an aside is not looked at."""

    name: str
    hidden: bool
    outline: Outline


@dataclass(frozen=True, slots=True)
class Package:
    """A checked workbook: ``content`` is its plain copy for the cell reader."""

    content: bytes
    sheets: tuple[Sheet, ...]
    dates_from_1904: bool


def open_package(data: bytes, file: str) -> Package:
    """Checks the bytes of a workbook and tells about its sheets, or refuses it in words."""
    try:
        parts = _unpack(data, file)
        workbook = ET.fromstring(parts[_WORKBOOK])  # noqa: S314  bounded above, and expat bounds entities
        sheets = tuple(_sheets(workbook, parts))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise _refusal("damaged_workbook", file) from error
    except (expat.ExpatError, ET.ParseError, KeyError, ValueError, LookupError) as error:
        raise _refusal("damaged_workbook", file) from error
    longest = max(map(len, re.split(rb"</(?:\w+:)?si>", parts.get(_STRINGS, b""))))
    if longest * sum(sheet.outline.strings for sheet in sheets) > most_text:
        raise _refusal("workbook_too_large", file)
    properties = next((each for each in workbook if _local(each.tag) == "workbookPr"), None)
    dates = "" if properties is None else properties.get("date1904", "")
    return Package(_pack(parts), sheets, dates_from_1904=dates in {"1", "true"})


def _refusal(code: str, file: str, **params: str) -> Refusal:
    return Refusal([Fault(f"dossier.{code}", Place(file=file), params)])


def _unpack(data: bytes, file: str) -> dict[str, bytes]:
    """The XML parts of the archive, each as long as it says and none too long; pictures and the like stay packed."""
    if data.startswith(_OLE):
        raise _refusal("encrypted_workbook" if _ENCRYPTED in data else "old_workbook", file)
    if not data.startswith(b"PK"):
        raise _refusal("not_a_workbook", file)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {info.filename.lower() for info in archive.infolist()}
        if len(names) != len(archive.infolist()):
            raise _refusal("damaged_workbook", file)  # two parts of one name: which is read is anybody's guess
        if any(name.endswith("vbaproject.bin") for name in names):
            raise _refusal("macros", file)
        if _WORKBOOK not in names:
            raise _refusal("old_workbook" if names & {"xl/workbook.bin", "mimetype"} else "not_a_workbook", file)
        wanted = [info for info in archive.infolist() if info.filename.lower().endswith((".xml", ".rels"))]
        unpacked = sum(info.file_size for info in wanted)
        if len(names) > most_parts or unpacked > most_unpacked or any(map(_is_bomb, wanted)):
            raise _refusal("workbook_too_large", file)
        parts = {info.filename: archive.read(info) for info in wanted}
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        raise _refusal("macros", file)
    return parts


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > 2**20 and info.file_size > highest_ratio * max(info.compress_size, 1)


def _pack(parts: Mapping[str, bytes]) -> bytes:
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return plain.getvalue()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _sheets(workbook: ET.Element, parts: Mapping[str, bytes]) -> list[Sheet]:
    relations = ET.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314  as above
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    sheets = []
    for each in workbook.iter():
        if _local(each.tag) == "sheet":
            target = targets[each.get(_RELATION) or each.get(_STRICT_RELATION)]
            part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            hidden = each.get("state", "visible") != "visible"
            name = each.get("name", "")
            sheets.append(Sheet(name, hidden, Outline() if is_aside(name) else outline_of(parts[part])))
    return sheets


def is_aside(name: str) -> bool:
    """A sheet that is no table: instructions, lists, the user's own notes."""
    return name.lstrip().startswith("#")


def outline_of(xml: bytes) -> Outline:
    """One pass over a sheet's XML."""
    scan = _Scan()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.text
    parser.StartDoctypeDeclHandler = scan.doctype
    parser.Parse(xml, True)  # True: this is all of it
    return scan.outline


class _Scan:
    """Where the parser stands, and the outline so far."""

    def __init__(self) -> None:
        self.outline = Outline()
        self.row = self.column = 0
        self.kind = ""
        self.formula = self.stated = False
        self.value: list[str] = []
        self.in_value = False

    def doctype(self, *_: object) -> None:
        raise ValueError("a worksheet has no document type")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "c":
                ref = attributes.get("r")
                self.row, self.column = _cell(ref) if ref else (self.row, self.column + 1)
                self.kind = attributes.get("t", "n")
                self.formula = self.stated = False
                self.value = []
            case "v" | "is":
                self.in_value = self.stated = True
            case "f":
                self.formula = self.stated = True
            case "row":
                self.row = int(attributes.get("r", self.row + 1))
                self.column = 0
                if attributes.get("hidden") in {"1", "true"}:
                    self.outline.hidden_rows.add(self.row)
            case "col" if attributes.get("hidden") in {"1", "true"}:
                self.outline.hidden_columns.append(range(int(attributes["min"]), int(attributes["max"]) + 1))
            case "mergeCell":
                self.outline.merged.append(_merged(attributes["ref"]))

    def text(self, text: str) -> None:
        if self.in_value:
            self.value.append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in {"v", "is"}:
            self.in_value = False
        elif name == "c" and self.stated:
            self._close_cell()

    def _close_cell(self) -> None:
        """A formula that gives the empty text is stored as kind str; any other without a value was never computed.

        The cell reader makes room for a cell with an empty value too.
        """
        outline, here = self.outline, (self.row, self.column)
        outline.last_row = max(outline.last_row, self.row)
        outline.last_column = max(outline.last_column, self.column)
        if not (self.value or self.formula):
            return
        outline.cells += 1
        outline.strings += self.kind == "s"
        if self.kind == "e":
            outline.errors[here] = "".join(self.value)
        elif not self.value and self.kind != "str":
            outline.without_value.append(here)


_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


def _cell(ref: str) -> tuple[int, int]:
    match = _CELL.fullmatch(ref)
    if match is None:
        raise ValueError(ref)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _merged(ref: str) -> Merged:
    first, _, last = ref.partition(":")
    (top, left), (bottom, right) = _cell(first), _cell(last or first)
    return Merged(ref, range(top, bottom + 1), range(left, right + 1))
