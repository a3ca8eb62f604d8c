# SPDX-License-Identifier: Apache-2.0
"""What stages 3 and 4 know of whom a case awaits, beyond its state: corrections are the client's to make and the team's
to verify; what the public said against a grant is the technical review's to answer before the notice can close."""

from collections.abc import Sequence

from gradus.applications.models import Case
from gradus.applications.worklist import Later, Seated
from gradus.decisions.models import Objection, Seat
from gradus.process.parts import EVALUATORS, Part
from gradus.process.states import State
from gradus.process.work import Awaited
from gradus.visits.findings import closing_days, correction_turns

_ANSWER = Awaited(permission="case:recommend", part=Part.TECHNICAL_REVIEWER)


def turns(cases: Sequence[Case]) -> dict[object, Awaited]:
    """By case whom it awaits otherwise than its state says, with three queries."""
    found = {
        case: Awaited(client=turn.client, parts=EVALUATORS)
        for case, turn in correction_turns(cases).items()
        if turn.team
    }
    at_notice = [each.pk for each in cases if each.state == State.NOTICE]
    open_ones = Objection.objects.filter(case__in=at_notice, answer=None)
    return found | dict.fromkeys(open_ones.values_list("case_id", flat=True), _ANSWER)


def seats(cases: Sequence[Case]) -> dict[object, list[Seated]]:
    """At the panel: the members who have a vote and have not given it."""
    found: dict[object, list[Seated]] = {each.pk: [] for each in cases if each.state == State.PANEL}
    left = Seat.objects.filter(case__in=list(found), vote=None, leave=None).order_by("id")
    for case, account, name in left.values_list("case_id", "account_id", "account__name"):
        found[case].append(Seated(account, name, Part.PANEL_MEMBER))
    return found


LATER = Later(closing_days, turns, frozenset({State.CORRECTION, State.NOTICE}), seats)
"""For every list of work, and for the board."""
