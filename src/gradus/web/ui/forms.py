# SPDX-License-Identifier: Apache-2.0
"""Forms in our own words: labels by code in the reader's language, and refusals beside the field they are about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.functional import lazy

from gradus.formats.wording import sentence
from gradus.grading.faults import Fault, Place, Refusal
from gradus.trust.instants import FIRST_YEAR
from gradus.web.ui.templates import language, t

Value = TypeVar("Value")

said = lazy(t, str)
"""A sentence by its code, said when it is shown."""


class LineField(forms.CharField):
    """One line of text; how much of it is enough is the action's to say."""

    def __init__(self, code: str, *, required: bool = True, autocomplete: str = "off", **more: Any) -> None:
        widget = more.pop("widget", None) or forms.TextInput()
        widget.attrs["autocomplete"] = autocomplete
        super().__init__(label=said(code), required=required, widget=widget, **more)


def day_input() -> forms.DateInput:
    """Where a browser lets choose a day; it reads one that is there in no other form than this."""
    return forms.DateInput({"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, not so long ago that its first instant in China is none in UTC."""

    def __init__(self, code: str, **more: Any) -> None:
        wrong = {"invalid": said("stage_one.a_day")}
        super().__init__(label=said(code), widget=day_input(), error_messages=wrong, **more)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value.year < FIRST_YEAR:
            raise ValidationError(self.error_messages["invalid"], "invalid")


class AddressField(forms.EmailField):
    """An e-mail address."""

    def __init__(self, code: str, **more: Any) -> None:
        widget = forms.EmailInput({"autocomplete": "off"})
        super().__init__(label=said(code), widget=widget, error_messages={"invalid": said("form.email")}, **more)


class TermForm(forms.Form):
    """The days for which somebody is appointed; either may be left open."""

    first_day = DayField("people.first_day_label", required=False, help_text=said("people.first_day_help"))
    last_day = DayField("people.last_day_label", required=False, help_text=said("people.last_day_help"))

    @property
    def term(self) -> tuple[date | None, date | None]:
        """The first day, and the day after the last."""
        last = self.cleaned_data["last_day"]
        return self.cleaned_data["first_day"], last + timedelta(days=1) if last and last < date.max else None


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form that was refused and has no place on the page any more, for the case has moved on: what is ``said`` of it,
    and what was ``typed`` under which label, so that nobody's words are lost."""

    said: list[str]
    typed: list[tuple[str, str]]


def unsent(form: forms.Form) -> Unsent:
    """Of a refused form: what hinders it as a whole, or else its fields, and what was typed."""
    whole = [str(each) for each in form.non_field_errors()]
    fields = [str(each) for name, errors in form.errors.items() if name != NON_FIELD_ERRORS for each in errors]
    typed = [(str(each.label), _typed(each)) for each in form.visible_fields()]
    return Unsent(whole or fields, [(label, text) for label, text in typed if text])


def _typed(bound: forms.BoundField) -> str:
    """What was typed or chosen in a field, choices by their names."""
    value = bound.value()
    names = {str(key): str(name) for key, name in getattr(bound.field, "choices", ())}
    values = value if isinstance(value, list) else [value]
    return "\n".join(names.get(str(each), str(each)) for each in values if each not in (None, ""))


def tell(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put every fault of a refusal beside its field, or above the form when it has none there."""
    for fault in refusal.faults:
        field = fault.place.field if fault.place.field in form.fields else None
        form.add_error(field, sentence(fault, language()))


def one_of(sent: Mapping[str, Any], name: str, options: Mapping[str, Value]) -> Value:
    """What a button or a choice of a form stands for. Raises Refusal for what none of them says: it is never taken for
    one of them."""
    if sent.get(name) not in options:
        raise Refusal([Fault("form.no_choice", Place(field=name))])
    return options[sent[name]]
