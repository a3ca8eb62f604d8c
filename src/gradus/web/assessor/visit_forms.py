# SPDX-License-Identifier: Apache-2.0
"""The forms of a visit: its plan, a record, a finding. What is enough is the actions' to say."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django import forms

from gradus.applications.models import Involvement
from gradus.grading.faults import Fault, Refusal
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


# No fraction and no exponent: of 1e999999999 a number would be made until the end of days.
_DEGREES = r"[+-]?\d{1,3}(?:\.\d{1,15})?"
_PAIR = re.compile(rf"({_DEGREES})°?\s*[,，;；\s]\s*({_DEGREES})°?", re.ASCII)


def position_of(text: str) -> Position | None:
    """A pair of degrees as maps give it to be copied, latitude and longitude; None where it is none. Some maps give the
    longitude first, which is known by its size: no latitude is above 90."""
    found = _PAIR.fullmatch(text.strip())
    if found is None:
        return None
    north, east = Fraction(found[1]), Fraction(found[2])
    if abs(north) > 90:
        north, east = east, north
    return Position(north, east) if abs(north) <= 90 and abs(east) <= 180 else None


def device_position(north: str, east: str) -> Position | None:
    """Where a device says that it is; None where it says nothing. Raises Refusal for what is no place on earth: other
    than a map, a device never has the longitude first."""
    if not north.strip() and not east.strip():
        return None
    found = position_of(f"{north},{east}")
    if found is None or found.north != Fraction(north.strip()):
        raise Refusal([Fault("visit.no_such_position")])
    return found


class PositionField(LineField):
    """Where a site is, as a pair of degrees; it may be left out."""

    def clean(self, value: str) -> Position | None:
        """The position; None for none."""
        text = super().clean(value)
        found = position_of(text)
        if text.strip() and found is None:
            raise forms.ValidationError(t("onsite.no_pair"))
        return found


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
            self.fields[f"position_{number}"] = PositionField(
                "onsite.position", required=False, help_text=said("onsite.position_help") if number == 1 else ""
            )
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
            sites=[
                Site(given[f"site_{number}"], given[f"address_{number}"], given[f"position_{number}"])
                for number in self.sites
                if given[f"address_{number}"].strip()
            ],
            members=[
                Member(str(each.account_id), Attendance(kind), Fraction(given[f"days_{each.account_id}"] or 0))
                for each in self.members
                if (kind := given[f"as_{each.account_id}"])
            ],
            agenda=[AgendaItem(*_split(line)) for line in given["agenda"].splitlines() if line.strip()],
            reason=given["reason"],
        )


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
