# SPDX-License-Identifier: Apache-2.0
"""The forms of review, panel, notice and decision. ``seen`` is the digest of the file that the form stood beside."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms

from gradus.applications.agreement import longest_name
from gradus.applications.apply import longest_text
from gradus.decisions.anew import reviewer_is_bound
from gradus.decisions.notice import longest_contact
from gradus.decisions.review import QUESTIONS
from gradus.grading.faults import Refusal
from gradus.people.permissions import Permission
from gradus.process.panel import Voice
from gradus.process.verdict import LONGEST_REASONS
from gradus.web.office.file_words import Choices
from gradus.web.ui.desk import Request
from gradus.web.ui.forms import DayField, LineField, said, tell
from gradus.web.ui.templates import t


class Choice(forms.ChoiceField):
    """One of a list that depends on the case."""

    def __init__(self, code: str, **more: Any) -> None:
        errors = {"invalid_choice": said("decisions.not_listed"), "required": said("decisions.not_listed")}
        super().__init__(label=said(code), error_messages=errors, **more)


class _Choices(forms.MultipleChoiceField):
    """Any of a list that depends on the case."""

    def __init__(self, code: str, **more: Any) -> None:
        errors = {"invalid_choice": said("decisions.not_listed")}
        widget = forms.CheckboxSelectMultiple()
        super().__init__(label=said(code), required=False, widget=widget, error_messages=errors, **more)


class ReasonsForm(forms.Form):
    """Reasons in words, alone or beside something else."""

    reasons = LineField("decisions.reasons", widget=forms.Textarea({"rows": 4}), max_length=LONGEST_REASONS)


class _SeenForm(ReasonsForm):
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class OutcomeForm(_SeenForm):
    """An outcome with its scope."""

    outcome = Choice("decisions.outcome")
    scope = _Choices("report.scope")
    field_order: tuple[str, ...] = ("outcome", "scope", "reasons")

    def choose(self, outcomes: Choices, scope: Choices) -> None:
        self.fields["outcome"].choices = outcomes
        self.fields["scope"].choices = scope
        self.fields["scope"].initial = [id_ for id_, _ in scope]


class RecommendForm(OutcomeForm):
    """A recommendation: of an outcome, or to refuse."""

    answered = _Choices("decisions.questions")
    against_verified = forms.BooleanField(
        label=said("decisions.against_verified"), required=False, help_text=said("decisions.against_verified_help")
    )
    field_order = ("outcome", "scope", "answered", "against_verified", "reasons")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["answered"].choices = [(each, t(f"decisions.question.{each}")) for each in QUESTIONS]


class ReasonForm(_SeenForm):
    """A reason of a closed list, and reasons in words."""

    reason = Choice("decisions.reason")
    field_order = ("reason", "reasons")

    def choose(self, reasons: Choices) -> None:
        self.fields["reason"].choices = reasons


class MembersForm(forms.Form):
    """Experts to be convened."""

    members = _Choices("decisions.members")


class VoteForm(ReasonsForm):
    """A vote."""

    voice = Choice("decisions.voice", widget=forms.RadioSelect)
    field_order = ("voice", "reasons")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["voice"].choices = [(each.value, t(f"decisions.voice.{each.value}")) for each in Voice]


class ObjectionForm(forms.Form):
    """What somebody of the public said."""

    said_by = LineField("decisions.said_by", max_length=longest_name)
    contact = LineField("decisions.contact", required=False, max_length=longest_contact)
    received_on = DayField("decisions.received_on")
    text = LineField("decisions.objection_text", widget=forms.Textarea({"rows": 4}), max_length=longest_text)


class SignForm(forms.Form):
    """A signature."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


def objection_form(day: date, data: object = None) -> ObjectionForm:
    """For what somebody of the public said, received today unless another day is given."""
    return ObjectionForm(data, prefix="objection", initial={"received_on": day})


def answer_form(data: object = None) -> ReasonsForm:
    """For what the review finds about it."""
    return ReasonsForm(data, prefix="answer")


def anew_form(request: Request, bound: forms.Form | None = None) -> forms.Form | None:
    """For having the review made anew; none where it stands, or for who may not ask for it."""
    may = request.desk.may(Permission.PANEL_CONVENE) or request.desk.may(Permission.CASE_DECIDE)
    if not may or not reviewer_is_bound(request.case, request.desk.at):
        return None
    return bound or ReasonsForm(prefix="anew")


def carried_out(form: forms.Form, action: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form was filled in well and its action not refused; else the form says why not."""
    if not form.is_valid():
        return False
    try:
        action(form.cleaned_data)
    except Refusal as refusal:
        tell(form, refusal)
        return False
    return True
