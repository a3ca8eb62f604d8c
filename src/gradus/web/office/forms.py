# SPDX-License-Identifier: Apache-2.0
"""The forms of the certification body on clients and people."""

from collections.abc import Sequence
from typing import Any

from django import forms

from gradus.people.access import fewest_hours, most_hours
from gradus.people.permissions import Kind, roles_for
from gradus.web.ui.forms import AddressField, LineField, TermForm, said
from gradus.web.ui.templates import language


class ClientForm(forms.Form):
    """A client firm and the first of its people."""

    name = LineField("office.client_name", help_text=said("office.client_name_help"))
    name_en = LineField("office.client_name_en", required=False)
    email = AddressField("office.manager_email", help_text=said("office.manager_email_help"))


class AddressForm(forms.Form):
    email = AddressField("enter.email")


class RoleForm(TermForm):
    """A role at the certification body."""

    role = forms.ChoiceField(label=said("people.role_label"), widget=forms.RadioSelect)
    field_order: Sequence[str] = ("role", "first_day", "last_day")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["role"].choices = [(each.id, each.text[language()]) for each in roles_for(Kind.BODY)]


class StaffForm(RoleForm):
    """An invitation to the certification body's staff."""

    email = AddressField("enter.email")
    field_order = ("email", "role", "first_day", "last_day")


class AccessForm(forms.Form):
    """Why, and for how long, an administrator asks to read a client's data."""

    reason = LineField("access.reason_label", widget=forms.Textarea({"rows": 3}), help_text=said("access.reason_help"))
    hours = forms.IntegerField(
        label=said("access.hours_label"),
        initial=4,
        widget=forms.NumberInput({"min": fewest_hours, "max": most_hours}),
        help_text=said("access.hours_help"),
        error_messages={"invalid": said("access.hours_invalid")},
    )
