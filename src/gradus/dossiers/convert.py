# SPDX-License-Identifier: Apache-2.0
"""The bridge between rows in the database and the core: stored text becomes typed cells, and back."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from gradus.formats.cells import WORKBOOK, Reader, cell_reader
from gradus.formats.editions import draft_edition
from gradus.grading import dossier as core
from gradus.grading.faults import Fault, Place
from gradus.grading.scheme import Cell, Edition, Empty, Table
from gradus.grading.validate import Broken, validate, written


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as the database holds it. ``number`` is its place in its table, counted from 1."""

    id: int
    table: str
    number: int
    cells: Mapping[str, str]


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
def _readers(edition: Edition, table: str) -> dict[str, tuple[int, Reader]]:
    return {column.id: (at, cell_reader(column, WORKBOOK)) for at, column in enumerate(edition.tables[table].columns)}


def plain(edition: Edition, table: str, column: str, text: str) -> str:
    """What is kept of a typed cell: its plain form when it can be read (as a workbook's user would expect it to be),
    else the text as it was typed."""
    cell = _readers(edition, table)[column][1](text)
    return text if isinstance(cell, Fault) else written(cell)


def draft(
    edition: Edition, name: str, rows: Iterable[Stored], evidence: frozenset[str], day: date, subject: str
) -> Draft:
    """Type every cell of a dossier under construction. ``day`` and ``subject`` stand in while it names none itself."""
    drafted = draft_edition(edition)
    tables: dict[str, list[core.Row]] = {table: [] for table in edition.tables}
    faults: list[Fault] = []
    broken: set[Broken] = set()
    ids: dict[tuple[str, int], int] = {}
    for row in rows:
        cells, wrong = _typed(edition, row)
        faults += wrong
        broken.update((fault.place.table, fault.place.row, fault.place.field) for fault in wrong)
        tables[row.table].append(core.Row(row.number, cells))
        ids[row.table, row.number] = row.id
    frozen = {table: tuple(each) for table, each in tables.items()}
    faults += validate(edition, frozen, frozenset(broken))
    given: dict[tuple[str, str], Cell] = {edition.as_of: day, edition.subject: subject}
    refused = {(each.place.table, each.place.row, each.place.field) for each in faults if each.place.field}
    unread = frozenset(each for each in refused if (each[0], each[2]) not in given)
    known = _with_stand_ins(edition, _without_refused(edition, frozen, refused), given)
    return Draft(drafted, core.Dossier(name, known, evidence, unread=unread), tuple(faults), ids)


def _typed(edition: Edition, row: Stored) -> tuple[tuple[Cell, ...], list[Fault]]:
    readers = _readers(edition, row.table)
    cells: list[Cell] = [None] * len(readers)
    wrong: list[Fault] = []
    for column, text in row.cells.items():
        at, read = readers[column]
        value = read(text)
        if isinstance(value, Fault):
            wrong.append(replace(value, place=Place(table=row.table, row=row.number, field=column)))
        else:
            cells[at] = value
    return tuple(cells), wrong


def _without_refused(
    edition: Edition, tables: Mapping[str, tuple[core.Row, ...]], refused: Set[Broken]
) -> dict[str, tuple[core.Row, ...]]:
    """The tables with every cell emptied that could not be read or is refused.

    No row is left out, also not for want of a key: it keeps its place in every denominator. Only a second row where
    exactly one is allowed has nowhere to stand.
    """
    found: dict[str, tuple[core.Row, ...]] = {}
    for id_, rows in tables.items():
        table = edition.tables[id_]
        found[id_] = tuple(
            core.Row(
                row.number,
                tuple(
                    None if (id_, row.number, column.id) in refused else cell
                    for column, cell in zip(table.columns, row.cells, strict=True)
                ),
            )
            for row in (rows[:1] if table.single else rows)
        )
    return found


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
