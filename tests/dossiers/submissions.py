# SPDX-License-Identifier: Apache-2.0
"""A dossier that may be submitted: a golden case, declared for today, with no document whose file is not there."""

from django.utils.timezone import localdate

from gradus.dossiers.actions import create_dossier
from gradus.dossiers.models import Dossier, Row
from gradus.dossiers.rows import CellChange, Removal, RowChange, change_rows
from gradus.dossiers.submit import Signature, declarations, submit_dossier
from gradus.journal.actor import system
from tests.dossiers.fill import fill
from tests.grading.dossiers import FOLDER, edition


def ready_dossier(client, at, case="first-application-small"):
    dossier = create_dossier(client, "2026", edition().name, system, at)
    fill(dossier, FOLDER / "cases" / case, at)
    write(dossier, "application", "applied_on", localdate(at).isoformat(), at)
    write(dossier, "application", "requested_outcome", edition().outcomes[0].id, at)
    listed = Row.objects.filter(dossier=dossier, table="documents", removed_at=None)
    change_rows(dossier, "documents", [], [Removal(each.pk, each.version) for each in listed], system, at)
    return fresh(dossier)


def write(dossier, table, column, text, at, number=1):
    """Write into one cell of a row, counted from 1."""
    rows = Row.objects.filter(dossier=dossier, table=table, removed_at=None).order_by("position", "id")
    row = rows[number - 1]
    change = CellChange(row.cells.get(column, ""), text)
    change_rows(dossier, table, [RowChange(row.pk, {column: change})], [], system, at)


def fresh(dossier):
    """The dossier as the database has it now."""
    return Dossier.objects.select_related("client").get(pk=dossier.pk)


def submit(dossier, actor, at, name="李申报", position="总经理"):
    dossier = fresh(dossier)
    return submit_dossier(dossier, Signature(declarations(dossier)["zh"], name, position), actor, at)
