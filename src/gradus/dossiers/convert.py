# SPDX-License-Identifier: Apache-2.0
"""The bridge between rows in the database and the core: stored text becomes typed cells, and back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from gradus.formats.cells import WORKBOOK, Reader, cell_reader
from gradus.formats.editions import draft_edition
from gradus.grading import dossier as core
from gradus.grading.faults import Fault, Place, Refusal
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

    ``dossier`` is typed for ``edition``, a draft of the real one (:func:`draft_edition`): what is missing or could not
    be read counts as unknown, never as good. ``ids`` gives the database's row by table and number.
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
    frozen, faults, ids = _typed_tables(edition, rows)
    gradable = _with_stand_ins(edition, _without_refused(edition, frozen, faults), day, subject)
    return Draft(draft_edition(edition), core.Dossier(name, gradable, evidence), tuple(faults), ids)


def whole(edition: Edition, name: str, rows: Iterable[Stored], evidence: frozenset[str]) -> core.Dossier:
    """A finished dossier, typed for the edition itself. Raises Refusal with everything that is still wrong with it."""
    tables, faults, _ = _typed_tables(edition, rows)
    if faults:
        raise Refusal(faults)
    return core.Dossier(name, tables, evidence)


def _typed_tables(
    edition: Edition, rows: Iterable[Stored]
) -> tuple[dict[str, tuple[core.Row, ...]], list[Fault], dict[tuple[str, int], int]]:
    """Typed rows by table, everything that is wrong with them, and the database's row by table and number."""
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
    return frozen, faults, ids


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
    edition: Edition, tables: Mapping[str, tuple[core.Row, ...]], faults: Sequence[Fault]
) -> dict[str, tuple[core.Row, ...]]:
    """The tables with every cell that the edition refuses taken for unknown, and rows without a usable key left out."""
    refused = {(fault.place.table, fault.place.row, fault.place.field) for fault in faults if fault.place.field}
    extra = {(fault.place.table, fault.place.row) for fault in faults if fault.code == "dossier.second_row"}
    found: dict[str, tuple[core.Row, ...]] = {}
    for id_, rows in tables.items():
        table = edition.tables[id_]
        needed = [at for at, column in enumerate(table.columns) if column.key or column.ref]
        kept: list[core.Row] = []
        for row in rows:
            cells = tuple(
                None if (id_, row.number, column.id) in refused else cell
                for column, cell in zip(table.columns, row.cells, strict=True)
            )
            if (id_, row.number) not in extra and all(cells[at] is not None for at in needed):
                kept.append(core.Row(row.number, cells))
        found[id_] = tuple(kept)
    return found


def _with_stand_ins(
    edition: Edition, tables: dict[str, tuple[core.Row, ...]], day: date, subject: str
) -> dict[str, tuple[core.Row, ...]]:
    """Tables of one row have that row, the day it is graded for and the name of the applicant in it."""
    given: dict[tuple[str, str], Cell] = {edition.as_of: day, edition.subject: subject}
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
