# SPDX-License-Identifier: Apache-2.0
"""The forms of the entrance that are not allauth's."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError

from gradus.people.models import Account
from gradus.web.ui.forms import LineField, said


class NameForm(forms.Form):
    name = LineField("enter.name", autocomplete="name")


class SignUpForm(NameForm):
    password1 = forms.CharField(
        label=said("enter.new_password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )
    password2 = forms.CharField(
        label=said("enter.password_again"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, email: str, *args: Any) -> None:
        super().__init__(*args)
        self.email = email

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        first, second = found.get("password1"), found.get("password2")
        if first and second and first != second:
            self.add_error("password2", said("enter.not_the_same"))
        if first:
            try:
                validate_password(first, Account(email=self.email, name=found.get("name", "")))
            except ValidationError as error:
                self.add_error("password1", error)
        return found
