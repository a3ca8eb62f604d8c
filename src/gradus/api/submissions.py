# SPDX-License-Identifier: Apache-2.0
"""Submissions: a list, one sealed as it was submitted, and the result that it came to."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from gradus.api.access import for_readers
from gradus.api.answers import NotFound, refusals
from gradus.api.paging import Page
from gradus.dossiers.models import Submission
from gradus.dossiers.submit import sealed

router = Router(tags=["submissions"])


class SubmissionLine(Schema):
    """A submission in a list. ``digest`` is the SHA-256 of what ``sealed`` is, as canonical JSON."""

    id: UUID
    number: int
    client: str
    dossier: str
    edition: str
    edition_hash: str
    submitted_at: datetime
    digest: str


class SubmissionList(Schema):
    """A part of the list, and how many there are in all."""

    count: int
    submissions: list[SubmissionLine]


class WholeSubmission(SubmissionLine):
    """``sealed`` is what docs/formats/case-bundle.md says."""

    sealed: dict[str, Any]


class WholeResult(SubmissionLine):
    """``result`` is what docs/formats/result.md says."""

    result: dict[str, Any]


@router.get(
    "/", response={200: SubmissionList, **refusals}, url_name="api_submissions", operation_id="list_submissions"
)
@for_readers
def list_submissions(request: HttpRequest, page: Query[Page]) -> Any:
    """The submissions that the reader may read, the newest first."""
    found = request.auth.submissions().defer("facts", "evidence", "result")
    listed = page.of(found.order_by("-submitted_at", "id"))
    return {"count": found.count(), "submissions": [_line(each) for each in listed]}


@router.get(
    "/{submission}",
    response={200: WholeSubmission, **refusals},
    url_name="api_submission",
    operation_id="read_submission",
)
@for_readers
def read_submission(request: HttpRequest, submission: UUID) -> Any:
    """One submission, sealed."""
    found = _found(request, submission)
    return {**_line(found), "sealed": sealed(found)}


@router.get(
    "/{submission}/result", response={200: WholeResult, **refusals}, url_name="api_result", operation_id="read_result"
)
@for_readers
def read_result(request: HttpRequest, submission: UUID) -> Any:
    """The result of what was submitted, with every point explained."""
    found = _found(request, submission)
    return {**_line(found), "result": json.loads(found.result)}


def _found(request: HttpRequest, submission: UUID) -> Submission:
    found: Submission | None = request.auth.submissions().filter(pk=submission).first()
    if found is None:
        raise NotFound
    return found


def _line(submission: Submission) -> dict[str, Any]:
    return {
        "id": submission.pk,
        "number": submission.number,
        "client": submission.dossier.client.name,
        "dossier": submission.dossier.title,
        "edition": submission.edition,
        "edition_hash": submission.edition_hash,
        "submitted_at": submission.submitted_at,
        "digest": submission.digest,
    }
