# SPDX-License-Identifier: Apache-2.0
"""Working days, and when a time limit ends.

A day is the calendar day in the body's time zone. The day of the event is not counted; a limit ends at the end of its
last day, and one in calendar days, weeks or months that would end on a day without work ends on it all the same: the
edition's limits name working days where they mean them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

from gradus.grading.calendar import plus_months


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """``holidays`` are weekdays without work, ``make_up`` weekend days with work, as proclaimed up to the end of
    ``last_year``; after it only weekends are known, and what is computed with it is provisional."""

    holidays: frozenset[date]
    make_up: frozenset[date]
    last_year: int

    def works(self, day: date) -> bool:
        return day in self.make_up or (day.weekday() < 5 and day not in self.holidays)

    def knows(self, day: date) -> bool:
        return day.year <= self.last_year


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time: ``unit`` is working days, days, weeks, months or h."""

    value: Fraction
    unit: str


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a limit. ``provisional``: holidays of a year on the way are not proclaimed yet."""

    on: date
    provisional: bool

    def overdue(self, day: date) -> bool:
        return day > self.on


Stop = tuple[date, date | None]


def due(start: date, limit: Limit, calendar: WorkCalendar, stops: Iterable[Stop] = ()) -> Due | None:
    """When a limit that began on a day ends; None while its clock stands still.

    ``stops`` are the spans in which the clock stood still: from the day it stopped to the day it went on, of which the
    first counts no more and the second not yet. The days between are given back, in the limit's own kind of day.
    """
    spans = sorted(stops, key=lambda each: each[0])
    if any(end is None for _, end in spans):
        return None
    last, provisional = _end(start, limit, calendar)
    for begin, end in spans:
        assert end is not None
        if begin > last:
            continue
        given = _length(begin, end, limit, calendar)
        last, more = _forward(last, given, limit, calendar)
        provisional = provisional or more
    return Due(last, provisional)


@lru_cache(maxsize=4096)  # a list of a thousand cases asks for the same few days again and again
def _end(start: date, limit: Limit, calendar: WorkCalendar) -> tuple[date, bool]:
    if limit.unit == "working days":
        return _forward(start, int(limit.value), limit, calendar)
    if limit.unit == "months":
        return plus_months(start, int(limit.value)), False
    days = {"days": 1, "weeks": 7}[limit.unit] * int(limit.value)
    return start + timedelta(days=days), False


def _forward(day: date, count: int, limit: Limit, calendar: WorkCalendar) -> tuple[date, bool]:
    """The day that lies a number of the limit's days later, and whether that is provisional."""
    if limit.unit != "working days":
        return day + timedelta(days=count), False
    while count:
        day += timedelta(days=1)
        count -= calendar.works(day)
    return day, not calendar.knows(day)


def _length(begin: date, end: date, limit: Limit, calendar: WorkCalendar) -> int:
    """How many of the limit's days lie after one day and up to another."""
    if limit.unit != "working days":
        return (end - begin).days
    return sum(calendar.works(begin + timedelta(days=number)) for number in range(1, (end - begin).days + 1))
