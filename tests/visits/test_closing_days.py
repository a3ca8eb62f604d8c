# SPDX-License-Identifier: Apache-2.0
"""Work lists know by which day the nonconformities of a case must be closed."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from gradus.applications.worklist import board, client_work, work_of
from gradus.decisions.whose_turn import LATER
from gradus.journal.models import Entry
from gradus.journal.queries import payload
from gradus.people.queries import appointments_of
from gradus.process.states import STAGES, State
from gradus.process.visits import FindingGrade
from gradus.visits.findings import (
    Answer,
    Verdict,
    answer_finding,
    closing_days,
    due_day,
    findings_of,
    verify_correction,
)
from tests.visits import on_site


@pytest.fixture
def corrected(case, visit, world):
    """A case in correction, with a major and a minor nonconformity and an observation."""
    on_site.finished(case, world, FindingGrade.OBSERVATION, FindingGrade.MINOR, FindingGrade.MAJOR)
    return case


def of_grade(case, grade):
    return next(each for each in findings_of(case) if each.grade == grade.value)


def closed(case, world, grade, at):
    answer = Answer("已补做测试报告", "没有人复核报告", "增加一个复核岗位")
    made = answer_finding(of_grade(case, grade), answer, world.actor("manager"), at)
    verify_correction(made, Verdict(accepted=True, text="已核对新报告"), world.actor("assessor"), at)


def lists(case, world, at):
    """The item of the case on the lists of client, assessor and leader, where it awaits them, and on the board."""
    found = [client_work(world.client.pk, at, LATER)]
    for who in ("assessor", "lead_assessor"):
        account = world.people[who]
        found.append(work_of(account, appointments_of(account, at), at, LATER))
    return [one for listed in [*found, board(at, LATER)[STAGES[State.CORRECTION]]] for one in listed]


def test_the_first_day_by_which_something_must_be_closed_is_due_and_then_overdue(corrected, world):
    at = corrected.changed_at
    days = {grade: due_day(of_grade(corrected, grade)).on for grade in (FindingGrade.MINOR, FindingGrade.MAJOR)}
    first, last = sorted(days.values())
    assert first < last
    assert {each.last_day for each in lists(corrected, world, at)} == {first}
    assert not any(each.overdue for each in lists(corrected, world, at))
    late = at + (first - localdate(at)) + timedelta(days=1)
    assert all(each.overdue for each in lists(corrected, world, late))
    soonest = min(days, key=days.get)
    closed(corrected, world, soonest, at + timedelta(hours=1))
    assert {each.last_day for each in lists(corrected, world, late)} == {last}
    assert not any(each.overdue for each in lists(corrected, world, late))


def test_nothing_is_due_when_every_nonconformity_is_closed_and_before_the_visit_is_over(corrected, world):
    at = corrected.changed_at + timedelta(hours=1)
    for grade in (FindingGrade.MINOR, FindingGrade.MAJOR):
        closed(corrected, world, grade, at)
    assert closing_days([corrected]) == {}
    found = lists(corrected, world, at)
    assert {each.last_day for each in found} == {None}
    assert len(found) == 3, "the client has nothing to do any more"


def test_a_case_on_site_has_no_day_yet(case, visit, world):
    on_site.sign_all(case, world)
    on_site.find(case, world)
    case.refresh_from_db()
    assert (case.state, closing_days([case])) == ("on_site", {})


def test_the_journal_names_the_case_whose_correction_was_verified(corrected, world):
    closed(corrected, world, FindingGrade.MINOR, corrected.changed_at)
    entry = Entry.objects.order_by("-sequence")[0]
    assert (entry.kind, payload(entry)["number"]) == ("finding.verified", corrected.number)
