# SPDX-License-Identifier: Apache-2.0
"""What is about to be granted, for everybody to read and to speak against."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gradus.applications.cases import rules_of
from gradus.decisions.models import Notice
from gradus.decisions.notice import open_notices
from gradus.people.models import Organisation
from gradus.people.permissions import Kind
from gradus.web.office.file_words import outcome_words, scope_words
from gradus.web.ui.desk import Request, open_to_all
from gradus.web.ui.templates import called, language


@open_to_all
@require_safe
def public_notices(request: Request) -> HttpResponseBase:
    """The notices that are open, newest first. Nothing of the file is told."""
    notices = [_words(each) for each in open_notices(request.desk.at)]
    body = Organisation.objects.filter(kind=Kind.BODY.value).first()
    return render(request, "public/notices.html.j2", {"notices": notices, "body": body})


def _words(notice: Notice) -> dict[str, object]:
    edition = rules_of(notice.case).edition
    client = notice.case.client
    return {
        "number": notice.case.number,
        "holder": called(client),
        "scheme": edition.text[language()],
        "outcome": outcome_words(edition, notice.outcome),
        "scope": scope_words(edition, notice.scope),
        "opened_on": notice.opened_on,
        "last_day": notice.last_day,
    }
