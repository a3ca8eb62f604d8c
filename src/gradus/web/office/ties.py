# SPDX-License-Identifier: Apache-2.0
"""What people of the body declare of themselves, and what the office records of them: ties, marks, competence."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from gradus.applications.models import Mark, Tie
from gradus.applications.ties import TOLD, TieTold, declare_mark, declare_tie, record_tie
from gradus.evaluations.competence import CompetenceTold, competences_on, fields_of, record_competence
from gradus.formats.editions import default_edition, find_edition
from gradus.grading.faults import Refusal
from gradus.people.models import Account, Organisation
from gradus.people.permissions import Kind, Permission
from gradus.people.queries import appointments_at
from gradus.process.impartiality import TieKind
from gradus.process.procedure import Holds
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import LineField, said, tell
from gradus.web.ui.templates import language, t


def _day(code: str, *, required: bool) -> forms.DateField:
    widget = forms.DateInput({"type": "date", "autocomplete": "off"})
    return forms.DateField(label=said(code), required=required, widget=widget)


class PersonForm(forms.Form):
    """Somebody of the body's staff; ``people`` are offered."""

    account = forms.ChoiceField(label=said("team.person"))

    def __init__(self, *args: object, people: list[Account], **more: object) -> None:
        super().__init__(*args, **more)
        self.fields["account"].choices = [(str(each.pk), each.name) for each in people]


class TieForm(PersonForm):
    """A tie to a client, named as it is registered."""

    client = LineField("ties.client")
    kind = forms.ChoiceField(label=said("ties.kind"))
    starts_on = _day("ties.starts_on", required=True)
    ends_on = _day("ties.ends_on", required=False)
    source = LineField("ties.source")

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["kind"].choices = [(each.value, t(f"tie.{each.value}")) for each in TOLD]

    def clean_client(self) -> Organisation:
        found = Organisation.objects.filter(kind=Kind.CLIENT.value, name=self.cleaned_data["client"].strip()).first()
        if found is None:
            raise forms.ValidationError(t("ties.no_such_client"))
        return found


class CertificateForm(forms.Form):
    text = LineField("ties.certificate")


class EmployerForm(forms.Form):
    text = LineField("ties.employer")
    starts_on = _day("ties.starts_on", required=True)
    ends_on = _day("ties.ends_on", required=False)


class CompetenceForm(PersonForm):
    """A field of the scheme and the highest level."""

    field = forms.ChoiceField(label=said("competence.field"), required=False)
    level = forms.ChoiceField(label=said("competence.level"))
    starts_on = _day("ties.starts_on", required=True)
    ends_on = _day("ties.ends_on", required=False)
    basis = LineField("competence.basis")

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        edition = find_edition(default_edition())
        self.fields["field"].choices = [(each.id, each.text[language()]) for each in fields_of(edition)]
        self.fields["level"].choices = [(each.id, each.text[language()]) for each in edition.levels]


def _staff(request: Request) -> list[Account]:
    body = Organisation.objects.get(kind=Kind.BODY.value)
    return list(dict.fromkeys(each.account for each in appointments_at(body, request.desk.at)))


@needs(Permission.TIE_DECLARE)
@require_http_methods(["GET", "HEAD", "POST"])
def own_ties(request: Request) -> HttpResponseBase:
    """One's own ties, certificates and employers; who may record ties of others chooses the person."""
    account, may_record = request.desk.account, request.desk.may(Permission.TIE_RECORD)
    assert account is not None
    people = _staff(request) if may_record else [account]
    which = request.POST.get("do", "")
    given = {name: request.POST if which == name else None for name in ("tie", "certificate", "employer")}
    made: dict[str, forms.Form] = {
        "tie": TieForm(given["tie"], people=people, initial={"account": str(account.pk)}, prefix=None),
        "certificate": CertificateForm(given["certificate"], auto_id="certificate_%s"),
        "employer": EmployerForm(given["employer"], auto_id="employer_%s"),
    }
    status = 200
    if request.method == "POST":
        form = made.get(which)
        if form is not None and form.is_valid():
            try:
                _keep(request, which, form.cleaned_data)
                messages.success(request, t("ties.kept"))
                return redirect("own_ties")
            except Refusal as refusal:
                tell(form, refusal)
        status = 422
    shown = Tie.objects.filter(account__in=people, replaced_by=None).select_related("account", "client")
    context = {
        "forms": made,
        "ties": shown.order_by("-told_at"),
        "marks": Mark.objects.filter(account=account).order_by("-told_at"),
    }
    return render(request, "office/ties.html.j2", context, status=status)


def _keep(request: Request, which: str, said: dict[str, object]) -> None:
    at, actor = request.desk.at, request.actor
    if which != "tie":
        days = {name: each for name, each in said.items() if isinstance(each, date)}
        holds = Holds.CERTIFICATE if which == "certificate" else Holds.EMPLOYER
        declare_mark(holds, str(said["text"]), actor, at, **days)
        return
    client, begin, end = said["client"], said["starts_on"], said["ends_on"]
    assert isinstance(client, Organisation)
    assert isinstance(begin, date)
    told = TieTold(
        client, TieKind(str(said["kind"])), begin, end if isinstance(end, date) else None, str(said["source"])
    )
    if said["account"] == str(actor.account):
        declare_tie(told, actor, at)
    else:
        recorder = request.desk.actor_for(Permission.TIE_RECORD)
        record_tie(Account.objects.get(pk=str(said["account"])), told, recorder, at)


@needs(Permission.COMPETENCE_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def competences(request: Request) -> HttpResponseBase:
    """Who is competent for what today, and a form for another record."""
    edition = find_edition(default_edition())
    form = CompetenceForm(request.POST or None, people=_staff(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        told = CompetenceTold(said["field"], said["level"], said["starts_on"], said["ends_on"], said["basis"])
        try:
            record_competence(Account.objects.get(pk=said["account"]), edition, told, request.actor, request.desk.at)
            messages.success(request, t("ties.kept"))
            return redirect("competences")
        except Refusal as refusal:
            tell(form, refusal)
    words = {each.id: each.text for each in (*fields_of(edition), *edition.levels)}
    context = {"form": form, "records": competences_on(localdate(request.desk.at)), "words": words}
    return render(request, "office/competences.html.j2", context, status=422 if request.method == "POST" else 200)
