# SPDX-License-Identifier: Apache-2.0
"""Reading the journal, and checking that it is whole."""

import json
from collections.abc import Iterator

from django.db.models import QuerySet

from gradus.grading.faults import Fault
from gradus.journal.actions import entry_hash, genesis
from gradus.journal.models import Entry, Head


def entries_about(subject: str) -> QuerySet[Entry]:
    """Everything that was done to one thing, newest first."""
    return Entry.objects.filter(subject=subject).order_by("-sequence")


def entries_of(organisation: object) -> QuerySet[Entry]:
    """Everything that concerns one organisation's data, newest first."""
    return Entry.objects.filter(organisation=str(organisation)).order_by("-sequence")


def payload(entry: Entry) -> dict[str, object]:
    """What the entry says, as data."""
    found = json.loads(entry.payload)
    assert isinstance(found, dict)
    return found


def faults() -> Iterator[Fault]:
    """Every place where the journal is not what was written: removed, reordered, altered entries, or a cut end."""
    sequence, previous = 0, genesis
    for entry in Entry.objects.order_by("sequence").iterator():
        blanks = {"sequence": str(entry.sequence)}
        if entry.sequence != sequence + 1:
            yield Fault("journal.missing", params={"first": str(sequence + 1), "last": str(entry.sequence - 1)})
        elif entry.previous != previous:
            yield Fault("journal.not_the_next", params=blanks)
        if entry.hash != entry_hash(entry):
            yield Fault("journal.altered", params=blanks)
        sequence, previous = entry.sequence, entry.hash
    head = Head.objects.filter(pk=1).first()
    if head is None or (head.sequence, head.hash) != (sequence, previous):
        last = str(head.sequence) if head else "?"
        yield Fault("journal.cut", params={"sequence": str(sequence), "head": last})
