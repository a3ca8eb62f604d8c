# SPDX-License-Identifier: Apache-2.0
"""The forms of a visit: its plan, a record, a finding. What is enough is the actions' to say."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django import forms

from gradus.applications.models import Involvement
from gradus.grading.texts import Text
from gradus.process.parts import Part
from gradus.process.visits import Attendance, FindingGrade, Link, Position, RecordKind
from gradus.visits.plan import AGENDA_TIME, AgendaItem, Member, Plan, Site
from gradus.web.ui.forms import LineField, said
from gradus.web.ui.templates import language, t

_SITES = 3
_USUAL = {
    Part.LEAD_ASSESSOR.value: Attendance.LEADER,
    Part.ASSESSOR.value: Attendance.ASSESSOR,
    Part.TECHNICAL_EXPERT.value: Attendance.EXPERT,
}


def moment_field(code: str) -> forms.DateTimeField:
    """Day and time, in the time zone of the body."""
    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=said(code), widget=widget, error_messages={"required": said("onsite.give_time")})


def degrees_field(code: str, *, required: bool) -> forms.DecimalField:
    """Degrees with at most six decimals, about a decimetre."""
    return forms.DecimalField(label=said(code), required=required, max_digits=9, decimal_places=6)


class PlanForm(forms.Form):
    """``site_1``, ``address_1`` ... are the sites, those without an address left out; ``as_ID`` and ``days_ID`` what
    each of the team does on site."""

    opening = moment_field("onsite.opening")
    closing_from = moment_field("onsite.closing_from")
    closing_until = moment_field("onsite.closing_until")
    agenda = LineField("onsite.agenda", widget=forms.Textarea({"rows": 6}), help_text=said("onsite.agenda_help"))
    reason = LineField("onsite.days_reason", required=False)

    def __init__(self, team: Sequence[Involvement], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.sites, self.members = range(1, _SITES + 1), list({each.account_id: each for each in team}.values())
        for number in self.sites:
            self.fields[f"site_{number}"] = LineField("onsite.site", required=number == 1)
            self.fields[f"address_{number}"] = LineField("onsite.address", required=number == 1)
            self.fields[f"north_{number}"] = degrees_field("onsite.north", required=number == 1)
            self.fields[f"east_{number}"] = degrees_field("onsite.east", required=number == 1)
        kinds = [("", t("onsite.stays_away")), *((each.value, t(f"attends.{each.value}")) for each in Attendance)]
        for each in self.members:
            usual = _USUAL[each.part].value
            self.fields[f"as_{each.account_id}"] = forms.ChoiceField(
                label=each.account.name, required=False, choices=kinds, initial=usual
            )
            self.fields[f"days_{each.account_id}"] = forms.DecimalField(
                label=said("onsite.days"), required=False, min_value=0, max_value=99, decimal_places=2, initial=1
            )

    def plan(self) -> Plan:
        """What was written, as the action takes it."""
        given = self.cleaned_data
        return Plan(
            opening=given["opening"],
            closing_from=given["closing_from"],
            closing_until=given["closing_until"],
            sites=[self._site(number) for number in self.sites if given[f"address_{number}"].strip()],
            members=[
                Member(str(each.account_id), Attendance(kind), Fraction(given[f"days_{each.account_id}"] or 0))
                for each in self.members
                if (kind := given[f"as_{each.account_id}"])
            ],
            agenda=[AgendaItem(*_split(line)) for line in given["agenda"].splitlines() if line.strip()],
            reason=given["reason"],
        )

    def _site(self, number: int) -> Site:
        north, east = (Fraction(self.cleaned_data[f"{name}_{number}"] or 999) for name in ("north", "east"))
        return Site(self.cleaned_data[f"site_{number}"], self.cleaned_data[f"address_{number}"], Position(north, east))


def _split(line: str) -> tuple[str, str]:
    """The time that a line begins with, and the rest; no time where it begins with none."""
    line = line.strip()
    found = AGENDA_TIME.match(line)
    return (found[0].replace("：", ":"), line[found.end() :].strip()) if found else ("", line)


class RecordForm(forms.Form):
    """An interview, a sample, or the trace of a drawn project."""

    kind = forms.ChoiceField(label=said("onsite.record_kind"))
    subject = LineField("onsite.subject", required=False, help_text=said("onsite.subject_help"))
    drawn = forms.ChoiceField(label=said("onsite.drawn_project"), required=False)
    links = forms.MultipleChoiceField(label=said("onsite.links"), required=False, widget=forms.CheckboxSelectMultiple)
    notes = LineField("onsite.notes", widget=forms.Textarea({"rows": 5}))

    def __init__(self, drawn: Sequence[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = [(each.value, t(f"record.{each.value}")) for each in RecordKind]
        self.fields["drawn"].choices = [("", "–"), *((each, each) for each in drawn)]
        self.fields["links"].choices = [(each.value, t(f"link.{each.value}")) for each in Link]


class FindingForm(forms.Form):
    """A finding; the id and the instant of writing come with it from the device."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    written_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    grade = forms.ChoiceField(label=said("onsite.grade"), widget=forms.RadioSelect)
    rule = forms.ChoiceField(label=said("onsite.rule"))
    text = LineField("onsite.found", widget=forms.Textarea({"rows": 4}))

    def __init__(self, rules: Mapping[str, Text], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["grade"].choices = [(each.value, t(f"finding.{each.value}")) for each in FindingGrade]
        self.fields["rule"].choices = [("", "–"), *((id_, text[language()]) for id_, text in rules.items())]


class CorrectionForm(forms.Form):
    """What the client says about a finding."""

    correction = LineField("onsite.correction", widget=forms.Textarea({"rows": 3}))
    cause = LineField("onsite.cause", widget=forms.Textarea({"rows": 3}))
    action = LineField("onsite.corrective_action", widget=forms.Textarea({"rows": 3}))
    proof = forms.FileField(label=said("onsite.proof"), required=False)
