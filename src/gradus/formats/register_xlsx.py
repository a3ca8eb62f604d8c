# SPDX-License-Identifier: Apache-2.0
"""The workbook by which certificates from before are brought into the body's register: its template, and its reader.

It is one table that stands in no edition but is read as an edition's tables are: every fault in one pass.
"""

from pathlib import Path

from gradus.formats.dossier_rows import Reading
from gradus.formats.dossier_xlsx import read_workbook
from gradus.formats.procedures import find_procedure
from gradus.formats.template_xlsx import write_table
from gradus.formats.wording import known, words
from gradus.grading.faults import Fault, Place
from gradus.grading.scheme import Cell, Column, Edition, Empty, Table
from gradus.grading.texts import Text

sheet = "certificates"
_COLUMNS = (
    ("client", "text", Empty.ERROR),
    ("level", "text", Empty.ERROR),
    ("number", "text", Empty.ERROR),
    ("since", "date", Empty.ERROR),
    ("valid_until", "date", Empty.ERROR),
    ("ended_on", "date", Empty.NONE),
    ("withdrawn_for", "text", Empty.NONE),
    ("barred_until", "date", Empty.NONE),
    ("source", "text", Empty.ERROR),
    ("evidence", "text", Empty.ERROR),
)


def register_table(edition: Edition) -> Table:
    """The table, with the levels of an edition and the reasons of a withdrawal as closed lists."""
    closed = {"level": edition.levels, "withdrawn_for": find_procedure(edition).procedure.reasons["withdraw"]}
    columns = [
        Column(
            id=name,
            text=_text(f"register.{name}"),
            type=kind,
            unit="",
            empty=empty,
            options=closed.get(name, ()),
            note=_text(f"register.{name}_note") if known(f"register.{name}_note") else None,
        )
        for name, kind, empty in _COLUMNS
    ]
    return Table(sheet, _text("register.table"), single=False, rejectable=False, columns=tuple(columns))


def write_register_template(edition: Edition, out: Path) -> None:
    """An empty workbook to fill in."""
    write_table(register_table(edition), out)


def read_register(path: Path, edition: Edition) -> tuple[list[tuple[int, dict[str, Cell]]], list[Fault]]:
    """The rows by their number in the sheet (None in a cell that could not be read), and everything that could not be
    read or is missing."""
    table, reading = register_table(edition), Reading()
    read_workbook(path, {sheet: table}, reading)
    rows = [
        (row.number, {column.id: cell for column, cell in zip(table.columns, row.cells, strict=True)})
        for row in reading.tables.get(sheet, ())
    ]
    faults = list(reading.faults)
    faults += [
        Fault("register.cell_needed", Place(row=number, field=column.id))
        for number, cells in rows
        for column in table.columns
        if column.empty is Empty.ERROR and cells[column.id] is None and (sheet, number, column.id) not in reading.broken
    ]
    if not rows and not faults:
        faults.append(Fault("register.nothing_in_it"))
    return rows, faults


def column_name(column: str, language: str) -> str:
    """A column's name for telling where a fault stands; "" when it is none."""
    return words(f"register.{column}", language) if any(column == name for name, _, _ in _COLUMNS) else ""


def _text(code: str) -> Text:
    return Text(zh=words(code, "zh"), en=words(code, "en"))
