# SPDX-License-Identifier: Apache-2.0
"""What people of the body declare of themselves, and what the office records of them: ties, marks, competence."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from gradus.applications.models import Mark, Tie
from gradus.applications.tie_words import source_words
from gradus.applications.ties import TOLD, TieTold, awaits_second, declare_tie, record_tie, rests_on_word
from gradus.evaluations.competence import (
    CompetenceTold,
    competences_on,
    fields_of,
    record_competence,
    standing_competences,
)
from gradus.evaluations.declaring import declare_and_look
from gradus.evaluations.models import Competence
from gradus.formats.editions import default_edition, find_edition
from gradus.grading.faults import Refusal
from gradus.grading.scheme import Edition
from gradus.people.models import Account, Organisation
from gradus.people.permissions import Kind, Permission
from gradus.people.queries import appointments_at
from gradus.process.impartiality import TieKind
from gradus.process.procedure import Holds
from gradus.web.office.decision_forms import carried_out
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import DayField, LineField, said, tell
from gradus.web.ui.templates import language, t


class TieFacts(forms.Form):
    """What a tie is, from when until when, and how it is known. ``found`` is the kind of one that is corrected: a tie
    may have been found in papers, which is offered beside the kinds that people tell."""

    kind = forms.ChoiceField(label=said("ties.kind"))
    starts_on = DayField("ties.starts_on")
    ends_on = DayField("ties.ends_on", required=False)
    source = LineField("ties.source")

    def __init__(self, *args: object, found: TieKind | None = None, **more: object) -> None:
        super().__init__(*args, **more)
        kinds = dict.fromkeys([*TOLD, *([found] if found else ())])
        self.fields["kind"].choices = [(each.value, t(f"tie.{each.value}")) for each in kinds]


class CompetenceFacts(forms.Form):
    """A field of a scheme and the highest level, from when until when, and what it rests on."""

    field = forms.ChoiceField(label=said("competence.field"), required=False)
    level = forms.ChoiceField(label=said("competence.level"))
    starts_on = DayField("ties.starts_on")
    ends_on = DayField("ties.ends_on", required=False)
    basis = LineField("competence.basis")

    def __init__(self, *args: object, edition: Edition, **more: object) -> None:
        super().__init__(*args, **more)
        self.fields["field"].choices = [(each.id, each.text[language()]) for each in fields_of(edition)]
        self.fields["level"].choices = [(each.id, each.text[language()]) for each in edition.levels]

    def told(self) -> CompetenceTold:
        """What a form that is filled in well says."""
        said = self.cleaned_data
        return CompetenceTold(said["field"], said["level"], said["starts_on"], said["ends_on"], said["basis"])


class PersonForm(forms.Form):
    """Somebody of the body's staff; ``people`` are offered."""

    account = forms.ChoiceField(label=said("team.person"))

    def __init__(self, *args: object, people: list[Account], **more: object) -> None:
        super().__init__(*args, **more)
        self.fields["account"].choices = [(str(each.pk), each.name) for each in people]


class TieForm(PersonForm, TieFacts):
    """Somebody's tie to a client, named as it is registered."""

    field_order = ("account", "client")
    client = LineField("ties.client")

    def clean_client(self) -> Organisation:
        found = Organisation.objects.filter(kind=Kind.CLIENT.value, name=self.cleaned_data["client"].strip()).first()
        if found is None:
            raise forms.ValidationError(t("ties.no_such_client"))
        return found


class CompetenceForm(PersonForm, CompetenceFacts):
    """Somebody's competence."""

    field_order = ("account",)


class CertificateForm(forms.Form):
    text = LineField("ties.certificate")


class EmployerForm(forms.Form):
    text = LineField("ties.employer")
    starts_on = DayField("ties.starts_on")
    ends_on = DayField("ties.ends_on", required=False)


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
    shown = Tie.objects.filter(account__in=people, replaced_by=None).select_related(
        "account", "client", "told_by", "replaces__told_by"
    )
    edition = find_edition(default_edition())
    context = {
        "forms": made,
        "ties": [
            (each, source_words(edition, each.source), each.replaces if awaits_second(each) else None)
            for each in shown.order_by("-told_at")
        ],
        "marks": Mark.objects.filter(account=account).order_by("-told_at"),
    }
    return render(request, "office/ties.html.j2", context, status=status)


def _keep(request: Request, which: str, said: dict[str, object]) -> None:
    at, actor = request.desk.at, request.actor
    if which != "tie":
        days = {name: each for name, each in said.items() if isinstance(each, date)}
        holds = Holds.CERTIFICATE if which == "certificate" else Holds.EMPLOYER
        declare_and_look(holds, str(said["text"]), actor, at, **days)
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


@needs(Permission.TIE_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_tie(request: Request, tie: UUID) -> HttpResponseBase:
    """A tie as it is known, and a form to correct or end it by another."""
    known = get_object_or_404(Tie.objects.select_related("account", "client", "replaces__told_by"), pk=tie)
    proposed = known.replaces if awaits_second(known) else None
    kept = {name: getattr(proposed or known, name) for name in TieFacts.base_fields}
    form = TieFacts(request.POST or None, initial=kept, found=TieKind(known.kind))

    def correct(said: dict[str, Any]) -> None:
        told = TieTold(known.client, TieKind(said["kind"]), said["starts_on"], said["ends_on"], said["source"])
        record_tie(known.account, told, request.actor, request.desk.at, replaces=known)

    two = rests_on_word(known)
    more = {"two_people": two, "proposed": proposed, "kept": "ties.kept_proposed" if two and not proposed else None}
    return _corrected(request, known, form, correct, "own_ties", more)


@needs(Permission.COMPETENCE_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_competence(request: Request, competence: UUID) -> HttpResponseBase:
    """The same for a record of competence, in the words of its scheme's latest edition."""
    known = get_object_or_404(Competence.objects.select_related("account"), pk=competence)
    edition = find_edition(known.scheme)
    kept = {name: getattr(known, name) for name in CompetenceFacts.base_fields}
    form = CompetenceFacts(request.POST or None, initial=kept, edition=edition)

    def correct(_: dict[str, Any]) -> None:
        record_competence(known.account, edition, form.told(), request.actor, request.desk.at, replaces=known)

    return _corrected(request, known, form, correct, "competences")


def _corrected(
    request: Request,
    known: Tie | Competence,
    form: forms.Form,
    correct: Callable[[dict[str, Any]], None],
    of: str,
    more: Mapping[str, object] = MappingProxyType({}),
) -> HttpResponseBase:
    """Back to the list ``of`` such records once one is corrected; else its page."""
    if request.method == "POST" and carried_out(form, correct):
        messages.success(request, t(str(more.get("kept") or "ties.kept")))
        return redirect(of)
    replaced = type(known).objects.filter(replaces=known).exists()
    own = isinstance(known, Competence) and known.account == request.desk.account
    context = {
        "two_people": False,
        "proposed": None,
        **more,
        "own": own,
        "known": known,
        "form": form,
        "of": of,
        "replaced": replaced and request.method != "POST",
    }
    return render(request, "office/correct.html.j2", context, status=422 if request.method == "POST" else 200)


@needs(Permission.COMPETENCE_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def competences(request: Request) -> HttpResponseBase:
    """Who is competent for what, ended and future records too, and a form for another record."""
    edition = find_edition(default_edition())
    others = [each for each in _staff(request) if each != request.desk.account]
    form = CompetenceForm(request.POST or None, people=others, edition=edition)

    def keep(said: dict[str, Any]) -> None:
        account = Account.objects.get(pk=said["account"])
        record_competence(account, edition, form.told(), request.actor, request.desk.at)

    if request.method == "POST" and carried_out(form, keep):
        messages.success(request, t("ties.kept"))
        return redirect("competences")
    words = {each.id: each.text for each in (*fields_of(edition), *edition.levels)}
    holding = {each.pk for each in competences_on(localdate(request.desk.at))}
    context = {"form": form, "records": standing_competences(), "holding": holding, "words": words}
    return render(request, "office/competences.html.j2", context, status=422 if request.method == "POST" else 200)
