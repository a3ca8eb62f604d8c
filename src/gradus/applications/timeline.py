# SPDX-License-Identifier: Apache-2.0
"""A case on one page: the five stations with the day each was passed, and every step that was taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from gradus.applications.models import Case, CaseStep
from gradus.process.states import STAGES, State, Step

_GONE_ON = (Step.RECOMMEND.value, Step.OPEN_PANEL.value)


@dataclass(frozen=True, slots=True)
class Station:
    """One of the process's stages: the day the case first entered it, the day it last went on to a later one, and
    whether it stands there; of the stage in which a case ended without a grant, the day of that."""

    number: int
    entered_on: date | None
    passed_on: date | None
    here: bool
    ended_on: date | None = None


def stations(case: Case, taken: Sequence[CaseStep]) -> list[Station]:
    """The stages in order. A case that ended without a grant stands in none and ended in one; what it passed stays
    passed."""
    now = STAGES.get(State(case.state))
    last = taken[-1] if taken and now is None else None
    ended_in = STAGES.get(State(last.before)) if last else None
    found = []
    for number in sorted(set(STAGES.values())):
        entered = [each for each in taken if STAGES.get(State(each.after)) == number]
        left = [each for each in taken if STAGES.get(State(each.before)) == number and _further(each, number)]
        passed = localdate(left[-1].at) if left and (now is None or now > number) else None
        ended = localdate(last.at) if last and number == ended_in else None
        first = localdate(entered[0].at) if entered else None
        found.append(Station(number, first, None if ended else passed, now == number, ended))
    return found


def _further(step: CaseStep, number: int) -> bool:
    return STAGES.get(State(step.after), 0) > number


def steps_of(case: Case) -> list[CaseStep]:
    """The steps of a case, the first first, with who took them."""
    return list(CaseStep.objects.filter(case=case).select_related("account").order_by("number"))


def last_return(taken: Sequence[CaseStep]) -> CaseStep | None:
    """The step that sent a case back to its evaluation, until the technical review has recommended anew; else None."""
    for step in reversed(taken):
        if step.step == Step.RETURN_TO_EVALUATION:
            return step
        if step.step in _GONE_ON:
            return None
    return None
