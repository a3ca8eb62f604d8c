# SPDX-License-Identifier: Apache-2.0
"""Opening a dossier, and choosing the outcome it aims at. Rows, evidence and submissions have files of their own."""

from datetime import datetime

from django.db import transaction

from gradus.dossiers.models import Dossier, Row
from gradus.formats.editions import find_edition
from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.people.models import Organisation


def create_dossier(client: Organisation, title: str, edition: str, actor: Actor, at: datetime) -> Dossier:
    """Open an empty dossier under an edition. Raises Refusal when there is no such edition."""
    found = find_edition(edition)
    with transaction.atomic():
        dossier = Dossier.objects.create(
            client=client,
            title=title,
            edition=found.name,
            edition_hash=found.hash,
            created_at=at,
            changed_at=at,
        )
        # What has exactly one row is there from the beginning, waiting to be filled.
        Row.objects.bulk_create(
            Row(dossier=dossier, table=table.id, position=1, cells={}, changed_at=at, changed_by=actor.name)
            for table in found.tables.values()
            if table.single
        )
        record(
            Kind.DOSSIER_CREATED,
            actor,
            at,
            {"title": title, "edition": found.name, "edition_hash": found.hash},
            organisation=client.pk,
            subject=f"dossier:{dossier.pk}",
        )
    return dossier
