# SPDX-License-Identifier: Apache-2.0
"""Each role's work list, by a case that must and a case that must not appear."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from gradus.applications.cases import advance, lock, rules_of, take_part
from gradus.applications.clock import Moved, client_dues, clock, clock_of, clocks, completeness_due
from gradus.applications.worklist import board, client_work, work_of
from gradus.journal.actor import system
from gradus.people.models import Notification
from gradus.people.queries import appointments_of
from gradus.process.parts import Part
from gradus.process.states import ENDED, STAGES, TRANSITIONS, State, Step
from gradus.process.work import AWAITED
from tests.applications.walk import bring_to, open_case


@pytest.fixture
def case(submitted):
    submission = submitted()
    return open_case(submission, submission.submitted_at)


@pytest.fixture
def work(world, case):
    """``work("assessor")``: the numbers of the cases on somebody's list."""

    def numbers(who):
        then = case.changed_at + timedelta(hours=1)
        account = world.people[who]
        return [item.case.number for item in work_of(account, appointments_of(account, then), then)]

    return numbers


STAFF = (
    "application_reviewer", "office", "lead_assessor", "assessor", "technical_expert", "technical_reviewer",
    "panel_member", "decision_maker", "head_of_body", "administrator", "certificate_officer",
)  # fmt: skip

AWAITED_ROLES = {
    State.APPLIED: {"application_reviewer"},
    State.SUPPLEMENT: set(),
    State.ACCEPTED: {"office"},
    State.AGREED: {"office"},
    State.OBJECTION: {"lead_assessor"},
    State.DOCUMENT_REVIEW: {"lead_assessor", "assessor"},
    State.PLANNING: {"lead_assessor"},
    State.ON_SITE: {"lead_assessor", "assessor"},
    State.REPORTING: {"lead_assessor"},
    State.TECHNICAL_REVIEW: {"technical_reviewer"},
    State.PANEL: {"office"},
    State.NOTICE: {"office"},
    State.DECISION: {"decision_maker"},
    State.SIGNATURE: {"head_of_body"},
    State.NOT_ACCEPTED: set(),
}


@pytest.mark.parametrize("state", AWAITED_ROLES, ids=lambda state: state.value)
def test_a_case_is_on_the_lists_of_those_it_awaits_and_on_no_other(case, world, work, state):
    """The team is the lead assessor and the assessor; the technical expert is not of it."""
    with transaction.atomic():
        take_part(case, world.people["lead_assessor"].pk, Part.LEAD_ASSESSOR, case.changed_at)
        take_part(case, world.people["assessor"].pk, Part.ASSESSOR, case.changed_at)
    if state is not State.APPLIED:
        bring_to(case, state, case.changed_at)
    assert {who for who in STAFF if work(who)} == AWAITED_ROLES[state]


@pytest.mark.parametrize(
    ("who", "part", "states"),
    [
        ("technical_expert", Part.TECHNICAL_EXPERT, (State.ON_SITE, State.REPORTING)),
        ("panel_member", Part.PANEL_MEMBER, (State.PANEL, State.NOTICE)),
    ],
)
def test_whoever_was_asked_to_a_case_has_it_on_the_list_while_it_is_to_be_done(case, world, work, who, part, states):
    """An expert on site and a member of a panel; a case awaits neither before they were asked."""
    bring_to(case, states[0], case.changed_at)
    assert work(who) == []
    with transaction.atomic():
        take_part(case, world.people[who].pk, part, case.changed_at)
    assert work(who) == [case.number]
    bring_to(case, states[1], case.changed_at)
    assert work(who) == []


def test_whoever_evaluated_does_not_see_a_case_that_awaits_a_decision(case, world, work):
    with transaction.atomic():
        take_part(case, world.people["decision_maker"].pk, Part.ASSESSOR, case.changed_at)
    bring_to(case, State.DECISION, case.changed_at)
    assert work("decision_maker") == []


def test_two_people_of_one_name_are_two_people(case, world, work, at):
    """Of an assessor and an application reviewer who are called the same, each keeps the part."""
    namesake = world.people["assessor"]
    world.join("another", world.body, "application_reviewer", at)
    for each in (namesake, world.people["application_reviewer"]):
        each.name = "王伟"
        each.save()
    with transaction.atomic():
        take_part(case, world.people["application_reviewer"].pk, Part.APPLICATION_REVIEWER, case.changed_at)
        take_part(case, namesake.pk, Part.ASSESSOR, case.changed_at + timedelta(seconds=1))
    assert work("another") == [], "the reviewer of that name has taken it up"
    [item] = board(case.changed_at)[1]
    assert item.players == ("王伟",)
    bring_to(case, State.DOCUMENT_REVIEW, case.changed_at)
    with transaction.atomic():
        lead = world.people["lead_assessor"]
        lead.name = "王伟"
        lead.save()
        take_part(case, lead.pk, Part.LEAD_ASSESSOR, case.changed_at + timedelta(seconds=2))
    [item] = board(case.changed_at)[2]
    assert item.players == ("王伟", "王伟")


def test_what_one_has_taken_up_is_no_longer_on_the_others_lists(case, world, work, at):
    world.join("reviewer_2", world.body, "application_reviewer", at)
    assert work("reviewer_2") == work("application_reviewer") == [case.number]
    with transaction.atomic():
        take_part(case, world.people["reviewer_2"].pk, Part.APPLICATION_REVIEWER, case.changed_at)
    assert (work("reviewer_2"), work("application_reviewer")) == ([case.number], [])


def test_what_somebody_took_up_who_has_left_the_body_waits_for_others_again(case, world, work, at):
    """And who has left is told nothing of it."""
    world.join("reviewer_2", world.body, "application_reviewer", at)
    with transaction.atomic():
        take_part(case, world.people["reviewer_2"].pk, Part.APPLICATION_REVIEWER, case.changed_at)
    assert work("application_reviewer") == []
    seat = world.seats["reviewer_2"]
    seat.ends_on = case.changed_at.date()
    seat.save()
    assert work("application_reviewer") == [case.number]
    assert board(case.changed_at)[1][0].players == ()
    bring_to(case, State.SUPPLEMENT, case.changed_at)
    bring_to(case, State.APPLIED, case.changed_at)
    told = set(
        Notification.objects.filter(code="case_awaits", told_at=case.changed_at).values_list("account", flat=True)
    )
    assert told == {world.people["application_reviewer"].pk}


def test_the_client_sees_what_awaits_it_and_the_clock_of_the_body_stands(case, world):
    day = timedelta(days=1)
    assert client_work(world.client.pk, case.opened_at) == []
    with transaction.atomic():
        advance(lock(case), Step.ASK_SUPPLEMENT, system, case.opened_at + day)
    [item] = client_work(world.client.pk, case.opened_at + 2 * day)
    clock = clock_of(item.case)
    assert (clock.due, item.stands_still) == (None, True)
    assert item.last_day == clock.client_due.on
    assert not item.overdue
    assert client_work(world.client.pk, case.opened_at + 90 * day)[0].overdue
    assert client_work(world.other.pk, case.opened_at + 2 * day) == []


def test_the_clock_goes_on_where_it_stopped(case, world):
    """Applied on 30 June 2026 (a Tuesday): ten working days end on 14 July; stopped from 2 to 7 July they end on 17."""
    first = board(case.opened_at)[1][0]
    assert (case.opened_at.date().isoformat(), first.last_day.isoformat()) == ("2026-06-30", "2026-07-14")
    for step, days in ((Step.ASK_SUPPLEMENT, 2), (Step.ANSWER_SUPPLEMENT, 7)):
        with transaction.atomic():
            advance(lock(case), step, system, case.opened_at + timedelta(days=days))
    then = board(case.opened_at + timedelta(days=8))[1][0]
    assert then.last_day.isoformat() == "2026-07-17"
    assert [item.overdue for item in board(case.opened_at + timedelta(days=18))[1]] == [True]


def test_completeness_has_a_day_of_its_own_counted_anew_from_a_supplement(case):
    """Five working days from Tuesday, 30 June 2026, end on 7 July; from Tuesday, 7 July, on the 14th."""
    assert completeness_due(case).on.isoformat() == "2026-07-07"
    for step, days, until in ((Step.ASK_SUPPLEMENT, 2, None), (Step.ANSWER_SUPPLEMENT, 7, "2026-07-14")):
        with transaction.atomic():
            advance(lock(case), step, system, case.opened_at + timedelta(days=days))
        case.refresh_from_db()
        assert (completeness_due(case).on.isoformat() if until else completeness_due(case)) == until


def test_a_list_tells_the_clock_that_all_steps_of_a_case_tell(case):
    """A list reads only the steps within the span that runs: also of one that was entered before, and left."""
    back_and_forth = (
        State.SUPPLEMENT, State.APPLIED, State.AGREED, State.OBJECTION, State.DOCUMENT_REVIEW, State.REVIEW_SUPPLEMENT,
        State.DOCUMENT_REVIEW, State.TECHNICAL_REVIEW, State.DOCUMENT_REVIEW, State.TECHNICAL_REVIEW, State.NOTICE,
        State.DECISION, State.CONSENT, State.DECISION, State.SIGNATURE,
    )  # fmt: skip
    told = []
    for turn, state in enumerate(back_and_forth, 1):
        bring_to(case, state, case.opened_at + turn * timedelta(days=1))
        told.append(clocks([case])[case.pk])
        own = clock_of(case)
        assert told[-1] == own
        assert client_dues([case]).get(case.pk) == (own and own.client_due)
    assert {each.slot for each in told if each} >= {"acceptance", "document_review", "decision", "notice"}
    assert any(each and each.stops for each in told)


def test_a_clock_stops_over_a_supplement_and_leaves_out_a_holiday(case):
    """Applied on Monday, 21 September 2026; the holidays are 25 to 27 September and 1 to 7 October, 10 October is
    worked. Ten working days end on 12 October; stopped from the 24th to the 30th they end on the 15th."""
    day = datetime(2026, 9, 21, 2, tzinfo=UTC)
    applied = Moved(1, "new", "applied", day)
    asked = Moved(2, "applied", "supplement", day + timedelta(days=3))
    answered = Moved(3, "supplement", "applied", day + timedelta(days=9))
    assert clock(State.APPLIED, [applied], rules_of(case)).due.on.isoformat() == "2026-10-12"
    assert clock(State.SUPPLEMENT, [applied, asked], rules_of(case)).due is None
    assert clock(State.APPLIED, [applied, asked, answered], rules_of(case)).due.on.isoformat() == "2026-10-15"


def test_every_state_that_is_not_an_end_awaits_somebody_and_belongs_to_a_stage():
    resting = set(TRANSITIONS.values()) - ENDED
    assert resting == set(AWAITED)
    assert resting <= set(STAGES)
