# SPDX-License-Identifier: Apache-2.0
"""Who is appointed to what, and whether somebody may do something to somebody's data."""

from datetime import datetime

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.timezone import localdate

from gradus.journal.actor import Actor
from gradus.people.models import AccessGrant, Account, Appointment, Invitation, Organisation
from gradus.people.permissions import GRANTED_BY_ACCESS, Appointed, Kind, Permission, roles


def appointments_of(account: Account, at: datetime) -> list[Appointed]:
    """The account's appointments on the day of an instant, oldest first."""
    return [each.value() for each in _held(at).filter(account=account).order_by("starts_on", "id")]


def appointment_for(
    appointments: list[Appointed], permission: Permission, organisation: object | None = None
) -> Appointed | None:
    """The appointment that permits something, to the data of a client (or, without one, to the body's own): of several
    the first that is not bound to some tables, for who was promoted does not stay bound to the old ones."""
    wanted = str(organisation) if organisation else None

    def permits(each: Appointed) -> bool:
        reaches = wanted is None or each.organisation == wanted or each.organisation_kind is Kind.BODY
        own = permission not in GRANTED_BY_ACCESS or each.organisation == wanted
        return permission in each.role.permits and reaches and own

    return min(filter(permits, appointments), key=lambda each: bool(each.tables), default=None)


def open_grant(account: Account, client: object, at: datetime) -> AccessGrant | None:
    """The grant by which an account may read a client's data at an instant, if there is one."""
    return AccessGrant.objects.filter(
        account=account, client_id=str(client), granted=True, expires_at__gt=at, ended_at__isnull=True
    ).first()


def actor_in(account: Account, appointed: Appointed) -> Actor:
    """The account acting in an appointment, as the journal keeps it."""
    return Actor(str(account.id), account.name, appointed.role.id, appointed.organisation, appointed.tables)


def holds_seat(email: str, organisation: Organisation, role: str, at: datetime) -> bool:
    """Whether somebody is appointed to a role at an organisation already."""
    return _held(at).filter(account__email=email, organisation=organisation, role=role).exists()


def appointments_at(organisation: Organisation, at: datetime) -> list[Appointment]:
    """The appointments that hold at an organisation, by role and name, with their accounts."""
    found = _held(at).filter(organisation=organisation, account__is_active=True)
    order = list(roles())
    return sorted(found, key=lambda each: (order.index(each.role), each.account.name, str(each.pk)))


def staff_at(at: datetime) -> QuerySet[Appointment]:
    """The ids of everybody appointed at the certification body."""
    found = _held(at).filter(organisation__kind=Kind.BODY.value, account__is_active=True)
    return found.order_by().values("account")


def coming_appointments_at(organisation: Organisation, at: datetime) -> QuerySet[Appointment]:
    """The appointments whose first day is still to come."""
    found = Appointment.objects.select_related("account").filter(organisation=organisation, account__is_active=True)
    coming = found.filter(starts_on__gt=localdate(at)).exclude(ends_on__lte=F("starts_on"))
    return coming.order_by("starts_on", "account__name")


def former_appointments_at(organisation: Organisation, at: datetime) -> QuerySet[Appointment]:
    """The appointments that have ended, the newest first."""
    ended = Appointment.objects.select_related("account").filter(organisation=organisation, ends_on__lte=localdate(at))
    return ended.order_by("-ends_on", "account__name")


def open_invitations(organisation: Organisation, at: datetime) -> QuerySet[Invitation]:
    """Invitations that nobody has accepted or withdrawn; those that have expired among them, to be sent again."""
    found = Invitation.objects.select_related("invited_by")
    return found.filter(organisation=organisation, accepted_at=None, withdrawn_at=None).order_by("-created_at")


def access_asked(client: Organisation) -> QuerySet[AccessGrant]:
    """Requests to read a client's data, the newest first."""
    return AccessGrant.objects.select_related("account", "decided_by").filter(client=client).order_by("-asked_at")


def accounts(wanted: str, at: datetime) -> QuerySet[Account]:
    """Every account, open ones first, with the appointments that hold in ``held``; ``wanted`` is part of a name, of an
    e-mail address, or of the name of an organisation."""
    found = Account.objects.order_by("-is_active", "name", "email")
    if wanted:
        at_organisation = Appointment.objects.filter(organisation__name__icontains=wanted).values("account")
        match = Q(name__icontains=wanted) | Q(email__icontains=wanted) | Q(pk__in=at_organisation)
        found = found.filter(match)
    return found.prefetch_related(Prefetch("appointments", _held(at), to_attr="held"))


def _held(at: datetime) -> QuerySet[Appointment]:
    day = localdate(at)
    found = Appointment.objects.select_related("account", "organisation")
    return found.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


def own_access(account: Account | None, at: datetime) -> list[AccessGrant]:
    """What an account has asked to read: requests that wait for an answer, and what is open."""
    found = AccessGrant.objects.select_related("client").filter(account=account, ended_at__isnull=True)
    return list(found.filter(Q(decided_at=None) | Q(granted=True, expires_at__gt=at)).order_by("-asked_at"))


def every_open_invitation() -> QuerySet[Invitation]:
    """The open invitations of every organisation, the newest first."""
    found = Invitation.objects.select_related("organisation", "invited_by")
    return found.filter(accepted_at=None, withdrawn_at=None).order_by("-created_at")
