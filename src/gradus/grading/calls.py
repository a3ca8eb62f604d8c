# SPDX-License-Identifier: Apache-2.0
"""What the language's functions of values do. Dates are ordinals, an empty date is None or far in the future."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from gradus.grading.calendar import plus_months, whole_months
from gradus.grading.identifiers import cn_patent_like, cn_patent_valid, gb11714_valid, gb32100_valid

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


CALLS: dict[str, Callable[..., object]] = {
    "months": _months,
    "days": lambda window: window[1] - window[0],
    "days_within": _days_within,
    "months_after": _months_after,
    "gb32100_valid": _text(gb32100_valid),
    "gb11714_valid": _text(gb11714_valid),
    "cn_patent_like": _text(cn_patent_like),
    "cn_patent_valid": _text(cn_patent_valid),
}
"""Functions that need nothing but their arguments; those that need the as-of date are in the evaluator."""
