# SPDX-License-Identifier: Apache-2.0
"""Whom a case awaits where its state alone does not say it: a team before it begins, a draw, corrections, and
objections to a public notice."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from gradus.applications.cases import take_part
from gradus.applications.clock import client_dues
from gradus.applications.ties import TieTold, record_tie
from gradus.applications.worklist import board, client_work, work_of
from gradus.decisions.notice import answer_objection, record_objection
from gradus.decisions.record import notice_of
from gradus.decisions.terminate import client_until
from gradus.decisions.whose_turn import LATER
from gradus.evaluations.team import (
    agree_to_team,
    change_team,
    current_team,
    may_agree,
    object_to_member,
    propose_team,
    start_document_review,
    take_objection_back,
)
from gradus.evaluations.team import answer_objection as answer_member
from gradus.people.models import Notification
from gradus.people.queries import appointments_of
from gradus.process.impartiality import TieKind
from gradus.process.parts import Part
from gradus.process.states import STAGES, TEAM_CHANGES, State
from gradus.process.visits import FindingGrade, Moment, Side
from gradus.visits.draws import add_client_text, commit_draw
from gradus.visits.findings import Answer, Verdict, answer_finding, findings_of, verify_correction
from gradus.visits.presence import explain, presence_of
from gradus.web.applicant.case_to_do import to_do
from tests.applications.walk import bring_to, open_case
from tests.decisions.deciding import BECAUSE, recommended, reviewable
from tests.evaluations.review import LEADER, agreed_case, competent, reviewed_case, usual
from tests.visits import on_site

MINUTE = timedelta(minutes=1)
PEOPLE = ("lead_assessor", "assessor", "technical_reviewer", "decision_maker", "office", "head_of_body")


@pytest.fixture
def lists(world):
    """``lists(case, at)``: on whose lists a case stands, the client's among them."""

    def on(case, at):
        found = set()
        for who in PEOPLE:
            account = world.people[who]
            listed = work_of(account, appointments_of(account, at), at, LATER)
            found |= {who for each in listed if each.case.pk == case.pk}
        return found | ({"client"} if client_work(case.client_id, at, LATER) else set())

    return on


def awaited(case, at):
    """What the board says: whether the client is awaited, and who else by name."""
    [item] = [each for each in board(at, LATER)[STAGES[case.state]] if each.case.pk == case.pk]
    return item.client_awaited, item.players


def test_an_objection_to_the_notice_is_on_the_technical_reviewers_list_until_it_is_answered(submitted, world, lists):
    case = reviewable(submitted())
    recommended(case, world, case.changed_at + MINUTE)
    at = case.changed_at + timedelta(days=1)
    assert lists(case, at) == {"office"}
    told = ("某单位", "", "项目并非其独立完成")
    objection = record_objection(case, told, notice_of(case).opened_on, world.actor("office"), at)
    assert lists(case, at) == {"technical_reviewer"}
    assert awaited(case, at) == (False, ("technical reviewer",))
    told = Notification.objects.get(code="case_objected")
    assert (told.account, told.address) == (
        world.people["technical_reviewer"],
        reverse("decision_desk", kwargs={"case": case.pk}),
    )
    answer_objection(objection, BECAUSE, world.actor("technical_reviewer"), at + MINUTE)
    assert lists(case, at + MINUTE) == {"office"}


def test_a_team_awaits_the_client_then_the_office_then_its_leader(submitted, world, lists, sign_in):
    case = agreed_case(submitted())
    at, office, manager = case.changed_at + MINUTE, world.actor("office"), world.actor("manager")
    competent(world, LEADER, case, at)
    assert lists(case, at) == {"office"}
    propose_team(case, usual(world), office, at)
    case.refresh_from_db()
    assert awaited(case, at) == (True, ())
    assert lists(case, at) == {"client", "lead_assessor"}, "the leader sees what is to come"
    [own] = client_work(case.client_id, at, LATER)
    assert own.last_day == current_team(case).objections_until
    assert Notification.objects.filter(account=world.people["manager"], code="case_awaits").exists()
    page = Notification.objects.get(account=world.people[LEADER], code="team_proposed").address
    assert page == reverse("assessor_workbook", kwargs={"case": case.pk})
    leader = sign_in(LEADER)
    assert leader.get(page).status_code == 200
    assert f'href="{page}"' in leader.get(reverse("own_work")).text

    taken = object_to_member(current_team(case).members.first(), "曾在竞争对手任职", manager, at)
    assert lists(case, at) == {"office"}
    take_objection_back(taken, manager, at)
    assert (awaited(case, at), lists(case, at)) == ((True, ()), {"client", "lead_assessor"})
    told = Notification.objects.get(account=world.people["office"], code="team_taken_back")
    assert told.address == reverse("team", kwargs={"case": case.pk})
    objection = object_to_member(current_team(case).members.last(), "曾在竞争对手任职", manager, at)
    assert awaited(case, at) == (False, ())
    assert lists(case, at) == {"office"}
    told = Notification.objects.filter(account=world.people["office"], code="team_objected").latest("id")
    assert told.address == reverse("team", kwargs={"case": case.pk})
    answer_member(objection, "该任职已满三年", office, at)
    assert awaited(case, at) == (True, ())
    assert may_agree(current_team(case).objections.all()), "having read the answer"
    late = at + timedelta(days=30)
    assert (awaited(case, late), lists(case, late)) == ((False, ("lead assessor",)), {"lead_assessor"})
    agree_to_team(case, manager, at)
    assert lists(case, at) == {"lead_assessor"}
    assert "开始文件评审" in leader.get(reverse("own_work")).text, "an act, and not the state"


def test_a_team_that_the_client_agreed_to_awaits_its_leader_and_no_earlier_one(submitted, world, lists):
    case = agreed_case(submitted())
    at, office = case.changed_at + MINUTE, world.actor("office")
    competent(world, LEADER, case, at)
    competent(world, "decision_maker", case, at)
    with transaction.atomic():
        take_part(case, world.people["decision_maker"].pk, Part.LEAD_ASSESSOR, at)
    propose_team(case, usual(world), office, at)
    agree_to_team(case, world.actor("manager"), at + MINUTE)
    case.refresh_from_db()
    assert (awaited(case, at), lists(case, at)) == ((False, ("lead assessor",)), {"lead_assessor"})
    assert Notification.objects.filter(account=world.people[LEADER], code="team_agreed").exists()
    start_document_review(case, world.actor(LEADER), at + 2 * MINUTE)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_tie_known_after_the_team_was_named_is_the_offices_to_act_on(submitted, world, lists, sign_in, language):
    case = agreed_case(submitted())
    at, office = case.changed_at + MINUTE, world.actor("office")
    competent(world, LEADER, case, at)
    propose_team(case, usual(world), office, at)
    agree_to_team(case, world.actor("manager"), at + MINUTE)
    case.refresh_from_db()
    assert lists(case, at) == {"lead_assessor"}
    page = reverse("team", kwargs={"case": case.pk})
    begin = {"zh-hans": "组长可以开始文件评审", "en": "leader may begin"}[language]
    assert begin in sign_in("office", language).get(page).text
    told = TieTold(case.client, TieKind.EMPLOYED, date(2020, 1, 1), None, "本人申报")
    record_tie(world.people["assessor"], told, office, at)
    assert lists(case, at) == {"office"}
    shown = sign_in("office", language).get(page).text
    assert begin not in shown
    assert "本人申报" in shown
    change_team(case, "成员与申请人有利益关系", office, at + 2 * MINUTE)
    row = sign_in("office", language).get(page).text.partition(f"seat-{world.people['assessor'].pk}")[2]
    assert "本人申报" in row[: row.index("</tr>")]


@pytest.mark.parametrize("state", [State.SUPPLEMENT, State.CONSENT])
def test_a_case_whose_clients_time_is_over_awaits_who_may_terminate_it(submitted, lists, sign_in, state):
    submission = submitted()
    case = bring_to(open_case(submission, submission.submitted_at), state, submission.submitted_at)
    until = client_until(case).on
    assert client_dues([case])[case.pk].on == until, "read off the case alone"
    last = case.changed_at + timedelta(days=(until - localdate(case.changed_at)).days)
    assert lists(case, last) == {"client"}
    assert lists(case, last + timedelta(days=1)) == {"client", "office"}
    page = sign_in("office", "en").get(reverse("own_work")).text  # today, long after
    assert "terminate the case, or wait on" in page
    assert "1 case awaits you" in page
    assert "the client, the office" in sign_in("office", "en").get(reverse("case_board")).text


def test_a_draw_awaits_the_clients_text_beside_the_team(submitted, world, lists):
    submission = submitted()
    case = open_case(submission, submission.submitted_at)
    visit = on_site.planned(case, world, case.opened_at)
    at, team = visit.opening - 2 * MINUTE, {"lead_assessor", "assessor"}
    assert lists(case, at) == team
    commit_draw(case, world.actor(LEADER), at)
    assert (awaited(case, at)[0], lists(case, at)) == (True, {"client", *team})
    assert client_work(case.client_id, at, LATER)[0].last_day == client_until(case).on
    told = Notification.objects.get(code="draw_awaits_text")
    where = {"client": case.client_id, "case": case.pk}
    assert (told.account, told.address) == (world.people["manager"], reverse("client_visit", kwargs=where))
    add_client_text(case, "任选一段文字", world.actor("manager"), at + MINUTE)
    assert lists(case, at + MINUTE) == team


def test_an_absence_awaits_the_body_from_the_meeting_on_until_it_is_explained(submitted, world, lists):
    submission = submitted()
    case = open_case(submission, submission.submitted_at)
    visit = on_site.planned(case, world, case.opened_at)
    leader, office = world.actor("lead_assessor"), world.actor("office")
    assert "office" not in lists(case, visit.opening - MINUTE)
    assert {"office", "lead_assessor", "assessor"} <= lists(case, visit.opening)
    for who in ("lead_assessor", "assessor"):
        missing = presence_of(visit, world.people[who].pk, Moment.SIGN_IN)
        explain(missing, Side.ASSESSOR, "高速公路封闭", leader, visit.opening)
        assert "office" in lists(case, visit.opening)
        explain(missing, Side.BODY, "高速公路封闭", office, visit.opening)
    assert "office" not in lists(case, visit.opening)
    assert "office" in lists(case, visit.closing_from)


def test_a_correction_awaits_the_client_then_the_team_and_at_times_both(submitted, world, lists):
    case = in_correction(submitted(), world)
    at, team = case.changed_at + MINUTE, ("lead assessor", "assessor", "technical expert")
    assert awaited(case, at) == (True, ())
    assert lists(case, at) == {"client", "lead_assessor", "assessor"}
    first, second = findings_of(case)
    answer = Answer("补做了评审并归档", "评审安排没有写进计划", "计划模板加入评审节点")
    corrected = answer_finding(first, answer, world.actor("manager"), at)
    assert awaited(case, at) == (True, team)
    assert [each.said for each in to_do(case, at)] == ["stage_one.corrections_wait"]
    other = answer_finding(second, answer, world.actor("manager"), at)
    assert awaited(case, at) == (False, team)
    assert lists(case, at) == {"lead_assessor", "assessor"}
    assert to_do(case, at) == []
    verify_correction(corrected, Verdict(False, "评审记录没有签字"), world.actor("assessor"), at)
    assert awaited(case, at) == (True, team)
    for each in (answer_finding(first, answer, world.actor("manager"), at), other):
        verify_correction(each, Verdict(True, "已查阅归档的评审记录"), world.actor("assessor"), at)
    assert awaited(case, at) == (False, team), "the leader closes the corrections"


def in_correction(submission, world):
    """A case in correction with two nonconformities."""
    case = open_case(submission, submission.submitted_at)
    on_site.planned(case, world, case.opened_at)
    on_site.finished(case, world, FindingGrade.MINOR, FindingGrade.MAJOR)
    return case


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_board_and_the_reviewers_own_list_say_so(submitted, world, sign_in, language):
    case = in_correction(submitted(), world)
    client, number = {"zh-hans": "申请人", "en": "the client"}[language], case.number
    page = sign_in("office", language).get(reverse("case_board")).text
    assert client in page[page.index(number) :]
    answer = Answer("补做了评审并归档", "评审安排没有写进计划", "计划模板加入评审节点")
    for each in findings_of(case):
        answer_finding(each, answer, world.actor("manager"), case.changed_at)
    page = sign_in("office", language).get(reverse("case_board")).text
    assert client not in page[page.index(number) : page.index("</li>", page.index(number))]
    assert "lead assessor" in page[page.index(number) :]


@pytest.mark.parametrize(
    ("language", "act"), [("zh-hans", "签到或签退的偏差"), ("en", "Explain how a signing deviates")]
)
def test_lists_tell_the_day_of_a_visit_and_speak_of_no_absence(submitted, world, sign_in, language, act):
    case = open_case(submission := submitted(), submission.submitted_at)
    visit = on_site.planned(case, world, case.opened_at)
    day = localdate(visit.opening).isoformat()
    for who, page in (("office", "case_board"), ("office", "case_calendar"), ("lead_assessor", "own_work")):
        shown = sign_in(who, language).get(reverse(page)).text
        assert case.number in shown, page
        assert day in shown, page
    assert act in sign_in("office", language).get(reverse("own_work")).text, "the leader has not signed"
    (item,) = board(visit.at, LATER)[STAGES[State.ON_SITE]]
    assert (item.visit_on, item.last_day) == (localdate(visit.opening), None)


@pytest.mark.parametrize("state", [each for each in TEAM_CHANGES if each is not State.OBJECTION], ids=str)
def test_a_tie_within_a_team_at_work_awaits_the_office_until_the_team_is_changed(
    submitted, world, lists, sign_in, state
):
    case = reviewed_case(world, submitted())
    bring_to(case, state, case.changed_at)
    at = case.changed_at + MINUTE
    before = lists(case, at)
    assert "office" not in before
    told = TieTold(case.client, TieKind.RELATED, date(2020, 1, 1), None, "举报后查实")
    record_tie(world.people["assessor"], told, world.actor("office"), at)
    assert lists(case, at) == before | {"office"}
    page = sign_in("office", "en").get(reverse("own_work")).text
    assert "Settle what stands against the team" in page
    assert f'href="{reverse("team", kwargs={"case": case.pk})}"' in page
    change_team(case, "组员与申请人存在利益关系", world.actor("office"), at)
    case.refresh_from_db()
    assert case.state == State.AGREED


def test_a_tie_that_bars_no_more_asks_the_office_for_nothing(submitted, world, lists):
    case = reviewed_case(world, submitted())
    at = case.changed_at + MINUTE
    told = TieTold(case.client, TieKind.EMPLOYED, date(2001, 1, 1), date(2002, 1, 1), "人事档案")
    record_tie(world.people["assessor"], told, world.actor("office"), at)
    assert "office" not in lists(case, at)
