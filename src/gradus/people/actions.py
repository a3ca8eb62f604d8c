# SPDX-License-Identifier: Apache-2.0
"""Organisations, accounts and appointments: made, changed, ended. Invitations and access have files of their own.

Nothing here names a role: what a role may do stands in ``roles.yaml``, and whether an actor may act is asked by
:func:`gradus.people.queries.appointment_for` before an action is called.
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind as Event
from gradus.people.models import AccessGrant, Account, Appointment, Invitation, Organisation
from gradus.people.permissions import Kind, Permission, Role, roles

longest_organisation = 200
longest_name = 100
longest_email = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets; what the database keeps
longest_department = 100


@dataclass(frozen=True, slots=True)
class Seat:
    """A role at an organisation; those who fill dossiers have a department and the tables it fills (none: all). It is
    held from a day (None: at once) until the day before another (None: without end)."""

    organisation: Organisation
    role: str
    department: str = ""
    tables: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None


def refused(code: str, field: str = "", **blanks: str) -> Refusal:
    """A refusal of one fault, at a field of the form it came from."""
    return Refusal([Fault(code, Place(field=field), blanks)])


def _named(organisation: Organisation) -> dict[str, str]:
    return {"organisation_zh": organisation.text.zh, "organisation_en": organisation.text.en}


def one_line(text: str) -> str:
    """What was typed, without signs that cannot be seen, spaces as one."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def clean_email(text: str) -> str:
    """An e-mail address as accounts keep it. Raises Refusal when it is none."""
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise refused("people.not_an_email", "email", value=email) from None
    if len(email) > longest_email:
        raise refused("people.not_an_email", "email", value=email)
    return email


def clean_name(text: str) -> str:
    """A person's name. Raises Refusal when there is none, or too much of it."""
    name = one_line(text)
    if not 1 <= len(name) <= longest_name:
        raise refused("people.no_name", "name", limit=str(longest_name))
    return name


def create_organisation(kind: Kind, name: str, name_en: str, actor: Actor, at: datetime) -> Organisation:
    """The certification body (once), or a client firm. A name that only looks different is taken for the same."""
    name, name_en = one_line(name), one_line(name_en)
    if not 2 <= len(name) <= longest_organisation or len(name_en) > longest_organisation:
        field = "name_en" if len(name_en) > longest_organisation else "name"
        raise refused("people.organisation_name", field, limit=str(longest_organisation))
    with transaction.atomic():
        if kind is Kind.BODY and Organisation.objects.filter(kind=kind.value).exists():
            raise refused("people.one_body")
        for other in Organisation.objects.values_list("name", flat=True):
            if _as_compared(other) == _as_compared(name):
                raise refused("people.organisation_known", "name", name=other)
        made = Organisation.objects.create(kind=kind.value, name=name, name_en=name_en, created_at=at)
        payload = {"kind": kind.value, "name": name, "name_en": name_en}
        record(Event.ORGANISATION_CREATED, actor, at, payload, organisation=made.pk, subject=f"organisation:{made.pk}")
    return made


def _as_compared(name: str) -> str:
    """Full-width and half-width signs, capitals and spaces make no other firm."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def create_account(email: str, name: str, password: str, actor: Actor, at: datetime) -> Account:
    """An account without an invitation, for the command that makes the first administrator."""
    email, name = clean_email(email), clean_name(name)
    with transaction.atomic():
        if Account.objects.filter(email=email).exists():
            raise refused("people.account_known", "email", email=email)
        account = Account.objects.create_user(email, password, name=name, created_at=at)
        record(Event.ACCOUNT_CREATED, actor, at, {"email": email, "name": name}, subject=f"account:{account.pk}")
    return account


def rename_account(account: Account, name: str, actor: Actor, at: datetime) -> None:
    """How a person is called from now on; the journal keeps what they were called."""
    name, before = clean_name(name), account.name
    if name == before:
        return
    with transaction.atomic():
        account.name = name
        account.save(update_fields=["name"])
        record(Event.ACCOUNT_CHANGED, actor, at, {"before": before, "after": name}, subject=f"account:{account.pk}")


def close_account(account: Account, actor: Actor, at: datetime) -> None:
    """End every appointment and access of an account and let it sign in no more. Nothing it did is removed."""
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if not account.is_active:
            raise refused("people.account_closed")
        held = list(_holding(localdate(at)).filter(account=account))
        for each in held:
            _end(each, at)
        open_ones = AccessGrant.objects.filter(account=account, ended_at__isnull=True)
        living = list(open_ones.filter(Q(decided_at=None) | Q(granted=True, expires_at__gt=at)).order_by("asked_at"))
        open_ones.update(ended_at=at)
        account.is_active = False
        account.save(update_fields=["is_active"])
        for grant in living:  # in the journal of each client, which reads no other entry of this
            about = {"organisation": grant.client_id, "subject": f"access:{grant.pk}"}
            record(Event.ACCESS_ENDED, actor, at, {"for": str(account.pk)}, **about)
        payload = {"email": account.email, "appointments": [str(each.pk) for each in held]}
        record(Event.ACCOUNT_CLOSED, actor, at, payload, subject=f"account:{account.pk}")


def reset_second_factor(account: Account, actor: Actor, at: datetime) -> None:
    """Forget the second factor of somebody who lost it; they set up another when they sign in next."""
    if actor.account == str(account.pk):
        raise refused("people.own_second_factor")
    with transaction.atomic():
        if not Authenticator.objects.filter(user=account).delete()[0]:
            raise refused("people.no_second_factor")
        payload = {"email": account.email}
        record(Event.ACCOUNT_SECOND_FACTOR_RESET, actor, at, payload, subject=f"account:{account.pk}")


def settled(seat: Seat) -> tuple[Seat, Role]:
    """A seat that can be given, and its role. Raises Refusal for a role that does not exist there."""
    role = roles().get(seat.role)
    if role is None or role.works_for.value != seat.organisation.kind:
        raise refused("people.role_elsewhere", "role", **_named(seat.organisation))
    department = one_line(seat.department)
    if len(department) > longest_department:
        raise refused("people.department", "department", limit=str(longest_department))
    fills = Permission.DOSSIER_EDIT in role.permits
    tables = tuple(sorted(set(seat.tables))) if fills else ()
    return replace(seat, department=department if fills else "", tables=tables), role


def refuse_past(seat: Seat, day: date) -> None:
    """Nobody is appointed for days that have passed, or for none. Raises Refusal."""
    if seat.starts_on is not None and seat.starts_on < day:
        raise refused("people.first_day", "first_day", day=day.isoformat())
    if seat.ends_on is not None and seat.ends_on <= max(day, seat.starts_on or day):
        raise refused("people.last_day", "last_day")


def make_appointment(account: Account, seat: Seat, actor: Actor, at: datetime) -> Appointment:
    """Give an account a seat; nobody gives one to oneself (least privilege): another administrator does, or the command
    at the server."""
    if actor.account == str(account.pk):
        raise refused("people.own_appointment", "role")
    refuse_past(seat, localdate(at))
    with transaction.atomic():
        made = appoint(account, seat, at)
        payload = {"account": str(account.pk), "name": account.name, "email": account.email, **seat_told(made)}
        payload |= days_told(seat)
        subject = f"appointment:{made.pk}"
        record(Event.APPOINTMENT_MADE, actor, at, payload, organisation=made.organisation_id, subject=subject)
    return made


def appoint(account: Account, seat: Seat, at: datetime) -> Appointment:
    """The appointment itself, for actions that record more than that. Nobody sits on both sides of a certification."""
    seat, _ = settled(seat)
    day = localdate(at)
    if not Account.objects.select_for_update(no_key=True).get(pk=account.pk).is_active:
        raise refused("people.account_closed")
    if seat.ends_on is not None and seat.ends_on <= day:
        raise refused("people.seat_over", day=(seat.ends_on - timedelta(days=1)).isoformat())
    held = _holding(day).filter(account=account)
    if held.filter(organisation=seat.organisation, role=seat.role).exists():
        raise refused("people.already_appointed", "role", name=account.name)
    if held.exclude(organisation__kind=seat.organisation.kind).exists():
        raise refused("people.both_sides", name=account.name)
    return Appointment.objects.create(
        account=account,
        organisation=seat.organisation,
        role=seat.role,
        department=seat.department,
        tables=list(seat.tables),
        starts_on=max(day, seat.starts_on or day),
        ends_on=seat.ends_on,
    )


def change_appointment(
    appointment: Appointment, department: str, tables: tuple[str, ...], actor: Actor, at: datetime
) -> None:
    """Another department, or other tables to fill."""
    seat, _ = settled(Seat(appointment.organisation, appointment.role, department, tables))
    with transaction.atomic():
        found = Appointment.objects.select_for_update(no_key=True).get(pk=appointment.pk)
        _refuse_if_ended(found, at)
        before = seat_told(found)
        found.department, found.tables = seat.department, list(seat.tables)
        found.save(update_fields=["department", "tables"])
        payload = {"before": before, "after": seat_told(found)}
        subject = f"appointment:{found.pk}"
        record(Event.APPOINTMENT_CHANGED, actor, at, payload, organisation=found.organisation_id, subject=subject)


def end_appointment(appointment: Appointment, actor: Actor, at: datetime) -> None:
    """End an appointment at once. The last one that can appoint others stays."""
    with transaction.atomic():
        locked = Appointment.objects.select_for_update(of=("self",), no_key=True)
        found = locked.select_related("account").get(pk=appointment.pk)
        _refuse_if_ended(found, at)
        _end(found, at)
        payload = {"account": str(found.account_id), "name": found.account.name, **seat_told(found)}
        payload["ends_on"] = str(found.ends_on)
        subject = f"appointment:{found.pk}"
        record(Event.APPOINTMENT_ENDED, actor, at, payload, organisation=found.organisation_id, subject=subject)


def seat_told(seat: Appointment) -> dict[str, object]:
    """What the journal tells of an appointment's seat."""
    return {"role": seat.role, "department": seat.department, "tables": list(seat.tables)}


def days_told(seat: Seat | Invitation) -> dict[str, object]:
    """What the journal tells of the days a seat is for, where some were given: the first and the last."""
    told: dict[str, object] = {"first_day": seat.starts_on.isoformat()} if seat.starts_on else {}
    if seat.ends_on:
        told["last_day"] = (seat.ends_on - timedelta(days=1)).isoformat()
    return told


def _refuse_if_ended(appointment: Appointment, at: datetime) -> None:
    if appointment.ends_on is not None and appointment.ends_on <= localdate(at):
        raise refused("people.appointment_over")


def _end(appointment: Appointment, at: datetime) -> None:
    """Write the end, unless nobody would be left to appoint others. The organisation's row is the lock that keeps two
    people from ending each other's appointment at the same time."""
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=appointment.organisation_id)
    day = localdate(at)
    if roles()[appointment.role].leads:
        leading = [role.id for role in roles().values() if role.leads]
        others = _holding(day).filter(organisation=organisation, role__in=leading, account__is_active=True)
        others = others.filter(starts_on__lte=day, ends_on__isnull=True)
        if not others.exclude(pk=appointment.pk).exclude(account_id=appointment.account_id).exists():
            raise refused("people.last_lead", **_named(organisation))
    appointment.ends_on = max(day, appointment.starts_on)
    appointment.save(update_fields=["ends_on"])


def _holding(day: date) -> QuerySet[Appointment]:
    """Appointments that have not ended on a day."""
    return Appointment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
