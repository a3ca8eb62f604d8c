# SPDX-License-Identifier: Apache-2.0
"""Public holidays and make-up days of mainland China, as the State Council proclaims them each year."""

from datetime import date
from functools import cache

from chinese_calendar import constants

from gradus.process.working_days import WorkCalendar


@cache
def work_calendar() -> WorkCalendar:
    """What the library knows. Past its last year only weekends are free, and limits that reach there provisional."""
    days = [each for each in constants.holidays if each.weekday() < 5]
    last = max(each.year for each in constants.holidays)
    # A year is known once its October is: the first days of January are proclaimed with the year before.
    while date(last, 10, 1) not in constants.holidays:
        last -= 1
    return WorkCalendar(frozenset(days), frozenset(constants.workdays), last)
