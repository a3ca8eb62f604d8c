# SPDX-License-Identifier: Apache-2.0
"""The forms on the people of a client firm."""

from functools import cache
from typing import Any

from django import forms

from gradus.formats.editions import default_edition, find_edition
from gradus.grading.scheme import Edition
from gradus.people.permissions import Kind, roles_for
from gradus.web.ui.forms import AddressField, LineField, TermForm, said
from gradus.web.ui.templates import language


@cache
def _edition() -> Edition:
    """The edition that new dossiers get; published, so it does not change while the server runs."""
    return find_edition(default_edition())


def table_names() -> dict[str, str]:
    """The tables that a firm fills, in the reader's language."""
    return {table.id: table.text[language()] for table in _edition().tables.values()}


class MemberForm(forms.Form):
    """What can change while somebody stays: the department, and which tables it fills."""

    department = LineField("people.department_label", required=False)
    tables = forms.MultipleChoiceField(
        label=said("people.tables_label"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=said("people.tables_help"),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        kept = self.initial.get("tables", [])
        names = table_names()
        self.fields["tables"].choices = [*names.items(), *((each, each) for each in kept if each not in names)]


class SeatForm(MemberForm, TermForm):
    """An invitation: to whom, and to which seat."""

    email = AddressField("enter.email")
    role = forms.ChoiceField(label=said("people.role_label"), widget=forms.RadioSelect)
    field_order = ("email", "role", "department", "tables", "first_day", "last_day")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offered = roles_for(Kind.CLIENT)
        self.fields["role"].choices = [(each.id, each.text[language()]) for each in offered]
        self.initial.setdefault("role", offered[-1].id)
