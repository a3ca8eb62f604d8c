# SPDX-License-Identifier: Apache-2.0
"""Stories in stages 2 and 3: a team, the document review, the visit, corrections, the evaluation report."""

import math
import uuid
from datetime import timedelta
from fractions import Fraction
from functools import cache

from gradus.applications.cases import rules_of
from gradus.cli.platform.demonstration.plan import EXAMPLES
from gradus.cli.platform.demonstration.telling import Telling
from gradus.evaluations.review import Wanted, ask_review_supplement, finish_document_review
from gradus.evaluations.rows import judged_tables, rated_items, submitted
from gradus.evaluations.team import Seat, agree_to_team, current_team, object_to_member, propose_team
from gradus.evaluations.team import start_document_review as start
from gradus.evaluations.verdicts import Opinion, Rated, accept_rows, judge_row, rate_item
from gradus.evaluations.verified import standing
from gradus.formats.files import read_file
from gradus.process.parts import Part
from gradus.process.states import State
from gradus.process.visits import Attendance, FindingGrade, Link, Moment, Position, RecordKind
from gradus.visits.closing import close_corrections, finish_visit
from gradus.visits.draws import add_client_text, commit_draw, drawn_in, open_draw
from gradus.visits.findings import (
    Answer,
    Found,
    Verdict,
    answer_finding,
    open_findings,
    record_finding,
    verify_correction,
)
from gradus.visits.plan import AgendaItem, Member, Plan, Site, plan_visit, table_days
from gradus.visits.presence import sign
from gradus.visits.queries import current_visit
from gradus.visits.records import Seen, record_seen
from gradus.visits.report import issue_report, proposals

LEADER, MEMBER, EXPERT = "lead_assessor", "assessor", "technical_expert"
_PLACE = Position(Fraction("39.908700"), Fraction("116.397500"))
_MORNING, _EVENING = 0, 8 * 60  # nine and five o'clock


def team_proposed(t: Telling) -> None:
    """The office proposes leader, assessor and expert."""
    parts = {LEADER: Part.LEAD_ASSESSOR, MEMBER: Part.ASSESSOR, EXPERT: Part.TECHNICAL_EXPERT}
    seats = [Seat(t.account(role), part) for role, part in parts.items()]
    propose_team(t.case, seats, t.actor("office"), t.at)


def objected(t: Telling) -> None:
    """The firm objects to a member."""
    team = current_team(t.case)
    assert team is not None
    member = team.members.get(account=t.account(EXPERT))
    object_to_member(member, t.say("objects_to_member"), t.manager, t.soon())


def review_started(t: Telling) -> None:
    """The firm has no objection, and the leader begins."""
    agree_to_team(t.case, t.manager, t.at)
    start(t.case, t.actor(LEADER), t.soon())


def reviewed_partly(t: Telling) -> None:
    """The assessor has rejected what does not convince, and rated the first items."""
    _reject(t)
    for item in list(rated_items(rules_of(t.case).edition))[:2]:
        rate_item(t.case, item, Rated(t.story.rating, t.say("rated")), t.actor(MEMBER), t.soon(5))


def review_supplement_asked(t: Telling) -> None:
    """The leader asks the firm for more."""
    table = rules_of(t.case).procedure.draw_table
    wanted = [Wanted(table, t.chosen("supplement"), t.say("wanted_row"))]
    ask_review_supplement(t.case, wanted, t.actor(LEADER), t.at)


def review_finished(t: Telling) -> None:
    """Every row is judged and every item rated; the leader ends the review."""
    _reject(t)
    edition, found = rules_of(t.case).edition, submitted(t.case)
    for table in judged_tables(edition):
        if rows := [each.id for each in found.rows[table.id]]:
            accept_rows(t.case, table.id, rows, t.actor(MEMBER), t.soon(1))
    rated = standing(t.case).ratings
    for item in rated_items(edition):
        if item not in rated:
            rate_item(t.case, item, Rated(t.story.rating, t.say("rated")), t.actor(MEMBER), t.soon(1))
    finish_document_review(t.case, t.actor(LEADER), t.soon())


def _reject(t: Telling) -> None:
    found, said = submitted(t.case), standing(t.case).verdicts
    opinion = Opinion(accepted=False, reason=t.chosen("reject_row"), text=t.say("rejected"))
    for table, numbers in t.story.rejects.items():
        for row in found.rows[table]:
            if row.number in numbers and (table, row.id) not in said:
                judge_row(t.case, table, row.id, opinion, t.actor(MEMBER), t.soon(2))


def visit_planned(t: Telling) -> None:
    """The leader plans the days at the firm: in the story's past, or around the day of the demonstration."""
    if t.ends_next:
        opening = t.days.now + timedelta(hours=t.story.opens_in)
    else:
        opening = t.next_day_at(t.story.pace[State.ON_SITE], _MORNING)
    days = table_days(t.case, rules_of(t.case), 1) / 2
    closing = opening + timedelta(days=math.ceil(days) - 1, minutes=_EVENING)
    agenda = [line.split(" ", 2) for line in t.say("agenda").splitlines()]
    plan = Plan(
        opening=opening,
        closing_from=closing - timedelta(hours=1),
        closing_until=closing,
        sites=[Site(t.say("site"), t.say("address"), _PLACE)],
        members=[
            Member(str(t.account(LEADER).pk), Attendance.LEADER, days),
            Member(str(t.account(MEMBER).pk), Attendance.ASSESSOR, days),
            Member(str(t.account(EXPERT).pk), Attendance.EXPERT, Fraction(1)),
        ],
        agenda=[AgendaItem(when, topic, who) for when, topic, who in agenda],
    )
    plan_visit(t.case, plan, t.actor(LEADER), t.at)


def visit_begun(t: Telling) -> None:
    """The team has signed in, and the draw is committed: the firm is to add its text."""
    visit = current_visit(t.case)
    assert visit is not None
    for minutes, role in enumerate((LEADER, MEMBER, EXPERT), 1):
        at = visit.opening + timedelta(minutes=minutes)
        sign(t.case, Moment.SIGN_IN, t.actor(role), at, _PLACE, [_photo()])
    commit_draw(t.case, t.actor(LEADER), visit.opening + timedelta(minutes=20))


def visit_finished(t: Telling) -> None:
    """The whole visit: presence, draw, traces, an interview, findings, and its end."""
    visit = current_visit(t.case)
    assert visit is not None
    visit_begun(t)
    at = visit.opening + timedelta(minutes=40)
    add_client_text(t.case, t.say("draw_text"), t.manager, at)
    open_draw(t.case, t.actor(LEADER), at + timedelta(minutes=1))
    for project in drawn_in(visit):
        at += timedelta(minutes=25)
        seen = Seen(RecordKind.TRACE, project, t.say("traced"), dict.fromkeys(Link, True))
        record_seen(t.case, seen, t.actor(LEADER), at)
    seen = Seen(RecordKind.INTERVIEW, t.say("interviewed"), t.say("interview"))
    record_seen(t.case, seen, t.actor(MEMBER), at + timedelta(minutes=10))
    for number, grade in enumerate(t.story.findings):
        written = at + timedelta(minutes=20 + number)
        rule, text = t.chosen(f"finding_{grade}"), t.say(f"finding_{grade}")
        found = Found(uuid.uuid4(), FindingGrade(grade), rule, text, written)
        record_finding(t.case, found, [[_photo()]] if not number else [], t.actor(MEMBER), written)
    for minutes, role in enumerate((LEADER, MEMBER, EXPERT), 1):
        at = visit.closing_from + timedelta(minutes=minutes)
        sign(t.case, Moment.SIGN_OUT, t.actor(role), at, _PLACE, [_photo()])
    finish_visit(t.case, t.actor(LEADER), visit.closing_until)


def correction_answered(t: Telling) -> None:
    """The firm has answered the first of its findings."""
    for finding in open_findings(t.case)[:1]:
        answer = Answer(t.say("correction"), t.say("cause"), t.say("corrective_action"))
        answer_finding(finding, answer, t.manager, t.soon(9 * 60))


def corrections_closed(t: Telling) -> None:
    """Every finding is answered and verified; the leader closes."""
    answer = Answer(t.say("correction"), t.say("cause"), t.say("corrective_action"))
    for finding in open_findings(t.case):
        made = answer_finding(finding, answer, t.manager, t.at)
        verify_correction(made, Verdict(accepted=True, text=t.say("verified")), t.actor(MEMBER), t.soon())
    close_corrections(t.case, t.actor(LEADER), t.soon())


def reported(t: Telling) -> None:
    """The leader proposes what was verified, and freezes the report."""
    issue_report(t.case, proposals(t.case)[0], t.say("report"), t.actor(LEADER), t.at)


@cache
def _photo() -> bytes:
    return read_file(EXAMPLES / "demonstration-photo.png")
