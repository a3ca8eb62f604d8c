# SPDX-License-Identifier: Apache-2.0
"""A firm's tables as the workbook that a user would hand in; also one with mistakes typed into it."""

import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from examples.story import Tables
from gradus.formats.cells import read_cell
from gradus.formats.template_xlsx import write_template
from gradus.grading.dossier import Dossier, Row
from gradus.grading.faults import Fault
from gradus.grading.scheme import Cell, Column, Edition

FIRST_ROW = 3
"""Row 1 of a sheet holds the columns' ids, row 2 their names."""

_PACKED_AT = (2026, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_MAKER = re.compile(rb"(<dc:creator>)[^<]*")


def workbook(edition: Edition, name: str, tables: Tables, change: Callable[[Workbook], None] | None = None) -> bytes:
    """The template filled with the tables; ``change`` may then do to it what a user does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        write_template(edition, path, dossier(edition, name, tables))
        if change is not None:
            book = load_workbook(path)
            for note in (cell.comment for sheet in book for cell in sheet[2] if cell.comment):
                note.width, note.height = 340, 200  # loading forgets them
            change(book)
            book.save(path)
        return _without_time(path.read_bytes())


def dossier(edition: Edition, name: str, tables: Tables) -> Dossier:
    """The tables as typed cells."""
    unknown = set(tables) - set(edition.tables)
    assert not unknown, unknown
    typed = {
        table.id: tuple(
            Row(number, tuple(_cell(row.get(column.id, ""), column) for column in table.columns))
            for number, row in enumerate(tables.get(table.id, []), FIRST_ROW)
        )
        for table in edition.tables.values()
    }
    return Dossier(name, typed)


def _cell(text: str, column: Column) -> Cell:
    value = read_cell(text, column)
    assert not isinstance(value, Fault), (column.id, text, value)
    return value


def mistyped(mistakes: Iterable[dict[str, Any]]) -> Callable[[Workbook], None]:
    """Types each mistake into its cell, as what a spreadsheet would keep: text, number, day, or formula."""

    def change(book: Workbook) -> None:
        for mistake in mistakes:
            if "new_sheet" in mistake:
                book.create_sheet(mistake["new_sheet"]).append(mistake["typed"])
                continue
            sheet = book[mistake["sheet"]]
            assert isinstance(sheet, Worksheet)
            for column, value in mistake["typed"].items():
                _type(sheet, mistake, column, value)
            if "merge" in mistake:
                sheet.merge_cells(mistake["merge"])

    return change


def hiding(sheets: Iterable[str] = (), rows: Mapping[str, Iterable[int]] | None = None) -> Callable[[Workbook], None]:
    """Hides sheets, and rows of sheets."""

    def change(book: Workbook) -> None:
        for name in sheets:
            book[name].sheet_state = "hidden"
        for name, numbers in (rows or {}).items():
            for number in numbers:
                book[name].row_dimensions[number].hidden = True

    return change


def _type(sheet: Worksheet, mistake: dict[str, Any], column: str, value: object) -> None:
    at = [cell.value for cell in sheet[1]].index(column) + 1
    cell = sheet.cell(mistake["row"], at)
    cell.value = value  # type: ignore[assignment]
    if isinstance(value, str) and value[0] not in "=#":
        cell.data_type = "s"  # as it is typed, whatever it looks like


def _without_time(package: bytes) -> bytes:
    """The package without the time of its making; its parts are stored unpacked, so that no packer's version shows."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for part in given.namelist():
            content = given.read(part)
            if part == "docProps/core.xml":
                content = _MAKER.sub(rb"\1Gradus", _TIMES.sub(rb"\g<1>2026-01-01T00:00:00Z", content))
            made.writestr(zipfile.ZipInfo(part, _PACKED_AT), content)
    return out.getvalue()
