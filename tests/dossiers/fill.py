# SPDX-License-Identifier: Apache-2.0
"""A dossier of the platform filled from one on disk, table by table as the grid does."""

from gradus.dossiers.convert import as_text
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Row
from gradus.dossiers.rows import CellChange, RowChange, change_rows
from gradus.formats.dossier import read_dossier
from gradus.journal.actor import system


def fill(dossier, source, at, actor=system):
    """Write every row of a dossier on disk into a fresh one of the platform."""
    edition = edition_of(dossier)
    for table, rows in as_text(edition, read_dossier(source, edition)[0]).items():
        there = Row.objects.filter(dossier=dossier, table=table, removed_at=None).values_list("pk", flat=True)
        first = list(there) if edition.tables[table].single else []
        changes = [
            RowChange(
                first[number] if number < len(first) else 0,
                {column: CellChange("", text) for column, text in cells.items()},
                str(number),
            )
            for number, cells in enumerate(rows)
        ]
        if changes:
            change_rows(dossier, table, changes, [], actor, at)
