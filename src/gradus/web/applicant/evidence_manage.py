# SPDX-License-Identifier: Apache-2.0
"""One evidence file: its name, its last day, its earlier contents; taking it out of use and back."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST

from gradus.dossiers.citations import uses_by_client
from gradus.dossiers.evidence import (
    Added,
    others_rest_on,
    remove_evidence,
    rename_evidence,
    replace_evidence,
    restore_evidence,
    set_valid_until,
    take_as_version,
    versions,
)
from gradus.dossiers.evidence_names import stands_beside
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
    """Rename, replace or date one evidence file."""
    found = evidence_of(request, evidence)
    if found.removed_at is not None:
        return _to(request, "evidence_viewer", found)
    errors: dict[str, str] = {}
    if request.method == "POST":
        wish = next((name for name in _WISHES if name in request.POST or name in request.FILES), "")
        try:
            kept, said = _do(request, found, wish)
        except Refusal as refusal:
            errors[wish] = " ".join(sentence(fault, language()) for fault in refusal.faults)
        else:
            messages.success(request, said)
            return _to(request, "evidence_manage", kept)
    day = localdate(request.desk.at)
    resting = uses_by_client(found.client_id)
    earlier = stands_beside(found)
    context = {
        "client": request.client,
        "dossier": request.dossier,
        "evidence": found,
        "may_change": not others_rest_on(found, request.actor),
        "earlier": earlier,
        "earlier_uses": len(resting.get(earlier.name, [])) if earlier else 0,
        "validity": validity_words(found.valid_until, standing(found.valid_until, day), day),
        "versions": versions(found),
        "listing": listing(edition_of(request.dossier)),
        "uses": use_words(request.dossier, resting.get(found.name, [])),
        "typed": request.POST,
        "errors": errors,
    }
    return render(request, "applicant/evidence_manage.html.j2", context, status=422 if errors else 200)


@needs(Permission.EVIDENCE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_remove(request: Request, evidence: object) -> HttpResponseBase:
    """Take a file out of use, once it was shown what rests on it in all dossiers of the client."""
    found = evidence_of(request, evidence)
    if found.removed_at is not None:
        return _to(request, "evidence_viewer", found)
    if request.method != "POST" and others_rest_on(found, request.actor):
        return _to(request, "evidence_manage", found)  # which says so
    if request.method == "POST":
        remove_evidence(found, request.actor, request.desk.at)
        messages.success(request, t("manage.removed", name=found.name))
        return _to(request, "evidence_viewer", found)
    context = {
        "client": request.client,
        "dossier": request.dossier,
        "evidence": found,
        "uses": use_words(request.dossier, uses_by_client(found.client_id).get(found.name, [])),
    }
    return render(request, "applicant/evidence_remove.html.j2", context)


@needs(Permission.EVIDENCE_EDIT)
@require_POST
def evidence_restore(request: Request, evidence: object) -> HttpResponseBase:
    """Take a removed file into use again."""
    done = restore_evidence(evidence_of(request, evidence), request.actor, request.desk.at)
    messages.success(request, t("manage.restored", name=done.evidence.name))
    return _to(request, "evidence_viewer", done.evidence)


def _to(request: Request, page: str, evidence: Evidence) -> HttpResponseBase:
    return redirect(page, client=request.client.pk, dossier=request.dossier.pk, evidence=evidence.pk)


_WISHES = ("name", "valid_until", "file", "version")


def _do(request: Request, found: Evidence, wish: str) -> tuple[Evidence, str]:
    """Do what a form asks; the evidence that there is then, and what was done in words."""
    actor, at = request.actor, request.desk.at
    if wish == "name":
        renamed, rows = rename_evidence(found, request.POST["name"], actor, at)
        return renamed, t("manage.renamed", name=renamed.name, rows=rows)
    if wish == "valid_until":
        return set_valid_until(found, _day(request.POST["valid_until"].strip()), actor, at), t("manage.dated")
    if wish == "version":
        return _replaced(request, take_as_version(found, actor, at))
    if wish == "file":
        return _replaced(request, replace_evidence(found, request.FILES["file"].chunks(), actor, at))
    raise Refusal([Fault("evidence.no_file")])


def _replaced(request: Request, done: Added) -> tuple[Evidence, str]:
    """What became of a replaced content, and how many rows cite pages that it has not."""
    said = t(f"evidence_page.{done.became}", name=done.evidence.name)
    beyond = sum(use.beyond for use in uses_by_client(done.evidence.client_id).get(done.evidence.name, []))
    return done.evidence, f"{said} {t('manage.beyond', count=beyond)}" if beyond else said


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal([Fault("evidence.not_a_day", params={"value": text})]) from None
