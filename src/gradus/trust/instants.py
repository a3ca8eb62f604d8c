# SPDX-License-Identifier: Apache-2.0
"""Instants and days. An instant is written in one form, UTC and whole seconds. A day is a calendar day in China, where
the certification body and its clients are: it begins at 00:00 of UTC+8, which knows no summer time."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TypeVar

CHINA = timezone(timedelta(hours=8))
FIRST_YEAR, LAST_YEAR = 1900, 2999

When = TypeVar("When", date, datetime)

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def write_instant(at: datetime) -> str:
    """Raises ValueError for an instant without offset or with parts of a second: it would not be read as it was."""
    if at.tzinfo is None or at.microsecond:
        raise ValueError("an instant is in whole seconds and says its offset")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def read_instant(text: str) -> datetime:
    """Raises ValueError."""
    if not _INSTANT.fullmatch(text):
        raise ValueError("not of the form 2026-06-30T09:00:00Z")
    return _sensible(datetime.fromisoformat(text))


def read_day(text: str) -> date:
    """Raises ValueError."""
    if not _DAY.fullmatch(text):
        raise ValueError("not of the form 2026-06-30")
    return _sensible(date.fromisoformat(text))


def _sensible(when: When) -> When:
    """Years in which every calculation with days and zones has a result."""
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise ValueError(f"not between {FIRST_YEAR} and {LAST_YEAR}")
    return when


def shown(at: datetime) -> str:
    """An instant for people: the clock in China."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S} UTC+8"


def begins(day: date) -> datetime:
    """The first instant of a day in China."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def ends(day: date) -> datetime:
    """The first instant that is no longer in that day."""
    return begins(day + timedelta(days=1))


def day_of(at: datetime) -> date:
    """The day in China that an instant lies in."""
    return at.astimezone(CHINA).date()


def whole(at: datetime) -> datetime:
    """The second that an instant lies in, in UTC: what is signed knows no parts of seconds and no other zone."""
    return at.astimezone(UTC).replace(microsecond=0)
