# SPDX-License-Identifier: Apache-2.0
"""The technical review: the file, and the reviewer's recommendation or return."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from gradus.applications.timeline import steps_of
from gradus.decisions.review import Recommendation, recommend, return_to_evaluation
from gradus.people.permissions import Permission
from gradus.process.parts import Part
from gradus.process.states import State, Step
from gradus.web.office.decision_forms import ReasonForm, RecommendForm, carried_out
from gradus.web.office.file_words import case_words, outcome_choices, reason_choices, scope_choices, what_bars
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import unsent
from gradus.web.ui.templates import t

REFUSE = "refuse"
"""What the form sends for a recommendation to refuse."""


@needs(Permission.FILE_READ)
@require_safe
def technical_review(request: Request) -> HttpResponseBase:
    """The file as it is; with it, for a technical reviewer, what can be done."""
    return _page(request, {})


def _page(request: Request, bound: dict[str, forms.Form]) -> HttpResponseBase:
    words = case_words(request.case, localdate(request.desk.at))
    stands = request.case.state == State.TECHNICAL_REVIEW.value and request.desk.may(Permission.CASE_RECOMMEND)
    bars = what_bars(request, Part.TECHNICAL_REVIEWER) if stands else []
    may_review = stands and not bars
    last = steps_of(request.case)[-1]
    context = {
        **words,
        "anew_since": last if last.step == Step.RETURN_TO_REVIEW else None,
        "recommend": bound.get("recommend") or _recommend_form(request, words),
        "give_back": bound.get("return") or _return_form(request, words),
        "bars": bars,
        "may_review": may_review,
        "unsent": None if may_review else next(map(unsent, bound.values()), None),
    }
    return render(request, "office/review.html.j2", context, status=422 if bound else 200)


def _recommend_form(request: Request, words: dict[str, Any], data: object = None) -> RecommendForm:
    file, edition = words["file"], words["edition"]
    form = RecommendForm(data, prefix="recommend", initial={"seen": file.digest})
    grants = outcome_choices(edition, file.recommendable)
    form.choose([*grants, (REFUSE, t("decisions.recommend_refusal"))], scope_choices(edition, file.verified.scope))
    return form


def _return_form(request: Request, words: dict[str, Any], data: object = None) -> ReasonForm:
    form = ReasonForm(data, prefix="return", initial={"seen": words["file"].digest})
    form.choose(reason_choices(request.case, "return"))
    return form


@needs(Permission.CASE_RECOMMEND)
@require_POST
def recommend_case(request: Request) -> HttpResponseBase:
    """Recommend an outcome, or to refuse."""
    form = _recommend_form(request, case_words(request.case, localdate(request.desk.at)), request.POST)

    def action(said: dict[str, Any]) -> None:
        outcome = "" if said["outcome"] == REFUSE else said["outcome"]
        told = Recommendation(
            outcome, said["reasons"], tuple(said["scope"]), said["answered"], said["against_verified"]
        )
        recommend(request.case, told, said["seen"], request.actor, request.desk.at)

    if not carried_out(form, action):
        return _page(request, {"recommend": form})
    messages.success(request, t("decisions.said_recommended"))
    return redirect("technical_review", case=request.case.pk)


@needs(Permission.CASE_RECOMMEND)
@require_POST
def return_case(request: Request) -> HttpResponseBase:
    """Send the case back to its evaluation."""
    form = _return_form(request, case_words(request.case, localdate(request.desk.at)), request.POST)

    def action(said: dict[str, Any]) -> None:
        return_to_evaluation(
            request.case, said["reason"], said["reasons"], said["seen"], request.actor, request.desk.at
        )

    if not carried_out(form, action):
        return _page(request, {"return": form})
    messages.success(request, t("decisions.said_returned"))
    return redirect("technical_review", case=request.case.pk)
