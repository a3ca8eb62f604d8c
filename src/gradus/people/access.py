# SPDX-License-Identifier: Apache-2.0
"""An administrator reads a client's data: asked for with a reason, granted by the client for hours, journalled."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from gradus.journal.actions import record
from gradus.journal.actor import Actor, system
from gradus.journal.canonical import canonical
from gradus.journal.kinds import Kind as Event
from gradus.journal.models import Entry
from gradus.people.actions import one_line, refused
from gradus.people.models import AccessGrant, Account, Organisation
from gradus.people.notifications import client_named, notify
from gradus.people.permissions import Permission, roles
from gradus.people.queries import appointments_at

fewest_hours, most_hours = 1, 72
shortest_reason, longest_reason = 10, 500
told_again_after = timedelta(hours=1)


def ask_access(
    account: Account, client: Organisation, reason: str, hours: int, actor: Actor, at: datetime
) -> AccessGrant:
    """Ask a client to let its data be read."""
    reason = one_line(reason)
    if not shortest_reason <= len(reason) <= longest_reason:
        raise refused("access.reason", "reason", least=str(shortest_reason), most=str(longest_reason))
    if not fewest_hours <= hours <= most_hours:
        raise refused("access.hours", "hours", least=str(fewest_hours), most=str(most_hours))
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        mine = AccessGrant.objects.filter(account=account, client=client, ended_at=None)
        if mine.filter(Q(decided_at=None) | Q(granted=True, expires_at__gt=at)).exists():
            raise refused("access.asked_already", client=client.name)
        made = AccessGrant.objects.create(account=account, client=client, reason=reason, hours=hours, asked_at=at)
        _record(Event.ACCESS_ASKED, made, actor, at, {"reason": reason, "hours": hours, "name": account.name})
        blanks = {"name": account.name, **client_named(client), "reason": reason, "hours": str(hours)}
        deciding = [
            each.account
            for each in appointments_at(client, at)
            if Permission.ACCESS_DECIDE in roles()[each.role].permits
        ]
        notify(deciding, "access_asked", blanks, f"/applicant/{client.pk}/people/", at, letter="access_asked")
    return made


def decide_access(grant: AccessGrant, actor: Actor, at: datetime, *, granted: bool) -> AccessGrant:
    """Grant (from now, for the hours asked) or refuse. Nobody decides on what they asked for themselves."""
    if actor.account == str(grant.account_id):
        raise refused("access.own")
    with transaction.atomic():
        found = AccessGrant.objects.select_for_update(no_key=True).get(pk=grant.pk)
        if found.decided_at or found.ended_at:
            raise refused("access.over")
        found.decided_at, found.granted = at, granted
        found.decided_by_id = None if actor == system else actor.account
        found.expires_at = at + timedelta(hours=found.hours) if granted else None
        found.save(update_fields=["decided_at", "granted", "decided_by", "expires_at"])
        payload = {"reason": found.reason, "hours": found.hours, "for": str(found.account_id)}
        _record(Event.ACCESS_GRANTED if granted else Event.ACCESS_REFUSED, found, actor, at, payload)
    return found


def end_access(grant: AccessGrant, actor: Actor, at: datetime) -> None:
    """End an access before its time, or take back the request: either side may."""
    with transaction.atomic():
        found = AccessGrant.objects.select_for_update(no_key=True).get(pk=grant.pk)
        lives = found.decided_at is None or (found.granted and found.expires_at is not None and found.expires_at > at)
        if found.ended_at or not lives:
            raise refused("access.over")
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        _record(Event.ACCESS_ENDED, found, actor, at, {"for": str(found.account_id)})


def use_access(grant: AccessGrant, page: str, actor: Actor, at: datetime) -> None:
    """Tell the journal that a page of the client's (its address) is read by a grant; of one that is opened again, or
    asks for what is new while it stands open, once an hour is enough."""
    with transaction.atomic():
        AccessGrant.objects.select_for_update(no_key=True).get(pk=grant.pk)
        used = Entry.objects.filter(subject=f"access:{grant.pk}", kind=Event.ACCESS_USED.value)
        of_page = used.filter(payload__contains=canonical({"page": page})[1:-1])
        if not of_page.filter(at__gt=at - told_again_after).exists():
            _record(Event.ACCESS_USED, grant, actor, at, {"reason": grant.reason, "page": page})


def _record(kind: Event, grant: AccessGrant, actor: Actor, at: datetime, payload: dict[str, object]) -> None:
    record(kind, actor, at, payload, organisation=grant.client_id, subject=f"access:{grant.pk}")
