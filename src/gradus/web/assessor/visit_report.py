# SPDX-License-Identifier: Apache-2.0
"""The evaluation report: as it would be issued, issued by the leader, and read afterwards as page and PDF."""

import json

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gradus.applications.cases import rules_of
from gradus.applications.models import Case
from gradus.formats.evaluation_report import evaluation_report_words, render_evaluation_pdf
from gradus.grading.faults import Refusal
from gradus.people.permissions import Permission
from gradus.process.states import State
from gradus.visits.models import EvaluationReport
from gradus.visits.queries import leads
from gradus.visits.report import issue_report, proposals, report_content
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import LineField, said, tell
from gradus.web.ui.templates import language, t


class ReportForm(forms.Form):
    """What the leader proposes, and why."""

    proposed = forms.ChoiceField(label=said("onsite.proposed"), required=False)
    conclusion = LineField("onsite.conclusion", widget=forms.Textarea({"rows": 5}))

    def __init__(self, case: Case, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        names = {each.id: each.text[language()] for each in rules_of(case).edition.outcomes}
        choices = [(each, names.get(each, t("evaluation.no_outcome"))) for each in proposals(case)]
        self.fields["proposed"].choices = choices


@needs(Permission.CASE_READ)
@require_http_methods(["GET", "POST"])
def evaluation_report(request: Request) -> HttpResponseBase:
    """The report issued last; while the case waits for one, the draft with the form that issues it."""
    case, form = request.case, None
    drafting = case.state == State.REPORTING.value and leads(case, request.actor.account)
    if drafting or request.method == "POST":
        form = ReportForm(case, request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            given = form.cleaned_data
            try:
                issue_report(case, given["proposed"], given["conclusion"], request.actor, request.desk.at)
            except Refusal as refusal:
                tell(form, refusal)
            else:
                messages.success(request, t("onsite.said_issued"))
                return redirect("evaluation_report", case=case.pk)
    found = _last(case)
    if found is None and not drafting:
        raise Http404
    if drafting:
        content = report_content(case, "", "–") | {"issued_at": request.desk.at.isoformat(), "issued_by": "–"}
        shown = evaluation_report_words(content, rules_of(case).edition, "–", language())
    else:
        assert found is not None
        shown = evaluation_report_words(json.loads(found.content), rules_of(case).edition, found.digest, language())
    context = {"case": case, "shown": shown, "form": form, "report": None if drafting else found}
    return render(request, "assessor/evaluation_report.html.j2", context, status=422 if form and form.errors else 200)


@needs(Permission.CASE_READ)
@require_safe
def evaluation_report_pdf(request: Request) -> HttpResponseBase:
    """The report issued last, as PDF."""
    found = _last(request.case)
    if found is None:
        raise Http404
    pdf = render_evaluation_pdf(json.loads(found.content), rules_of(request.case).edition, found.digest, language())
    name = f"{request.case.number}-evaluation-report-{found.number}.pdf"
    return HttpResponse(pdf, "application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _last(case: Case) -> EvaluationReport | None:
    return EvaluationReport.objects.filter(case=case).order_by("-number").first()
