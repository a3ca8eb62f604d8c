# SPDX-License-Identifier: Apache-2.0
"""An enterprise's dossier as frozen values: typed cells in the order of the edition's columns."""

from collections.abc import Mapping
from dataclasses import dataclass

from gradus.grading.scheme import Cell


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` is its row in the user's file (the header is row 1); ``cells`` follow the table's columns.

    An empty cell is None whatever it means; a decimal is a Fraction, an integer an int, text is trimmed.
    """

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """All tables of an edition (a missing one is empty), and which evidence files are really there.

    ``evidence`` holds paths below the evidence folder with forward slashes; None when there is no such folder.
    ``source`` tells where each table was read from, for messages: table id to file or sheet name. ``unread`` are cells
    (table, row, column) that are there but could not be read, in a dossier under construction: unknown, whatever an
    empty cell of their column means.
    """

    name: str
    tables: Mapping[str, tuple[Row, ...]]
    evidence: frozenset[str] | None = None
    source: Mapping[str, str] | None = None
    unread: frozenset[tuple[str, int, str]] = frozenset()
