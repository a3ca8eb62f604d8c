# SPDX-License-Identifier: Apache-2.0
"""The journal of the whole platform, for administrators: who did what, without what clients filled in."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gradus.journal.models import Entry
from gradus.people.permissions import Permission
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.journal_page import journal_page


@needs(Permission.JOURNAL_READ_ALL)
@require_safe
def office_journal(request: Request) -> HttpResponseBase:
    found = journal_page(request, Entry.objects.order_by("-sequence"), contents=False)
    return render(request, "office/journal.html.j2", found)
