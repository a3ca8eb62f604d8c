# SPDX-License-Identifier: Apache-2.0
"""The workbook that an enterprise fills in: a guide, then a sheet a table; filled in when a dossier is given.

What is written here is read back by :mod:`gradus.formats.dossier_xlsx` as the same cells.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gradus.formats.cells import WORKBOOK, likely_years, option_words
from gradus.formats.dossier_rows import column_letters
from gradus.formats.files import write_file
from gradus.formats.numbers import is_currency
from gradus.formats.template_guide import (
    accent,
    accent_soft,
    face,
    faded,
    guide_sheet,
    ink,
    line,
    surface,
    write_guide,
)
from gradus.formats.template_rules import Lists, first_row, mark_cells, required_tint, validation
from gradus.formats.template_words import cells_wide, heading, note
from gradus.grading.dossier import Dossier, Row
from gradus.grading.scheme import Cell, Column, Edition, Empty, Table
from gradus.grading.validate import written

_TABS = {"single": accent, "referred": accent_soft, "other": line}
_WIDTHS = {"text": 16, "integer": 12, "decimal": 14, "boolean": 8, "date": 12}
_WIDEST = 40
_MANY_COLUMNS = 6  # with more, the first column stays in view
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what a workbook would read as the code of a character
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # written as such codes (ECMA-376, ST_Xstring)
_NO_CHARACTERS = re.compile("[\ufffe\uffff]")  # no XML can hold them, and no reader takes their codes
_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number; a longer one is written as text


def write_template(edition: Edition, out: Path, dossier: Dossier | None = None) -> None:
    """Writes the workbook to the file, with the dossier's rows when there is one."""
    book = Workbook()
    guide = book.active
    assert isinstance(guide, Worksheet)
    guide.title = guide_sheet
    write_guide(guide, edition)
    sheets = {table.id: book.create_sheet(table.id) for table in edition.tables.values()}
    lists = Lists(book)
    referred = {column.ref[0] for table in edition.tables.values() for column in table.columns if column.ref}
    for table in edition.tables.values():
        sheet = sheets[table.id]
        kind = "single" if table.single else "referred" if table.id in referred else "other"
        sheet.sheet_properties.tabColor = _TABS[kind]
        _write_head(sheet, table, edition.tables)
        rows = dossier.tables.get(table.id, ()) if dossier else ()
        _write_rows(sheet, table, rows)
        for at in range(len(table.columns)):
            rule = validation(table, at, edition.tables, lists)
            if rule is not None:
                sheet.add_data_validation(rule)
        mark_cells(sheet, table)
    content = BytesIO()
    book.save(content)
    write_file(out, content.getvalue())


def write_table(table: Table, out: Path) -> None:
    """Writes a workbook of one empty table that stands in no edition."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = table.id
    _write_head(sheet, table, {table.id: table})
    lists = Lists(book)
    for at in range(len(table.columns)):
        rule = validation(table, at, {table.id: table}, lists)
        if rule is not None:
            sheet.add_data_validation(rule)
    mark_cells(sheet, table)
    content = BytesIO()
    book.save(content)
    write_file(out, content.getvalue())


def _write_head(sheet: Worksheet, table: Table, tables: Mapping[str, Table]) -> None:
    """Row 1 the ids, row 2 the names; widths, formats, and what stays in view and is printed on every page."""
    sheet.freeze_panes = f"{'B' if len(table.columns) > _MANY_COLUMNS else 'A'}{first_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:2"
    lines = 2
    for at, column in enumerate(table.columns):
        label = heading(column)
        width = _width(column, label)
        _write_id(sheet, at, column)
        _write_label(sheet, at, column, label)
        sheet.cell(2, at + 1).comment = _comment(note(column, table, tables))
        lines = max(lines, sum(-(-cells_wide(each) // int(width - 2)) for each in label.split("\n")))
        dimension = sheet.column_dimensions[column_letters(at)]
        dimension.width = width
        dimension.number_format = _number_format(column)
        dimension.font = Font(name=face, size=10, color=ink)
        dimension.alignment = _alignment(column)
    sheet.row_dimensions[2].height = 15 * lines + 4


def _write_id(sheet: Worksheet, at: int, column: Column) -> None:
    cell = sheet.cell(1, at + 1, column.id)
    cell.number_format = "General"
    cell.font = Font(name=face, size=8, color=faded)
    cell.alignment = Alignment(vertical="center")


def _write_label(sheet: Worksheet, at: int, column: Column, label: str) -> None:
    """The first label begins with the mark by which the row is told from data."""
    required = column.empty is Empty.ERROR
    cell = sheet.cell(2, at + 1, label if at else f"#{label}")
    cell.number_format = "General"
    cell.font = Font(name=face, size=10, bold=True, color=accent if required else ink)
    cell.fill = PatternFill("solid", fgColor=required_tint if required else surface)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.border = Border(bottom=Side("thin", color=accent))


def _comment(text: str) -> Comment:
    lines = text.split("\n")
    wrapped = sum(-(-max(cells_wide(line), 1) // 46) for line in lines)
    return Comment(text, "Gradus", height=18 * wrapped + 12, width=340)


def _width(column: Column, label: str) -> float:
    """Wide enough for the Chinese name on one line and the English on two, and for what is typed below."""
    zh, en = (cells_wide(line) for each in label.split("\n"))
    words = max((cells_wide(option_words(option)) for option in column.options), default=0)
    return min(max(_WIDTHS[column.type], zh + 3, en // 2 + 4, words + 2, len(column.id)), _WIDEST)


def _number_format(column: Column) -> str:
    match column.type:
        case "text":
            return "@"  # keeps leading zeros and long numbers as they are typed
        case "date":
            return "yyyy-mm-dd"
        case "decimal":
            return "#,##0.00" if is_currency(column.unit) else "General"
        case _:
            return "General"


def _alignment(column: Column) -> Alignment:
    horizontal = {"integer": "right", "decimal": "right", "boolean": "center", "date": "center"}.get(column.type)
    return Alignment(horizontal=horizontal, vertical="center", wrap_text=column.type == "text" and not column.options)


def _write_rows(sheet: Worksheet, table: Table, rows: Sequence[Row]) -> None:
    for at, column in enumerate(table.columns):
        font, alignment, number_format = Font(name=face, size=10, color=ink), _alignment(column), _number_format(column)
        for number, row in enumerate(rows, first_row):
            value = _spreadsheet_value(row.cells[at], column)
            if value is None:
                continue
            if isinstance(value, str):
                value = _escaped(value)
            cell = sheet.cell(number, at + 1, value)
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula or an error value, whatever it looks like
            cell.font, cell.alignment, cell.number_format = font, alignment, number_format


def _escaped(text: str) -> str:
    """What a workbook's reader takes for the text: what looks like a code is none, and a control character is one."""
    coded = _CONTROLS.sub(lambda found: f"_x{ord(found.group()):04X}_", _ESCAPED.sub("_x005F_", text))
    return _NO_CHARACTERS.sub("\ufffd", coded)


def _spreadsheet_value(cell: Cell, column: Column) -> str | int | float | date | None:
    """The cell as the spreadsheet keeps it: words for closed lists and booleans.

    Text for a number that it would round, and for a day so early that it may be mistaken for a year.
    """
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int):
        return cell if abs(cell) < _EXACT else str(cell)
    if isinstance(cell, Fraction):
        nearest = float(cell)
        return nearest if Fraction(f"{nearest:.15g}") == cell else written(cell)
    if isinstance(cell, date):
        return cell if (cell - WORKBOOK.epoch).days >= likely_years.stop else str(cell)
    if isinstance(cell, str) and column.options:
        return next((option_words(option) for option in column.options if option.id == cell), cell)
    return cell
