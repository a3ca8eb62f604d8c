# SPDX-License-Identifier: Apache-2.0
"""The body's register of one client: certificates held before, and events that the body knows of."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from gradus.applications.models import BodyEvent, HeldCertificate
from gradus.applications.register import (
    Certificate,
    Event,
    Proof,
    body_events,
    certificates_of,
    enter_certificate,
    record_event,
    take_back_certificate,
)
from gradus.dossiers.evidence import keep_file
from gradus.formats.editions import default_edition, find_edition
from gradus.formats.procedures import find_procedure
from gradus.formats.result_words import level_name
from gradus.formats.wording import sentence
from gradus.grading.faults import Refusal
from gradus.grading.scheme import Column, Empty, Table
from gradus.people.permissions import Permission
from gradus.process.procedure import Rules
from gradus.web.ui.cell_words import cell_words
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import DayField, LineField, day_input, said, tell
from gradus.web.ui.templates import language, t


class CertificateForm(forms.Form):
    """A certificate; what is wrong with it the action says."""

    level = forms.ChoiceField(label=said("register.level"))
    number = LineField("register.number")
    since = DayField("register.since", help_text=said("register.since_note"))
    valid_until = DayField("register.valid_until", help_text=said("register.valid_until_note"))
    ended_on = DayField("register.ended_on", required=False, help_text=said("register.ended_on_note"))
    withdrawn_for = forms.ChoiceField(
        label=said("register.withdrawn_for"), required=False, help_text=said("register.withdrawn_for_note")
    )
    barred_until = DayField("register.barred_until", required=False, help_text=said("register.barred_until_note"))
    source = LineField("register.source", help_text=said("register.source_note"))
    evidence = forms.FileField(label=said("stage_one.evidence"))

    def __init__(self, rules: Rules, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        levels = [(each.id, each.text[language()]) for each in rules.edition.levels]
        self.fields["level"].choices = [("", "–"), *levels]
        reasons = [(each.id, each.text[language()]) for each in rules.procedure.reasons["withdraw"]]
        self.fields["withdrawn_for"].choices = [("", "–"), *reasons]


class EventForm(forms.Form):
    """An event in the columns of the scheme's own table, and how the body knows."""

    def __init__(self, rules: Rules, *args: Any, **more: Any) -> None:
        super().__init__(*args, prefix="event", **more)
        for column in _table(rules).columns:
            self.fields[column.id] = _field(column)
        self.fields["source"] = LineField("register.source", help_text=said("register.source_note"))


def _table(rules: Rules) -> Table:
    return rules.edition.tables[rules.procedure.events.table]


def _field(column: Column) -> forms.Field:
    label, needed = column.text[language()], column.empty is Empty.ERROR
    if column.options:
        choices = [("", "–"), *((each.id, each.text[language()]) for each in column.options)]
        return forms.ChoiceField(label=label, required=needed, choices=choices)
    if column.type == "boolean":
        choices = [("", "–"), ("yes", t("stage_one.yes")), ("no", t("stage_one.no"))]
        return forms.ChoiceField(label=label, required=needed, choices=choices)
    widget = day_input() if column.type == "date" else forms.TextInput({"autocomplete": "off"})
    return forms.CharField(label=label, required=needed, widget=widget)


def _rules() -> Rules:
    return find_procedure(find_edition(default_edition()))


@needs(Permission.SUBMISSION_READ)
@require_safe
def client_register(request: Request) -> HttpResponseBase:
    """What the body's register says of a client."""
    rules = _rules()
    return _page(request, rules, CertificateForm(rules), EventForm(rules))


def _page(request: Request, rules: Rules, certificate: CertificateForm, event: EventForm) -> HttpResponseBase:
    client, scheme, desk = request.client, rules.edition.scheme, request.desk
    certificates = [
        {
            "row": each,
            "level": level_name(rules.edition, each.level, language()) or each.level,
            "withdrawn_for": reason.text
            if (reason := rules.procedure.reason("withdraw", each.withdrawn_for or ""))
            else None,
        }
        for each in certificates_of(client.pk, scheme)
    ]
    columns = _table(rules).columns
    events = [
        {"row": each, "cells": [cell_words(column, each.cells.get(column.id, "")) for column in columns]}
        for each in body_events(client.pk, scheme)
    ]
    context = {
        "client": client,
        "certificates": certificates,
        "events": events,
        "columns": [each.text[language()] for each in columns],
        "certificate_form": certificate,
        "event_form": event,
        "may_enter": desk.may(Permission.REGISTER_IMPORT),
        "may_record": desk.may(Permission.EVENT_RECORD),
    }
    wrong = bool(certificate.errors or event.errors)
    return render(request, "office/register.html.j2", context, status=422 if wrong else 200)


@needs(Permission.REGISTER_IMPORT)
@require_POST
def enter_held_certificate(request: Request) -> HttpResponseBase:
    """Enter a certificate that a client held before, with its evidence."""
    rules, at = _rules(), request.desk.at
    form = CertificateForm(rules, request.POST, request.FILES)
    if form.is_valid():
        typed, file = form.cleaned_data, request.FILES.get("evidence")
        try:
            proof = Proof(keep_file(file.name, file.chunks(), at), file.name[:240]) if file else None
            names = ("level", "number", "since", "valid_until", "source", "ended_on", "withdrawn_for", "barred_until")
            entered = Certificate(proof=proof, **{name: typed[name] for name in names})
            enter_certificate(request.client, rules.edition, entered, request.actor, at)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, t("stage_one.entered", number=typed["number"]))
            return redirect("client_register", client=request.client.pk)
    return _page(request, rules, form, EventForm(rules))


@needs(Permission.REGISTER_IMPORT)
@require_POST
def take_back_held_certificate(request: Request, certificate: str) -> HttpResponseBase:
    """Say that a certificate in the register is wrong."""
    found = get_object_or_404(HeldCertificate, pk=certificate, client=request.client, void=False)
    try:
        take_back_certificate(found, request.POST.get("source", ""), request.actor, request.desk.at)
    except Refusal as refusal:
        messages.error(request, " ".join(sentence(fault, language()) for fault in refusal.faults))
    return redirect("client_register", client=request.client.pk)


@needs(Permission.EVENT_RECORD)
@require_POST
def record_body_event(request: Request) -> HttpResponseBase:
    """Record an event that the body knows of."""
    rules = _rules()
    form = EventForm(rules, request.POST)
    if form.is_valid():
        cells = dict(form.cleaned_data)
        event = Event(cells, cells.pop("source"))
        try:
            record_event(request.client, rules, event, request.actor, request.desk.at)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, t("stage_one.recorded"))
            return redirect("client_register", client=request.client.pk)
    return _page(request, rules, CertificateForm(rules), form)


@needs(Permission.EVENT_RECORD)
@require_POST
def take_back_body_event(request: Request, event: str) -> HttpResponseBase:
    """Say that a recorded event is wrong."""
    found = get_object_or_404(BodyEvent, pk=event, client=request.client, void=False)
    said_so = Event(found.cells, request.POST.get("source", ""), supersedes=found, void=True)
    try:
        record_event(request.client, _rules(), said_so, request.actor, request.desk.at)
    except Refusal as refusal:
        messages.error(request, " ".join(sentence(fault, language()) for fault in refusal.faults))
    return redirect("client_register", client=request.client.pk)
