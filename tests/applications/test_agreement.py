# SPDX-License-Identifier: Apache-2.0
"""Quotation and agreement."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from gradus.applications.agreement import quote, record_agreement
from gradus.applications.cases import rules_of
from gradus.applications.models import Agreement, Quotation
from gradus.grading.faults import Refusal
from gradus.process.states import State
from tests.applications.stage_one import later
from tests.applications.walk import bring_to, open_case


@pytest.fixture
def case(submitted):
    submission = submitted()
    found = open_case(submission, submission.submitted_at)
    return bring_to(found, State.ACCEPTED, later(found))


def duties(case):
    return [each.id for each in rules_of(case).procedure.duties]


def test_a_quotation_is_man_days_and_fees_of_the_edition_and_the_procedure(case, world):
    made = quote(case, 2, "总部与两个场所，四月", world.actor("office"), later(case))
    assert (made.man_days, made.application, made.evaluation, made.certificate, made.total) == (
        4,
        2000,
        12000,
        1000,
        15000,
    )
    again = quote(case, 0, "只评总部", world.actor("office"), later(case))
    assert (again.number, again.total) == (2, Decimal(9000))
    case.refresh_from_db()
    assert case.state == "quoted"


def test_a_quotation_needs_a_plan_and_a_number_of_sites(case, world):
    with pytest.raises(Refusal) as told:
        quote(case, -1, " ", world.actor("office"), later(case))
    assert [each.code for each in told.value.faults] == ["quotation.sites", "quotation.plan_needed"]


def test_the_client_takes_on_every_duty_and_agrees_to_the_last_quotation(case, world):
    manager = world.actor("manager")
    for plan in ("一", "二"):
        made = quote(case, 0, plan, world.actor("office"), later(case))
    with pytest.raises(Refusal) as told:
        record_agreement(case, 1, duties(case)[1:], ("", "总经理"), manager, later(case))
    assert [each.code for each in told.value.faults] == [
        "agreement.duty_open",
        "agreement.signatory_needed",
        "agreement.other_quotation",
    ]
    agreed = record_agreement(case, 2, duties(case), ("王法定", "总经理"), manager, later(case))
    case.refresh_from_db()
    assert (case.state, agreed.quotation, agreed.duties) == ("agreed", made, duties(case))


def test_who_quotes_or_agrees_after_the_agreement_is_told_that_the_case_has_moved_on(case, world):
    quote(case, 0, "一", world.actor("office"), later(case))
    signed = (case, 1, duties(case), ("王法定", "总经理"), world.actor("manager"))
    record_agreement(*signed, later(case))
    for act in (lambda: record_agreement(*signed, later(case)), lambda: quote(case, 0, "二", signed[-1], later(case))):
        with pytest.raises(Refusal) as told:
            act()
        assert [each.code for each in told.value.faults] == ["case.not_now"]


def test_the_database_takes_no_agreement_to_an_older_quotation_and_no_quotation_out_of_its_time(case, world):
    for plan in ("一", "二"):
        quote(case, 0, plan, world.actor("office"), later(case))
    first, second = Quotation.objects.filter(case=case).order_by("number")
    signed = {"account": world.people["manager"], "duties": [], "signatory": "王", "position": "总", "at": later(case)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(case=case, quotation=first, **signed)
    record_agreement(case, 2, duties(case), ("王法定", "总经理"), world.actor("manager"), later(case))
    second.pk, second.number = None, 3
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)
