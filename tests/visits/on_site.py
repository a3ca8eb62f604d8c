# SPDX-License-Identifier: Apache-2.0
"""Cases on site for the tests of stage 3 and of what follows: a team, a plan, and everything that a visit owes."""

import uuid
from datetime import timedelta
from fractions import Fraction

from gradus.applications.cases import take_part
from gradus.process.parts import Part
from gradus.process.states import State
from gradus.process.visits import Attendance, FindingGrade, Link, Moment, Position, RecordKind
from gradus.visits.closing import finish_visit
from gradus.visits.draws import add_client_text, commit_draw, drawn_in, open_draw
from gradus.visits.findings import Found, record_finding, rules_that_may_fail
from gradus.visits.plan import AgendaItem, Member, Plan, Site, plan_visit
from gradus.visits.presence import sign
from gradus.visits.queries import current_visit
from gradus.visits.records import Seen, record_seen
from tests.applications.walk import bring_to
from tests.dossiers import papers

PLACE = Position(Fraction("39.908700"), Fraction("116.397500"))
NEAR = Position(Fraction("39.915000"), Fraction("116.404000"))
FAR = Position(Fraction("39.990000"), Fraction("116.397500"))


def with_team(case, world, at):
    """The leader, an assessor and an expert take part."""
    for who, part in (
        ("lead_assessor", Part.LEAD_ASSESSOR), ("assessor", Part.ASSESSOR), ("technical_expert", Part.TECHNICAL_EXPERT)
    ):  # fmt: skip
        take_part(case, world.people[who].pk, part, at)
    return case


def plan_of(world, at, days=("1", "1"), **change):
    """A plan that begins a day after an instant and takes eight hours."""
    opening = at + timedelta(days=1)
    leader, assessor = (str(world.people[who].pk) for who in ("lead_assessor", "assessor"))
    given = {
        "opening": opening,
        "closing_from": opening + timedelta(hours=7),
        "closing_until": opening + timedelta(hours=8),
        "sites": [Site("总部", "北京市海淀区某路 1 号", PLACE)],
        "members": [
            Member(leader, Attendance.LEADER, Fraction(days[0])),
            Member(assessor, Attendance.ASSESSOR, Fraction(days[1])),
        ],
        "agenda": [AgendaItem("09:00", "首次会议"), AgendaItem("09:30", "项目追溯", "组长")],
    }
    return Plan(**{**given, **change})


def planned(case, world, at):
    """A case whose visit is planned: it is on site."""
    bring_to(case, State.PLANNING, at)
    at = case.changed_at + timedelta(minutes=1)
    with_team(case, world, at)
    visit = plan_visit(case, plan_of(world, at), world.actor("lead_assessor"), at)
    case.refresh_from_db()
    return visit


def sign_all(case, world, photo=True):
    """Both members sign as the rules ask."""
    visit = current_visit(case)
    for who in ("lead_assessor", "assessor"):
        picture = [papers.picture()] if photo else None
        sign(case, Moment.SIGN_IN, world.actor(who), visit.opening + timedelta(minutes=5), NEAR, picture)
        sign(case, Moment.SIGN_OUT, world.actor(who), visit.closing_from + timedelta(minutes=5), NEAR, picture)


def draw_and_trace(case, world):
    """The projects are drawn and each is traced; somebody is interviewed."""
    visit = current_visit(case)
    leader, client = world.actor("lead_assessor"), world.actor("manager")
    start = visit.opening + timedelta(minutes=30)
    commit_draw(case, leader, start)
    add_client_text(case, "蓝天 2026", client, start + timedelta(minutes=1))
    open_draw(case, leader, start + timedelta(minutes=2))
    for project in drawn_in(visit):
        seen = Seen(RecordKind.TRACE, project, "合同、计划、测试、验收与满意度均已查阅", dict.fromkeys(Link, True))
        record_seen(case, seen, leader, start + timedelta(minutes=10))
    seen = Seen(RecordKind.INTERVIEW, "项目经理", "说明了变更控制的做法")
    record_seen(case, seen, world.actor("assessor"), start + timedelta(minutes=20))
    return visit


def find(case, world, grade=FindingGrade.MINOR, text="测试报告缺少评审记录", photos=(), id_=None):
    """A finding of the assessor's, an hour after the opening."""
    visit = current_visit(case)
    at = visit.opening + timedelta(hours=1)
    rule = next(iter(rules_that_may_fail(case)))
    found = Found(id_ or uuid.uuid4(), grade, rule, text, at - timedelta(minutes=3))
    return record_finding(case, found, photos, world.actor("assessor"), at)


def finished(case, world, *grades):
    """A visit that is finished with findings of some grades: the case is in correction."""
    sign_all(case, world)
    visit = draw_and_trace(case, world)
    for grade in grades:
        find(case, world, grade, f"发现：{grade.value}")
    finish_visit(case, world.actor("lead_assessor"), visit.closing_until)
    case.refresh_from_db()
    return visit
