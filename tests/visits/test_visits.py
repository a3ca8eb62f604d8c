# SPDX-License-Identifier: Apache-2.0
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from gradus.applications.cases import relieve, take_part
from gradus.decisions.letters import lettered_steps
from gradus.grading.faults import Refusal
from gradus.journal.models import Entry
from gradus.process.parts import Part
from gradus.process.states import State
from gradus.process.visits import FindingGrade, Moment, RecordKind, Side
from gradus.visits.closing import close_corrections, finish_visit, has_begun, repeat_visit, withdraw_plan
from gradus.visits.draws import add_client_text, commit_draw, open_draw, population_of, record_of
from gradus.visits.findings import (
    Answer,
    Found,
    Verdict,
    answer_finding,
    due_day,
    latest_day,
    open_findings,
    record_finding,
    rules_that_may_fail,
    verify_correction,
)
from gradus.visits.models import Draw, DrawOpening, Explanation, Finding, Signing, Visit
from gradus.visits.plan import plan_visit
from gradus.visits.presence import explain, presence, presence_of, sign
from gradus.visits.records import Seen, record_seen
from gradus.visits.report import report_content
from tests.applications.walk import bring_to
from tests.dossiers import papers
from tests.visits.on_site import FAR, NEAR, draw_and_trace, find, finished, plan_of, sign_all, with_team

CORRECTED = Answer("补做了评审并归档", "评审安排没有写进计划", "计划模板加入评审节点")

SEEN = Verdict(True, "已查阅归档的评审记录")


def codes(refused):
    return sorted(fault.code for fault in refused.value.faults)


@pytest.mark.parametrize(
    ("days", "reason", "said"),
    [
        (("1", "1"), "", []),
        (("1", "0.5"), "", ["visit.days_need_reason"]),
        (("1", "0.5"), "两个现场相邻，同日完成", []),
        (("1", "0.39"), "两个现场相邻，同日完成", ["visit.too_few_days"]),
    ],
)
def test_man_days_are_held_to_the_table(case, world, days, reason, said):
    """Two days are asked of the lowest level; 70 % of them at least are on site."""
    bring_to(case, State.PLANNING, case.opened_at)
    at = case.changed_at + timedelta(minutes=1)
    with_team(case, world, at)
    plan = plan_of(world, at, days, reason=reason)
    if said:
        with pytest.raises(Refusal) as refused:
            plan_visit(case, plan, world.actor("lead_assessor"), at)
        assert codes(refused) == said
        assert Visit.objects.count() == 0
    else:
        made = plan_visit(case, plan, world.actor("lead_assessor"), at)
        case.refresh_from_db()
        assert (case.state, made.number, made.table_days) == ("on_site", 1, "2")


@pytest.mark.parametrize(
    ("from_opening", "days", "said"),
    [
        ((timedelta(hours=7), timedelta(hours=8)), "1", []),
        ((timedelta(hours=7), timedelta(days=365)), "1", ["visit.meeting_too_long", "visit.too_many_days"]),
        ((timedelta(days=5), timedelta(days=5, hours=1)), "1", ["visit.too_many_days"]),
        ((timedelta(days=6), timedelta(days=6, hours=1)), "5", []),
        ((timedelta(minutes=10), timedelta(minutes=29)), "1", ["visit.too_short"]),
        ((timedelta(hours=7), timedelta(hours=8)), "2", ["visit.too_short"]),
        ((timedelta(days=1), timedelta(days=1, hours=1)), "2", []),
    ],
)
def test_the_meetings_leave_room_for_the_days_that_are_counted_and_not_much_more(from_opening, days, said, case, world):
    bring_to(case, State.PLANNING, case.opened_at)
    at = case.changed_at + timedelta(minutes=1)
    with_team(case, world, at)
    plan = plan_of(world, at, days=(days, days))
    begin, end = (plan.opening + each for each in from_opening)
    plan = replace(plan, closing_from=begin, closing_until=end)
    if not said:
        assert plan_visit(case, plan, world.actor("lead_assessor"), at).pk
        return
    with pytest.raises(Refusal) as refused:
        plan_visit(case, plan, world.actor("lead_assessor"), at)
    assert codes(refused) == said


def test_a_plan_is_taken_back_with_a_reason_until_the_visit_begins_and_another_follows(case, world, visit):
    leader, at = world.actor("lead_assessor"), visit.at + timedelta(hours=1)
    for who, reason, said in (("assessor", "申请人要求改期", "leader_only"), ("lead_assessor", "改", "text_too_short")):
        with pytest.raises(Refusal) as refused:
            withdraw_plan(case, reason, world.actor(who), at)
        assert codes(refused) == [f"visit.{said}"]
    withdraw_plan(case, "申请人要求改期", leader, at)
    again = plan_visit(case, plan_of(world, at), leader, at + timedelta(minutes=1))
    letters = [step.said["visit"] for step, kind in lettered_steps(case, for_client=True) if kind == "plan"]
    assert (again.number, letters) == (2, [1, 2])
    case.refresh_from_db()
    finished(case, world)
    assert [each["number"] for each in report_content(case, "", "结论")["visits"]] == [2]


def test_a_plan_is_not_taken_back_once_anything_was_done(case, world, visit):
    find(case, world)
    with pytest.raises(Refusal) as refused:
        withdraw_plan(case, "申请人要求改期", world.actor("lead_assessor"), visit.closing_until)
    assert codes(refused) == ["visit.begun"]


def test_only_the_leader_plans_and_only_with_the_team(case, world):
    bring_to(case, State.PLANNING, case.opened_at)
    at = case.changed_at + timedelta(minutes=1)
    with_team(case, world, at)
    with pytest.raises(Refusal) as refused:
        plan_visit(case, plan_of(world, at), world.actor("assessor"), at)
    assert codes(refused) == ["visit.leader_only"]
    strange = plan_of(world, at, agenda=[], closing_from=at, sites=[])
    strange.members[1:] = [replace(strange.members[1], account=str(world.people["office"].pk))]
    with pytest.raises(Refusal) as refused:
        plan_visit(case, strange, world.actor("lead_assessor"), at)
    assert codes(refused) == ["visit.meetings_out_of_order", "visit.no_agenda", "visit.no_site", "visit.not_of_team"]


def test_what_deviates_is_explained_by_both_sides_before_the_visit_is_finished(case, world, visit):
    leader, office = world.actor("lead_assessor"), world.actor("office")
    sign(case, Moment.SIGN_IN, leader, visit.opening + timedelta(hours=2, minutes=1), FAR, [papers.picture()])
    sign(case, Moment.SIGN_OUT, leader, visit.closing_from, NEAR, [papers.picture()])
    draw_and_trace(case, world)
    deviating = {
        (each.attendant.account.email, each.moment.value): [one.value for one in each.deviations]
        for each in presence(visit)
    }
    assert deviating == {
        ("lead_assessor@example.com", "in"): ["late", "too_far"],
        ("lead_assessor@example.com", "out"): [],
        ("assessor@example.com", "in"): ["missing"],
        ("assessor@example.com", "out"): ["missing"],
    }
    with pytest.raises(Refusal) as refused:
        finish_visit(case, leader, visit.closing_until)
    assert codes(refused) == ["visit.unexplained_assessor"] * 3 + ["visit.unexplained_body"] * 3
    with pytest.raises(Refusal) as refused:
        explain(presence(visit)[0], Side.BODY, "高速公路封闭", leader, visit.closing_until)
    assert codes(refused) == ["visit.explain_body"]
    for each in presence(visit):
        for side, actor in ((Side.ASSESSOR, leader), (Side.BODY, office)):
            if each.deviations:
                explain(each, side, "高速公路封闭", actor, visit.closing_until)
    finish_visit(case, leader, visit.closing_until + timedelta(minutes=1))
    case.refresh_from_db()
    assert case.state == "correction"


def test_nothing_is_explained_before_it_deviates_and_no_explanation_stands_for_another_deviation(case, world, visit):
    leader, who = world.actor("lead_assessor"), world.people["lead_assessor"].pk
    for moment, early in ((Moment.SIGN_IN, visit.opening), (Moment.SIGN_OUT, visit.closing_from)):
        with pytest.raises(Refusal) as refused:
            explain(
                presence_of(visit, who, moment), Side.ASSESSOR, "高速公路封闭", leader, early - timedelta(minutes=1)
            )
        assert codes(refused) == ["visit.may_sign_still"]
        explain(presence_of(visit, who, moment), Side.ASSESSOR, "高速公路封闭", leader, early)
        with pytest.raises(Refusal) as refused:
            sign(case, moment, leader, early + timedelta(minutes=1), FAR)
        assert codes(refused) == ["visit.absence_explained"]
        with pytest.raises(IntegrityError, match="signing_after_explanation"), transaction.atomic():
            Signing.objects.create(case=case, visit=visit, account_id=who, at=early, moment=moment.value)


def test_neither_the_client_nor_somebody_who_left_the_team_explains_for_the_body(case, world, visit):
    """The page of a member whom others replaced would else be answered by the database, without words."""
    with transaction.atomic():
        gone = take_part(case, world.people["technical_expert"].pk, Part.TECHNICAL_EXPERT, visit.opening)
        relieve(gone, world.actor("office"), visit.opening)
    for who in ("technical_expert", "manager"):
        with pytest.raises(Refusal) as refused:
            explain(presence(visit)[0], Side.BODY, "高速公路封闭", world.actor(who), visit.closing_until)
        assert codes(refused) == ["visit.explain_body"]


def test_a_visit_is_not_finished_before_everything_was_done(case, world, visit):
    sign_all(case, world)
    with pytest.raises(Refusal) as refused:
        finish_visit(case, world.actor("lead_assessor"), visit.closing_from - timedelta(minutes=1))
    assert codes(refused) == ["visit.no_interview", "visit.not_drawn_yet", "visit.not_over"]


def test_a_draw_is_committed_answered_and_opened_in_this_order(case, world, visit):
    leader, client, at = world.actor("lead_assessor"), world.actor("manager"), visit.opening
    with pytest.raises(Refusal) as refused:
        add_client_text(case, "早了", client, at)
    assert codes(refused) == ["draw.none"]
    made = commit_draw(case, leader, at)
    assert made.population == list(population_of(case))
    with pytest.raises(Refusal) as refused:
        open_draw(case, leader, at)
    assert codes(refused) == ["draw.no_text"]
    assert record_of(made) is None
    add_client_text(case, "蓝天 2026", client, at + timedelta(minutes=1))
    opening = open_draw(case, leader, at + timedelta(minutes=2))
    before = Entry.objects.get(kind="draw.committed")
    earlier = Entry.objects.filter(sequence__lt=before.sequence + 2).values_list("payload", flat=True)
    assert opening.seed not in "".join(earlier)
    assert set(opening.drawn) <= set(made.population)
    assert len(opening.drawn) == made.count >= 2
    with pytest.raises(Refusal) as refused:
        commit_draw(case, leader, at + timedelta(minutes=3))
    assert codes(refused) == ["draw.committed_already"]


def test_a_seed_is_opened_after_the_secret_key_changed_as_long_as_the_former_is_known(case, world, visit, settings):
    commit_draw(case, world.actor("lead_assessor"), visit.opening)
    add_client_text(case, "x", world.actor("manager"), visit.opening)
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    with pytest.raises(Refusal) as refused:
        open_draw(case, world.actor("lead_assessor"), visit.opening)
    assert codes(refused) == ["draw.seed_lost"]
    settings.SECRET_KEY_FALLBACKS = [former]
    assert open_draw(case, world.actor("lead_assessor"), visit.opening).drawn


def test_a_finding_sent_twice_is_there_once(case, world, visit):
    id_ = uuid.uuid4()
    first = find(case, world, photos=[[papers.picture()], [papers.picture(colour="red")]], id_=id_)
    again = find(case, world, photos=[[papers.picture()]], id_=id_)
    assert first.pk == again.pk
    assert (Finding.objects.count(), again.photos.count()) == (1, 2)
    assert Entry.objects.filter(kind="finding.recorded").count() == 1
    with pytest.raises(Refusal) as refused:
        find(case, world, text="another text", id_=id_)
    assert codes(refused) == ["visit.id_taken"]


def test_a_finding_that_arrives_after_the_visit_says_what_can_still_be_done_with_it(case, world, visit):
    finished(case, world)
    with pytest.raises(Refusal) as refused:
        find(case, world)
    assert codes(refused) == ["visit.finding_late"]


def test_nothing_is_found_recorded_or_drawn_before_the_day_of_the_opening_meeting(case, world, visit):
    leader, early = world.actor("lead_assessor"), visit.opening - timedelta(days=1)
    found = Found(uuid.uuid4(), FindingGrade.MINOR, next(iter(rules_that_may_fail(case))), "测试报告缺少评审", early)
    for deed in (
        lambda at: record_finding(case, found, (), leader, at),
        lambda at: record_seen(case, Seen(RecordKind.INTERVIEW, "项目经理", "说明了做法"), leader, at),
        lambda at: commit_draw(case, leader, at),
    ):
        with pytest.raises(Refusal) as refused:
            deed(early)
        assert codes(refused) == ["visit.not_begun"]
        deed(visit.opening - timedelta(minutes=1))


def test_nobody_signs_before_the_day_of_the_opening_meeting_nor_out_before_it_begins(case, world, visit):
    """A signing is not changed, and would keep the plan from being taken back."""
    leader = world.actor("lead_assessor")
    for moment in Moment:
        with pytest.raises(Refusal) as refused:
            sign(case, moment, leader, visit.opening - timedelta(days=3), NEAR)
        assert codes(refused) == ["visit.not_begun"]
    with pytest.raises(Refusal) as refused:
        sign(case, Moment.SIGN_OUT, leader, visit.opening - timedelta(minutes=1), NEAR)
    assert codes(refused) == ["visit.signs_out_early"]
    assert not has_begun(visit)
    sign(case, Moment.SIGN_IN, leader, visit.opening - timedelta(minutes=30), NEAR)


@pytest.mark.parametrize("wrong", [timedelta(days=3000), timedelta(days=-3000)])
def test_a_finding_of_a_device_whose_clock_is_wrong_is_written_when_it_came(wrong, case, world, visit):
    rule, at = next(iter(rules_that_may_fail(case))), visit.opening
    found = Found(uuid.uuid4(), FindingGrade.MINOR, rule, "测试报告缺少评审记录", at + wrong)
    made = record_finding(case, found, (), world.actor("assessor"), at)
    assert made.written_at == made.at == at
    assert (at + wrong).isoformat() in Entry.objects.get(kind="finding.recorded").payload


def test_corrections_are_closed_when_every_nonconformity_was_verified(case, world, visit):
    finished(case, world, FindingGrade.MAJOR, FindingGrade.MINOR, FindingGrade.OBSERVATION)
    leader, assessor, client = (world.actor(who) for who in ("lead_assessor", "assessor", "manager"))
    at = case.changed_at + timedelta(days=1)
    major, minor = sorted(open_findings(case), key=lambda each: each.grade)
    assert (due_day(major).on - due_day(minor).on).days == 60
    with pytest.raises(Refusal) as refused:
        close_corrections(case, leader, at)
    assert codes(refused) == ["visit.finding_open"] * 2
    refused_once = answer_finding(major, CORRECTED, client, at, [papers.pdf()])
    with pytest.raises(Refusal) as refused:
        answer_finding(major, CORRECTED, client, at)
    assert codes(refused) == ["visit.answered_already"]
    verify_correction(refused_once, Verdict(False, "没有看到归档的证据"), assessor, at)
    for each in (major, minor):
        verify_correction(answer_finding(each, CORRECTED, client, at), SEEN, assessor, at)
    assert open_findings(case) == []
    close_corrections(case, leader, at)
    case.refresh_from_db()
    assert case.state == "reporting"


def test_a_major_nonconformity_past_its_last_day_needs_another_visit(case, world, visit):
    finished(case, world, FindingGrade.MAJOR)
    (major,) = open_findings(case)
    late = case.changed_at + timedelta(days=190)
    assert latest_day(major).overdue(late.date())
    correction = answer_finding(major, CORRECTED, world.actor("manager"), late)
    with pytest.raises(Refusal) as refused:
        verify_correction(correction, SEEN, world.actor("assessor"), late)
    assert codes(refused) == ["visit.past_latest"]
    repeat_visit(case, "严重不符合逾期未关闭", world.actor("lead_assessor"), late)
    case.refresh_from_db()
    assert case.state == "planning"
    again = plan_visit(case, plan_of(world, late), world.actor("lead_assessor"), late)
    assert again.number == 2


def written(model, case, world, whom, visit, **more):
    """A row as somebody writes it beneath the actions."""
    return model(case=case, account=world.people[whom], at=visit.opening, visit=visit, **more)


WRONG = {
    "a finding of somebody who only decides": lambda c, w, v: written(
        Finding, c, w, "decision_maker", v, id=uuid.uuid4(), grade="major", rule="r", text="t", written_at=v.opening
    ),
    "a signing of somebody who is not in the plan": lambda c, w, v: written(
        Signing, c, w, "technical_expert", v, moment="in"
    ),
    "an explanation of the body's by the team": lambda c, w, v: written(
        Explanation, c, w, "assessor", v, who=w.people["assessor"], moment="in", side="body", text="t"
    ),
    "an explanation of the body's by the client": lambda c, w, v: written(
        Explanation, c, w, "manager", v, who=w.people["assessor"], moment="in", side="body", text="t"
    ),
    "an explanation of the assessor's by the office": lambda c, w, v: written(
        Explanation, c, w, "office", v, who=w.people["assessor"], moment="in", side="assessor", text="t"
    ),
    "a draw that the leader did not make": lambda c, w, v: written(
        Draw, c, w, "assessor", v, population=["a"], population_digest="", count=1, commitment=""
    ),
    "a visit of a case that is on site already": lambda c, w, v: Visit(
        case=c, account=w.people["lead_assessor"], at=v.at, number=2, opening=v.opening, closing_from=v.opening,
        closing_until=v.opening, sites=[], agenda=[],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_the_database_refuses(what, case, world, visit):
    with pytest.raises(IntegrityError), transaction.atomic():
        WRONG[what](case, world, visit).save(force_insert=True)


def test_the_database_refuses_a_seed_that_is_opened_before_the_text(case, world, visit):
    made = commit_draw(case, world.actor("lead_assessor"), visit.opening)
    leader = world.people["lead_assessor"]
    with pytest.raises(IntegrityError), transaction.atomic():
        DrawOpening.objects.create(draw=made, case=case, account=leader, at=visit.opening, seed="", drawn=[])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE visits_finding SET grade = 'observation'",
        "DELETE FROM visits_finding",
        "UPDATE visits_visit SET number = 9",
    ],
)
def test_raw_sql_changes_nothing_that_was_recorded(change, case, world, visit):
    find(case, world, FindingGrade.MAJOR)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Finding.objects.get().grade == "major"


def test_the_database_refuses_findings_outside_the_visit(case, world, visit):
    finished(case, world)
    late = WRONG["a finding of somebody who only decides"](case, world, visit)
    late.account = world.people["assessor"]
    with pytest.raises(IntegrityError), transaction.atomic():
        late.save(force_insert=True)
