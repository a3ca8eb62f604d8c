# SPDX-License-Identifier: Apache-2.0
"""Reading dossiers in lists, where nothing is graded: what each came to has been kept with it. And what of a table can
be undone."""

from django.db.models import FilteredRelation, Q, QuerySet

from gradus.dossiers.models import Dossier
from gradus.journal.canonical import canonical
from gradus.journal.kinds import Kind as Event
from gradus.journal.queries import entries_about, payload
from gradus.people.models import Organisation
from gradus.people.permissions import Kind


def clients(wanted: str = "") -> QuerySet:
    """The client firms by name; ``wanted``: part of it."""
    found = Organisation.objects.filter(kind=Kind.CLIENT.value)
    if wanted:
        found = found.filter(Q(name__icontains=wanted) | Q(name_en__icontains=wanted))
    return found.order_by("name").values("id", "name", "name_en")


def clients_and_submitted(wanted: str = "") -> QuerySet:
    """A line a dossier that was submitted, by client, newest first, and one for a client without: what is still worked
    on is the client's own."""
    of_client = FilteredRelation("dossiers", condition=Q(dossiers__submitted__isnull=False))
    return (
        clients(wanted)
        .annotate(given=of_client)
        .order_by("name", "-given__created_at")
        .values(
            "id",
            "name",
            "name_en",
            "given__id",
            "given__title",
            "given__edition",
            "given__edition_hash",
            "given__submitted",
        )
    )


def undoable_change(dossier: Dossier, table: str, account: str) -> int:
    """The entry of somebody's last change of a table, for an undo: 0 when there is none, when it was an undo itself, or
    when somebody else or a workbook changed the table after it."""
    of_table = Q(kind=Event.DOSSIER_ROWS_CHANGED, payload__contains=canonical({"table": table})[1:-1])
    others = Q(kind__in=[Event.DOSSIER_IMPORTED, Event.DOSSIER_ROLLED_FORWARD])
    newest = entries_about(f"dossier:{dossier.pk}").filter(of_table | others).first()
    if newest is None or newest.actor != account:
        return 0
    said = payload(newest)
    return newest.sequence if said.get("table") == table and "undoes" not in said else 0
