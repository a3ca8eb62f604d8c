# SPDX-License-Identifier: Apache-2.0
"""A dossier from a workbook: a sheet a table, read as its user sees it, or every reason why not.

The package is checked first (see :mod:`gradus.formats.xlsx_package`), then each sheet: (1) it is a table of the
edition, (2) it is not too large, (3) no cell that counts is merged, an error value or a formula that was never
computed, (4) every cell is of its column's type. What is hidden is read all the same, and told.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from gradus.formats.cells import WORKBOOK, WORKBOOK_1904, Dialect, trim
from gradus.formats.dossier_names import column_names, header_name, listed, table_names
from gradus.formats.dossier_rows import (
    Grid,
    Reading,
    column_letters,
    is_blank,
    is_label,
    most_rows,
    read_grid,
)
from gradus.formats.files import read_file
from gradus.formats.numbers import row_ranges
from gradus.formats.xlsx_package import Merged, Outline, Package, Sheet, is_aside, most_bytes, open_package
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Table

most_columns = 250
_MANY = 3  # so many sheets, none of them known, are no mistyped names

Values = Sequence[Sequence[object]]


def read_workbook(path: Path, tables: Mapping[str, Table], reading: Reading, name: str = "") -> None:
    """Adds the rows of every sheet that is a table, and everything that is wrong with them, to the reading."""
    file = name or path.name
    try:
        package = open_package(read_file(path, most_bytes), file)
        wanted = _choose(package, tables, file, reading)
        values = _values(package, wanted, file)
    except Refusal as refusal:
        for table in tables:
            reading.refuse_table(table)
        reading.faults += refusal.faults
        return
    dialect = WORKBOOK_1904 if package.dates_from_1904 else WORKBOOK
    for table, sheet in wanted.items():
        _read_sheet(tables[table], sheet, values[table], dialect, reading)


def _choose(package: Package, tables: Mapping[str, Table], file: str, reading: Reading) -> dict[str, Sheet]:
    """The sheets that are tables and small enough to read, by table."""
    chosen: dict[str, Sheet] = {}
    names, strange = table_names("sheet", tables), list[str]()
    before = len(reading.faults)
    for sheet in package.sheets:
        name = trim(sheet.name)
        if is_aside(name) or (name not in tables and not sheet.outline.cells):
            continue
        table = reading.table_named(name, names, file)
        if table is None:
            strange.append(name)
            continue
        where = Place(file=file, table=table)
        if sheet.outline.last_row > most_rows + 2:
            reading.refuse_table(table, Fault("dossier.too_many_rows", where, {"limit": str(most_rows)}))
        elif sheet.outline.last_column > most_columns:
            reading.refuse_table(table, Fault("dossier.too_many_columns", where, {"limit": str(most_columns)}))
        else:
            chosen[table] = sheet
            if sheet.hidden:
                reading.notices.append(Fault("dossier.hidden_sheet", where))
    if len(strange) >= _MANY and {each.code for each in reading.faults[before:]} == {"dossier.unknown_sheet"}:
        del reading.faults[before:]
        told = {"value": ", ".join(strange), **listed(tables)}
        reading.faults.append(Fault("dossier.other_scheme", Place(file=file), told))
        for each in tables:
            reading.refuse_table(each)
    return chosen


def _values(package: Package, wanted: Mapping[str, Sheet], file: str) -> dict[str, Values]:
    """The stored values of the wanted sheets, each from its cell A1 on."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(package.content)) as workbook:
            return {
                table: workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                for table, sheet in wanted.items()
            }
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the Rust library is no Exception
        raise Refusal([Fault("dossier.damaged_workbook", Place(file=file))]) from error


@dataclass(frozen=True, slots=True)
class _Page:
    """A sheet laid out: full rows from row 1, which columns are the table's (by position), and which rows hold data."""

    table: Table
    outline: Outline
    rows: list[list[object]]
    known: Mapping[int, str]
    filled: frozenset[int]


def _read_sheet(table: Table, sheet: Sheet, values: Values, dialect: Dialect, reading: Reading) -> None:
    if not sheet.outline.cells:
        reading.tables[table.id], reading.source[table.id] = (), sheet.name
        return
    rows = _full_rows(values, sheet.outline)
    names = column_names(table)
    meant = {at: names.meant(header_name(cell)) for at, cell in enumerate(rows[0])}
    known = {at: found[0] for at, found in meant.items() if len(found) == 1}
    first = 2 if _has_labels(table, rows, known, reading) else 1
    filled = frozenset(number for number, row in enumerate(rows[first:], first + 1) if not all(map(is_blank, row)))
    page = _Page(table, sheet.outline, rows, known, filled)
    for merged in sheet.outline.merged:
        _refuse_merged(page, merged, reading)
    _tell_hidden(page, reading)
    read_grid(Grid(table, sheet.name, rows[0], enumerate(rows[first:], first + 1)), dialect, reading)


def _full_rows(values: Values, outline: Outline) -> list[list[object]]:
    """The values as a full rectangle; a cell without a usable value holds the fault that says so."""
    width = max(outline.last_column, len(values[0]) if values else 0, 1)
    rows: list[list[object]] = [[*row, *[None] * (width - len(row))] for row in values]
    rows += [[None] * width for _ in range(max(outline.last_row, 1) - len(rows))]
    for row, column in outline.without_value:
        params = {"value": f"{column_letters(column - 1)}{row}"}
        rows[row - 1][column - 1] = Fault("dossier.formula_without_value", params=params)
    for (row, column), error in outline.errors.items():
        rows[row - 1][column - 1] = Fault("dossier.error_value", params={"value": error})
    return rows


def _has_labels(table: Table, rows: Sequence[Sequence[object]], known: Mapping[int, str], reading: Reading) -> bool:
    """Whether row 2 holds the labels: its first cell begins with #, also where the columns were moved."""
    if len(rows) < 2:
        return False
    under = [0, *(at for at, name in known.items() if name == table.columns[0].id)]
    marks = [trim(cell) for at in under if isinstance(cell := rows[1][at], str) and trim(cell).startswith("#")]
    if not marks:
        return False
    if not is_label(marks[0], table):
        where = Place(table=table.id, row=2)
        reading.notices.append(Fault("dossier.row_two_skipped", where, {"value": marks[0]}))
    return True


def _refuse_merged(page: _Page, merged: Merged, reading: Reading) -> None:
    """A merged range hides all its cells but the first: which rows its value belongs to can not be known."""
    rows = sorted(page.filled.intersection(merged.rows))
    columns = {at: name for at, name in page.known.items() if at + 1 in merged.columns}
    if not rows or not columns:
        return
    where = Place(table=page.table.id, row=rows[0], field=next(iter(columns.values())))
    fault = Fault("dossier.merged_cells", where, {"value": merged.ref})
    reading.faults.append(fault)
    for row in rows:
        for at in columns:
            if (row, at + 1) != (merged.rows[0], merged.columns[0]):
                page.rows[row - 1][at] = fault


def _tell_hidden(page: _Page, reading: Reading) -> None:
    table = page.table.id
    rows = sorted(page.outline.hidden_rows & page.filled)
    if rows:
        params = {"value": row_ranges(rows), "count": str(len(rows))}
        reading.notices.append(Fault("dossier.hidden_rows", Place(table=table), params))
    for at, name in page.known.items():
        if any(at + 1 in hidden for hidden in page.outline.hidden_columns):
            reading.notices.append(Fault("dossier.hidden_column", Place(table=table, field=name)))
