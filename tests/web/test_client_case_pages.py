# SPDX-License-Identifier: Apache-2.0
"""A client's case leads to everything there is of it, and says first what to do and until when."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from gradus.applications.cases import rules_of
from gradus.applications.ties import TieTold, record_tie
from gradus.applications.work_calendar import work_calendar
from gradus.decisions.letters import letter_of
from gradus.evaluations.review import Wanted, ask_review_supplement
from gradus.journal.queries import entries_of
from gradus.process.impartiality import TieKind
from gradus.process.states import State
from gradus.process.visits import FindingGrade
from gradus.process.working_days import due
from gradus.visits.findings import closing_days
from tests.applications.walk import bring_to, open_case
from tests.decisions.deciding import announced, decided, recommended, reviewable, signed
from tests.evaluations.review import LEADER, agreed_case, competent, propose_team, reviewed_case, usual
from tests.visits import on_site

LANGUAGES = ["zh-hans", "en"]


def page_of(case, sign_in, language="zh-hans", who="manager", name="client_case"):
    return sign_in(who, language).get(address(case, name))


def address(case, name):
    return reverse(name, kwargs={"client": case.client_id, "case": case.pk})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_team_that_was_named_is_the_thing_to_do(submitted, world, sign_in, language):
    case = agreed_case(submitted())
    competent(world, LEADER, case, case.changed_at)
    team = propose_team(case, usual(world), world.actor("office"), case.changed_at + timedelta(minutes=1))
    page = page_of(case, sign_in, language)
    assert address(case, "client_team") in page.text
    assert ("评估组" in page.text) == (language == "zh-hans")
    assert team.number == 1


def test_questions_of_the_document_review_lead_to_their_own_page(submitted, world, sign_in):
    case = reviewed_case(world, submitted())
    ask_review_supplement(case, [Wanted("staff", "missing", "社保")], world.actor(LEADER), case.changed_at)
    page = page_of(case, sign_in)
    assert address(case, "review_supplement") in page.text
    assert f'href="{address(case, "answer_supplement")}"' not in page.text
    assert sign_in("manager").get(address(case, "answer_supplement")).status_code == 302


@pytest.mark.parametrize("language", LANGUAGES)
def test_corrections_are_due_on_the_case_and_on_the_list_of_cases(submitted, world, sign_in, language):
    submission = submitted()
    case = open_case(submission, submission.submitted_at)
    on_site.planned(case, world, case.opened_at)
    on_site.finished(case, world, FindingGrade.MINOR)
    case.refresh_from_db()
    page = page_of(case, sign_in, language)
    assert address(case, "client_visit") in page.text
    assert address(case, "client_letters") in page.text
    last_day = closing_days([case])[case.pk].on.isoformat()
    assert last_day in page.text
    listed = sign_in("manager", language).get(reverse("client_cases", kwargs={"client": case.client_id}))
    assert last_day in listed.text


def test_what_there_is_not_yet_is_not_led_to(submitted, sign_in):
    submission = submitted()
    case = bring_to(open_case(submission, submission.submitted_at), State.ACCEPTED, submission.submitted_at)
    page = page_of(case, sign_in)
    for name in ("client_team", "client_visit", "client_evaluation_report", "review_supplement"):
        assert address(case, name) not in page.text
    assert address(case, "client_letters") in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_client_reads_the_report_of_its_evaluation(submitted, sign_in, language):
    case = reviewable(submitted())
    assert address(case, "client_evaluation_report") in page_of(case, sign_in, language).text
    report = page_of(case, sign_in, language, name="client_evaluation_report")
    assert report.status_code == 200
    assert ("评估报告" in report.text) == (language == "zh-hans")
    assert page_of(case, sign_in, language, name="client_evaluation_report_pdf").content.startswith(b"%PDF-")
    assert page_of(case, sign_in, who="stranger", name="client_evaluation_report").status_code == 404


def test_the_firms_journal_keeps_what_the_body_keeps_to_itself(submitted, world, sign_in):
    case = reviewed_case(world, submitted())
    tie = TieTold(case.client, TieKind.INVESTED, localdate(case.changed_at), None, "举报后查实")
    record_tie(world.people["decision_maker"], tie, world.actor("office"), case.changed_at)
    journal = reverse("firm_journal", args=[case.client_id])
    assert "举报后查实" not in sign_in("manager").get(journal).text
    assert any("举报后查实" in entry.payload for entry in entries_of(case.client_id))


@pytest.mark.parametrize(("language", "by"), [("zh-hans", "申诉期限已于"), ("en", "The time to appeal ended on")])
def test_a_refused_client_reads_why_and_until_when_it_may_appeal(submitted, world, sign_in, language, by):
    case = reviewable(submitted())
    recommended(case, world, case.changed_at + timedelta(minutes=1), outcome="", scope=())
    at = case.changed_at + timedelta(minutes=1)
    if case.state == State.NOTICE:
        at = announced(case, world) + timedelta(minutes=1)
    listed = rules_of(case).procedure.reasons["refuse"][-1].id
    refusal = {"outcome": "", "scope": (), "refused_for": listed, "reasons": "第二个项目的合同系伪造，经核实"}
    decided(case, world, at, **refusal)
    signed(case, world, at + timedelta(minutes=1))
    assert case.state == State.REFUSED
    last = due(localdate(case.changed_at), rules_of(case).appeal, work_calendar()).on
    page = page_of(case, sign_in, language).text
    for each in ("第二个项目的合同系伪造", by, last.isoformat(), address(case, "client_letters")):
        assert each in page, each
    letter = letter_of(case, case.taken.order_by("number").last(), language[:2], "某市某路 1 号")
    told = [line.text for line in letter.facts]
    assert last.isoformat() in told
    assert any("某市某路 1 号" in each for each in told)


@pytest.mark.parametrize(("language", "late"), [("zh-hans", "现已逾期"), ("en", "is late")])
def test_a_client_is_told_that_the_body_is_late(submitted, sign_in, language, late):
    case = open_case(submission := submitted(), submission.submitted_at - timedelta(days=400))
    assert late in page_of(case, sign_in, language).text
