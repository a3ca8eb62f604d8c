# SPDX-License-Identifier: Apache-2.0
"""Days on which something that people tell of has begun: not to come yet, and of no earlier time than anybody at work
remembers."""

from datetime import date

from gradus.grading.faults import Fault, Place

EARLIEST = date(1950, 1, 1)


def is_too_early(day: date) -> bool:
    """Whether a day is of before anything that a record tells of: a slip in the year."""
    return day < EARLIEST


def began_faults(day: date, today: date, field: str = "starts_on") -> list[Fault]:
    """What is wrong with the first day of something that holds or has held."""
    if is_too_early(day):
        return [Fault("day.too_early", Place(field=field), {"first": str(EARLIEST.year)})]
    if day > today:
        return [Fault("day.to_come", Place(field=field), {"day": today.isoformat()})]
    return []
