# SPDX-License-Identifier: Apache-2.0
"""A certificate in the public register: its page, its badge, and the paper about its standing.

Scores, findings and staff are in no statement, and so in none of these.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from gradus.applications.work_calendar import work_calendar
from gradus.certificates.keys import chain_ends, current_or_none, pdf_signer_of
from gradus.certificates.models import KeyPurpose
from gradus.formats.badge import Badge, draw_badge
from gradus.formats.certificate_signature import sign_certificate
from gradus.formats.drawings import Step, ladder, upright_ladder
from gradus.formats.level_words import asks_of
from gradus.formats.procedures import find_procedure
from gradus.formats.standing_pdf import Sign, StandingFace, render_standing
from gradus.formats.wording import sentence, words
from gradus.grading.faults import Refusal
from gradus.grading.scheme import Edition
from gradus.grading.texts import Text
from gradus.process.working_days import due
from gradus.register.limits import FILE
from gradus.register.standings import Known, Span, edition_of, entered, known, others_of
from gradus.trust.certificate_number import read_number
from gradus.trust.instants import day_of
from gradus.trust.standing import Answer, Standing
from gradus.trust.statement import CertificateStatement
from gradus.web.public.answers import conditional, kept, limited
from gradus.web.public.register_query import read_instant_asked
from gradus.web.public.standing_words import both, clock, holder_name, in_words, line_of, sign_of
from gradus.web.ui.desk import Request, open_to_all
from gradus.web.ui.templates import language, t

FIRST_YEAR, LAST_YEAR = 1950, 2200

_TONES = {
    Standing.VALID: "accent",
    Standing.UNKNOWN: "attention",
    Standing.SUSPENDED: "vermilion",
    Standing.WITHDRAWN: "vermilion",
    Standing.CANCELLED: "vermilion",
}
"""The paper's colours: vermilion is what the body has done to a certificate."""


@open_to_all
@require_safe
@limited()
def entry(request: Request, certificate_no: str) -> HttpResponseBase:
    """Who holds what, how it stands today and stood on a day, and everything that changed it."""
    number = _number(certificate_no)
    if number != certificate_no and number:
        return redirect("register_entry", certificate_no=number)
    found = known(number) if number else None
    now = request.desk.at
    if found is None:
        return render(request, "public/register_none.html.j2", {"number": certificate_no[:60]}, status=404)
    said: list[str] = []
    try:
        at, day = read_instant_asked(request.GET, now)
    except Refusal as refusal:
        at, day, said = now, None, [sentence(each, language()) for each in refusal.faults]
    certificate = found.certificate
    edition = edition_of(certificate)
    context = {
        "certificate": certificate,
        "answer": in_words(found.standing(at, now)),
        "today": in_words(found.standing(now, now)),
        "suspended_until": _suspended_until(found.standing(at, now), edition),
        "at": clock(at),
        "now": clock(now),
        "to_come": at > now,
        "day": day,
        "time": request.GET.get("time", "") if day and not said else "",
        "said": said,
        "within": _within(found, day, now) if day and not request.GET.get("time") else [],
        "history": [_span(each, now) for each in found.spans()],
        "entered": entered(each.superseded_by for each in found.changes if each.superseded_by),
        "ladder": _ladder(certificate, edition) if edition else "",
        "asks": asks_of(edition, certificate.outcome.rank)[language()] if edition else "",
        "others": [line_of(each, now, now) for each in others_of(certificate.holder.uscc, number)],
        "code": badge_code(certificate, language()),
        "name": holder_name(certificate.holder.name, language()),
        "years": (FIRST_YEAR, LAST_YEAR),
    }
    response = render(request, "public/register_entry.html.j2", context, status=422 if said else 200)
    return kept(response, due=_next(found, now), at=now)


@open_to_all
@require_safe
@limited()
def badge(request: Request, certificate_no: str) -> HttpResponseBase:
    """Name, level and how it stands now, to be shown on the holder's own pages; ``lang`` is zh or en."""
    found = _known(certificate_no)
    now = request.desk.at.replace(second=0, microsecond=0)  # as of a minute, so that it can be kept
    said = request.GET.get("lang", language())
    said = said if said in ("zh", "en") else language()
    certificate = found.certificate
    answer = found.standing(request.desk.at, request.desk.at)
    drawn = draw_badge(
        Badge(
            holder=holder_name(certificate.holder.name, said),
            outcome=f"{certificate.outcome.text[said]} · {certificate.outcome.order[said]}",
            sign=sign_of(answer.standing),
            standing=words(f"standing.{answer.standing}", said),
            as_of=words("public_register.badge_as_of", said, number=certificate.number, at=clock(now)[:16]),
            holds=answer.standing is Standing.VALID,
        )
    )
    response = HttpResponse(drawn, "image/svg+xml; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return conditional(request, response, due=_next(found, request.desk.at), at=request.desk.at)


@open_to_all
@require_safe
@limited(FILE)
def standing_paper(request: Request, certificate_no: str) -> HttpResponseBase:
    """How it stands today or on a day, as a page to be filed, signed where the body's key for pages is at hand."""
    found = _known(certificate_no)
    now = request.desk.at.replace(microsecond=0)
    at, _ = read_instant_asked(request.GET, now)
    pdf = render_standing(standing_face(found, at.replace(microsecond=0), now), clock(now), now, signs_papers(now))
    response = HttpResponse(pdf, "application/pdf")
    name = f"{found.certificate.number}-{day_of(at)}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def signs_papers(at: datetime) -> Sign | None:
    """Who signs papers of the body; None without a key, without what opens it, or after its certificates have ended:
    then the paper says that it is not signed."""
    key = current_or_none(KeyPurpose.PDF)
    if key is None or at >= chain_ends(key):
        return None
    try:
        signer = pdf_signer_of(key)
    except Refusal:
        return None
    return lambda page, at: sign_certificate(page, signer, at)


def standing_face(found: Known, at: datetime, now: datetime) -> StandingFace:
    """What the paper says."""
    certificate, answer = found.certificate, found.standing(at, now)
    outcome = certificate.outcome
    because = answer.because.reason.text if answer.because else Text("", "")
    return StandingFace(
        number=certificate.number,
        holder=both(certificate.holder.name),
        uscc=certificate.holder.uscc,
        scheme=certificate.scheme.text,
        outcome=outcome.text,
        meaning=outcome.meaning,
        order=outcome.order,
        services=tuple(each.text for each in certificate.scope),
        valid_from=certificate.valid_from,
        last_valid_on=certificate.last_valid_on,
        issuer=certificate.issuer.name,
        approval_no=certificate.issuer.approval_no,
        asked=clock(at),
        verdict=_word("to_come" if answer.so_far else answer.standing.value),
        sign=sign_of(answer.standing),
        tone=_TONES.get(answer.standing, "muted"),
        because=because,
        history=tuple(
            (clock(each.since), _word(each.standing.value), each.because.reason.text if each.because else Text("", ""))
            for each in found.spans()
        ),
        verification_url=certificate.verification_url,
        to_come=_to_come(answer) if at > now else Text("", ""),
    )


def _to_come(answer: Answer) -> Text:
    """What the paper says about an instant that has not come."""
    if answer.so_far is None:
        return Text(*(words("standing_pdf.to_come", each) for each in ("zh", "en")))
    so_far = _word(answer.so_far.value)
    return Text(*(words("standing.means.to_come", each, standing=so_far[each]) for each in ("zh", "en")))


def _word(standing: str) -> Text:
    return Text(words(f"standing.{standing}", "zh"), words(f"standing.{standing}", "en"))


def _suspended_until(answer: Answer, edition: Edition | None) -> date | None:
    """The last day that a suspension may have, by the limit that the officer's desk keeps too."""
    if answer.standing is not Standing.SUSPENDED or answer.since is None or edition is None:
        return None
    try:
        longest = find_procedure(edition).limit("suspension")
    except Refusal:
        return None
    end = due(day_of(answer.since), longest, work_calendar())
    return end.on if end else None


def _number(certificate_no: str) -> str:
    """A number in its one form; "" for what is none."""
    try:
        return read_number(certificate_no)
    except Refusal:
        return ""


def _known(certificate_no: str) -> Known:
    found = known(_number(certificate_no))
    if found is None:
        raise Http404
    return found


def _next(found: Known, now: datetime) -> datetime | None:
    """When it will stand otherwise, as far as is known."""
    return next((each.since for each in found.spans() if each.since > now), None)


def _within(found: Known, day: date, now: datetime) -> list[dict[str, object]]:
    """What changed within a day: its other answers, with the instants from which they hold."""
    inside = [each for each in found.spans() if day_of(each.since) == day]
    return [_span(each, now) for each in inside]


def _span(span: Span, now: datetime) -> dict[str, object]:
    return {
        "sign": sign_of(span.standing),
        "word": t(f"standing.{span.standing}"),
        "id": span.standing.value,
        "since": clock(span.since),
        "ahead": span.since > now,
        "because": span.because.reason.text[language()] if span.because else "",
        "decided_on": day_of(span.because.decision.decided_at) if span.because else None,
        "recorded": clock(span.because.recorded_at) if span.because else "",
        "back": bool(span.because and span.because.recorded_at > span.because.effective_at + timedelta(days=1)),
        "successor": span.because.superseded_by if span.because else None,
    }


def _ladder(certificate: CertificateStatement, edition: Edition) -> str:
    """All steps of the scheme with the granted one."""
    said = language()
    levels = {each.id: each.text[said] for each in edition.levels}
    steps = [
        Step(
            name=_lines(levels.get(each.level, each.level), each.stars),
            above=(t("public_register.granted_step"),) if each.rank == certificate.outcome.rank else (),
            reached=each.rank <= certificate.outcome.rank,
            requested=False,
            next=False,
        )
        for each in edition.outcomes
    ]
    label = t("public_register.ladder", outcome=certificate.outcome.text[said], order=certificate.outcome.order[said])
    return ladder(steps, label) + upright_ladder(steps, label)


def _lines(level: str, stars: int) -> tuple[str, ...]:
    return (level, f"{stars}★") if stars else (level,)


def badge_code(certificate: CertificateStatement, said: str) -> str:
    """HTML for the holder's own page."""
    page = settings.ADDRESS + reverse("register_entry", kwargs={"certificate_no": certificate.number})
    alt = t("public_register.badge_alt", name=holder_name(certificate.holder.name, said), number=certificate.number)
    return f'<a href="{page}"><img src="{page}badge.svg?lang={said}" alt="{escape(alt)}"></a>'
