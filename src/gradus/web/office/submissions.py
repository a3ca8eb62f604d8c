# SPDX-License-Identifier: Apache-2.0
"""A client's submissions as the certification body reads them; the dossier as it is worked on is not among them."""

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from gradus.dossiers.models import Submission
from gradus.dossiers.submission_differences import compare, state_of
from gradus.people.permissions import Permission
from gradus.schemes.queries import edition_named
from gradus.web.applicant.submission_files import kinds, submission_file
from gradus.web.applicant.submission_words import comparison_words, submission_words
from gradus.web.ui.desk import Request, needs


def _of_client(request: Request, submission: str) -> Submission:
    found = Submission.objects.select_related("dossier__client")
    return get_object_or_404(found, pk=submission, dossier__client=request.client)


@needs(Permission.SUBMISSION_READ)
@require_safe
def client_submissions(request: Request) -> HttpResponseBase:
    """Everything that a client has submitted, newest first."""
    found = Submission.objects.filter(dossier__client=request.client).select_related("dossier")
    small = found.defer("facts", "evidence", "result").order_by("-submitted_at")
    return render(request, "office/submissions.html.j2", {"client": request.client, "submissions": small})


@needs(Permission.SUBMISSION_READ)
@require_safe
def client_submission(request: Request, submission: str) -> HttpResponseBase:
    """One submission, as it was signed; beside it what differs from the one before."""
    found = _of_client(request, submission)
    edition = edition_named(found.edition_hash)
    before = Submission.objects.filter(dossier=found.dossier, number=found.number - 1).first()
    context = {
        "client": request.client,
        "submission": found,
        "edition": edition,
        "shown": submission_words(found, edition),
        "kinds": kinds,
        "before": before,
    }
    return render(request, "office/submission.html.j2", context)


@needs(Permission.SUBMISSION_READ)
@require_safe
def client_submission_difference(request: Request, submission: str) -> HttpResponseBase:
    """What differs from the submission before."""
    found = _of_client(request, submission)
    before = get_object_or_404(Submission, dossier=found.dossier, number=found.number - 1)
    edition, states = edition_named(found.edition_hash), (state_of(before), state_of(found))
    context = {
        "client": request.client,
        "submission": found,
        "before": before,
        "found": comparison_words(edition, compare(edition, *states), *states),
    }
    return render(request, "office/submission_difference.html.j2", context)


@needs(Permission.SUBMISSION_READ)
@require_safe
def client_submission_file(request: Request, submission: str, kind: str) -> HttpResponseBase:
    """The sealed submission, its result, or its report."""
    return submission_file(_of_client(request, submission), kind)
