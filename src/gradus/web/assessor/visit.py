# SPDX-License-Identifier: Apache-2.0
"""A visit on one page, and every deed that is one button: signing, explaining, drawing, verifying, moving on."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradus.applications.cases import evaluates, leads, rules_of
from gradus.applications.models import Case
from gradus.dossiers import pages
from gradus.dossiers.models import File
from gradus.formats.draw_record import draw_to_json
from gradus.formats.wording import sentence, words
from gradus.grading.faults import Fault, Refusal
from gradus.people.permissions import Permission
from gradus.process.states import State
from gradus.process.visits import Moment, Side
from gradus.visits.closing import close_corrections, finish_visit, has_begun, owed, repeat_visit, withdraw_plan
from gradus.visits.draws import commit_draw, open_draw, record_of, titles_of
from gradus.visits.findings import (
    Verdict,
    due_day,
    findings_of,
    is_open,
    latest_day,
    rules_that_may_fail,
    verify_correction,
)
from gradus.visits.models import Correction, Draw, EvaluationReport, FindingPhoto, Signing, Visit
from gradus.visits.plan import plan_visit, plan_warnings, table_days
from gradus.visits.presence import explain, presence, presence_of, sign
from gradus.visits.queries import current_visit, plans_taken_back, team_of
from gradus.visits.records import held_records, untraced
from gradus.web.assessor.visit_forms import PlanForm, device_position
from gradus.web.ui.desk import Request, View, needs
from gradus.web.ui.forms import Unsent, one_of, tell
from gradus.web.ui.templates import language, t


@needs(Permission.FILE_READ)
@require_safe
def visit(request: Request) -> HttpResponseBase:
    """The visit that was planned last; before the first plan, what comes first."""
    return _visit_page(request)


def _visit_page(request: Request, unsent: Unsent | None = None, slip: str | None = None) -> HttpResponseBase:
    """The page; ``unsent`` came back refused, under ``slip`` where the case has not moved on but something is wrong."""
    case, me = request.case, request.actor.account
    found = current_visit(case)
    context = {
        "case": case,
        "visit": found,
        "me": me,
        "unsent": unsent,
        "slip": slip,
        "leads": leads(case, me),
        "evaluates": evaluates(case, me),
        "findings": finding_lines(case),
        "reports": EvaluationReport.objects.filter(case=case).order_by("-number"),
        **(_of_visit(found, me, request.desk.at) if found else {}),
    }
    return render(request, "assessor/visit.html.j2", context, status=422 if unsent else 200)


def _on_the_visit(view: View) -> View:
    """A deed that is one button on the page of the visit: refused, it leads back there, with what was typed."""

    @wraps(view)
    def told(request: Request) -> HttpResponseBase:
        try:
            return view(request)
        except Refusal as refusal:
            words = [request.POST.get(each, "").strip() for each in ("text", "reason")]
            label = t("onsite.verification" if "verdict" in request.POST else "onsite.why")
            typed = [(label, each) for each in words if each]
            moved = any(each.code == "visit.not_now" for each in refusal.faults)
            said = [sentence(each, language()) for each in refusal.faults]
            return _visit_page(request, Unsent(said, typed), None if moved else t("onsite.not_done"))

    return told


def _of_visit(found: Visit, me: str, at: datetime) -> dict[str, object]:
    on_site = found.case.state == State.ON_SITE.value
    draw = Draw.objects.filter(visit=found).select_related("visit").first()
    signed = set(Signing.objects.filter(visit=found, account=me).values_list("moment", flat=True))
    attends = any(str(each.account_id) == me for each in found.attendants.all())
    today = localdate(at) >= localdate(found.opening)
    return {
        "on_site": on_site,
        "taken_back": plans_taken_back(found.case).get(found.number),
        "attendants": found.attendants.select_related("account").order_by("id"),
        "presence": presence(found),
        "to_sign": [each.value for each in Moment if each.value not in signed] if attends and on_site and today else [],
        "signs_from": localdate(found.opening) if attends and on_site and not today else None,
        "draw": draw,
        "drawn": record_of(draw) if draw else None,
        "titles": titles_of(found.case),
        "untraced": untraced(found),
        "records": held_records(found),
        "begun": not on_site or has_begun(found),
        "may_close": at >= found.closing_from,
        "owed": _owed_words(found) if on_site else [],
    }


def _owed_words(found: Visit) -> list[str]:
    """What is owed before a visit can be finished; whoever has not signed is named once a meeting, and not with what
    both sides would have to explain."""
    present, lines, named = presence(found), [], set()
    for moment in Moment:
        unsigned = [each for each in present if each.moment is moment and each.signing is None and each.open_sides]
        names = [each.attendant.account.name for each in unsigned]
        named |= {(name, words(f"moment.{moment.value}", "zh")) for name in names}
        if names:
            meeting = t(f"moment.{moment.value}")
            lines.append(t("onsite.not_signed", meeting=meeting, names=t("report.comma").join(names)))
    faults = [each for each in owed(found) if (each.params.get("who"), each.params.get("meeting_zh")) not in named]
    return lines + [sentence(each, language()) for each in faults]


def finding_lines(case: Case) -> list[dict[str, Any]]:
    """Every finding of a case with its rule in words, its last correction and its deadlines."""
    rules = rules_that_may_fail(case)
    return [
        {
            "finding": each,
            "rule": rules[each.rule][language()],
            "open": is_open(each),
            "corrections": sorted(each.corrections.all(), key=lambda one: one.number),
            "due": due_day(each),
            "latest": latest_day(each),
        }
        for each in findings_of(case)
    ]


@needs(Permission.CASE_LEAD)
@require_http_methods(["GET", "POST"])
def visit_plan(request: Request) -> HttpResponseBase:
    """Plan the next visit; once it is planned, only say so."""
    case = request.case
    form = PlanForm(team_of(case), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = plan_visit(case, form.plan(), request.actor, request.desk.at)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            for each in plan_warnings(made):
                messages.warning(request, sentence(each, language()))
            return _back(request, "onsite.said_planned")
    days = table_days(case, rules_of(case), 1)
    planned = current_visit(case)
    context = {
        "case": case,
        "fixed": planned,
        "begun": not planned or case.state != State.ON_SITE.value or has_begun(planned),
        "form": form,
        "table": days,
        "share": rules_of(case).number("share_on_site") * 100,
    }
    return render(request, "assessor/visit_plan.html.j2", context, status=422 if form.errors else 200)


@needs(Permission.CASE_EVALUATE)
@require_POST
@_on_the_visit
def visit_sign(request: Request) -> HttpResponseBase:
    """Sign in or out, now."""
    moment = one_of(request.POST, "moment", {each.value: each for each in Moment})
    told = device_position(request.POST.get("north", ""), request.POST.get("east", ""))
    sign(request.case, moment, request.actor, request.desk.at, told, upload(request, "photo"))
    return _back(request, "onsite.said_signed")


@needs(Permission.FILE_READ)
@require_POST
@_on_the_visit
def visit_explain(request: Request) -> HttpResponseBase:
    """Say why a signing deviates; as which side follows from whether one evaluates in the case."""
    moment = one_of(request.POST, "moment", {each.value: each for each in Moment})
    found = current_visit(request.case)
    deviating = presence_of(found, request.POST.get("who", ""), moment) if found else None
    if deviating is None:
        raise Refusal([Fault("visit.nothing_to_explain")])
    side = Side.ASSESSOR if evaluates(request.case, request.actor.account) else Side.BODY
    explain(deviating, side, request.POST.get("text", ""), request.actor, request.desk.at)
    return _back(request, "onsite.said_explained")


@needs(Permission.CASE_LEAD)
@require_POST
@_on_the_visit
def visit_draw(request: Request) -> HttpResponseBase:
    """Commit to a draw, or open it."""
    act = one_of(request.POST, "act", {"commit": commit_draw, "open": open_draw})
    act(request.case, request.actor, request.desk.at)
    return _back(request, "onsite.said_draw")


@needs(Permission.FILE_READ)
@require_safe
def visit_draw_record(request: Request) -> HttpResponseBase:
    """The record of the opened draw, as anybody can check it."""
    found = current_visit(request.case)
    draw = Draw.objects.filter(visit=found).select_related("visit", "case").first() if found else None
    return draw_file(draw)


def draw_file(draw: Draw | None) -> HttpResponse:
    """An opened draw's record as a file. Raises Refusal before it is opened."""
    record = record_of(draw) if draw else None
    if record is None:
        raise Refusal([Fault("draw.none")])
    headers = {"Content-Disposition": f'attachment; filename="draw-{record.case}-{record.visit}.json"'}
    return HttpResponse(draw_to_json(record), "application/json", headers=headers)


@needs(Permission.CASE_EVALUATE)
@require_POST
@_on_the_visit
def visit_verify(request: Request) -> HttpResponseBase:
    """Accept a correction, or not."""
    number = request.POST.get("correction", "")
    found = Correction.objects.filter(
        case=request.case, pk=number if number.isdecimal() and len(number) < 19 else 0
    ).first()
    if found is None:
        raise Refusal([Fault("visit.no_such_correction")])
    accepted = one_of(request.POST, "verdict", {"accept": True, "refuse": False})
    verdict = Verdict(accepted, request.POST.get("text", ""))
    verify_correction(found, verdict, request.actor, request.desk.at)
    return _back(request, "onsite.said_verified")


@needs(Permission.CASE_LEAD)
@require_POST
@_on_the_visit
def visit_move(request: Request) -> HttpResponseBase:
    """Finish the visit, take its plan back, close the corrections, or have the visit repeated."""
    case, reason, actor, at = request.case, request.POST.get("reason", ""), request.actor, request.desk.at
    acts: dict[str, Callable[[], object]] = {
        "finish": lambda: finish_visit(case, actor, at),
        "close": lambda: close_corrections(case, actor, at),
        "withdraw": lambda: withdraw_plan(case, reason, actor, at),
        "repeat": lambda: repeat_visit(case, reason, actor, at),
    }
    one_of(request.POST, "act", acts)()
    return _back(request, "onsite.said_moved")


@needs(Permission.FILE_READ)
@require_safe
def visit_picture(request: Request, digest: str) -> HttpResponseBase:
    """A picture or proof of this case, drawn anew."""
    return picture_of(request.case, digest)


def picture_of(case: Case, digest: str) -> HttpResponse:
    """The first page of a file of a case's visits; files of others do not exist."""
    owned = (
        FindingPhoto.objects.filter(finding__case=case, file=digest).exists()
        or Signing.objects.filter(case=case, photo=digest).exists()
        or Correction.objects.filter(case=case, proof=digest).exists()
    )
    file = File.objects.filter(pk=digest).first() if owned else None
    drawn = pages.picture(file, 1, pages.widths[1], 0) if file else None
    if drawn is None:
        raise Http404
    media_type = "image/png" if drawn.startswith(b"\x89PNG") else "image/jpeg"
    return HttpResponse(drawn, media_type, headers={"Cache-Control": "private, max-age=86400"})


def upload(request: Request, name: str) -> UploadedFile | None:
    """An uploaded file; None when none was chosen. An empty one was chosen, and is refused as it is read."""
    found = request.FILES.get(name)
    return found if isinstance(found, UploadedFile) else None


def _back(request: Request, code: str) -> HttpResponseBase:
    messages.success(request, t(code))
    return redirect("visit", case=request.case.pk)
