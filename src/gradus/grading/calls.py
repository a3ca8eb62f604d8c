# SPDX-License-Identifier: Apache-2.0
"""What the language's functions of values do. Dates are ordinals, an empty date is None or far in the future."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from gradus.grading.calendar import latest_closed_year, month_starts, plus_months, whole_months
from gradus.grading.identifiers import cn_patent_like, cn_patent_valid, gb11714_valid, gb32100_valid
from gradus.grading.unknown import UNKNOWN

_LAST = date.max.toordinal()


def compare(sign: str, a: int, b: int, c: int, d: int) -> bool:
    """Compare a/b with c/d exactly; a division by zero compares false."""
    if not b or not d:
        return False
    left, right = a * d, c * b
    if (b < 0) != (d < 0):
        left, right = -left, -right
    match sign:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right


def _months(start: int | None, end: int | None) -> int:
    if start is None or end is None:
        return 0
    return whole_months(date.fromordinal(min(start, _LAST)), date.fromordinal(min(end, _LAST)))


def _days_within(start: int | None, end: int | None, window: tuple[int, int]) -> int:
    if start is None or end is None:
        return 0
    return max(0, min(end, window[1]) - max(start, window[0] + 1) + 1)


def _months_after(day: int | None, months: Fraction) -> int | None:
    return None if day is None else plus_months(date.fromordinal(min(day, _LAST)), int(months)).toordinal()


def _text(check: Callable[[str], bool]) -> Callable[[str | None], bool]:
    return lambda text: text is not None and check(text)


CALLS: dict[str, Callable[..., Any]] = {
    "months": _months,
    "days": lambda window: window[1] - window[0],
    "days_within": _days_within,
    "months_after": _months_after,
    "points": lambda ratio: 100 * ratio,
    "absolute": abs,
    "lowest": min,
    "highest": max,
    "gb32100_valid": _text(gb32100_valid),
    "gb11714_valid": _text(gb11714_valid),
    "cn_patent_like": _text(cn_patent_like),
    "cn_patent_valid": _text(cn_patent_valid),
}
"""Functions that need nothing but their arguments."""


def _closed_years(as_of: date, count: Fraction, closing: Fraction, since: int | None) -> tuple[int, ...]:
    """The latest closed years, the latest first, none before the year after ``since``."""
    last = latest_closed_year(as_of, int(closing))
    first = max(date.min.year, last - int(count) + 1)
    if since is not None:
        first = max(first, date.fromordinal(since).year + 1)
    return tuple(range(last, first - 1, -1))


def _month_starts(_: date, window: tuple[int, int]) -> tuple[int, ...]:
    starts = month_starts(date.fromordinal(window[0]), date.fromordinal(window[1]))
    return tuple(day.toordinal() for day in starts)


DATED: dict[str, Callable[..., Any]] = {
    "days_since": lambda as_of, day: UNKNOWN if day is None else as_of.toordinal() - day,
    "months_before": lambda as_of, months: plus_months(as_of, -int(months)).toordinal(),
    "latest_closed_year": lambda as_of, closing: latest_closed_year(as_of, int(closing)),
    "latest_closed_years": _closed_years,
    "month_starts": _month_starts,
}
"""Functions that take the as-of date before their arguments."""
