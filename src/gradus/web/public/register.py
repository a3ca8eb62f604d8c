# SPDX-License-Identifier: Apache-2.0
"""Searching the public register: the page, and what it finds as a file."""

from datetime import datetime

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gradus.formats.register_csv import write_csv
from gradus.formats.wording import sentence
from gradus.grading.faults import Refusal
from gradus.register.limits import FILE
from gradus.register.models import Entry
from gradus.register.search import MOST, MOST_AT_ONCE, Found, entries, find
from gradus.register.standings import known_of
from gradus.trust.instants import CHINA, day_of
from gradus.trust.standing import Answer
from gradus.web.public.answers import conditional, kept, limited
from gradus.web.public.register_query import Asked, options, read_asked, told
from gradus.web.public.standing_words import clock, in_words, line_of, scope_of
from gradus.web.ui.desk import Request, open_to_all
from gradus.web.ui.templates import language, t

A_PAGE = 20
_HEAD = (
    "number holder_zh holder_en credit_code scheme outcome level stars scope valid_from last_valid_on region standing"
    " since reason as_of page"
).split()


@open_to_all
@require_safe
@limited()
def search(request: Request) -> HttpResponseBase:
    """The register, searched; a page behind the last leads to the last."""
    now = request.desk.at
    asked = read_asked(request.GET, now)
    found, said = _found(asked, A_PAGE)
    pages = -(-found.count // A_PAGE)
    if 0 < pages < asked.page:
        return redirect(f"{reverse('register')}?{asked.address(page=str(pages))}")
    offered = options(asked)
    context = {
        "asked": asked,
        "options": offered,
        "conditions": told(asked, offered),
        "lines": [line_of(known_of(each), asked.search.at, now) for each in entries(found.ids)],
        "found": found,
        "said": said,
        "pages": pages,
        "most": MOST,
        "at_once": MOST_AT_ONCE,
        "at": clock(asked.search.at),
        "to_come": asked.search.at > now,
        "today": day_of(now),
    }
    return kept(render(request, "public/register.html.j2", context, status=422 if said else 200))


@open_to_all
@require_safe
@limited(FILE)
def export(request: Request) -> HttpResponseBase:
    """What a search finds, as CSV: at most MOST_AT_ONCE lines, the newest first."""
    now = request.desk.at
    asked = read_asked(request.GET, now)
    if asked.faults:
        raise Refusal(asked.faults)
    found = find(asked.search, 0, MOST_AT_ONCE, MOST_AT_ONCE)
    rows = [_row(request, each, asked.search.at, now) for each in entries(found.ids)]
    if found.more:
        rows.append([t("public_register.csv_more", most=MOST_AT_ONCE)])
    response = HttpResponse(
        write_csv([t(f"public_register.csv.{each}") for each in _HEAD], rows), "text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="register-{day_of(asked.search.at)}.csv"'
    return conditional(request, response)


def _found(asked: Asked, limit: int) -> tuple[Found, list[str]]:
    """What is found, and what is wrong with the question."""
    faults = list(asked.faults)
    if not faults:
        try:
            return find(asked.search, (asked.page - 1) * limit, limit), []
        except Refusal as refusal:
            faults += refusal.faults
    return Found((), 0, False), [sentence(each, language()) for each in faults]


def _standing(answer: Answer) -> str:
    said = in_words(answer)
    return str(said["word"]) + (t("public_register.csv.so_far", what=said["so_far"]) if answer.so_far else "")


def _instant(at: datetime) -> str:
    """An instant as a spreadsheet and a program read it, by the clock in China as on the page."""
    return at.astimezone(CHINA).isoformat(timespec="seconds")


def _row(request: Request, entry: Entry, at: datetime, now: datetime) -> list[str]:
    known = known_of(entry)
    certificate, said = known.certificate, language()
    answer = known.standing(at, now)
    return [
        certificate.number,
        certificate.holder.name.zh,
        certificate.holder.name.en,
        certificate.holder.uscc,
        certificate.scheme.text[said],
        certificate.outcome.text[said],
        certificate.outcome.level,
        str(certificate.outcome.stars or ""),
        scope_of(certificate, said),
        certificate.valid_from.isoformat(),
        certificate.last_valid_on.isoformat(),
        t(f"region.{entry.region}") if entry.region else "",
        _standing(answer),
        _instant(answer.since) if answer.since else "",
        answer.because.reason.text[said] if answer.because else "",
        _instant(at),
        request.build_absolute_uri(f"/register/{certificate.number}/"),
    ]
