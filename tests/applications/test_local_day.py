# SPDX-License-Identifier: Apache-2.0
"""The database counts days as the actions do, by the body's clock: early in the morning it is yesterday in UTC."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import get_current_timezone, localdate

from gradus.applications.cases import take_part
from gradus.applications.models import Involvement, Tie
from gradus.grading.faults import Refusal
from gradus.process.parts import Part
from tests.applications.walk import open_case

DAY = date(2026, 7, 2)


@pytest.fixture
def case(submitted):
    submission = submitted()
    return open_case(submission, submission.submitted_at)


def taken(case, who, at):
    """Whether the action, and whether the database takes a part of the body's."""

    def inserted(*_):
        Involvement.objects.create(case=case, account=who, part=Part.ASSESSOR, since=at)

    found = []
    for act in (take_part, inserted):
        try:
            with transaction.atomic():
                act(case, who.pk, Part.ASSESSOR, at)
                transaction.set_rollback(True)  # only tried
            found.append(True)
        except (Refusal, IntegrityError):
            found.append(False)
    return found


@pytest.mark.parametrize("clock", [time(0, 10), time(7), time(23, 30)], ids=str)
def test_ties_and_appointments_begin_and_end_with_the_local_day(case, world, clock):
    at = datetime.combine(DAY, clock, get_current_timezone())
    assert localdate(at) == DAY
    who, tomorrow = world.people["assessor"], timedelta(days=1)
    Tie.objects.create(
        account=who, client=case.client, kind="employed", starts_on=DAY, source="x", told_at=case.changed_at
    )
    assert taken(case, who, at - tomorrow) == [True, True]
    assert taken(case, who, at) == [False, False]
    member = world.people["member"]
    member.appointments.update(ends_on=DAY)
    assert taken(case, member, at - tomorrow) == [False, False]
    assert taken(case, member, at) == [True, True]
