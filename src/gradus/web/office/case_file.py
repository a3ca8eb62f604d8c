# SPDX-License-Identifier: Apache-2.0
"""What a case rests on, for everybody who concludes it and only reads: its submission with the evidence.

The other papers of the file have pages of their own: the workbook, the visit, the evaluation report.
"""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gradus.people.permissions import Permission
from gradus.schemes.queries import edition_named
from gradus.web.applicant.submission_files import kinds, submission_file
from gradus.web.applicant.submission_words import submission_words
from gradus.web.ui.desk import Request, needs


@needs(Permission.FILE_READ)
@require_safe
def case_submission(request: Request) -> HttpResponseBase:
    """The submission that the case stands on, with its evidence to open."""
    found = request.case.submission
    edition = edition_named(found.edition_hash)
    shown = submission_words(found, edition)
    context = {"case": request.case, "submission": found, "edition": edition, "shown": shown, "kinds": kinds}
    return render(request, "office/case_submission.html.j2", context)


@needs(Permission.FILE_READ)
@require_safe
def case_submission_file(request: Request, kind: str) -> HttpResponseBase:
    """The sealed submission, its result, or its report."""
    return submission_file(request.case.submission, kind)
