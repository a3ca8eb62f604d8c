# SPDX-License-Identifier: Apache-2.0
"""One evidence file: its name, its last day, its earlier contents."""

from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from gradus.dossiers.citations import follow_name, uses
from gradus.dossiers.evidence import (
    remove_evidence,
    rename_evidence,
    replace_evidence,
    set_valid_until,
    versions,
)
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Evidence
from gradus.dossiers.reminders import standing
from gradus.formats.wording import sentence
from gradus.grading.faults import Fault, Refusal
from gradus.people.permissions import Permission
from gradus.web.applicant.evidence_viewer import evidence_of
from gradus.web.applicant.evidence_words import listing, use_words, validity_words
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.templates import language, t


@needs(Permission.EVIDENCE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_manage(request: Request, evidence: object) -> HttpResponseBase:
    """Rename, replace, date or remove one evidence file."""
    found = evidence_of(request, evidence)
    if found.removed_at is not None:
        return redirect("evidence_viewer", client=request.client.pk, dossier=request.dossier.pk, evidence=found.pk)
    errors: dict[str, str] = {}
    if request.method == "POST":
        wish = next((name for name in _WISHES if name in request.POST or name in request.FILES), "")
        if wish == "remove":
            remove_evidence(found, request.actor, request.desk.at)
            messages.success(request, t("manage.removed", name=found.name))
            return redirect("evidence", client=request.client.pk, dossier=request.dossier.pk)
        try:
            said = _do(request, found, wish)
        except Refusal as refusal:
            errors[wish] = " ".join(sentence(fault, language()) for fault in refusal.faults)
        else:
            messages.success(request, said)
            return redirect(request.get_full_path())
    day = localdate(request.desk.at)
    context = {
        "client": request.client,
        "dossier": request.dossier,
        "evidence": found,
        "validity": validity_words(found.valid_until, standing(found.valid_until, day), day),
        "versions": versions(found),
        "listing": listing(edition_of(request.dossier)),
        "uses": use_words(request.dossier, edition_of(request.dossier), uses(request.dossier).get(found.name, [])),
        "typed": request.POST,
        "errors": errors,
    }
    return render(request, "applicant/evidence_manage.html.j2", context, status=422 if errors else 200)


_WISHES = ("name", "valid_until", "file", "remove")


def _do(request: Request, found: Evidence, wish: str) -> str:
    """Do what a form asks, and say what was done."""
    actor, at = request.actor, request.desk.at
    if wish == "name":
        with transaction.atomic():
            renamed = rename_evidence(found, request.POST["name"], actor, at)
            rows = (
                follow_name(found.client_id, found.name, renamed.name, actor, at) if renamed.name != found.name else 0
            )
        return t("manage.renamed", name=renamed.name, rows=rows)
    if wish == "valid_until":
        set_valid_until(found, _day(request.POST["valid_until"].strip()), actor, at)
        return t("manage.dated")
    if wish == "file":
        became = replace_evidence(found, request.FILES["file"].chunks(), actor, at).became
        return t(f"evidence_page.{became}", name=found.name)
    raise Refusal([Fault("evidence.no_file")])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal([Fault("evidence.not_a_day", params={"value": text})]) from None
