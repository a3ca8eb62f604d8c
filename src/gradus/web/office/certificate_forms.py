# SPDX-License-Identifier: Apache-2.0
"""The forms of the certificate officer's desk."""

from typing import Any

from django import forms

from gradus.certificates.issue import Addresses
from gradus.trust.statement import Holder, Name
from gradus.web.office.decision_forms import Choice, ReasonsForm
from gradus.web.office.file_words import Choices
from gradus.web.ui.forms import DayField, LineField

_LONGEST = 500


class AddressesForm(forms.Form):
    """Where the holder is registered, and the evaluated sites, one a line; an English form follows a bar."""

    registered = LineField("certificates.registered", max_length=_LONGEST)
    registered_en = LineField("certificates.registered_en", required=False, max_length=_LONGEST)
    sites = LineField("certificates.sites", widget=forms.Textarea({"rows": 3}), max_length=8 * _LONGEST)

    def addresses(self) -> Addresses:
        """What was typed, as a value."""
        typed = self.cleaned_data
        lines = [each for each in typed["sites"].splitlines() if each.strip()]
        return Addresses(Name(typed["registered"], typed["registered_en"]), tuple(_named(each) for each in lines))


class ReplaceForm(AddressesForm, ReasonsForm):
    """What a replacement says of the holder, and why."""

    name = LineField("certificates.name", max_length=_LONGEST)
    name_en = LineField("certificates.name_en", required=False, max_length=_LONGEST)
    reason = Choice("decisions.reason")
    field_order = ("name", "name_en", "registered", "registered_en", "sites", "reason", "reasons")


class ChangeForm(ReasonsForm):
    """A change for a reason of its list, in effect from a day on or from the decision."""

    reason = Choice("decisions.reason")
    effective_on = DayField("certificates.effective_on", required=False)
    field_order = ("reason", "effective_on", "reasons")


class DecideForm(ReasonsForm):
    """Yes or no, and why; ``seen`` is the proposal that the form stood beside."""

    seen = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput)
    accepted = Choice("certificates.verdict", widget=forms.RadioSelect)
    field_order = ("accepted", "reasons")


def chosen(form: forms.Form, field: str, choices: Choices) -> Any:
    """The form with what may be chosen in a field."""
    form.fields[field].choices = choices
    return form


def holder_initial(holder: Holder) -> dict[str, str]:
    """A holder as the replacement's form shows it."""
    lines = [f"{each.zh} | {each.en}" if each.en else each.zh for each in holder.assessed_addresses]
    return {
        "name": holder.name.zh,
        "name_en": holder.name.en,
        "registered": holder.registered_address.zh,
        "registered_en": holder.registered_address.en,
        "sites": "\n".join(lines),
    }


def _named(line: str) -> Name:
    zh, _, en = line.partition("|")
    return Name(zh.strip(), en.strip())
