# SPDX-License-Identifier: Apache-2.0
"""The evaluation report: as it would be issued, issued by the leader, and read afterwards as page and PDF."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from gradus.applications.cases import leads, rules_of
from gradus.applications.models import Case
from gradus.formats.evaluation_report import evaluation_report_words, render_evaluation_pdf
from gradus.grading.faults import Refusal
from gradus.people.permissions import Permission
from gradus.process.states import State
from gradus.visits.models import EvaluationReport
from gradus.visits.report import issue_report, proposals, report_content
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import LineField, said, tell
from gradus.web.ui.templates import language, t

NOTHING = "none"
"""What the form sends for a proposal to grant nothing: it is chosen like any other, never left over."""


class ReportForm(forms.Form):
    """What the leader proposes, and why. What was verified and may be granted stands chosen."""

    proposed = forms.ChoiceField(label=said("onsite.proposed"), widget=forms.RadioSelect)
    conclusion = LineField("onsite.conclusion", widget=forms.Textarea({"rows": 5}))

    def __init__(self, case: Case, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        names = {each.id: each.text[language()] for each in rules_of(case).edition.outcomes}
        choices = [(each or NOTHING, names.get(each, t("evaluation.no_outcome"))) for each in proposals(case)]
        self.fields["proposed"].choices, self.fields["proposed"].initial = choices, choices[0][0]


@needs(Permission.FILE_READ)
@require_safe
def evaluation_report(request: Request) -> HttpResponseBase:
    """The report issued last; for the leader, while the case waits for one, the draft with the form that issues it."""
    case = request.case
    if case.state == State.REPORTING.value and leads(case, request.actor.account):
        return _draft(request, ReportForm(case))
    found = last_report(case)
    if found is None:
        raise Http404
    context = {"case": case, "shown": report_shown(found), "report": found}
    return render(request, "assessor/evaluation_report.html.j2", context)


@needs(Permission.CASE_LEAD)
@require_POST
def issue_evaluation_report(request: Request) -> HttpResponseBase:
    """Freeze the report with what the leader proposes."""
    form = ReportForm(request.case, request.POST)
    if not form.is_valid():
        return _draft(request, form)
    given = form.cleaned_data
    proposed = "" if given["proposed"] == NOTHING else given["proposed"]
    try:
        issue_report(request.case, proposed, given["conclusion"], request.actor, request.desk.at)
    except Refusal as refusal:
        tell(form, refusal)
        return _draft(request, form)
    messages.success(request, t("onsite.said_issued"))
    return redirect("evaluation_report", case=request.case.pk)


def _draft(request: Request, form: ReportForm) -> HttpResponseBase:
    case = request.case
    shown = evaluation_report_words(report_content(case, None, ""), rules_of(case), "–", language())
    context = {"case": case, "shown": shown, "form": form, "report": None}
    return render(request, "assessor/evaluation_report.html.j2", context, status=422 if form.errors else 200)


@needs(Permission.FILE_READ)
@require_safe
def evaluation_report_pdf(request: Request) -> HttpResponseBase:
    """The report issued last, as PDF."""
    found = last_report(request.case)
    if found is None:
        raise Http404
    return report_file(found)


def report_shown(found: EvaluationReport) -> dict[str, Any]:
    """An issued report in the reader's language."""
    return evaluation_report_words(json.loads(found.content), rules_of(found.case), found.digest, language())


def report_file(found: EvaluationReport) -> HttpResponse:
    """An issued report as PDF in the reader's language."""
    pdf = render_evaluation_pdf(json.loads(found.content), rules_of(found.case), found.digest, language())
    name = f"{found.case.number}-evaluation-report-{found.number}.pdf"
    return HttpResponse(pdf, "application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def last_report(case: Case) -> EvaluationReport | None:
    """The report issued last; None before the first."""
    return EvaluationReport.objects.filter(case=case).select_related("case").order_by("-number").first()
