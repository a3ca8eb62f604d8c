# SPDX-License-Identifier: Apache-2.0
"""What an edition's tables ask of a dossier's rows, cell by cell and row by row. Formulas are checked elsewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from gradus.grading.dossier import Row
from gradus.grading.faults import Fault, Place
from gradus.grading.scheme import Cell, Column, Edition, Empty, Table

Broken = tuple[str, int, str]
"""A cell (table, row, column) that is there but could not be read, and is told about already."""

WHOLE_TABLE = (0, "")
"""Row and column of a broken table: some of its rows could not be read at all."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """A table's rows beside what could not be read of them."""

    table: Table
    rows: tuple[Row, ...]
    broken: frozenset[Broken]

    @property
    def complete(self) -> bool:
        return (self.table.id, *WHOLE_TABLE) not in self.broken

    def cells(self, column: str) -> Iterator[tuple[Row, Cell]]:
        """The column's cells that could be read, empty ones too."""
        at = self.table.position(column)
        if not self.broken:
            return ((row, row.cells[at]) for row in self.rows)
        return ((row, row.cells[at]) for row in self.rows if (self.table.id, row.number, column) not in self.broken)

    def pairs(self, column: str, other: str) -> Iterator[tuple[Row, Cell, Cell]]:
        """Two cells of each row that could both be read."""
        at = self.table.position(other)
        pairs = ((row, cell, row.cells[at]) for row, cell in self.cells(column))
        return (pair for pair in pairs if (self.table.id, pair[0].number, other) not in self.broken)

    def place(self, row: Row, column: str) -> Place:
        return Place(table=self.table.id, row=row.number, field=column)


def validate(
    edition: Edition,
    tables: Mapping[str, tuple[Row, ...]],
    broken: frozenset[Broken] = frozenset(),
) -> list[Fault]:
    """Every fault of the rows, in the order of tables, rows and columns. Nothing is said about broken cells."""
    return [fault for table in edition.tables for fault in validate_table(edition, table, tables, broken)]


def validate_table(
    edition: Edition,
    table: str,
    tables: Mapping[str, tuple[Row, ...]],
    broken: frozenset[Broken] = frozenset(),
) -> list[Fault]:
    """Every fault of one table. Of the others only those are looked at that :func:`looks_at` names."""
    every = {
        each: _Rows(edition.tables[each], tables.get(each, ()), broken)
        for each in (table, *looks_at(edition.tables[table]))
    }
    here = every[table]
    found = [each for column in here.table.columns for each in _column_faults(here, column, every)]
    return [
        *_row_count(here),
        *sorted(found, key=lambda each: (each.place.row, here.table.position(each.place.field))),
    ]


def looks_at(table: Table) -> tuple[str, ...]:
    """The other tables that a table's columns refer to."""
    named = [cell[0] for column in table.columns for cell in (column.ref, column.not_after) if cell is not None]
    return tuple(each for each in dict.fromkeys(named) if each != table.id)


def _row_count(here: _Rows) -> Iterator[Fault]:
    if not here.table.single:
        return
    if not here.rows and here.complete:
        yield Fault("dossier.no_row", Place(table=here.table.id))
    for row in here.rows[1:]:
        other = {"other_row": str(here.rows[0].number)}
        yield Fault("dossier.second_row", Place(table=here.table.id, row=row.number), other)


def _column_faults(here: _Rows, column: Column, every: Mapping[str, _Rows]) -> Iterator[Fault]:
    """What each rule that the column declares finds wrong."""
    if column.empty is Empty.ERROR:
        yield from _empty_cells(here, column)
    if column.with_column:
        yield from _needed_cells(here, column)
    if column.type in {"integer", "decimal"}:
        yield from _out_of_range(here, column)
    if column.within:
        yield from _parts_above_whole(here, column)
    if column.type == "text" and column.options:
        yield from _not_in_list(here, column)
    if column.first_of_month:
        yield from _not_first_of_month(here, column)
    if column.not_after is not None:
        yield from _too_late(here, column, every)
    if column.key:
        yield from _duplicate_keys(here, column)
    if column.ref is not None:
        yield from _dangling(here, column, every[column.ref[0]], column.ref[1])


def _empty_cells(here: _Rows, column: Column) -> Iterator[Fault]:
    for row, cell in here.cells(column.id):
        if cell is None:
            yield Fault("dossier.empty_cell", here.place(row, column.id))


def _needed_cells(here: _Rows, column: Column) -> Iterator[Fault]:
    beside = here.table.position(column.with_column)
    for row, cell in here.cells(column.id):
        given = row.cells[beside] is not None or (here.table.id, row.number, column.with_column) in here.broken
        if cell is None and given and column.empty is not Empty.ERROR:
            yield Fault("dossier.needed_with", here.place(row, column.id), {"other": column.with_column})


def _out_of_range(here: _Rows, column: Column) -> Iterator[Fault]:
    for row, cell in here.cells(column.id):
        if not isinstance(cell, int | Fraction) or isinstance(cell, bool):
            continue
        if column.minimum is not None and cell < column.minimum:
            code = "dossier.negative" if column.minimum == 0 else "dossier.below_minimum"
            yield _wrong(code, here, row, column, cell, column.minimum)
        elif column.above is not None and cell <= column.above:
            yield _wrong("dossier.not_above", here, row, column, cell, column.above)
        elif column.maximum is not None and cell > column.maximum:
            yield _wrong("dossier.above_maximum", here, row, column, cell, column.maximum)


def _parts_above_whole(here: _Rows, column: Column) -> Iterator[Fault]:
    for row, part, whole in here.pairs(column.id, column.within):
        if isinstance(part, int | Fraction) and isinstance(whole, int | Fraction) and part > whole:
            params = {"value": written(part), "other": column.within, "other_value": written(whole)}
            yield Fault("dossier.part_above_whole", here.place(row, column.id), params)


def _not_in_list(here: _Rows, column: Column) -> Iterator[Fault]:
    ids = {option.id for option in column.options}
    words = {
        "expected_zh": "、".join(f"{option.id}({option.text.zh})" for option in column.options),
        "expected_en": ", ".join(f"{option.id} ({option.text.en})" for option in column.options),
    }
    for row, cell in here.cells(column.id):
        if cell is not None and cell not in ids:
            yield Fault("dossier.not_in_list", here.place(row, column.id), {"value": written(cell), **words})


def _not_first_of_month(here: _Rows, column: Column) -> Iterator[Fault]:
    for row, cell in here.cells(column.id):
        if isinstance(cell, date) and cell.day != 1:
            yield _wrong("dossier.not_first_of_month", here, row, column, cell, cell.replace(day=1))


def _too_late(here: _Rows, column: Column, every: Mapping[str, _Rows]) -> Iterator[Fault]:
    table, limiting = column.not_after or ("", "")
    if table == here.table.id:
        limits = here.pairs(column.id, limiting)
    else:
        limit = next((cell for _, cell in every[table].cells(limiting)), None)
        limits = ((row, cell, limit) for row, cell in here.cells(column.id))
    for row, cell, latest in limits:
        if isinstance(cell, date) and isinstance(latest, date) and cell > latest:
            params = {"value": written(cell), "other": f"{table}.{limiting}", "expected": written(latest)}
            yield Fault("dossier.too_late", here.place(row, column.id), params)


def _duplicate_keys(here: _Rows, column: Column) -> Iterator[Fault]:
    first: dict[Cell, Row] = {}
    for row, cell in here.cells(column.id):
        if cell is None:
            continue
        other = first.setdefault(cell, row)
        if other is not row:
            params = {"value": written(cell), "other_row": str(other.number)}
            yield Fault("dossier.duplicate_key", here.place(row, column.id), params)


def _dangling(here: _Rows, column: Column, there: _Rows, key: str) -> Iterator[Fault]:
    """References to a row that is not there; silent while some of those rows or their keys could not be read."""
    if not there.complete or any(table == there.table.id and name == key for table, _, name in there.broken):
        return
    keys = {cell for _, cell in there.cells(key)}
    for row, cell in here.cells(column.id):
        if cell is not None and cell not in keys:
            params = {"value": written(cell), "other": f"{there.table.id}.{key}"}
            yield Fault("dossier.no_such_row", here.place(row, column.id), params)


def _wrong(code: str, here: _Rows, row: Row, column: Column, cell: Cell, expected: Cell) -> Fault:
    return Fault(code, here.place(row, column.id), {"value": written(cell), "expected": written(expected)})


def written(cell: Cell) -> str:
    """A cell in the form in which a dossier holds it: plain digits, ISO dates, yes and no."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return _digits(cell) if isinstance(cell, Fraction) else str(cell)


def _digits(number: Fraction) -> str:
    """A decimal in plain digits, all of them; a fraction that never ends stays a quotient."""
    twos = fives = 0
    rest = number.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest != 1 or places == 0:
        return str(number)
    digits = str(abs(number) * 10**places).rjust(places + 1, "0")
    return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"
