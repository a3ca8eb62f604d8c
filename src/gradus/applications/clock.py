# SPDX-License-Identifier: Apache-2.0
"""When a case is due: which limit runs in its state, since when, and in which spans its clock stood still.

The clock of a limit begins when the case enters the first state that the limit covers, and goes on through all of them;
while the client is awaited it stands still. During a public notice its own limit is told; the time to decide, which
takes it in, goes on behind it. Nothing of this is stored: it is read off the steps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.timezone import get_current_timezone, localdate

from gradus.applications.cases import rules_of
from gradus.applications.models import Case, CaseStep
from gradus.applications.work_calendar import work_calendar
from gradus.process.procedure import Rules
from gradus.process.states import CLIENT_TURN, State
from gradus.process.working_days import Due, due


@dataclass(frozen=True, slots=True)
class Span:
    """A limit by its slot, and the states that it covers; of two the first is told. States of the client's turn within
    it stop its clock."""

    slot: str
    states: frozenset[State]


_SPANS = (
    Span("acceptance", frozenset({State.APPLIED, State.SUPPLEMENT, State.ACCEPTED})),
    Span("supplement", frozenset({State.QUOTED})),
    Span("document_review", frozenset({State.DOCUMENT_REVIEW, State.REVIEW_SUPPLEMENT})),
    Span("notice", frozenset({State.NOTICE})),
    Span(
        "decision",
        frozenset({State.TECHNICAL_REVIEW, State.PANEL, State.NOTICE, State.DECISION, State.CONSENT, State.SIGNATURE}),
    ),
    Span("issue", frozenset({State.GRANTED})),
)
_SPAN_OF = {state: span for span in reversed(_SPANS) for state in span.states}
_CLIENTS_OWN = "supplement"
"""The limit of the client itself, while the body's clock stands still; it has no other for a quotation or a consent."""

_SUPPLEMENTED = "document_review_supplemented"


class Moved(NamedTuple):
    """What a clock needs of a step; much lighter than the row, of which lists have thousands."""

    number: int
    before: str
    after: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """``slot`` is the limit that runs, ``began`` its first day, ``due`` when it ends (None: it stands still).

    ``stops`` are the spans in which it stood still; ``client_due`` is the client's own limit while it is awaited.
    """

    slot: str
    began: date
    due: Due | None
    stops: tuple[tuple[date, date | None], ...]
    client_due: Due | None = None

    def overdue(self, day: date) -> bool:
        """Whether whoever is awaited is late."""
        awaited = self.client_due or self.due
        return awaited is not None and awaited.overdue(day)


def clock_of(case: Case, steps: Sequence[CaseStep | Moved] | None = None) -> Clock | None:
    """The clock that runs in a case; None where no limit does. ``steps``: its steps in order, if at hand."""
    taken = steps if steps is not None else list(CaseStep.objects.filter(case=case).order_by("number"))
    return clock(State(case.state), taken, rules_of(case))


def client_dues(cases: Iterable[Case]) -> dict[object, Due]:
    """By case the last day of the client's own limit while it is awaited, as its clock tells it, without reading a
    step: a case came to where it stands when it changed last. None of those in other states."""
    zone, calendar = get_current_timezone(), work_calendar()
    return {
        case.pk: last
        for case in cases
        if case.state in CLIENT_TURN
        and (last := due(localdate(case.changed_at, zone), rules_of(case).limit(_CLIENTS_OWN), calendar))
    }


def completeness_due(case: Case) -> Due | None:
    """The last day of the check for completeness, by which what is missing has been asked for: counted from the
    application, and anew from each answer to a supplement. None where it is not to be checked. It is told to whoever
    reviews; what makes a case overdue is the time to accept, which goes on behind it."""
    if case.state != State.APPLIED:
        return None
    return due(localdate(case.changed_at), rules_of(case).limit("completeness"), work_calendar())


def clocks(cases: Iterable[Case]) -> Mapping[object, Clock | None]:
    """The clocks of many cases by their ids, with one query. Only the steps within the span that runs are read."""
    listed = list(cases)
    by_case: dict[object, list[CaseStep | Moved]] = {}
    by_span: dict[Span, list[object]] = {}
    for case in listed:
        if span := _span(State(case.state)):
            by_case[case.pk] = []
            by_span.setdefault(span, []).append(case.pk)
    within = Q()
    for span, own in by_span.items():
        within |= Q(case__in=own, after__in=[each.value for each in span.states])
    taken = CaseStep.objects.filter(within).order_by("case_id", "number") if by_case else CaseStep.objects.none()
    for key, *moved in taken.values_list("case_id", "number", "before", "after", "at"):
        by_case[key].append(Moved(*moved))
    return {case.pk: clock_of(case, by_case[case.pk]) if case.pk in by_case else None for case in listed}


def clock(state: State, taken: Sequence[CaseStep | Moved], rules: Rules) -> Clock | None:
    """The clock in a state that was reached by these steps."""
    span = _span(state)
    if span is None:
        return None
    entered = _entered(span, taken)
    stops: list[tuple[date, date | None]] = []
    for step in entered[1:]:
        if State(step.before) in CLIENT_TURN and stops and stops[-1][1] is None:
            stops[-1] = (stops[-1][0], localdate(step.at))
        if State(step.after) in CLIENT_TURN:
            stops.append((localdate(step.at), None))
    began = localdate(entered[0].at)
    slot = _SUPPLEMENTED if span.slot == "document_review" and stops else span.slot
    calendar = work_calendar()
    client = None
    if state in CLIENT_TURN:
        client = due(localdate(entered[-1].at), rules.limit(_CLIENTS_OWN), calendar)
    own = None if state in CLIENT_TURN else due(began, rules.limit(slot), calendar, stops)
    return Clock(slot, began, own, tuple(stops), client)


def _span(state: State) -> Span | None:
    return _SPAN_OF.get(state)


def _entered(span: Span, taken: Sequence[CaseStep | Moved]) -> list[CaseStep | Moved]:
    """The steps since the case last entered the span, the one that entered it first. A number that is missing is that
    of a step out of the span."""
    found: list[CaseStep | Moved] = []
    for step in reversed(taken):
        if State(step.after) not in span.states or (found and step.number != found[-1].number - 1):
            break
        found.append(step)
    return found[::-1]
