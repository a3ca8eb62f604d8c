# SPDX-License-Identifier: Apache-2.0
"""What anybody may try in stage 3: the visit, its findings, its report."""

import uuid
from datetime import timedelta
from fractions import Fraction

from gradus.process.parts import Part
from gradus.process.states import State
from gradus.process.visits import Attendance, FindingGrade, Link, Moment, RecordKind, Side
from gradus.visits.closing import close_corrections, finish_visit, repeat_visit, withdraw_plan
from gradus.visits.draws import add_client_text, commit_draw, open_draw
from gradus.visits.findings import (
    Answer,
    Found,
    Verdict,
    answer_finding,
    findings_of,
    record_finding,
    verify_correction,
)
from gradus.visits.models import Correction
from gradus.visits.plan import AgendaItem, Member, Plan, Site, plan_visit
from gradus.visits.presence import explain, presence, sign
from gradus.visits.queries import current_visit, team_of
from gradus.visits.records import Seen, held_records, record_seen, untraced
from gradus.visits.report import issue_report, proposals
from tests.dossiers import papers
from tests.visits.on_site import FAR, NEAR, PLACE
from tests.walks.act import act

_AS = {Part.LEAD_ASSESSOR: Attendance.LEADER, Part.ASSESSOR: Attendance.ASSESSOR}
_PICTURE = papers.picture()


@act(plan_visit, Part.LEAD_ASSESSOR, State.PLANNING)
def planning(walk, who):
    opening = walk.at + timedelta(hours=walk.chance.randrange(-1, 12))
    days = Fraction(2) if walk.likely(0.9) else Fraction("0.2")
    members = [Member(str(each.account_id), _AS.get(each.part, Attendance.EXPERT), days) for each in team_of(walk.case)]
    if walk.likely(0.05):
        members.append(Member(str(walk.anybody().pk), Attendance.OBSERVER, days))
    plan = Plan(
        opening,
        opening + timedelta(days=1, hours=7),
        opening + timedelta(days=1, hours=8) if walk.likely(0.95) else opening + timedelta(days=365),
        [Site("总部", walk.words("北京市海淀区某路 1 号"), PLACE)],
        members,
        [AgendaItem("09:00", "首次会议")],
    )
    return plan_visit(walk.case, plan, who, walk.at)


@act(sign, Part.ASSESSOR, State.ON_SITE)
def signing_at_a_meeting(walk, who):
    photo = [_PICTURE] if walk.likely(0.2) else None
    return sign(walk.case, walk.chance.choice(list(Moment)), who, walk.at, walk.chance.choice((NEAR, FAR, None)), photo)


@act(explain, "head_of_body", State.ON_SITE)
def explaining_for_the_body(walk, who):
    return _explaining(walk, who, Side.BODY)


@act(explain, Part.LEAD_ASSESSOR, State.ON_SITE)
def explaining_for_the_assessor(walk, who):
    return _explaining(walk, who, Side.ASSESSOR)


def _explaining(walk, who, side):
    visit = current_visit(walk.case)
    deviating = [each for each in presence(visit) if side in each.open_sides] if visit else []
    return bool(deviating) and explain(walk.chance.choice(deviating), side, walk.words("列车晚点两小时"), who, walk.at)


@act(commit_draw, Part.LEAD_ASSESSOR, State.ON_SITE)
def committing_a_draw(walk, who):
    return commit_draw(walk.case, who, walk.at)


@act(add_client_text, "manager", State.ON_SITE)
def adding_a_text(walk, who):
    return add_client_text(walk.case, walk.words("蓝天 2026"), who, walk.at)


@act(open_draw, Part.LEAD_ASSESSOR, State.ON_SITE)
def opening_a_draw(walk, who):
    return open_draw(walk.case, who, walk.at)


@act(record_seen, Part.ASSESSOR, State.ON_SITE, often=15)
def recording_what_was_seen(walk, who):
    visit = current_visit(walk.case)
    if visit is None:
        return False
    left = untraced(visit)
    kind = RecordKind.TRACE if left else walk.chance.choice(list(RecordKind))
    subject = left[0] if left else walk.words("项目经理")
    before = held_records(visit, kind)
    replaces = walk.chance.choice(before) if before and walk.likely(0.1) else None
    links = dict.fromkeys(Link, walk.likely(0.8))
    return record_seen(walk.case, Seen(kind, subject, walk.words("均已查阅"), links), who, walk.at, replaces)


@act(record_finding, Part.ASSESSOR, State.ON_SITE, often=3)
def recording_a_finding(walk, who):
    grade = walk.chance.choice(list(FindingGrade))
    again = findings_of(walk.case)
    id_ = walk.chance.choice(again).pk if again and walk.likely(0.1) else uuid.uuid4()
    found = Found(id_, grade, walk.rule(), walk.words("测试报告缺少评审记录"), walk.at)
    return record_finding(walk.case, found, [[_PICTURE]] if walk.likely(0.1) else [], who, walk.at)


@act(answer_finding, "manager", State.ON_SITE, State.CORRECTION, often=15)
def answering_a_finding(walk, who):
    there = findings_of(walk.case)
    answer = Answer(walk.words("补做了评审并归档"), "评审安排没有写进计划", "计划模板加入评审节点")
    return bool(there) and answer_finding(walk.chance.choice(there), answer, who, walk.at)


@act(verify_correction, Part.ASSESSOR, State.ON_SITE, State.CORRECTION, often=15)
def verifying_a_correction(walk, who):
    there = Correction.objects.filter(case=walk.case).order_by("verification", "at", "id")[:3]
    verdict = Verdict(walk.likely(0.8), walk.words("已查阅归档的评审记录"))
    return bool(there) and verify_correction(walk.chance.choice(list(there)), verdict, who, walk.at)


@act(finish_visit, Part.LEAD_ASSESSOR, State.ON_SITE, often=20)
def finishing_the_visit(walk, who):
    return finish_visit(walk.case, who, walk.at)


@act(withdraw_plan, Part.LEAD_ASSESSOR, State.ON_SITE, often=1)
def taking_the_plan_back(walk, who):
    return withdraw_plan(walk.case, walk.words("申请人要求改期"), who, walk.at)


@act(close_corrections, Part.LEAD_ASSESSOR, State.CORRECTION)
def closing_the_corrections(walk, who):
    return close_corrections(walk.case, who, walk.at)


@act(repeat_visit, Part.LEAD_ASSESSOR, State.CORRECTION, often=1)
def repeating_the_visit(walk, who):
    return repeat_visit(walk.case, walk.words("严重不符合须现场核查"), who, walk.at)


@act(issue_report, Part.LEAD_ASSESSOR, State.REPORTING)
def issuing_the_report(walk, who):
    proposed = walk.chance.choice((*proposals(walk.case), "level-1-star-5")) if walk.near(3) else ""
    return issue_report(walk.case, proposed, walk.words("体系运行有效"), who, walk.at)
