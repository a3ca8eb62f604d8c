# SPDX-License-Identifier: Apache-2.0
"""The client hears of every plan of a visit, of its end and of the one that follows."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.timezone import get_current_timezone, localtime

from gradus.applications.models import CaseStep
from gradus.decisions.letters import letter_of
from gradus.people.models import Notification
from gradus.people.notifications import said_as
from gradus.process.states import State, Step
from gradus.visits.closing import withdraw_plan
from gradus.visits.plan import plan_visit, plan_warnings
from tests.applications.walk import bring_to
from tests.visits import on_site

PLACE = "北京市海淀区某路 1 号"


def told(world, language):
    return [
        said_as(each.code, each.blanks, language)
        for each in Notification.objects.filter(account=world.people["manager"]).order_by("id")
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_plan_its_end_and_the_next_are_told_in_the_page_and_by_letter(
    case, world, visit, language, django_capture_on_commit_callbacks
):
    leader, at = world.actor("lead_assessor"), visit.at + timedelta(hours=1)
    opening = localtime(visit.opening).strftime("%Y-%m-%d %H:%M")
    (planned,) = [each for each in told(world, language) if opening in each]
    assert PLACE in planned
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_plan(case, "申请人要求改期", leader, at)
        assert "申请人要求改期" in told(world, language)[-1]
        again = plan_visit(case, on_site.plan_of(world, at), leader, at + timedelta(minutes=1))
    assert localtime(again.opening).strftime("%Y-%m-%d %H:%M") in told(world, language)[-1]
    to_client = [each for each in mail.outbox if world.people["manager"].email in each.to]
    assert len(to_client) == 2


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_clients_pages_show_what_is_planned_and_mark_what_was_taken_back(case, world, visit, sign_in, language):
    browser = sign_in("manager", language)
    own, letters = (
        reverse(name, kwargs={"client": case.client_id, "case": case.pk}) for name in ("client_case", "client_letters")
    )
    opening = localtime(visit.opening).strftime("%Y-%m-%d %H:%M")
    assert opening in browser.get(own).text
    assert PLACE in browser.get(own).text
    withdraw_plan(case, "申请人要求改期", world.actor("lead_assessor"), visit.at + timedelta(hours=1))
    assert PLACE not in browser.get(own).text
    for page in (letters, reverse("client_visit", kwargs={"client": case.client_id, "case": case.pk})):
        assert "申请人要求改期" in browser.get(page).text, page
    for page in ("case_letters", "visit"):
        assert "申请人要求改期" in sign_in("lead_assessor", language).get(reverse(page, args=[case.pk])).text, page


def test_the_letter_of_a_plan_names_the_one_that_it_replaces(case, world, visit):
    leader, at = world.actor("lead_assessor"), visit.at + timedelta(hours=1)
    withdraw_plan(case, "申请人要求改期", leader, at)
    plan_visit(case, on_site.plan_of(world, at), leader, at + timedelta(minutes=1))
    first, second = CaseStep.objects.filter(case=case, step=Step.PLAN_VISIT).order_by("number")
    facts = [[line.text for line in letter_of(case, each, "zh").facts] for each in (first, second)]
    assert any(f"{case.number}-{first.number}" in each for each in facts[1])
    assert not any(f"{case.number}-" in each for each in facts[0])


@pytest.mark.parametrize(
    ("opening", "said"),
    [
        ((2026, 7, 6, 9), []),  # a Monday, days ahead
        ((2026, 7, 4, 9), ["visit.days_off"]),  # a Saturday
        ((2026, 10, 1, 9), ["visit.days_off"]),  # a holiday on a Thursday
        ((2026, 9, 20, 9), []),  # a Sunday on which is worked
    ],
)
def test_what_is_unusual_about_a_plan_is_told_and_planned_all_the_same(case, world, opening, said):
    bring_to(case, State.PLANNING, case.opened_at)
    at = case.changed_at + timedelta(minutes=1)
    on_site.with_team(case, world, at)
    begins = datetime(*opening, tzinfo=get_current_timezone())
    span = {"closing_from": begins + timedelta(hours=7), "closing_until": begins + timedelta(hours=8)}
    plan = replace(on_site.plan_of(world, at), opening=begins, **span)
    visit = plan_visit(case, plan, world.actor("lead_assessor"), at)
    assert [each.code for each in plan_warnings(visit)] == said
    visit.opening = visit.at + timedelta(minutes=3)
    assert "visit.short_notice" in [each.code for each in plan_warnings(visit)]
