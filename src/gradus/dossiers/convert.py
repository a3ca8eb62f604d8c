# SPDX-License-Identifier: Apache-2.0
"""The bridge between rows in the database and the core: stored text becomes typed cells, and back."""

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from gradus.formats.cells import PAGE, WORKBOOK, Dialect, Reader, cell_reader
from gradus.formats.editions import draft_edition
from gradus.grading import dossier as core
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Cell, Edition, Empty, Table
from gradus.grading.validate import Broken, looks_at, validate_table, written


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as the database holds it. ``number`` is its place in its table, counted from 1; ``text`` its cells as
    JSON."""

    id: int
    table: str
    number: int
    text: str

    @property
    def cells(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.text)
        return found


@dataclass(frozen=True, slots=True)
class Draft:
    """A dossier under construction: what of it can be graded, and everything that is still wrong with it.

    ``dossier`` is typed for ``edition``, a draft of the real one (:func:`draft_edition`): what is missing, could not be
    read or is refused counts as unknown, never as good. ``ids`` gives the database's row by table and number.
    """

    edition: Edition
    dossier: core.Dossier
    faults: tuple[Fault, ...]
    ids: Mapping[tuple[str, int], int]


@lru_cache(maxsize=256)
def _readers(edition: Edition, table: str, dialect: Dialect = WORKBOOK) -> dict[str, tuple[int, Reader]]:
    return {column.id: (at, cell_reader(column, dialect)) for at, column in enumerate(edition.tables[table].columns)}


def plain(edition: Edition, table: str, column: str, text: str) -> str:
    """What is kept of a typed cell: its plain form when it can be read (as a workbook's user would expect it to be),
    else the text as it was typed."""
    cell = _readers(edition, table, PAGE)[column][1](text)
    return text if isinstance(cell, Fault) else written(cell)


def refused_cell(edition: Edition, table: str, column: str, text: str) -> Fault | None:
    """Why a typed cell cannot be read; None when it can."""
    cell = _readers(edition, table, PAGE)[column][1](text)
    return replace(cell, place=Place(table=table, field=column)) if isinstance(cell, Fault) else None


def draft(
    edition: Edition, name: str, rows: Iterable[Stored], evidence: frozenset[str], day: date, subject: str
) -> Draft:
    """Type every cell of a dossier under construction. ``day`` and ``subject`` stand in while it names none itself."""
    _, checked, ids = _checked_tables(edition, rows)
    faults = tuple(fault for each in checked.values() for fault in each.faults)
    given: dict[tuple[str, str], Cell] = {edition.as_of: day, edition.subject: subject}
    usable = {table: each.usable for table, each in checked.items()}
    unread = frozenset(cell for each in checked.values() for cell in each.unread if (cell[0], cell[2]) not in given)
    gradable = core.Dossier(name, _with_stand_ins(edition, usable, given), evidence, unread=unread)
    return Draft(draft_edition(edition), gradable, faults, ids)


def faults_of(edition: Edition, rows: Iterable[Stored]) -> tuple[Fault, ...]:
    """Everything that is wrong with the cells of a dossier."""
    _, checked, _ = _checked_tables(edition, rows)
    return tuple(fault for each in checked.values() for fault in each.faults)


def whole(edition: Edition, name: str, rows: Iterable[Stored], evidence: frozenset[str]) -> core.Dossier:
    """A finished dossier, typed for the edition itself. Raises Refusal with everything that is still wrong with it."""
    typed, checked, _ = _checked_tables(edition, rows)
    faults = [fault for each in checked.values() for fault in each.faults]
    if faults:
        raise Refusal(faults)
    return core.Dossier(name, {table: tuple(each.row for each in own) for table, own in typed.items()}, evidence)


def _checked_tables(
    edition: Edition, rows: Iterable[Stored]
) -> tuple[dict[str, tuple["_Typed", ...]], dict[str, "_Checked"], dict[tuple[str, int], int]]:
    """Typed rows by table, what is wrong with them and can be graded, and the database's row by table and number."""
    typed: dict[str, list[_Typed]] = {table: [] for table in edition.tables}
    ids: dict[tuple[str, int], int] = {}
    for row in rows:
        typed[row.table].append(_typed(edition, row.table, row.number, row.text))
        ids[row.table, row.number] = row.id
    frozen = {table: tuple(each) for table, each in typed.items()}
    checked = {
        table.id: _checked(
            edition, table.id, frozen[table.id], tuple((other, frozen[other]) for other in looks_at(table))
        )
        for table in edition.tables.values()
    }
    return frozen, checked, ids


@dataclass(frozen=True, slots=True, eq=False)
class _Typed:
    """A row with its cells typed, and what could not be read. The same text gives the same object, so that what is
    made of it can be kept by identity."""

    row: core.Row
    wrong: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Checked:
    """A table with everything that is wrong with it, its rows with what can be graded, and the cells that can not."""

    faults: tuple[Fault, ...]
    usable: tuple[core.Row, ...]
    unread: frozenset[Broken]


# Both memories are named by content alone, so that nothing in them can be out of date. One edit changes one row; what
# the other rows say is typed and checked already.


@lru_cache(maxsize=32_768)
def _typed(edition: Edition, table: str, number: int, text: str) -> _Typed:
    readers = _readers(edition, table)
    cells: list[Cell] = [None] * len(readers)
    wrong: list[Fault] = []
    for column, said in json.loads(text).items():
        at, read = readers[column]
        value = read(said)
        if isinstance(value, Fault):
            wrong.append(replace(value, place=Place(table=table, row=number, field=column)))
        else:
            cells[at] = value
    return _Typed(core.Row(number, tuple(cells)), tuple(wrong))


@lru_cache(maxsize=1024)
def _checked(
    edition: Edition, table: str, rows: tuple[_Typed, ...], others: tuple[tuple[str, tuple[_Typed, ...]], ...]
) -> _Checked:
    every = {table: rows, **dict(others)}
    broken: frozenset[Broken] = frozenset(
        (fault.place.table, fault.place.row, fault.place.field)
        for each in every.values()
        for row in each
        for fault in row.wrong
    )
    tables = {name: tuple(row.row for row in each) for name, each in every.items()}
    faults = (
        *(fault for row in rows for fault in row.wrong),
        *validate_table(edition, table, tables, broken),
    )
    unread = frozenset(
        (table, row, each.place.field) for each in faults if each.place.field for row in (each.place.row, *_twins(each))
    )
    return _Checked(faults, _without_refused(edition.tables[table], tables[table], unread), unread)


def _twins(fault: Fault) -> tuple[int, ...]:
    """The row that bears the same key: which of the two is the right one cannot be told."""
    return (int(fault.params["other_row"]),) if fault.code == "dossier.duplicate_key" else ()


def _without_refused(table: Table, rows: tuple[core.Row, ...], unread: Set[Broken]) -> tuple[core.Row, ...]:
    """The rows with every cell emptied that could not be read or is refused.

    No row is left out, also not for want of a key: it keeps its place in every denominator. Only a second row where
    exactly one is allowed has nowhere to stand.
    """
    faulty = {row for _, row, _ in unread}
    kept = []
    for row in rows[:1] if table.single else rows:
        if row.number not in faulty:
            kept.append(row)
            continue
        cells = (
            None if (table.id, row.number, column.id) in unread else cell
            for column, cell in zip(table.columns, row.cells, strict=True)
        )
        kept.append(core.Row(row.number, tuple(cells)))
    return tuple(kept)


def _with_stand_ins(
    edition: Edition, tables: dict[str, tuple[core.Row, ...]], given: Mapping[tuple[str, str], Cell]
) -> dict[str, tuple[core.Row, ...]]:
    """Tables of one row have that row, and in it what the dossier does not say yet: its day, the applicant's name."""
    for table in edition.tables.values():
        if not table.single:
            continue
        row = tables[table.id][0] if tables[table.id] else core.Row(1, (None,) * len(table.columns))
        cells = tuple(
            given.get((table.id, column.id)) if cell is None else cell
            for column, cell in zip(table.columns, row.cells, strict=True)
        )
        tables[table.id] = (core.Row(row.number, cells),)
    return tables


def as_text(edition: Edition, dossier: core.Dossier) -> dict[str, list[dict[str, str]]]:
    """A dossier's rows as they are stored: by table, the text of every cell that is not empty."""
    return {
        table.id: [
            {
                column.id: written(cell)
                for column, cell in zip(table.columns, row.cells, strict=True)
                if cell is not None
            }
            for row in dossier.tables.get(table.id, ())
        ]
        for table in edition.tables.values()
    }


def as_typed(edition: Edition, name: str, rows: Mapping[str, Sequence[Mapping[str, str]]]) -> core.Dossier:
    """A dossier for writing only: typed cells where the text can be read, the text itself where it can not."""
    tables: dict[str, tuple[core.Row, ...]] = {}
    for table in edition.tables.values():
        readers = _readers(edition, table.id)
        found = []
        for number, cells in enumerate(rows.get(table.id, ()), 1):
            values: list[Cell] = [None] * len(table.columns)
            for column, text in cells.items():
                at, read = readers[column]
                value = read(text)
                values[at] = text if isinstance(value, Fault) else value
            found.append(core.Row(number, tuple(values)))
        tables[table.id] = tuple(found)
    return core.Dossier(name, tables)


def required(table: Table) -> frozenset[str]:
    """The columns that must not stay empty."""
    return frozenset(column.id for column in table.columns if column.empty is Empty.ERROR)
