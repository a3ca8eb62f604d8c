# SPDX-License-Identifier: Apache-2.0
"""Telling a client's people, in the page and by letter, of evidence that runs out: once when it will soon, once when it
has. The journal keeps what was told, so that nothing is told twice."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils.timezone import localdate

from gradus.dossiers.citations import uses_by_client
from gradus.dossiers.models import Dossier, Evidence
from gradus.dossiers.reminders import Standing, days_before, standing
from gradus.journal.actions import record
from gradus.journal.actor import system
from gradus.journal.kinds import Kind
from gradus.journal.queries import entries_of, payload
from gradus.people.models import Account, Organisation
from gradus.people.notifications import client_named, notify
from gradus.people.permissions import Permission, roles
from gradus.people.queries import appointments_at

_LOOKED, _LOOK_AGAIN = "evidence-ends-looked", 3600  # seconds
_NAMED = 5
"""Files that a notification names; their page lists all."""

Ending = tuple[Evidence, Standing]


def tell_when_asked(at: datetime) -> None:
    """As :func:`tell_what_ends`, for whoever opens the platform first in an hour, so that no timer is needed."""
    if cache.add(_LOOKED, True, _LOOK_AGAIN):
        tell_what_ends(at)


def tell_what_ends(at: datetime) -> int:
    """Tell every client's people of the evidence that ends soon or has ended. Returns how many files were told of."""
    last_day = localdate(at) + timedelta(days=days_before)
    due = Evidence.objects.filter(removed_at__isnull=True, valid_until__lte=last_day).values("client")
    return sum(_tell_client(client, at) for client in Organisation.objects.filter(pk__in=due) if _untold(client, at))


def _tell_client(client: Organisation, at: datetime) -> int:
    """Tell each of them of the files on which rows of their tables rest; whoever keeps every table, of all."""
    with transaction.atomic():
        # Two processes may look at the same time; the second finds that everything was told.
        Organisation.objects.select_for_update(no_key=True).get(pk=client.pk)
        told: list[Ending] = []
        endings = _untold(client, at)
        for account, tables in _keepers(client, at):
            theirs = [each for each in endings if not tables or tables & _tables_of(each[0])]
            _notify(account, client, theirs, at)
            told += [each for each in theirs if each not in told]
        if told:
            said = {"files": [_key(each) for each in told], "told": len(told)}
            about = {"organisation": client.pk, "subject": f"organisation:{client.pk}"}
            record(Kind.EVIDENCE_END_TOLD, system, at, said, **about)
    return len(told)


def _untold(client: Organisation, at: datetime) -> list[Ending]:
    """What ends and was not told of: a file with another last day, or a later standing, is told of anew."""
    day = localdate(at)
    last_day = day + timedelta(days=days_before)
    due = Evidence.objects.filter(client=client, removed_at__isnull=True, valid_until__lte=last_day)
    endings = [(each, standing(each.valid_until, day)) for each in due.order_by("valid_until", "name")]
    known: set[object] = set()
    for entry in entries_of(client.pk).filter(kind=Kind.EVIDENCE_END_TOLD):
        files = payload(entry)["files"]
        assert isinstance(files, list)
        known.update(files)
    return [each for each in endings if _key(each) not in known]


def _key(ending: Ending) -> str:
    evidence, how = ending
    return f"{evidence.pk} {evidence.valid_until} {how.value}"


def _keepers(client: Organisation, at: datetime) -> list[tuple[Account, frozenset[str]]]:
    """Who may change evidence, each with the tables they keep; none are all."""
    found: dict[Account, list[frozenset[str]]] = {}
    for each in appointments_at(client, at):
        if Permission.EVIDENCE_EDIT in roles()[each.role].permits:
            found.setdefault(each.account, []).append(frozenset(each.tables))
    return [
        (account, frozenset[str]().union(*kept) if all(kept) else frozenset[str]()) for account, kept in found.items()
    ]


def _tables_of(evidence: Evidence) -> frozenset[str]:
    return frozenset(use.row.table for use in uses_by_client(evidence.client_id).get(evidence.name, []))


def _notify(account: Account, client: Organisation, theirs: Iterable[Ending], at: datetime) -> None:
    dossier = Dossier.objects.filter(client=client).order_by("-created_at").first()
    address = f"/applicant/{client.pk}/{dossier.pk}/evidence/" if dossier else f"/applicant/{client.pk}/"
    for how in (Standing.ENDED, Standing.ENDS_SOON):
        files = [f"{each.name} ({each.valid_until})" for each, its in theirs if its is how]
        if files:
            named = "; ".join(files[:_NAMED]) + ("; …" if len(files) > _NAMED else "")
            blanks = {**client_named(client), "count": str(len(files)), "files": named, "days": str(days_before)}
            notify([account], f"evidence_{how.value}", blanks, address, at)
