# SPDX-License-Identifier: Apache-2.0
"""A case whose client is silent beyond its time is terminated, by the office and from no other state; never before."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from gradus.applications.apply import apply, longest_text
from gradus.decisions.letters import letter_of
from gradus.decisions.terminate import client_until, terminate
from gradus.dossiers.grading import edition_of
from gradus.grading.faults import Refusal
from gradus.journal.models import Entry
from gradus.people.models import Notification
from gradus.process.states import STAGES, TERMINABLE, State
from gradus.process.visits import FindingGrade
from gradus.visits.draws import add_client_text, commit_draw
from gradus.visits.findings import Answer, Verdict, answer_finding, open_findings, verify_correction
from tests.applications.stage_one import submit_again, typed
from tests.applications.walk import bring_to, open_case
from tests.decisions.deciding import BECAUSE
from tests.visits import on_site
from tests.web.conftest import browser

SILENT = (State.SUPPLEMENT, State.QUOTED, State.REVIEW_SUPPLEMENT, State.CONSENT)


@pytest.fixture
def case(submitted):
    submission = submitted()
    return open_case(submission, submission.submitted_at)


def codes(case, reason, world, at):
    with pytest.raises(Refusal) as refused:
        terminate(case, reason, world.actor("office"), at)
    return [each.code for each in refused.value.faults]


def on(day, at):
    """The same time on another day."""
    return at + timedelta(days=(day - localdate(at)).days)


@pytest.mark.parametrize("state", SILENT, ids=str)
def test_a_case_is_terminated_once_the_clients_time_is_over(case, world, state):
    bring_to(case, state, case.changed_at)
    until = client_until(case)
    assert until.on > localdate(case.changed_at) + timedelta(days=20)
    last, after = on(until.on, case.changed_at), on(until.on, case.changed_at) + timedelta(days=1)
    assert codes(case, BECAUSE, world, last) == ["termination.not_over"]
    assert codes(case, "短", world, after) == ["termination.reason_needed"]
    assert codes(case, " ", world, after) == codes(case, "字" * (longest_text + 1), world, after)
    taken = terminate(case, f" {BECAUSE} ", world.actor("office"), after)
    case.refresh_from_db()
    assert (case.state, taken.before) == ("terminated", state)
    assert taken.said == {"reason": BECAUSE, "awaited_until": until.on.isoformat()}
    assert Entry.objects.order_by("-sequence")[0].payload.count(BECAUSE) == 1
    told = Notification.objects.filter(account=world.people["manager"]).order_by("-id")[0]
    assert (told.code, told.blanks["state"]) == ("case_ended", "state.terminated")
    for language in ("zh", "en"):
        letter = letter_of(case, taken, language)
        assert letter.items == (BECAUSE,)
        assert until.on.isoformat() in {each.text for each in letter.facts}


@pytest.mark.parametrize("state", sorted({*STAGES} - {*TERMINABLE, State.GRANTED}), ids=str)
def test_a_case_that_awaits_the_body_is_not_terminated_however_long_it_rests(case, world, state):
    bring_to(case, state, case.changed_at)
    assert client_until(case) is None
    assert codes(case, BECAUSE, world, case.changed_at + timedelta(days=400)) == ["case.not_now"]


def test_on_site_only_a_draw_that_awaits_the_clients_text_lets_a_case_be_terminated(case, world):
    visit = on_site.planned(case, world, case.opened_at)
    late = visit.opening + timedelta(days=90)
    assert codes(case, BECAUSE, world, late) == ["termination.not_awaited"]
    commit_draw(case, world.actor("lead_assessor"), visit.opening)
    until = client_until(case).on
    assert codes(case, BECAUSE, world, on(until, visit.opening)) == ["termination.not_over"]
    add_client_text(case, "蓝天", world.actor("manager"), visit.opening + timedelta(minutes=5))
    assert codes(case, BECAUSE, world, late) == ["termination.not_awaited"]


def test_a_draw_that_the_client_never_answers_lets_the_case_be_terminated(case, world):
    visit = on_site.planned(case, world, case.opened_at)
    commit_draw(case, world.actor("lead_assessor"), visit.opening)
    terminate(case, BECAUSE, world.actor("office"), visit.opening + timedelta(days=60))
    case.refresh_from_db()
    assert case.state == "terminated"


def test_a_nonconformity_awaits_its_client_until_it_is_answered_and_again_when_the_answer_is_not_accepted(case, world):
    visit = on_site.planned(case, world, case.opened_at)
    on_site.finished(case, world, FindingGrade.MINOR, FindingGrade.MAJOR)
    minor, major = sorted(open_findings(case), key=lambda each: each.grade, reverse=True)
    first = localdate(visit.closing_until)
    assert client_until(case).on == first + timedelta(days=30)
    then = visit.closing_until + timedelta(days=20)
    said = Answer("已补评审记录", "流程没有执行", "每月抽查一次")
    correction = answer_finding(minor, said, world.actor("manager"), then)
    assert client_until(case).on == first + timedelta(days=90)
    assert codes(case, BECAUSE, world, then + timedelta(days=30)) == ["termination.not_over"]
    verify_correction(correction, Verdict(accepted=False, text="记录不完整"), world.actor("assessor"), then)
    assert client_until(case).on == first + timedelta(days=30)
    answer_finding(minor, said, world.actor("manager"), then)
    answer_finding(major, said, world.actor("manager"), then)
    assert codes(case, BECAUSE, world, then + timedelta(days=300)) == ["termination.not_awaited"]


def test_whose_case_was_terminated_may_apply_anew(case, world):
    bring_to(case, State.QUOTED, case.changed_at)
    late = case.changed_at + timedelta(days=60)
    terminate(case, BECAUSE, world.actor("office"), late)
    dossier, manager = case.submission.dossier, world.actor("manager")
    table, column = edition_of(dossier).as_of
    typed(dossier, table, {column: localdate(late).isoformat()}, manager, late)
    assert apply(submit_again(dossier, manager, late), manager, late).state == "applied"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_office_terminates_on_the_page_of_the_case_and_the_client_reads_why(submitted, world, at, language):
    case = open_case(submitted(), at - timedelta(days=90))
    bring_to(case, State.QUOTED, case.changed_at)
    page, act = (reverse(each, kwargs={"case": case.pk}) for each in ("case_page", "terminate_case"))
    office, reviewer, manager = (
        browser(world.people[who], language) for who in ("office", "application_reviewer", "manager")
    )
    assert act in office.get(page).text
    assert act not in reviewer.get(page).text
    long = "字" * (longest_text + 1)
    answer = office.post(act, {"reason": long})
    assert answer.status_code == 422
    assert long in answer.text
    assert office.post(act, {"reason": BECAUSE}, follow=True).redirect_chain[-1][0] == page
    answer = office.post(act, {"reason": "第二次"})
    assert (answer.status_code, "第二次" in answer.text, 'id="terminate"' in answer.text) == (422, True, False)
    own = manager.get(reverse("client_case", kwargs={"client": case.client_id, "case": case.pk}))
    assert BECAUSE in own.text
    assert {"zh-hans": "已终止案件", "en": "has terminated the case"}[language] in own.text
