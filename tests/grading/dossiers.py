# SPDX-License-Identifier: Apache-2.0
"""Dossiers for properties: the golden cases, perturbed a little so that the search does not stay where the cases
are."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from gradus.formats.dossier import read_dossier
from gradus.formats.editions import load_edition
from gradus.grading.dossier import Dossier, Row
from gradus.grading.scheme import Cell, Column, Edition, Empty, Table
from gradus.grading.validate import validate

SCHEMES = Path(__file__).parents[2] / "schemes"
FOLDER = SCHEMES / "ccid-isd" / "2019-a1"
CASES = sorted(path.name for path in (FOLDER / "cases").iterdir())


@cache
def edition() -> Edition:
    """The CCID edition."""
    return load_edition(FOLDER)


@cache
def case(name: str) -> Dossier:
    """A golden case."""
    return read_dossier(FOLDER / "cases" / name, edition())[0]


def with_table(dossier: Dossier, table: str, rows: tuple[Row, ...]) -> Dossier:
    """The dossier with another table."""
    return replace(dossier, tables={**dossier.tables, table: rows})


def with_cell(dossier: Dossier, table: Table, index: int, column: Column, cell: Cell) -> Dossier:
    """The dossier with another cell in the index-th row of a table."""
    rows = list(dossier.tables[table.id])
    cells = list(rows[index].cells)
    cells[table.position(column.id)] = cell
    rows[index] = Row(rows[index].number, tuple(cells))
    return with_table(dossier, table.id, tuple(rows))


def is_valid(dossier: Dossier) -> bool:
    """Whether a dossier has no faults."""
    return not validate(edition(), dossier.tables)


def moved(cell: Cell, column: Column, steps: int) -> Cell:
    """The cell a few steps up (or, below zero, down)."""
    if isinstance(cell, bool):
        return steps > 0
    if isinstance(cell, date):
        return cell + timedelta(days=steps)
    if isinstance(cell, Fraction):
        return cell + Fraction(steps, 2)
    return cell + steps if isinstance(cell, int) else cell


def improved(cell: Cell, column: Column, steps: int) -> Cell:
    """The cell moved in its declared better direction."""
    if column.better in ("yes", "no"):
        return column.better == "yes"
    return moved(cell, column, steps if column.better in ("higher", "later") else -steps)


@st.composite
def perturbed(draw: st.DrawFn) -> Dossier:
    """A valid dossier near a golden case: some rows gone, some cells moved, some facts unknown."""
    dossier = case(draw(st.sampled_from(CASES)))
    for _ in range(draw(st.integers(0, 4))):
        table = draw(st.sampled_from([each for each in edition().tables.values() if dossier.tables[each.id]]))
        rows = dossier.tables[table.id]
        kind = draw(st.sampled_from(["drop", "move", "blank"]))
        if kind == "drop" and not table.single:
            keep = draw(st.integers(0, len(rows)))
            changed = with_table(dossier, table.id, rows[:keep])
        else:
            index = draw(st.integers(0, len(rows) - 1))
            column = draw(st.sampled_from(table.columns))
            cell = rows[index].cells[table.position(column.id)]
            if kind == "blank":
                new: Cell = None
            else:
                new = moved(cell, column, draw(st.integers(-400, 400)))
            changed = with_cell(dossier, table, index, column, new)
        if is_valid(changed):
            dossier = changed
    return dossier


def unknown_cells(dossier: Dossier) -> list[tuple[Table, int, Column]]:
    """Every present cell that may be unknown."""
    return [
        (table, index, column)
        for table in edition().tables.values()
        for column in table.columns
        if column.empty is Empty.UNKNOWN
        for index, row in enumerate(dossier.tables[table.id])
        if row.cells[table.position(column.id)] is not None
    ]
