# SPDX-License-Identifier: Apache-2.0
"""Which facts of a dossier are unknown, gathered as somebody would fill them in: the rows that a table lacks, and the
cells of a column that are empty."""

from dataclasses import dataclass

from gradus.dossiers.grading import Graded


@dataclass(frozen=True, slots=True)
class Unknown:
    """Rows that a table lacks, by their ``keys``, or (``column``) the ``rows`` in which a cell is empty."""

    table: str
    column: str
    keys: tuple[str, ...]
    rows: tuple[int, ...]


def unknowns(graded: Graded) -> list[Unknown]:
    """What the bounds of the outcome rest on, one for each table and reason, in the edition's order of tables; cells
    that have a fault are told as that."""
    bounds = graded.result.bounds
    faulty = {(each.place.table, each.place.row, each.place.field) for each in graded.draft.faults}
    keys: dict[tuple[str, str], set[str]] = {}
    rows: dict[tuple[str, str], set[int]] = {}
    for each in bounds.facts if bounds else ():
        if each.row == 0:
            keys.setdefault((each.table, ""), set()).add(each.key)
        elif (each.table, each.row, each.column) not in faulty:
            rows.setdefault((each.table, each.column), set()).add(each.row)
    found = [Unknown(table, "", tuple(sorted(own)), ()) for (table, _), own in keys.items()]
    found += [Unknown(table, column, (), tuple(sorted(own))) for (table, column), own in rows.items()]
    tables = list(graded.edition.tables)
    return sorted(found, key=lambda each: (tables.index(each.table), each.column))
