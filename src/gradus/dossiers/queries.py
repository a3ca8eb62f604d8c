# SPDX-License-Identifier: Apache-2.0
"""Reading dossiers in lists: nothing is graded here, what each came to has been kept with it."""

from django.db.models import Q, QuerySet

from gradus.people.models import Organisation
from gradus.people.permissions import Kind


def clients_and_dossiers(wanted: str = "") -> QuerySet:
    """A line a dossier, by client, newest first, and one for a client without; ``wanted``: part of its name."""
    found = Organisation.objects.filter(kind=Kind.CLIENT.value)
    if wanted:
        found = found.filter(Q(name__icontains=wanted) | Q(name_en__icontains=wanted))
    return found.order_by("name", "-dossiers__created_at").values(
        "id",
        "name",
        "name_en",
        "dossiers__id",
        "dossiers__title",
        "dossiers__edition",
        "dossiers__edition_hash",
        "dossiers__changed_at",
        "dossiers__revision",
        "dossiers__summary",
        "dossiers__summary_revision",
        "dossiers__summary_day",
    )
