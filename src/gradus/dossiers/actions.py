# SPDX-License-Identifier: Apache-2.0
"""Opening a dossier, and choosing the outcome it aims at. Rows, evidence and submissions have files of their own."""

import uuid
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Dossier, Row
from gradus.formats.editions import find_edition
from gradus.grading.faults import Fault, Refusal
from gradus.grading.scheme import Outcome
from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.people.models import Organisation
from gradus.schemes.actions import keep_edition


def open_once(client: Organisation, key: str, opens: Callable[[uuid.UUID], Dossier]) -> Dossier:
    """Open a dossier as ``opens`` does under the id it is given, once: a form that was sent twice (its ``key`` tells)
    opens one. The id is made of client and key, so that nobody's key can name another client's dossier."""
    id_ = uuid.uuid5(client.pk, key)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=client.pk)  # the second of two at once waits
        return Dossier.objects.filter(pk=id_).first() or opens(id_)


def create_dossier(
    client: Organisation, title: str, edition: str, actor: Actor, at: datetime, id_: uuid.UUID | None = None
) -> Dossier:
    """Open an empty dossier under an edition. Raises Refusal when there is no such edition."""
    found = find_edition(edition)
    with transaction.atomic():
        keep_edition(found, at)
        dossier = Dossier.objects.create(
            id=id_ or uuid.uuid4(),
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


def choose_aim(dossier: Dossier, outcome: str, actor: Actor, at: datetime) -> Outcome:
    """Choose the outcome that a dossier aims at. Raises Refusal when the edition has no such outcome."""
    outcomes = edition_of(dossier).outcomes
    found = next((each for each in outcomes if each.id == outcome), None)
    if found is None:
        params = {"value": outcome, "expected": ", ".join(each.id for each in outcomes)}
        raise Refusal([Fault("dossier.unknown_outcome", params=params)])
    with transaction.atomic():
        locked = Dossier.objects.select_for_update(no_key=True).get(pk=dossier.pk)
        Dossier.objects.filter(pk=dossier.pk).update(aim=found.id, summary_revision=None)
        record(
            Kind.DOSSIER_AIMED,
            actor,
            at,
            {"before": locked.aim, "after": found.id},
            organisation=dossier.client_id,
            subject=f"dossier:{dossier.pk}",
        )
    return found
