# SPDX-License-Identifier: Apache-2.0
"""What is known of one certificate, and how it stood, stands and will stand: of its statements, by trust.standing."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from gradus.grading.scheme import Edition
from gradus.register.models import Entry, Said
from gradus.schemes.models import KeptEdition
from gradus.schemes.queries import edition_named
from gradus.trust.instants import begins, day_of, ends
from gradus.trust.records import from_json
from gradus.trust.standing import Answer, Standing, standing, standing_told
from gradus.trust.statement import CertificateStatement, StatusStatement

_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """From ``since`` on and before ``until`` (None: for good) a certificate stands so, by a change if it was one."""

    standing: Standing
    since: datetime
    until: datetime | None
    because: StatusStatement | None


@dataclass(frozen=True, slots=True)
class Known:
    """A certificate with all that changed it."""

    certificate: CertificateStatement
    changes: tuple[StatusStatement, ...]

    def standing(self, at: datetime, now: datetime) -> Answer:
        return standing_told(self.certificate, self.changes, at, now)

    def spans(self) -> list[Span]:
        return spans(self.certificate, self.changes)


def known(number: str) -> Known | None:
    """What the register knows of a number; None where it has none of it."""
    entry = Entry.objects.select_related("said").prefetch_related("changes").filter(number=number).first()
    return known_of(entry) if entry else None


def known_of(entry: Entry) -> Known:
    return Known(certificate_of(entry.said), tuple(changes_of(entry)))


def entered(numbers: Iterable[str]) -> set[str]:
    """Those of the numbers that the register knows: of one that is not published yet it knows nothing."""
    asked = list(numbers)
    return set(Entry.objects.filter(number__in=asked).values_list("number", flat=True)) if asked else set()


def others_of(uscc: str, number: str) -> list[Known]:
    """The other certificates of a holder, the newest first."""
    found = Entry.objects.filter(uscc=uscc).exclude(number=number).order_by("-pk")
    return [known_of(each) for each in found.select_related("said").prefetch_related("changes")[:20]]


def instant_on(day: date, now: datetime) -> datetime:
    """The instant that is meant by a day: now, if it is today, and else its last second in China, when all has happened
    that happened on it."""
    return now if day == day_of(now) else ends(day) - timedelta(seconds=1)


def spans(certificate: CertificateStatement, changes: Sequence[StatusStatement]) -> list[Span]:
    """How a certificate stands from when to when, by all that is known, from its first instant on."""
    bounds = {max(begins(certificate.valid_from), certificate.issued_at), ends(certificate.last_valid_on)}
    bounds |= {each.effective_at for each in changes}
    found: list[tuple[datetime, Answer]] = []
    for bound in sorted(bounds):
        answer = standing(certificate, changes, bound, _EVER)
        if not found or found[-1][1].standing is not answer.standing:
            found.append((bound, answer))
    untils = [*(since for since, _ in found[1:]), None]
    return [
        Span(answer.standing, since, until, answer.because)
        for (since, answer), until in zip(found, untils, strict=True)
    ]


def certificate_of(said: Said) -> CertificateStatement:
    return from_json(CertificateStatement, json.loads(said.statement), "register")


def changes_of(entry: Entry) -> list[StatusStatement]:
    """Every change of a certificate, in the order in which it was noted."""
    rows = sorted(entry.changes.all(), key=lambda each: each.pk)  # perhaps fetched already, for many entries at once
    return [from_json(StatusStatement, json.loads(each.statement), "register") for each in rows]


def edition_of(certificate: CertificateStatement) -> Edition | None:
    """The edition that a certificate rests on, where this platform keeps it."""
    try:
        return edition_named(certificate.edition.hash)
    except KeptEdition.DoesNotExist:
        return None
