# SPDX-License-Identifier: Apache-2.0
"""Calendar arithmetic on dates: months keep the day or take the last day of a shorter month."""

from calendar import monthrange
from datetime import date


def plus_months(day: date, months: int) -> date:
    """``day`` plus (or minus) calendar months; 31 August minus 6 months is 28 or 29 February.

    What would lie before year 1 or after year 9999 is the first or the last date there is.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if year < date.min.year else date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_months(start: date, end: date) -> int:
    """The greatest n for which start plus n calendar months is not after end; 0 when start is after end."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(0, months if plus_months(start, months) <= end else months - 1)


def latest_closed_year(as_of: date, months: int) -> int:
    """The latest year whose 31 December plus the closing months is on or before the as-of date."""
    year = as_of.year
    while year > date.min.year and plus_months(date(year, 12, 31), months) > as_of:
        year -= 1
    return year


def month_starts(after: date, until: date) -> tuple[date, ...]:
    """The first days of months that lie after one date and up to another."""
    months = range(after.year * 12 + after.month, until.year * 12 + until.month)
    return tuple(date(month // 12, month % 12 + 1, 1) for month in months)
