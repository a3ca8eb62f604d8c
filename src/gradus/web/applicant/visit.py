# SPDX-License-Identifier: Apache-2.0
"""The client's side of a visit: its plan, its text for the draw, and what it does about findings."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from gradus.formats.wording import sentence
from gradus.grading.faults import Fault, Refusal
from gradus.people.permissions import Permission
from gradus.process.states import State
from gradus.visits.draws import add_client_text, record_of, titles_of
from gradus.visits.findings import Answer, answer_finding, findings_of
from gradus.visits.models import Draw, EvaluationReport, Visit
from gradus.visits.queries import current_visit, plans_taken_back
from gradus.web.assessor.visit import draw_file, finding_lines, picture_of, upload
from gradus.web.assessor.visit_forms import CorrectionForm
from gradus.web.assessor.visit_report import last_report, report_file, report_shown
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import tell
from gradus.web.ui.templates import language, t


def _page(
    request: Request, answered: str = "", form: CorrectionForm | None = None, refused: tuple[str, ...] = ()
) -> HttpResponseBase:
    found = current_visit(request.case)
    draw = Draw.objects.filter(visit=found).select_related("visit", "case").first() if found else None
    context = {
        "client": request.client,
        "case": request.case,
        "visit": found,
        "taken_back": plans_taken_back(request.case).get(found.number) if found else None,
        "attendants": found.attendants.select_related("account").order_by("id") if found else [],
        "draw": draw,
        "drawn": record_of(draw) if draw else None,
        "titles": titles_of(request.case),
        "findings": _told_by(request.desk.at, finding_lines(request.case), found),
        "may_answer": request.case.state in (State.ON_SITE.value, State.CORRECTION.value)
        and request.desk.may(Permission.CASE_APPLY, request.client.pk),
        "answered": answered,
        "form": form or CorrectionForm(),
        "refused": refused,
        "typed": request.POST.get("text", ""),
    }
    return render(request, "applicant/visit.html.j2", context, status=422 if form or refused else 200)


def _told_by(at: datetime, lines: list[dict[str, Any]], visit: Visit | None) -> list[dict[str, Any]]:
    """What the client is told by now: the findings of a visit at its closing meeting, not as they are written."""
    if visit is None or visit.case.state != State.ON_SITE.value or at >= visit.closing_from:
        return lines
    return [each for each in lines if each["finding"].visit_id != visit.pk]


@needs(Permission.CASE_READ)
@require_safe
def client_visit(request: Request) -> HttpResponseBase:
    """Plan, draw and findings, as the client sees them."""
    return _page(request)


@needs(Permission.CASE_APPLY)
@require_POST
def client_draw_text(request: Request) -> HttpResponseBase:
    """The client's own text for the draw."""
    try:
        add_client_text(request.case, request.POST.get("text", ""), request.actor, request.desk.at)
    except Refusal as refusal:
        return _page(request, refused=tuple(sentence(each, language()) for each in refusal.faults))
    messages.success(request, t("onsite.said_text"))
    return redirect("client_visit", client=request.client.pk, case=request.case.pk)


@needs(Permission.CASE_APPLY)
@require_POST
def client_correction(request: Request) -> HttpResponseBase:
    """What the client did about a finding."""
    asked = request.POST.get("finding", "")
    finding = next((each for each in findings_of(request.case) if str(each.pk) == asked), None)
    if finding is None:
        raise Refusal([Fault("visit.no_such_correction")])
    form = CorrectionForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        answer = Answer(given["correction"], given["cause"], given["action"])
        try:
            answer_finding(finding, answer, request.actor, request.desk.at, upload(request, "proof"))
        except Refusal as refusal:
            tell(form, refusal)
    if form.errors:
        return _page(request, asked, form)
    messages.success(request, t("onsite.said_answered"))
    return redirect("client_visit", client=request.client.pk, case=request.case.pk)


@needs(Permission.CASE_READ)
@require_safe
def client_draw_record(request: Request) -> HttpResponseBase:
    """The record of the opened draw."""
    found = current_visit(request.case)
    return draw_file(Draw.objects.filter(visit=found).select_related("visit", "case").first() if found else None)


@needs(Permission.CASE_READ)
@require_safe
def client_evaluation_report(request: Request) -> HttpResponseBase:
    """The evaluation report issued last, which the client is given (ISO/IEC 17021-1, 9.4.8)."""
    context = {"client": request.client, "case": request.case, "shown": report_shown(_report(request))}
    return render(request, "applicant/evaluation_report.html.j2", context)


@needs(Permission.CASE_READ)
@require_safe
def client_evaluation_report_pdf(request: Request) -> HttpResponseBase:
    """The same as PDF."""
    return report_file(_report(request))


def _report(request: Request) -> EvaluationReport:
    found = last_report(request.case)
    if found is None:
        raise Http404
    return found


@needs(Permission.CASE_READ)
@require_safe
def client_visit_picture(request: Request, digest: str) -> HttpResponseBase:
    """A picture that shows what was found."""
    return picture_of(request.case, digest)
