# SPDX-License-Identifier: Apache-2.0
"""Writing the journal: one entry an action, in the action's own transaction."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import connection

from gradus.journal.actor import Actor
from gradus.journal.canonical import canonical, digest
from gradus.journal.kinds import Kind
from gradus.journal.models import Entry, Head

genesis = "0" * 64
"""What the first entry names as its predecessor."""


def record(
    kind: Kind,
    actor: Actor,
    at: datetime,
    payload: Mapping[str, object],
    *,
    organisation: object = "",
    subject: str = "",
) -> Entry:
    """Append one entry. Must run inside the transaction of the action it records; ``at`` must know its time zone.

    ``organisation`` is the id of the organisation whose data this concerns, ``subject`` what was acted on
    ("dossier:id"). It is the last thing that an action does: from here on every other action waits, and one that waits
    with what this one still wants would never end (PostgreSQL ends one of them as a deadlock).
    """
    assert connection.in_atomic_block, "an action and its entry are one transaction"
    head = Head.objects.select_for_update(no_key=True).get(pk=1)
    entry = Entry(
        sequence=head.sequence + 1,
        at=at.astimezone(UTC),
        kind=kind.value,
        actor=actor.account,
        actor_name=actor.name,
        appointment=actor.appointment,
        organisation=str(organisation),
        subject=subject,
        payload=canonical(payload),
        previous=head.hash,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    Head.objects.filter(pk=1).update(sequence=entry.sequence, hash=entry.hash)
    return entry


def entry_hash(entry: Entry) -> str:
    """The hash of an entry: of all its other fields, the hash of its predecessor among them."""
    return digest(hashed(entry))


def hashed(entry: Entry) -> dict[str, object]:
    """What the hash of an entry covers."""
    return {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": entry.kind,
        "actor": entry.actor,
        "actor_name": entry.actor_name,
        "appointment": entry.appointment,
        "organisation": entry.organisation,
        "subject": entry.subject,
        "payload": entry.payload,
        "previous": entry.previous,
    }
