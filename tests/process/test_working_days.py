# SPDX-License-Identifier: Apache-2.0
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gradus.applications.work_calendar import work_calendar
from gradus.process.working_days import Due, Limit, WorkCalendar, due

CALENDAR = work_calendar()
WEEKENDS = WorkCalendar(frozenset(), frozenset(), 2026)


def working(days):
    return Limit(Fraction(days), "working days")


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2026-07-03", 5, "2026-07-10"),  # over a weekend
        ("2026-09-30", 1, "2026-10-08"),  # over the National Day holiday
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday worked to make up for the Spring Festival
        ("2026-02-14", 2, "2026-02-25"),  # over the Spring Festival
    ],
)
def test_working_days_leave_out_weekends_and_holidays_and_count_make_up_days(start, days, last):
    assert due(date.fromisoformat(start), working(days), CALENDAR) == Due(date.fromisoformat(last), provisional=False)


def test_past_the_last_year_known_a_due_date_is_provisional():
    found = due(date(CALENDAR.last_year, 12, 30), working(10), CALENDAR)
    assert found.provisional
    assert found.on.year == CALENDAR.last_year + 1
    assert not due(date(CALENDAR.last_year, 6, 1), working(10), CALENDAR).provisional


def test_days_weeks_and_months_are_those_of_the_calendar():
    start = date(2026, 8, 31)
    assert due(start, Limit(Fraction(3), "weeks"), CALENDAR).on == date(2026, 9, 21)
    assert due(start, Limit(Fraction(6), "months"), CALENDAR).on == date(2027, 2, 28)
    assert due(start, Limit(Fraction(30), "days"), CALENDAR).on == date(2026, 9, 30)


def test_a_clock_that_stands_still_has_no_due_date_and_gives_the_days_back_afterwards():
    start = date(2026, 9, 21)  # a Monday; 25 to 27 September and 1 to 7 October are holidays, 10 October is worked
    assert due(start, working(10), CALENDAR).on == date(2026, 10, 12)
    assert due(start, working(10), CALENDAR, [(date(2026, 9, 24), None)]) is None
    # Stopped from the 24th to the 30th: the working days 28, 29 and 30 September are given back.
    assert due(start, working(10), CALENDAR, [(date(2026, 9, 24), date(2026, 9, 30))]).on == date(2026, 10, 15)


@given(
    some.dates(date(2020, 1, 1), date(2026, 12, 31)), some.integers(1, 60), some.integers(0, 40), some.integers(0, 40)
)
def test_a_stop_never_brings_the_end_nearer_and_gives_back_just_what_it_took(start, days, after, length):
    plain = due(start, working(days), WEEKENDS).on
    begin = start + timedelta(days=after)
    stopped = due(start, working(days), WEEKENDS, [(begin, begin + timedelta(days=length))]).on
    assert stopped >= plain
    if begin > plain:
        assert stopped == plain
    else:
        worked = sum(WEEKENDS.works(begin + timedelta(days=each)) for each in range(1, length + 1))
        between = sum(WEEKENDS.works(plain + timedelta(days=each)) for each in range(1, (stopped - plain).days + 1))
        assert between == worked
