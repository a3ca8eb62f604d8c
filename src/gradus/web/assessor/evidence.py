# SPDX-License-Identifier: Apache-2.0
"""The files of a case's submission, for those who read the case; a file that it does not hold does not exist."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from gradus.dossiers import pages
from gradus.dossiers.frozen import Json, frozen_in
from gradus.dossiers.models import File
from gradus.people.permissions import Permission
from gradus.web.applicant.evidence_viewer import (
    choice_asked,
    file_response,
    number_asked,
    picture_response,
    upright,
)
from gradus.web.ui.desk import Request, needs

_TOGETHER = 50


def _of_case(request: Request, digest: str) -> tuple[File, Json]:
    listed: list[Json] = frozen_in(request.case.submission).evidence
    found = next((each for each in listed if each["digest"] == digest), None)
    if found is None:
        raise Http404
    return get_object_or_404(File, pk=digest), found


@needs(Permission.FILE_READ)
@require_safe
def assessor_evidence(request: Request, digest: str) -> HttpResponseBase:
    """The pages of a file, opened at the one asked for."""
    file, listed = _of_case(request, digest)
    page = min(number_asked(request, "page", 1), file.pages)
    turn = choice_asked(request, "turn", pages.turns)
    first = (page - 1) // _TOGETHER * _TOGETHER + 1
    last = min(first + _TOGETHER - 1, file.pages)
    context = {
        "case": request.case,
        "file": file,
        "listed": listed,
        "sheets": [upright(each, turn) for each in pages.outline(file, first, last)],
        "at_page": page,
        "first": first,
        "last": last,
        "turn": turn,
        "widths": pages.widths,
    }
    return render(request, "assessor/evidence.html.j2", context)


@needs(Permission.FILE_READ)
@require_safe
def assessor_picture(request: Request, digest: str, page: int) -> HttpResponseBase:
    """One page as a picture."""
    file, _ = _of_case(request, digest)
    if not 1 <= page <= file.pages:
        raise Http404
    return picture_response(request, file, page)


@needs(Permission.FILE_READ)
@require_safe
def assessor_file(request: Request, digest: str) -> HttpResponseBase:
    """The file as it was submitted, to take away."""
    file, listed = _of_case(request, digest)
    return file_response(file, listed["name"])
