# SPDX-License-Identifier: Apache-2.0
"""What a client sees of the last stage: the question whether it wants less than it applied for, and its letters."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gradus.applications.agreement import longest_name
from gradus.applications.cases import rules_of
from gradus.decisions.decide import answer_proposal
from gradus.decisions.inputs import claimed
from gradus.decisions.letters import lettered_steps, letters_taken_back, requested_name, scope_names
from gradus.decisions.record import consents_of, proposal_of
from gradus.grading.faults import Fault, Refusal
from gradus.people.permissions import Permission
from gradus.process.states import State
from gradus.web.office.decision_forms import carried_out
from gradus.web.office.file_words import outcome_words
from gradus.web.office.letters import letter_file
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import LineField, said, unsent
from gradus.web.ui.templates import language, t


class ConsentForm(forms.Form):
    """Yes or no, by a named person."""

    given = forms.ChoiceField(
        label=said("consent.answer"), widget=forms.RadioSelect, error_messages={"required": said("consent.choose")}
    )
    name = LineField("consent.name", autocomplete="name", max_length=longest_name)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["given"].choices = [("yes", t("consent.yes")), ("no", t("consent.no"))]


@needs(Permission.CASE_APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def consent_page(request: Request) -> HttpResponseBase:
    """The lower outcome proposed, why, and the client's answer."""
    case, asked = request.case, request.case.state == State.CONSENT.value
    form = ConsentForm(request.POST if request.method == "POST" else None)

    def action(told: dict[str, Any]) -> None:
        if not asked:
            raise Refusal([Fault("case.not_now", params={"step": "give_consent", "state": case.state})])
        answer_proposal(case, given=told["given"] == "yes", name=told["name"], actor=request.actor, at=request.desk.at)

    if form.is_bound and carried_out(form, action):
        messages.success(request, t("consent.said"))
        return redirect("consent", client=request.client.pk, case=case.pk)
    edition, proposal = rules_of(case).edition, proposal_of(case)
    context = {
        "client": request.client,
        "case": case,
        "form": form,
        "asked": asked,
        "unsent": unsent(form) if form.is_bound and not asked else None,
        "proposal": proposal,
        "outcome": outcome_words(edition, proposal.outcome) if proposal else "",
        "scope": scope_names(edition, proposal.scope, language()) if proposal else "",
        "asked_scope": scope_names(edition, list(claimed(case).scope), language()) if proposal else "",
        "requested": requested_name(edition, case.requested, language()),
        "answers": list(consents_of(case)),
    }
    return render(request, "applicant/consent.html.j2", context, status=422 if form.errors else 200)


@needs(Permission.CASE_READ)
@require_safe
def client_letters(request: Request) -> HttpResponseBase:
    """The letters that the client has got."""
    context = {
        "client": request.client,
        "case": request.case,
        "letters": lettered_steps(request.case, for_client=True),
        "taken_back": letters_taken_back(request.case),
    }
    return render(request, "applicant/letters.html.j2", context)


@needs(Permission.CASE_READ)
@require_safe
def client_letter(request: Request, number: int, tongue: str) -> HttpResponseBase:
    """One letter as PDF."""
    return letter_file(request.case, number, tongue, for_client=True)
