# SPDX-License-Identifier: Apache-2.0
"""The end of a case whose client let its time pass: without a decision, and without a certificate."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from gradus.applications.apply import longest_text
from gradus.applications.cases import advance, lock_for
from gradus.applications.clock import clock_of
from gradus.applications.models import Case, CaseStep
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor
from gradus.process.states import TERMINABLE, State, Step
from gradus.process.verdict import SHORTEST_REASONS
from gradus.process.working_days import Due
from gradus.visits.draws import text_due
from gradus.visits.findings import answer_day
from gradus.visits.models import Draw
from gradus.visits.queries import current_visit


def terminate(case: Case, reason: str, actor: Actor, at: datetime) -> CaseStep:
    """End a case that only its client could take further, once the client's time is over."""
    with transaction.atomic():
        locked = lock_for(case, Step.TERMINATE)
        until, faults = client_until(locked), list[Fault]()
        if until is None:
            faults.append(Fault("termination.not_awaited"))
        elif not until.overdue(localdate(at)):
            faults.append(Fault("termination.not_over", params={"day": until.on.isoformat()}))
        if not SHORTEST_REASONS <= len(reason.strip()) <= longest_text:
            blanks = {"least": str(SHORTEST_REASONS), "limit": str(longest_text)}
            faults.append(Fault("termination.reason_needed", Place(field="reason"), blanks))
        if faults:
            raise Refusal(faults)
        assert until is not None, "else there was a fault"
        said = {"reason": reason.strip(), "awaited_until": until.on.isoformat()}
        return advance(locked, Step.TERMINATE, actor, at, said)


def client_until(case: Case) -> Due | None:
    """The last day of the client's time, in a state in which it may be all that a case awaits; None: it does not."""
    match State(case.state):
        case State.ON_SITE:
            open_draw = Draw.objects.filter(visit=current_visit(case), answer=None).select_related("case").first()
            return text_due(open_draw) if open_draw else None
        case State.CORRECTION:
            return answer_day(case)
        case state if state in TERMINABLE:
            clock = clock_of(case)
            return clock.client_due if clock else None
    return None
