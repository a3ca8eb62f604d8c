# SPDX-License-Identifier: Apache-2.0
"""What stages 2 to 4 know of whom a case awaits, beyond its state: a team is the client's to object to, then its
leader's to begin with, or the office's to change when a member is known to be tied; a draw waits for the client's text;
who was absent at a meeting, for the body's explanation; corrections are the client's to make and the team's to verify;
what the public said against a grant is the technical review's to answer before the notice can close."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.utils.timezone import localdate

from gradus.applications.models import Case
from gradus.applications.worklist import Known, Later, Seated
from gradus.decisions.models import Objection, Seat
from gradus.evaluations.team import Proposed, newest_teams
from gradus.evaluations.tied import hindered_teams, tied_at_work, tied_teams
from gradus.process.parts import EVALUATORS, Part
from gradus.process.states import State
from gradus.process.work import AWAITED, Awaited
from gradus.process.working_days import Due
from gradus.visits.draws import text_due, unanswered_draws
from gradus.visits.findings import closing_days, correction_turns
from gradus.visits.models import Draw
from gradus.visits.presence import awaiting_body
from gradus.visits.queries import visit_days

_ANSWER = Awaited(permission="case:recommend", part=Part.TECHNICAL_REVIEWER)
_LEADER = frozenset({Part.LEAD_ASSESSOR})
_OBJECTED = Awaited(permission="team:appoint")
_TIED = "settle_team"
_BEGIN = Awaited(parts=_LEADER)
_DRAW = Awaited(client=True, parts=EVALUATORS)
_EXPLAIN = Awaited(permission="team:appoint", parts=EVALUATORS)


def know(cases: Sequence[Case], at: datetime) -> Known:
    """All this of some cases, with fifteen queries."""
    day, teams, draws = localdate(at), newest_teams(cases), unanswered_draws(cases)
    return Known(
        _ends(cases, teams, draws, day), _turns(cases, teams, draws, at), _seats(cases, teams), visit_days(cases)
    )


def _turns(
    cases: Sequence[Case], teams: Mapping[object, Proposed], draws: Mapping[object, Draw], at: datetime
) -> dict[object, Awaited]:
    """By case whom it awaits otherwise than its state says."""
    found = {
        case: Awaited(client=turn.client, parts=EVALUATORS)
        for case, turn in correction_turns(cases).items()
        if turn.team
    }
    for case, team in teams.items():
        if team.objected:
            found[case] = _OBJECTED
        elif not team.may_object(localdate(at)):
            found[case] = _BEGIN
    found |= dict.fromkeys(tied_teams(cases, localdate(at)), _OBJECTED)
    found |= dict.fromkeys(draws, _DRAW)
    found |= {case: replace(_EXPLAIN, client=case in found) for case in awaiting_body(cases, at)}
    at_notice = [each.pk for each in cases if each.state == State.NOTICE]
    open_ones = Objection.objects.filter(case__in=at_notice, answer=None)
    found |= dict.fromkeys(open_ones.values_list("case_id", flat=True), _ANSWER)
    states = {each.pk: State(each.state) for each in cases}
    for case in hindered_teams(cases, localdate(at)):
        found[case] = replace(found.get(case) or AWAITED[states[case]], permission="team:appoint", task=_TIED)
    return found


def _ends(
    cases: Sequence[Case], teams: Mapping[object, Proposed], draws: Mapping[object, Draw], day: date
) -> dict[object, Due]:
    """The last day of what has no clock: corrections, the client's text, and objections to a team while the client may
    make them."""
    found = closing_days(cases)
    found |= {case: last for case, each in draws.items() if (last := text_due(each))}
    return found | {case: Due(team.until, provisional=False) for case, team in teams.items() if team.may_object(day)}


def _seats(cases: Sequence[Case], teams: Mapping[object, Proposed]) -> dict[object, list[Seated]]:
    """Before the document review: the team proposed last, which has not taken its parts yet. At the panel: the members
    who have a vote and have not given it."""
    found: dict[object, list[Seated]] = {each.pk: [] for each in cases if each.state in (State.OBJECTION, State.PANEL)}
    for case, team in teams.items():
        found[case] = [Seated(each.account_id, each.account.name, Part(each.part)) for each in team.members]
    left = Seat.objects.filter(case__in=list(found), case__state=State.PANEL.value, vote=None, leave=None)
    for case, account, name in left.order_by("id").values_list("case_id", "account_id", "account__name"):
        found[case].append(Seated(account, name, Part.PANEL_MEMBER))
    return found


LATER = Later(know, frozenset({State.OBJECTION, State.ON_SITE, State.CORRECTION, State.NOTICE}), tied_at_work)
"""For every list of work, and for the board."""
