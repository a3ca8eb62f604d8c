# SPDX-License-Identifier: Apache-2.0
"""A dossier of the platform filled from one on disk: quick, because the rows are put straight into the database as the
grid keeps them. The action that the grid calls, and what the journal says of it, has tests/dossiers/test_rows.py."""

from functools import cache

from django.db.models import F

from gradus.dossiers.convert import as_text
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Dossier, Row
from gradus.formats.dossier import read_dossier
from gradus.formats.editions import find_edition
from gradus.journal.actor import system


@cache
def _texts(edition, source):
    found = find_edition(edition)
    return {table: rows for table, rows in as_text(found, read_dossier(source, found)[0]).items() if rows}


def fill(dossier, source, at, actor=system):
    """Write every row of a dossier on disk into a fresh one of the platform."""
    tables = edition_of(dossier).tables
    touched = {"changed_at": at, "changed_by": actor.name}
    fresh = []
    for table, rows in _texts(dossier.edition, source).items():
        if tables[table].single:  # there from the beginning
            Row.objects.filter(dossier=dossier, table=table).update(cells=rows[0], version=2, **touched)
        else:
            fresh += [
                Row(dossier=dossier, table=table, position=position, cells=cells, **touched)
                for position, cells in enumerate(rows, 1)
            ]
    Row.objects.bulk_create(fresh)
    Dossier.objects.filter(pk=dossier.pk).update(revision=F("revision") + 1, changed_at=at)
    dossier.refresh_from_db()
