# SPDX-License-Identifier: Apache-2.0
"""Invitations: the only way to an account. The letter carries a secret, the database keeps its digest."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, localtime

from gradus.journal.actions import record
from gradus.journal.actor import Actor, system
from gradus.journal.kinds import Kind as Event
from gradus.people.actions import (
    Seat,
    appoint,
    clean_email,
    clean_name,
    create_organisation,
    days_told,
    refuse_past,
    refused,
    settled,
)
from gradus.people.letters import send_letter
from gradus.people.models import Account, Appointment, Invitation, Organisation
from gradus.people.permissions import Kind, roles_for
from gradus.people.queries import holds_seat

lasts = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation, the secret that is in its letter and nowhere else, and the open one that gave way to it."""

    invitation: Invitation
    secret: str
    replaced: Invitation | None = None


def invite(email: str, seat: Seat, link: Callable[[str], str], actor: Actor, at: datetime) -> Invited:
    """Offer a seat to an e-mail address; ``link`` makes the address of the page from the secret.

    An earlier invitation to the same seat that is open gives way to this one. Nobody invites oneself.
    """
    email = clean_email(email)
    if actor != system and Account.objects.filter(pk=actor.account, email=email).exists():
        raise refused("people.own_appointment", "email")
    seat, role = settled(seat)
    refuse_past(seat, localdate(at))
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        # The organisation's row is the lock: two people who invite the same person leave one invitation open.
        organisation = Organisation.objects.select_for_update(no_key=True).get(pk=seat.organisation.pk)
        if holds_seat(email, organisation, role.id, at):
            raise refused("people.already_appointed", "email", name=email)
        earlier = Invitation.objects.filter(
            organisation=organisation, email=email, role=role.id, accepted_at=None, withdrawn_at=None
        )
        replaced = list(earlier.order_by("-created_at"))
        earlier.update(withdrawn_at=at)
        made = Invitation.objects.create(
            organisation=organisation,
            email=email,
            role=role.id,
            department=seat.department,
            tables=list(seat.tables),
            starts_on=seat.starts_on,
            ends_on=seat.ends_on,
            secret_digest=digest_of(secret),
            invited_by_id=None if actor == system else actor.account,
            created_at=at,
            expires_at=at + lasts,
        )
        payload = {"expires_at": made.expires_at.isoformat(), "replaces": [str(each.pk) for each in replaced]}
        _record(Event.INVITATION_MADE, made, actor, at, payload)
        until = localtime(made.expires_at).strftime("%Y-%m-%d %H:%M")
        blanks = {"inviter": actor.name, "until": until, "address": link(secret)}
        send_letter("invitation", email, role=role.text, organisation=organisation.text, **blanks)
    return Invited(made, secret, replaced[0] if replaced else None)


def create_client(
    name: str, name_en: str, email: str, link: Callable[[str], str], actor: Actor, at: datetime
) -> tuple[Organisation, Invited]:
    """A client firm, and the invitation of the first person who can appoint others there: both or neither."""
    clean_email(email)
    leading = next(role for role in roles_for(Kind.CLIENT) if role.leads)
    with transaction.atomic():
        client = create_organisation(Kind.CLIENT, name, name_en, actor, at)
        return client, invite(email, Seat(client, leading.id), link, actor, at)


def withdraw_invitation(invitation: Invitation, actor: Actor, at: datetime) -> None:
    """Take back an invitation that nobody has accepted."""
    with transaction.atomic():
        found = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
        if found.accepted_at or found.withdrawn_at:
            raise refused("invitation.used" if found.accepted_at else "invitation.withdrawn")
        found.withdrawn_at = at
        found.save(update_fields=["withdrawn_at"])
        _record(Event.INVITATION_WITHDRAWN, found, actor, at, {})


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def open_invitation(secret: str, at: datetime, *, lock: bool = False) -> Invitation:
    """The invitation of a secret. Raises Refusal when it is unknown, used, withdrawn or has expired."""
    found = Invitation.objects.select_related("organisation")
    if lock:
        found = found.select_for_update(of=("self",), no_key=True)
    invitation = found.filter(secret_digest=digest_of(secret)).first()
    if invitation is None:
        raise refused("invitation.unknown")
    blanks = {"organisation": invitation.organisation.name}
    if invitation.accepted_at:
        raise refused("invitation.used", **blanks)
    if invitation.withdrawn_at:
        raise refused("invitation.withdrawn", **blanks)
    if invitation.expires_at <= at:
        raise refused("invitation.expired", day=str(localtime(invitation.expires_at).date()), **blanks)
    return invitation


def accept_as_new(secret: str, name: str, password: str, at: datetime) -> Account:
    """Make the account that an invitation is for, with its seat. The password has been checked for strength."""
    name = clean_name(name)
    with transaction.atomic():
        invitation = open_invitation(secret, at, lock=True)
        if Account.objects.filter(email=invitation.email).exists():
            raise refused("invitation.sign_in_first", email=invitation.email)
        try:
            with transaction.atomic():
                account = Account.objects.create_user(invitation.email, password, name=name, created_at=at)
        except IntegrityError:  # another invitation to the same address was accepted in the same moment
            raise refused("invitation.sign_in_first", email=invitation.email) from None
        _take_seat(invitation, account, at, new=True)
    return account


def accept_signed_in(secret: str, account: Account, at: datetime) -> Appointment:
    """Add the seat to the account that the invitation's e-mail address belongs to."""
    with transaction.atomic():
        invitation = open_invitation(secret, at, lock=True)
        if account.email != invitation.email:
            raise refused("invitation.other_email", email=invitation.email)
        return _take_seat(invitation, account, at, new=False)


def seat_of(invitation: Invitation) -> Seat:
    """The seat that an invitation offers."""
    return Seat(
        invitation.organisation,
        invitation.role,
        invitation.department,
        tuple(invitation.tables),
        invitation.starts_on,
        invitation.ends_on,
    )


def _take_seat(invitation: Invitation, account: Account, at: datetime, *, new: bool) -> Appointment:
    seat = seat_of(invitation)
    made = appoint(account, seat, at)
    invitation.accepted_at, invitation.accepted_by = at, account
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    actor = Actor(str(account.pk), account.name, made.role, str(made.organisation_id))
    payload = {"account": str(account.pk), "name": account.name, "new_account": new, "appointment": str(made.pk)}
    _record(Event.INVITATION_ACCEPTED, invitation, actor, at, payload)
    return made


def _record(kind: Event, invitation: Invitation, actor: Actor, at: datetime, more: dict[str, object]) -> None:
    told = {
        "email": invitation.email,
        "role": invitation.role,
        "department": invitation.department,
        "tables": invitation.tables,
        **days_told(invitation),
    }
    subject = f"invitation:{invitation.pk}"
    record(kind, actor, at, {**told, **more}, organisation=invitation.organisation_id, subject=subject)
