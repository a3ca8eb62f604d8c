# SPDX-License-Identifier: Apache-2.0
"""The journal of a firm, and of one of its dossiers."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gradus.journal.kinds import KEPT_BY_THE_BODY
from gradus.journal.queries import entries_about, entries_of
from gradus.people.permissions import Permission
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.journal_page import journal_page


@needs(Permission.JOURNAL_READ)
@require_safe
def firm_journal(request: Request) -> HttpResponseBase:
    """Everything that was done to the firm's data, but for what the body keeps to itself while it judges."""
    entries = entries_of(request.client.pk).exclude(kind__in=KEPT_BY_THE_BODY)
    found = journal_page(request, entries, contents=True)
    return render(request, "applicant/journal.html.j2", {"client": request.client, **found})


@needs(Permission.JOURNAL_READ)
@require_safe
def dossier_journal(request: Request) -> HttpResponseBase:
    """Everything that was done to one dossier."""
    found = journal_page(request, entries_about(f"dossier:{request.dossier.pk}"), contents=True)
    context = {"client": request.client, "dossier": request.dossier, **found}
    return render(request, "applicant/dossier_journal.html.j2", context)
