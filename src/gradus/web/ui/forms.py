# SPDX-License-Identifier: Apache-2.0
"""Forms in our own words: labels by code in the reader's language, and refusals beside the field they are about."""

from typing import Any

from django import forms
from django.utils.functional import lazy

from gradus.formats.wording import sentence
from gradus.grading.faults import Refusal
from gradus.web.ui.templates import language, t

said = lazy(t, str)
"""A sentence by its code, said when it is shown."""


class LineField(forms.CharField):
    """One line of text; how much of it is enough is the action's to say."""

    def __init__(self, code: str, *, required: bool = True, autocomplete: str = "off", **more: Any) -> None:
        widget = more.pop("widget", None) or forms.TextInput()
        widget.attrs["autocomplete"] = autocomplete
        super().__init__(label=said(code), required=required, widget=widget, **more)


class AddressField(forms.EmailField):
    """An e-mail address."""

    def __init__(self, code: str, **more: Any) -> None:
        widget = forms.EmailInput({"autocomplete": "off"})
        super().__init__(label=said(code), widget=widget, error_messages={"invalid": said("form.email")}, **more)


def tell(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put every fault of a refusal beside its field, or above the form when it has none there."""
    for fault in refusal.faults:
        field = fault.place.field if fault.place.field in form.fields else None
        form.add_error(field, sentence(fault, language()))
