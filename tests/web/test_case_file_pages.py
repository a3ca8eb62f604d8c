# SPDX-License-Identifier: Apache-2.0
"""What those who review, vote, decide and sign are shown of a case: the papers, and what they must know first."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from gradus.applications.cases import rules_of
from gradus.applications.models import CaseStep
from gradus.applications.register import Event, record_event
from gradus.applications.ties import TieTold, record_tie
from gradus.applications.timeline import last_return
from gradus.decisions.decide import return_from_decision
from gradus.decisions.file import case_file
from gradus.decisions.notice import record_objection
from gradus.decisions.panel import convene, vote
from gradus.decisions.record import seats_of
from gradus.decisions.review import return_to_evaluation
from gradus.journal.actor import system
from gradus.people.actions import Seat, make_appointment
from gradus.people.queries import actor_in
from gradus.process.impartiality import TieKind
from gradus.process.states import State
from tests.applications.test_facts import FRAUD
from tests.applications.walk import bring_to, open_case
from tests.decisions.deciding import BECAUSE, announced, decided, granted, recommended, reviewable

MINUTE, MONTH = timedelta(minutes=1), timedelta(days=30)
LANGUAGES = [("zh-hans", "评估组长建议：<b>四级"), ("en", "The leader proposes: <b>Level 4")]
GIVEN_BACK = "第三组访谈没有记录，请补做后再报。"
PAPERS = ("evaluation_report", "evaluation_report_pdf", "case_submission", "assessor_workbook", "visit")


@pytest.fixture
def case(submitted):
    return reviewable(submitted())


@pytest.fixture
def at_panel(case, world, at):
    """The case at its panel, with four members convened."""
    for number in range(3):
        world.join(f"expert{number}", world.body, "panel_member", at)
    case.by_exception = True
    case.save(update_fields=["by_exception"])
    recommended(case, world, case.changed_at + MINUTE)
    members = [world.people[each] for each in ("panel_member", "expert0", "expert1", "expert2")]
    convene(case, members, world.actor("office"), case.changed_at + MINUTE)
    return case


def address(name, case, **more):
    return reverse(name, kwargs={"case": case.pk, **more})


@pytest.mark.parametrize(("language", "said"), LANGUAGES)
@pytest.mark.parametrize("who", ["technical_reviewer", "decision_maker", "head_of_body"])
def test_who_reviews_decides_or_signs_goes_from_the_page_to_every_paper(case, world, sign_in, who, language, said):
    name = "technical_review" if who == "technical_reviewer" else "decision_desk"
    if who != "technical_reviewer":
        recommended(case, world, case.changed_at + MINUTE)
        now = announced(case, world)
        if who == "head_of_body":
            decided(case, world, now)
    browser = sign_in(who, language)
    page = browser.get(address(name, case))
    assert said in page.text
    assert BECAUSE in page.text  # what the leader concludes
    every_paper_opens(browser, case, page)


def test_a_member_of_the_panel_goes_to_every_paper_too_and_writes_in_none(at_panel, sign_in):
    browser = sign_in("panel_member")
    every_paper_opens(browser, at_panel, browser.get(address("panel", at_panel)))
    book = browser.get(address("assessor_workbook", at_panel))
    items = re.findall(rf'href="({address("assessor_workbook", at_panel)}items/[^"]+)"', book.text)
    assert browser.get(items[0]).status_code == 200
    assert browser.post(items[0], {"value": "5", "text": BECAUSE}).status_code == 403


def every_paper_opens(browser, case, page):
    for each in PAPERS:
        assert f'href="{address(each, case)}"' in page.text
        assert browser.get(address(each, case)).status_code == 200
    submission = browser.get(address("case_submission", case))
    evidence = re.findall(rf'href="(/assessor/cases/{case.pk}/evidence/[^"]+)"', submission.text)
    assert browser.get(evidence[0]).status_code == 200


def test_the_office_is_led_to_no_paper_that_it_may_not_read(case, sign_in):
    browser = sign_in("office")
    page = browser.get(address("decision_desk", case)).text
    assert f'href="{address("assessor_workbook", case)}"' not in page
    links = re.findall(r'<ul class="file-papers">.*?</ul>', page, re.DOTALL)[0]
    opened = [browser.get(each).status_code for each in re.findall(r'href="([^"]+)"', links)]
    assert opened == [200] * 4


@pytest.mark.parametrize("by", ["technical_reviewer", "decision_maker"])
def test_why_a_case_was_returned_is_told_to_everybody_at_work_on_it(case, world, sign_in, by):
    at, act = case.changed_at + MINUTE, return_to_evaluation
    if by == "decision_maker":
        recommended(case, world, at)
        at, act = announced(case, world) + MINUTE, return_from_decision
    act(case, "incomplete-file", GIVEN_BACK, case_file(case).digest, world.actor(by), at)
    for who in ("lead_assessor", "assessor", "technical_reviewer", "office"):
        page = sign_in(who).get(address("case_page", case)).text
        assert page.count(f'<p class="quote">{GIVEN_BACK}</p>') == 2  # where it stands, and among its steps
        assert page.count('<p class="quote">案卷不完整</p>') == 2
    assert GIVEN_BACK in sign_in("lead_assessor").get(address("assessor_workbook", case)).text


def test_a_return_stands_until_the_case_is_recommended_anew():
    taken = [CaseStep(step=each) for each in ("recommend", "return_to_evaluation", "issue_report", "open_panel")]
    assert [last_return(taken[:count]) for count in (1, 2, 3, 4)] == [None, taken[1], taken[1], None]


FORMS = [
    ("recommend_case", "technical_review", "technical_reviewer"),
    ("grant_case", "decision_desk", "decision_maker"),
    ("sign_case", "decision_desk", "head_of_body"),
]


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "您不能办理"), ("en", "You can not take this step")])
@pytest.mark.parametrize("form", FORMS)
def test_who_evaluated_is_told_so_in_place_of_the_form(case, world, sign_in, form, language, said):
    act, name, who = form
    if act != "recommend_case":
        recommended(case, world, case.changed_at + MINUTE)
        now = announced(case, world)
        if act == "sign_case":
            decided(case, world, now + MINUTE)
    form = f'action="{address(act, case)}"'
    page = sign_in(who, language).get(address(name, case)).text
    assert form in page
    assert said not in page
    evaluator = world.people["assessor"]
    make_appointment(evaluator, Seat(world.body, who), system, timezone.now())
    page = sign_in("assessor", language).get(address(name, case)).text
    assert form not in page
    assert said in page


def test_a_member_with_a_tie_gets_no_form_to_vote(at_panel, world, sign_in, at):
    form = f'action="{address("cast_vote", at_panel)}"'
    assert form in sign_in("panel_member").get(address("panel", at_panel)).text
    told = TieTold(at_panel.client, TieKind.EMPLOYED, at.date() - timedelta(days=90), None, "本人申报")
    record_tie(world.people["panel_member"], told, world.actor("office"), at)
    page = sign_in("panel_member").get(address("panel", at_panel)).text
    assert form not in page
    assert "您不能办理" in page


def test_a_member_reads_colleagues_votes_only_after_an_own_vote(at_panel, world, sign_in):
    at = at_panel.changed_at + 2 * MINUTE
    voter = actor_in(world.people["expert0"], world.people["expert0"].appointments.get().value())
    vote(at_panel, "against", GIVEN_BACK, voter, at)
    for name in ("panel", "decision_desk"):
        page = sign_in("panel_member").get(address(name, at_panel)).text
        assert GIVEN_BACK not in page
        assert "反对</span>" not in page
        assert GIVEN_BACK in sign_in("office").get(address(name, at_panel)).text
    vote(at_panel, "for", BECAUSE, world.actor("panel_member"), at + MINUTE)
    assert GIVEN_BACK in sign_in("panel_member").get(address("panel", at_panel)).text


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "存在否决情形“"), ("en", "rules out every outcome")])
def test_a_veto_is_named_beside_what_it_takes_away(case, world, sign_in, language, said):
    page = address("decision_desk", case)
    assert said not in sign_in("technical_reviewer", language).get(page).text
    cells = {"kind": "fraud_finding", "occurred_on": (case.opened_at - MONTH).date().isoformat(), "major": "yes"}
    record_event(case.client, rules_of(case), Event(cells, "通报"), world.actor("office"), case.changed_at)
    assert said in sign_in("technical_reviewer", language).get(page).text


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "经核实不满足"), ("en", "are not met")])
def test_a_requirement_that_is_not_met_is_named(case, world, sign_in, language, said):
    cells = {"kind": "violation", "occurred_on": (case.opened_at - MONTH).date().isoformat(), "major": "yes"}
    for _ in range(2):
        record_event(case.client, rules_of(case), Event(cells, "通报"), world.actor("office"), case.changed_at)
    assert said in sign_in("technical_reviewer", language).get(address("decision_desk", case)).text


def test_the_case_page_tells_that_a_limit_has_passed(case, sign_in):
    assert "已逾期" in sign_in("office").get(address("case_page", case)).text  # the dossier is of an earlier day


def test_the_board_tells_that_a_clock_stands_still(submitted, sign_in):
    submission = submitted()
    bring_to(open_case(submission, submission.submitted_at), State.SUPPLEMENT, submission.submitted_at)
    assert "计时暂停" in sign_in("office").get(reverse("case_board")).text


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "已授予四级"), ("en", "Level 4 is granted")])
def test_a_client_reads_what_was_granted_and_what_comes_next(submitted, world, sign_in, language, said):
    case = granted(submitted(), world)
    page = sign_in("manager", language).get(reverse("client_case", kwargs={"client": case.client_id, "case": case.pk}))
    told = page.text[page.text.index("to-do") :].partition("</section>")[0]
    assert said in told
    assert {"zh-hans": "证书正在签发", "en": "The certificate is issued next"}[language] in told


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "10"), ("en", "at least 10")])
def test_a_reason_too_short_is_marked_at_its_field_and_kept_in_the_open_form(at_panel, sign_in, language, said):
    case, office = at_panel, sign_in("office", language)
    seat = seats_of(case).last()
    page = office.post(address("withdraw_panel_member", case, seat=seat.pk), {"withdraw-reasons": "利益关系"})
    form = page.text[: page.text.index("利益关系</textarea>")].rpartition("<details")[2]
    after = page.text.partition("利益关系</textarea>")[2].partition("</details>")[0]
    assert page.status_code == 422
    assert form.startswith(' class="no-print" open>')
    assert 'aria-describedby="id_withdraw-reasons_error"' in form
    assert 'id="id_withdraw-reasons_error"' in after
    assert said in after
    assert page.text.count('class="no-print" open') == 1, "the other members' forms stay closed"


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "10"), ("en", "at least 10")])
def test_an_answer_too_short_is_marked_at_the_objection_it_answers(case, world, sign_in, language, said):
    recommended(case, world, case.changed_at + MINUTE)
    told = [
        record_objection(
            case, (name, "", "项目并非其独立完成"), localdate(case.changed_at), world.actor("office"), case.changed_at
        )
        for name in ("某单位", "另一单位")
    ]
    reviewer = sign_in("technical_reviewer", language)
    page = reviewer.post(address("answer_notice_objection", case, objection=told[1].pk), {"answer-reasons": "已核对"})
    after = page.text.partition("已核对</textarea>")[2].partition("</form>")[0]
    assert page.status_code == 422
    assert said in after
    assert 'id="id_answer-reasons_error"' in after
    assert page.text.count('id="id_answer-reasons_error"') == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_second_signatory_is_told_what_changed_since_the_decision(case, world, sign_in, language):
    recommended(case, world, case.changed_at + MINUTE)
    decided(case, world, announced(case, world) + MINUTE)
    browser = sign_in("head_of_body", language)
    assert "监管通报第 7 号" not in browser.get(address("decision_desk", case)).text
    at = case.changed_at + MINUTE
    record_event(case.client, rules_of(case), Event(FRAUD, "监管通报第 7 号"), world.actor("office"), at)
    told = browser.get(address("decision_desk", case)).text.partition('class="said warning"')[2].partition("</div>")[0]
    assert "监管通报第 7 号" in told
    assert world.people["office"].name in told


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "在此结束"), ("en", "ended here on")])
def test_the_stage_in_which_a_case_ended_says_so(submitted, sign_in, language, said):
    submission = submitted()
    case = open_case(submission, submission.submitted_at)
    bring_to(case, State.NOT_ACCEPTED, case.changed_at)
    page = sign_in("office", language).get(address("case_page", case)).text
    stations = page.partition('class="stations"')[2].partition("</ol>")[0]
    assert said in stations
    assert stations.count("<li") == 5


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "没有公示"), ("en", "nothing is announced")])
def test_a_case_in_which_nothing_is_announced_shows_no_notice(case, world, sign_in, language, said):
    recommended(case, world, case.changed_at + MINUTE, outcome="", scope=())
    assert case.state == State.NOTICE
    standing = sign_in("office", language).get(address("case_page", case)).text
    standing = standing.partition('<section class="standing"')[2].partition("</section>")[0]
    assert said in standing
    client = sign_in("manager", language).get(address("client_case", case, client=case.client_id)).text
    assert {"zh-hans": "公示", "en": "notice"}[language] not in client.partition('<ol class="journal">')[0].lower()
