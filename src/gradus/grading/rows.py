# SPDX-License-Identifier: Apache-2.0
"""A dossier prepared for grading: rows as plain tuples of exact whole numbers.

A row is ``(row number, rejected, cell, cell, ...)``. Dates are ordinals; a decimal is a whole number of its column's
``scale``-ths; an empty cell that means "no end" is later than every date, one that means "no" is False, every other
empty cell is None. A cell that could not be read is None where empty means unknown, else UNKNOWN. So comparing two
facts compares two whole numbers, and nothing is ever rounded.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from gradus.grading.dossier import Dossier, Row
from gradus.grading.scheme import Cell, Column, Edition, Empty, Table
from gradus.grading.unknown import UNKNOWN

NEVER = 10**9
"""The ordinal that stands for "no end"."""

FIRST_CELL = 2
"""Where a prepared row's cells begin."""

PreparedRow = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The tables' rows, and for each decimal column the number its whole numbers are parts of."""

    tables: Mapping[str, tuple[PreparedRow, ...]]
    scales: Mapping[tuple[str, int], int]


def prepare(edition: Edition, dossier: Dossier, rejected: frozenset[tuple[str, int]]) -> Prepared:
    """Prepare a whole dossier; ``rejected`` names rows by (table, row number)."""
    tables: dict[str, tuple[PreparedRow, ...]] = {}
    scales: dict[tuple[str, int], int] = {}
    refused: dict[str, set[int]] = {}
    for table_id, number in rejected:
        refused.setdefault(table_id, set()).add(number)
    unread: dict[str, set[tuple[int, str]]] = {}
    for table_id, number, column in dossier.unread:
        unread.setdefault(table_id, set()).add((number, column))
    for table in edition.tables.values():
        rows = dossier.tables.get(table.id, ())
        tables[table.id], found = prepare_table(table, rows, refused.get(table.id, set()), unread.get(table.id, ()))
        scales.update(found)
    return Prepared(tables, scales)


def prepare_table(
    table: Table, rows: tuple[Row, ...], rejected: set[int], unread: Collection[tuple[int, str]] = ()
) -> tuple[tuple[PreparedRow, ...], dict[tuple[str, int], int]]:
    """Prepare one table: its rows and the scales of its decimal columns."""
    scales: dict[tuple[str, int], int] = {}
    columns: list[list[object]] = []
    for index, column in enumerate(table.columns):
        cells = [row.cells[index] for row in rows]
        if column.type == "decimal":
            scale = lcm(*{cell.denominator for cell in cells if isinstance(cell, Fraction)})
            scales[table.id, index] = scale
            columns.append(_scaled(cells, scale))
        else:
            columns.append(_plain(column, cells))
    numbers = [row.number for row in rows]
    flags = [row.number in rejected for row in rows]
    if unread:
        _forget(table, numbers, columns, unread)
    return tuple(zip(numbers, flags, *columns, strict=True)), scales


def _forget(table: Table, numbers: list[int], columns: list[list[object]], unread: Collection[tuple[int, str]]) -> None:
    """Cells that could not be read become unknown."""
    for index, column in enumerate(table.columns):
        blank = None if column.empty is Empty.UNKNOWN else UNKNOWN
        for at, number in enumerate(numbers):
            if (number, column.id) in unread:
                columns[index][at] = blank


def _scaled(cells: list[Cell], scale: int) -> list[object]:
    if scale == 1:
        return [None if cell is None else cell.numerator for cell in cells]  # type: ignore[union-attr]
    return [None if cell is None else cell.numerator * (scale // cell.denominator) for cell in cells]  # type: ignore[union-attr]


def _plain(column: Column, cells: list[Cell]) -> list[object]:
    if column.type == "date":
        blank = NEVER if column.empty is Empty.NO_END else None
        return [blank if cell is None else cell.toordinal() for cell in cells]  # type: ignore[union-attr]
    if column.type == "boolean" and column.empty is Empty.NO:
        return [bool(cell) for cell in cells]
    return list(cells)
