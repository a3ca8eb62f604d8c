# SPDX-License-Identifier: Apache-2.0
"""A member whom another team replaces evaluates no more, and may still neither review nor decide."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gradus.api.access import Reader
from gradus.applications.cases import evaluates, hindrances, leads, parts_of, take_part
from gradus.applications.models import Involvement, Relief
from gradus.applications.worklist import work_of
from gradus.evaluations.models import Rating
from gradus.evaluations.rows import rated_items, submitted
from gradus.evaluations.team import agree_to_team, change_team, propose_team, start_document_review
from gradus.evaluations.verdicts import Rated, may_judge, rate_item
from gradus.grading.faults import Refusal
from gradus.journal.actor import system
from gradus.people.actions import Seat, make_appointment
from gradus.people.models import Notification
from gradus.people.queries import appointments_of
from gradus.process.parts import FORBIDDEN, Part
from gradus.process.states import TEAM_CHANGES, TRANSITIONS, State, Step
from gradus.visits.queries import team_of
from tests.applications.walk import bring_to
from tests.evaluations.review import EXPERT, LEADER, MEMBER, reviewed_case, seats

MINUTE = timedelta(minutes=1)


def replaced(case, world, **who):
    """Another team takes the place of the one at work; returns the instant."""
    at = case.changed_at + MINUTE
    change_team(case, "组员因病不能继续", world.actor("office"), at)
    case.refresh_from_db()
    propose_team(case, seats(world, **who), world.actor("office"), at)
    agree_to_team(case, world.actor("manager"), at)
    start_document_review(case, world.actor(who["lead_assessor"]), at)
    case.refresh_from_db()
    return at


@pytest.fixture
def case(submitted, world):
    return reviewed_case(world, submitted())


def test_whoever_is_replaced_evaluates_no_more(case, world):
    item = next(iter(rated_items(submitted(case).edition)))
    rate_item(case, item, Rated(3, "见记录"), world.actor(MEMBER), case.changed_at + MINUTE)
    at = replaced(case, world, lead_assessor=LEADER, technical_expert=EXPERT) + MINUTE
    gone = world.people[MEMBER]
    assert Relief.objects.get().involvement.account == gone
    assert not evaluates(case, gone.pk)
    assert not may_judge(case, gone.pk)
    assert [each.account.name for each in team_of(case)] == ["lead assessor", "technical expert"]
    with pytest.raises(Refusal) as refused:
        rate_item(case, item, Rated(5, "再评"), world.actor(MEMBER), at)
    assert [each.code for each in refused.value.faults] == ["evaluation.not_on_team"]
    with pytest.raises(IntegrityError, match="rating_of_stranger"), transaction.atomic():
        Rating.objects.create(case=case, account=gone, item=item, value=5, text="再评", made_at=at)
    assert Rating.objects.get().value == 3, "what was said stays"


def test_whoever_is_replaced_has_no_work_in_the_case_reads_it_no_more_and_is_told_nothing(case, world):
    gone = world.people[MEMBER]
    told = Notification.objects.filter(account=gone).count()
    at = replaced(case, world, lead_assessor=LEADER, technical_expert=EXPERT)
    assert work_of(gone, appointments_of(gone, at), at) == []
    assert Reader(gone, at).case(case.pk) is None
    assert Notification.objects.filter(account=gone).count() == told
    assert Reader(world.people[EXPERT], at).case(case.pk) == case


def test_whoever_was_replaced_is_not_told_of_a_decision_that_they_may_not_take(case, world):
    gone = world.people[MEMBER]
    made = make_appointment(gone, Seat(world.body, "decision_maker"), system, case.opened_at)
    made.starts_on = case.opened_at.date()
    made.save()
    replaced(case, world, lead_assessor=LEADER, technical_expert=EXPERT)
    told = Notification.objects.filter(account=gone).count()
    bring_to(case, State.DECISION, case.changed_at)
    assert Notification.objects.filter(account=gone).count() == told
    page = f"/office/cases/{case.pk}/"
    assert Notification.objects.filter(account=world.people["decision_maker"], address=page).exists()


def test_having_evaluated_still_forbids_every_later_part(case, world):
    at = replaced(case, world, lead_assessor=LEADER, technical_expert=EXPERT)
    gone = world.people[MEMBER].pk
    assert parts_of(case, gone) == [Part.ASSESSOR]
    for part in (each for each in Part if frozenset({each, Part.ASSESSOR}) in FORBIDDEN):
        with pytest.raises(Refusal), transaction.atomic():
            take_part(case, gone, part, at)
        with pytest.raises(IntegrityError), transaction.atomic():
            Involvement.objects.create(case=case, account_id=gone, part=part.value, since=at)
    assert [each.code for each in hindrances(case, gone, Part.ASSESSOR, at)] == ["case.part_ended"]


def test_a_leader_who_becomes_a_member_leads_no_more(case, world):
    world.join("second", world.body, "lead_assessor", case.opened_at)
    with pytest.raises(Refusal) as refused:
        replaced(case, world, lead_assessor="second", assessor=LEADER)
    assert [each.code for each in refused.value.faults] == ["team.leader_not_competent"]
    at = case.changed_at
    propose_team(case, seats(world, lead_assessor=LEADER, technical_expert=MEMBER), world.actor("office"), at)
    agree_to_team(case, world.actor("manager"), at)
    start_document_review(case, world.actor(LEADER), at)
    assert leads(case, world.people[LEADER].pk)
    assert {(each.account.name, each.part) for each in team_of(case)} == {
        ("lead assessor", "lead_assessor"),
        ("assessor", "technical_expert"),
    }


def test_a_team_is_changed_wherever_it_is_at_work_and_the_evaluation_begins_anew():
    led_to = {before: after for (before, step), after in TRANSITIONS.items() if step is Step.CHANGE_TEAM}
    assert led_to == dict.fromkeys(TEAM_CHANGES, State.AGREED)
