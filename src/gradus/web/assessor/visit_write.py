# SPDX-License-Identifier: Apache-2.0
"""Writing on site: records, and findings, which a tablet without a connection keeps until it has one again."""

import uuid
from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gradus.grading.faults import Fault, Place, Refusal
from gradus.people.permissions import Permission
from gradus.process.visits import FindingGrade, Link, RecordKind
from gradus.visits.draws import drawn_in
from gradus.visits.findings import Found, record_finding, rules_that_may_fail
from gradus.visits.queries import current_visit
from gradus.visits.records import Seen, record_seen
from gradus.web.assessor.visit_forms import FindingForm, RecordForm
from gradus.web.ui.desk import Request, needs, open_to_all
from gradus.web.ui.forms import tell
from gradus.web.ui.templates import t

_WORKER = Path(__file__).resolve().parent.parent / "ui" / "static" / "assessor" / "visit_worker.js"


@needs(Permission.CASE_EVALUATE)
@require_http_methods(["GET", "POST"])
def visit_record(request: Request) -> HttpResponseBase:
    """Record an interview, a sample or a trace."""
    found = current_visit(request.case)
    first = {"kind": request.GET.get("kind", ""), "drawn": request.GET.get("drawn", "")}
    form = RecordForm(
        drawn_in(found) if found else (), request.POST if request.method == "POST" else None, initial=first
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        kind = RecordKind(given["kind"])
        links = {Link(each): True for each in given["links"]}
        subject = given["drawn"] if kind is RecordKind.TRACE else given["subject"]
        try:
            record_seen(request.case, Seen(kind, subject, given["notes"], links), request.actor, request.desk.at)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, t("onsite.said_recorded"))
            return redirect("visit", case=request.case.pk)
    context = {"case": request.case, "form": form}
    return render(request, "assessor/visit_record.html.j2", context, status=422 if form.errors else 200)


@needs(Permission.CASE_EVALUATE)
@require_http_methods(["GET", "POST"])
def visit_finding(request: Request) -> HttpResponseBase:
    """Write a finding. Scripts send it as often as they must and read JSON; the same id is the same finding."""
    rules, scripted = rules_that_may_fail(request.case), "application/json" in request.headers.get("Accept", "")
    if request.method != "POST":
        form = FindingForm(rules, initial={"id": uuid.uuid4(), "grade": FindingGrade.MINOR.value})
        return _finding_page(request, form)
    form = FindingForm(rules, request.POST)
    try:
        found = _found(form, request)
        made = record_finding(request.case, found, request.FILES.getlist("photos"), request.actor, request.desk.at)
    except Refusal as refusal:
        if scripted:
            raise
        tell(form, refusal)
        if any(fault.code == "visit.id_taken" for fault in refusal.faults):
            form.data = request.POST.copy()
            form.data["id"] = str(uuid.uuid4())  # saved once more, it is another finding
        return _finding_page(request, form)
    if scripted:
        return JsonResponse({"saved": str(made.pk)})
    messages.success(request, t("onsite.said_found"))
    return redirect("visit", case=request.case.pk)


def _found(form: FindingForm, request: Request) -> Found:
    """What was written. Raises Refusal for what can not be read."""
    if not form.is_valid():
        raise Refusal([Fault("visit.unfit", Place(field=name)) for name in form.errors])
    given = form.cleaned_data
    written = given["written_at"] or request.desk.at
    return Found(given["id"], FindingGrade(given["grade"]), given["rule"], given["text"], written)


def _finding_page(request: Request, form: FindingForm) -> HttpResponseBase:
    context = {"case": request.case, "form": form}
    return render(request, "assessor/visit_finding.html.j2", context, status=422 if form.errors else 200)


@open_to_all
@require_safe
def visit_worker(request: Request) -> HttpResponseBase:
    """The script that keeps the finding form at hand without a connection; it reaches as far as its own address."""
    return HttpResponse(_WORKER.read_text("utf-8"), "text/javascript", headers={"Cache-Control": "no-cache"})
