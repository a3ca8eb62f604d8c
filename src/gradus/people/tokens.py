# SPDX-License-Identifier: Apache-2.0
"""Personal access tokens: made by somebody for themselves, shown once, for reading only, ended at any time."""

import secrets
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.db.models import QuerySet

from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind as Event
from gradus.people.actions import one_line, refused
from gradus.people.invitations import digest_of
from gradus.people.models import AccessToken, Account
from gradus.people.queries import appointments_of

fewest_days, most_days = 1, 366
longest_name = 100
most_open = 20


def make_token(account: Account, name: str, days: int, actor: Actor, at: datetime) -> tuple[AccessToken, str]:
    """A new token and its secret, which is kept nowhere. Raises Refusal."""
    name = one_line(name)
    if not 1 <= len(name) <= longest_name:
        raise refused("token.name", "token_name", limit=str(longest_name))
    if not fewest_days <= days <= most_days:
        raise refused("token.days", "days", least=str(fewest_days), most=str(most_days))
    secret = f"gradus_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if open_tokens(account, at).count() >= most_open:
            raise refused("token.too_many", limit=str(most_open))
        made = AccessToken.objects.create(
            account=account,
            name=name,
            secret_digest=digest_of(secret),
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
        _record(Event.TOKEN_MADE, made, actor, at)
    return made, secret


def end_token(token: AccessToken, actor: Actor, at: datetime) -> None:
    """From now on nobody reads with it; nothing when it has ended already."""
    with transaction.atomic():
        found = AccessToken.objects.select_for_update(no_key=True).get(pk=token.pk)
        if found.ended_at is None:
            found.ended_at = at
            found.save(update_fields=["ended_at"])
            _record(Event.TOKEN_ENDED, found, actor, at)


def open_tokens(account: Account, at: datetime) -> QuerySet[AccessToken]:
    """Somebody's tokens that are still good, the newest first."""
    return AccessToken.objects.filter(account=account, ended_at=None, expires_at__gt=at).order_by("-created_at")


def account_of_token(secret: str, at: datetime) -> Account | None:
    """Whose token it is; None when it is none, has run out, or its owner may not sign in any more or lacks the second
    factor that the owner's role asks for."""
    found = AccessToken.objects.select_related("account").filter(secret_digest=digest_of(secret), ended_at=None)
    token = found.filter(expires_at__gt=at, account__is_active=True).first()
    if token is None:
        return None
    needed = any(each.role.second_factor for each in appointments_of(token.account, at))
    return None if needed and not is_mfa_enabled(token.account, [Authenticator.Type.TOTP]) else token.account


def _record(kind: Event, token: AccessToken, actor: Actor, at: datetime) -> None:
    payload = {"name": token.name, "expires_at": token.expires_at.isoformat()}
    record(kind, actor, at, payload, subject=f"account:{token.account_id}")
