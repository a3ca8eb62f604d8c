# SPDX-License-Identifier: Apache-2.0
"""Cases: a list, and one with its steps and its clock."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from gradus.api.access import for_readers
from gradus.api.answers import NotFound, refusals
from gradus.api.paging import Page
from gradus.applications.clock import clock_of
from gradus.applications.models import Case
from gradus.applications.timeline import steps_of

router = Router(tags=["cases"])


class CaseLine(Schema):
    """A case in a list. ``state`` and the steps' names are those of docs/adr/0010; instants have an offset."""

    id: UUID
    number: str
    client: str
    edition: str
    edition_hash: str
    requested: str
    state: str
    opened_at: datetime
    changed_at: datetime


class CaseList(Schema):
    """A part of the list, and how many there are in all."""

    count: int
    cases: list[CaseLine]


class StepTaken(Schema):
    number: int
    step: str
    before: str
    after: str
    at: datetime
    by: str


class Stop(Schema):
    """A span of days in which the body's clock stood still; open while ``until`` is null."""

    since: date
    until: date | None


class Running(Schema):
    """The limit that runs. ``last_day`` is null while its clock stands still; ``client_last_day``: the client's."""

    limit: str
    began_on: date
    last_day: date | None
    provisional: bool
    client_last_day: date | None
    stops: list[Stop]


class WholeCase(CaseLine):
    submission: UUID
    steps: list[StepTaken]
    clock: Running | None


@router.get("/", response={200: CaseList, **refusals}, url_name="api_cases", operation_id="list_cases")
@for_readers
def list_cases(request: HttpRequest, page: Query[Page]) -> Any:
    """The cases that the reader may read, in the order of their numbers."""
    found = request.auth.cases().order_by("number")
    return {"count": found.count(), "cases": [_line(each) for each in page.of(found)]}


@router.get("/{case}", response={200: WholeCase, **refusals}, url_name="api_case", operation_id="read_case")
@for_readers
def read_case(request: HttpRequest, case: UUID) -> Any:
    """One case with every step that was taken and the limit that runs."""
    found = request.auth.case(case)
    if found is None:
        raise NotFound
    taken = steps_of(found)
    steps = [
        {
            "number": each.number,
            "step": each.step,
            "before": each.before,
            "after": each.after,
            "at": each.at,
            "by": each.account.name if each.account else "",
        }
        for each in taken
    ]
    clock = clock_of(found, taken)
    running = clock and {
        "limit": clock.slot,
        "began_on": clock.began,
        "last_day": clock.due.on if clock.due else None,
        "provisional": bool(clock.due and clock.due.provisional),
        "client_last_day": clock.client_due.on if clock.client_due else None,
        "stops": [{"since": since, "until": until} for since, until in clock.stops],
    }
    return {**_line(found), "submission": found.submission_id, "steps": steps, "clock": running}


def _line(case: Case) -> dict[str, Any]:
    return {
        "id": case.pk,
        "number": case.number,
        "client": case.client.name,
        "edition": case.edition,
        "edition_hash": case.edition_hash,
        "requested": case.requested,
        "state": case.state,
        "opened_at": case.opened_at,
        "changed_at": case.changed_at,
    }
