# SPDX-License-Identifier: Apache-2.0
"""Telling people: in the page and by letter, in the transaction of what is told."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from gradus.formats.wording import words
from gradus.grading.texts import Text
from gradus.people.letters import send_letter
from gradus.people.models import Account, Notification, Organisation


def notify(
    accounts: Iterable[Account],
    code: str,
    blanks: Mapping[str, str],
    address: str,
    at: datetime,
    letter: str = "notice",
) -> None:
    """Tell accounts the sentence ``notice.<code>``; whoever is told gets a letter that says the same, or (``letter``)
    one of its own with the same blanks.

    A blank of the name of a sentence (``state.applied``) is said in the reader's language.
    """
    told = list({each.pk: each for each in accounts if each.is_active}.values())
    Notification.objects.bulk_create(
        Notification(account=each, code=code, blanks=dict(blanks), address=address, told_at=at) for each in told
    )
    said = Text(*(said_as(code, blanks, language) for language in ("zh", "en")))
    for each in told:
        own: dict[str, str | Text] = {"said": said} if letter == "notice" else dict(blanks)
        send_letter(letter, each.email, **own, address=f"{settings.ADDRESS}{address}")


def said_as(code: str, blanks: Mapping[str, str], language: str) -> str:
    """A notification in one language; a blank ``x`` is filled with ``x_en`` in English where that is given."""
    own = {name: blanks.get(f"{name}_{language}", value) for name, value in blanks.items()}
    filled = {name: words(value, language) if name in ("state", "step") else value for name, value in own.items()}
    return words(f"notice.{code}", language, **filled)


def client_named(client: Organisation) -> dict[str, str]:
    """The blanks for a client's name."""
    return {"client": client.name, "client_en": client.text.en}


def notifications_of(account: Account) -> QuerySet[Notification]:
    """What an account was told, the newest first."""
    return Notification.objects.filter(account=account).order_by("-told_at", "-id")


def unread_count(account: Account) -> int:
    """How much of it has not been read."""
    return Notification.objects.filter(account=account, read_at=None).count()


def mark_read(account: Account, at: datetime) -> None:
    """Everything that an account was told has been read."""
    Notification.objects.filter(account=account, read_at=None).update(read_at=at)
