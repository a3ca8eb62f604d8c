# SPDX-License-Identifier: Apache-2.0
"""What proves a row: its citations, each a file and a page."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from gradus.dossiers.citations import cite, uncite
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Citation, Evidence, Row
from gradus.dossiers.reminders import standing
from gradus.formats.wording import sentence
from gradus.grading.faults import Fault, Place, Refusal
from gradus.people.permissions import Permission
from gradus.web.applicant.evidence_words import validity_words
from gradus.web.ui.cell_words import cell_words
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.templates import language, t


@needs(Permission.EVIDENCE_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def row_evidence(request: Request, table: str, row: int) -> HttpResponseBase:
    """Look at what a row cites; with the permission to edit, cite more or take a citation back."""
    found = get_object_or_404(Row, pk=row, table=table, dossier=request.dossier, removed_at__isnull=True)
    errors: dict[str, str] = {}
    if request.method == "POST":
        request.actor = request.desk.actor_for(Permission.EVIDENCE_EDIT, request.client.pk)
        try:
            said = _uncite(request, found) if "uncite" in request.POST else _cite(request, found)
        except Refusal as refusal:
            errors = {each.place.field or "evidence": sentence(each, language()) for each in refusal.faults}
        else:
            messages.success(request, said)
            return redirect(request.get_full_path())
    edition, day = edition_of(request.dossier), localdate(request.desk.at)
    there = Citation.objects.filter(row=found).select_related("evidence__file").order_by("evidence__name", "page")
    columns = edition.tables[table].columns
    context = {
        "client": request.client,
        "dossier": request.dossier,
        "table": edition.tables[table],
        "cells": [
            (each.text[language()], cell_words(each, found.cells[each.id]))
            for each in columns
            if each.id in found.cells
        ],
        "citations": [
            (each, validity_words(each.evidence.valid_until, standing(each.evidence.valid_until, day), day))
            for each in there
        ],
        "there": Evidence.objects.filter(client=request.client, removed_at__isnull=True).order_by("name"),
        "typed": request.POST,
        "errors": errors,
        "may_edit": request.desk.may(Permission.EVIDENCE_EDIT, request.client.pk),
    }
    return render(request, "applicant/row_evidence.html.j2", context, status=422 if errors else 200)


def _cite(request: Request, row: Row) -> str:
    name, page = request.POST.get("evidence", "").strip(), request.POST.get("page", "").strip() or "1"
    evidence = Evidence.objects.filter(client=request.client, name=name, removed_at__isnull=True).first()
    if evidence is None:
        raise Refusal([Fault("evidence.no_such_name", Place(field="evidence"), {"value": name})])
    if not (page.isascii() and page.isdecimal() and len(page) < 7):
        raise Refusal([Fault("row_evidence.no_page_number", Place(field="page"), {"value": page})])
    number = int(page)
    cite(row, evidence, number, request.actor, request.desk.at)
    return t("row_evidence.cited", name=name, page=number)


def _uncite(request: Request, row: Row) -> str:
    citation = next((each for each in row.citations.all() if str(each.pk) == request.POST["uncite"]), None)
    if citation is not None:  # else somebody was faster, and wanted the same
        uncite(citation, request.actor, request.desk.at)
    return t("row_evidence.taken_back")
