# SPDX-License-Identifier: Apache-2.0
"""Who is appointed to what, and whether somebody may do something to somebody's data."""

from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate

from gradus.journal.actor import Actor
from gradus.people.models import AccessGrant, Account, Appointment, Organisation
from gradus.people.permissions import GRANTED_BY_ACCESS, Appointed, Kind, Permission


def appointments_of(account: Account, at: datetime) -> list[Appointed]:
    """The account's appointments on the day of an instant, oldest first."""
    day = localdate(at)
    found = (
        Appointment.objects.select_related("organisation")
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), account=account, starts_on__lte=day)
        .order_by("starts_on", "id")
    )
    return [each.value() for each in found]


def appointments_at(organisation: Organisation, at: datetime) -> list[Appointment]:
    """The appointments at an organisation on the day of an instant, with their accounts."""
    day = localdate(at)
    found = Appointment.objects.select_related("account").filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=day), organisation=organisation, starts_on__lte=day
    )
    return list(found.order_by("starts_on", "id"))


def appointment_for(
    appointments: list[Appointed], permission: Permission, organisation: object | None = None
) -> Appointed | None:
    """The appointment that permits something, to the data of a client (or, without one, to the body's own)."""
    wanted = str(organisation) if organisation else None
    for each in appointments:
        reaches = wanted is None or each.organisation == wanted or each.organisation_kind is Kind.BODY
        own = permission not in GRANTED_BY_ACCESS or each.organisation == wanted
        if permission in each.role.permits and reaches and own:
            return each
    return None


def open_grant(account: Account, client: object, at: datetime) -> AccessGrant | None:
    """The grant by which an account may read a client's data at an instant, if there is one."""
    return AccessGrant.objects.filter(
        account=account, client_id=str(client), granted=True, expires_at__gt=at, ended_at__isnull=True
    ).first()


def actor_in(account: Account, appointed: Appointed) -> Actor:
    """The account acting in an appointment, as the journal keeps it."""
    return Actor(str(account.id), account.name, appointed.role.id, appointed.organisation, appointed.tables)
