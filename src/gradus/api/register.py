# SPDX-License-Identifier: Apache-2.0
"""The public register, for everybody, without a token."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Query, Router, Schema
from pydantic import BeforeValidator, Field

from gradus.api.access import for_everybody
from gradus.api.answers import NotAnswered, NotFound, TooOften, Wrong, language
from gradus.certificates.recover import recover_when_asked
from gradus.formats.wording import sentence
from gradus.grading.faults import Refusal
from gradus.grading.texts import Text
from gradus.register.limits import address_of, seconds_to_wait
from gradus.register.search import MOST_AT_ONCE, Found, Search, entries, find, keys_of, no_choices
from gradus.register.standings import Known, Span, instant_on, known, known_of
from gradus.trust.certificate_number import read_number
from gradus.trust.instants import FIRST_YEAR, LAST_YEAR
from gradus.trust.standing import Standing
from gradus.trust.statement import Name

router = Router(tags=["register"])

STALE = 60
"""Seconds that an answer may be kept."""

Sought = Literal["valid", "suspended", "withdrawn", "cancelled", "expired", "superseded"]
Key = Annotated[str, Field(max_length=170)]


def _day(written: object) -> object:
    """Nothing but a day: of an instant, or of seconds since 1970, another would be told than was asked about."""
    if isinstance(written, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", written, re.ASCII):
        raise ValueError("a day is written 2026-06-30")
    return written


Written = Annotated[date, BeforeValidator(_day)]


class Words(Schema):
    zh: str
    en: str


class StandingAt(Schema):
    """How a certificate stands at an instant, by all that is known now; ``reason`` where a change brought it about. Of
    an instant to come it is unknown where it may still change, and ``so_far`` tells what is decided so far."""

    standing: str
    so_far: str | None
    at: datetime
    since: datetime | None
    reason: Words | None


class CertificateLine(Schema):
    """A certificate in a list. ``level`` is the id of its level; ``stars`` is 0 where it has none."""

    number: str
    holder: Words
    credit_code: str
    scheme: str
    outcome: Words
    level: str
    stars: int
    scope: list[str]
    valid_from: date
    last_valid_on: date
    standing: StandingAt


class CertificateList(Schema):
    """A part of what was found. ``more``: there are more than ``count``, which nobody counts; narrow the search.
    ``wrong`` says why something that was asked for can find nothing."""

    count: int
    more: bool
    certificates: list[CertificateLine]
    wrong: list[Wrong]


class Turned(Schema):
    """From ``since`` on and before ``until`` it stands so."""

    standing: str
    since: datetime
    until: datetime | None
    reason: Words | None
    recorded_at: datetime | None
    superseded_by: str | None


class WholeCertificate(CertificateLine):
    """A certificate with the meaning of its level and all that changed it. ``order``: which level is highest."""

    meaning: Words
    order: Words
    fields: list[Words]
    registered_address: Words
    criterion: Words
    issuer: Words
    approval_no: str
    first_issued_on: date
    supersedes: str | None
    history: list[Turned]
    verification_url: str


class Wanted(Schema):
    """``q``: part of a name, a number or a credit code; of several values of one kind one is enough. ``on``: the day
    for which standing is told and searched, today if it is not given."""

    q: Annotated[str, Field(max_length=100)] = ""
    field: Annotated[list[Key], Field(max_length=20)] = []
    level: Annotated[list[Key], Field(max_length=20, description="scheme:level, or the level alone")] = []
    stars: Annotated[list[Annotated[int, Field(ge=0, le=5)]], Field(max_length=6)] = []
    region: Annotated[list[Key], Field(max_length=40, description="GB/T 2260, two digits")] = []
    standing: Sought | None = None
    on: Written | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=MOST_AT_ONCE)] = 0


class Day(Schema):
    """The day for which standing is told: its last second in China, or now, if it is today or not given."""

    on: Written | None = None


@router.get(
    "/",
    auth=None,
    response={200: CertificateList, 422: NotAnswered, 429: NotAnswered},
    url_name="api_register",
    operation_id="search_register",
)
@for_everybody
def search_register(request: HttpRequest, response: HttpResponse, wanted: Query[Wanted]) -> Any:
    """Certificates, the newest first; at most 1000 can be paged through."""
    at = _allowed(request)
    instant = _instant(wanted.on, at)
    standing = Standing(wanted.standing) if wanted.standing else None
    search = Search(
        at=instant,
        text=wanted.q,
        fields=tuple(wanted.field),
        levels=keys_of("level", wanted.level),
        stars=tuple(wanted.stars),
        regions=tuple(wanted.region),
        standing=standing,
    )
    faults = list(no_choices(search))
    try:
        found = find(search, wanted.offset, wanted.limit, MOST_AT_ONCE)
    except Refusal as refusal:
        found = Found((), 0, False)
        faults += refusal.faults
    said = language()
    wrong = [{"code": each.code, "sentence": sentence(each, said), "where": each.place.field or "q"} for each in faults]
    response["Cache-Control"] = f"public, max-age={STALE}"
    lines = [_line(known_of(each), instant, at) for each in entries(found.ids)]
    return {"count": found.count, "more": found.more, "certificates": lines, "wrong": wrong}


@router.get(
    "/{certificate_no}",
    auth=None,
    response={200: WholeCertificate, 404: NotAnswered, 422: NotAnswered, 429: NotAnswered},
    url_name="api_register_entry",
    operation_id="read_certificate",
)
@for_everybody
def read_certificate(request: HttpRequest, response: HttpResponse, certificate_no: str, day: Query[Day]) -> Any:
    """One certificate, and how it stands on a day."""
    at = _allowed(request)
    found = _found(certificate_no)
    response["Cache-Control"] = f"public, max-age={STALE}"
    certificate = found.certificate
    return {
        **_line(found, _instant(day.on, at), at),
        "meaning": _text(certificate.outcome.meaning),
        "order": _text(certificate.outcome.order),
        "fields": [_text(each.text) for each in certificate.scope],
        "registered_address": _name(certificate.holder.registered_address),
        "criterion": _text(certificate.edition.criterion),
        "issuer": _text(certificate.issuer.name),
        "approval_no": certificate.issuer.approval_no,
        "first_issued_on": certificate.first_issued_on,
        "supersedes": certificate.supersedes,
        "history": [_turned(each) for each in found.spans()],
        "verification_url": certificate.verification_url,
    }


def _allowed(request: HttpRequest) -> datetime:
    """The instant of the request, when what a crash kept from being told is told. Raises TooOften."""
    at = now()
    wait = seconds_to_wait(address_of(request.META), at)
    if wait:
        raise TooOften(wait)
    recover_when_asked(at, lists=False)
    return at


def _instant(day: date | None, at: datetime) -> datetime:
    """Of a day beyond every calendar, the nearest day that has one."""
    if day is None:
        return at
    year = min(max(day.year, FIRST_YEAR), LAST_YEAR)
    return instant_on(day if year == day.year else date(year, 1, 1), at)


def _found(number: str) -> Known:
    try:
        found = known(read_number(number))
    except Refusal:
        found = None
    if found is None:
        raise NotFound
    return found


def _line(found: Known, at: datetime, now_: datetime) -> dict[str, Any]:
    certificate, answer = found.certificate, found.standing(at, now_)
    return {
        "number": certificate.number,
        "holder": _name(certificate.holder.name),
        "credit_code": certificate.holder.uscc,
        "scheme": certificate.scheme.id,
        "outcome": _text(certificate.outcome.text),
        "level": certificate.outcome.level,
        "stars": certificate.outcome.stars,
        "scope": [each.id for each in certificate.scope],
        "valid_from": certificate.valid_from,
        "last_valid_on": certificate.last_valid_on,
        "standing": {
            "standing": answer.standing.value,
            "so_far": answer.so_far.value if answer.so_far else None,
            "at": at.astimezone(UTC),
            "since": answer.since,
            "reason": _text(answer.because.reason.text) if answer.because else None,
        },
    }


def _turned(span: Span) -> dict[str, Any]:
    because = span.because
    return {
        "standing": span.standing.value,
        "since": span.since,
        "until": span.until,
        "reason": _text(because.reason.text) if because else None,
        "recorded_at": because.recorded_at if because else None,
        "superseded_by": because.superseded_by if because else None,
    }


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _name(name: Name) -> dict[str, str]:
    return {"zh": name.zh, "en": name.en}
