# SPDX-License-Identifier: Apache-2.0
"""Exact numbers as people read them: cut, never rounded, so that 94.999 % is never shown as 95 %.

Only a distance is rounded, and up: what is said to suffice must suffice.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from gradus.formats.wording import known, words
from gradus.grading.scheme import Scale

no_scales: Mapping[str, Scale] = {}

_RATING = re.compile(r"\d+-\d+")
_LARGE = {
    "zh": ((10**8, 10**8, "report.in_100_million"), (10**5, 10**4, "report.in_10_thousand")),
    "en": ((10**6, 10**6, "report.in_million"),),
}


def number(value: Fraction, places: int = 2, *, fixed: bool = False, up: bool = False) -> str:
    """A number with separators and at most ``places`` decimals (``fixed``: exactly so many), cut, or rounded up."""
    scaled = abs(value) * 10**places
    whole = scaled.__ceil__() if up else scaled.__floor__()
    digits = str(whole).rjust(places + 1, "0")
    head, tail = (digits[:-places], digits[-places:]) if places else (digits, "")
    if not fixed:
        tail = tail.rstrip("0")
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{int(head):,}{'.' if tail else ''}{tail}"


def score(value: Fraction | None) -> str:
    """Points and scores: two decimals, always."""
    return "–" if value is None else number(value, fixed=True)


def percent(value: Fraction, language: str, *, up: bool = False) -> str:
    """A ratio as a percentage with at most two decimals."""
    return f"{number(value * 100, up=up)}{'%' if language == 'zh' else ' %'}"


def is_currency(unit: str) -> bool:
    """A unit named by the three capitals of ISO 4217."""
    return len(unit) == 3 and unit.isalpha() and unit.isupper()


def in_unit(value: Fraction, unit: str, language: str, scales: Mapping[str, Scale] = no_scales) -> str:
    """A value with its unit, as it stands in a sentence; a large amount of money also in 万, 亿 or millions."""
    if not is_currency(unit):
        return _plain(value, unit, language, scales)
    full, large = _counted(number(value), unit, language), _large(value, language)
    if not large:
        return full
    return words("report.beside", language, full=full, large=large, unit=_counted("", unit, language).strip())


def short(value: Fraction, unit: str, language: str, scales: Mapping[str, Scale] = no_scales) -> str:
    """A value with its unit where there is little room: large money in 万, 亿 or millions only."""
    if not is_currency(unit):
        return _plain(value, unit, language, scales)
    return _counted(_large(value, language) or number(value), unit, language)


def _plain(value: Fraction, unit: str, language: str, scales: Mapping[str, Scale]) -> str:
    scale = scales.get(unit)
    if scale is not None and value.denominator == 1 and 0 <= value < len(scale.values):
        return scale.values[int(value)].text[language]
    if unit == "ratio":
        return percent(value, language)
    if unit == "boolean":
        return words("report.yes" if value else "report.no", language)
    if unit in ("", "count") or _RATING.fullmatch(unit):
        return number(value)
    return _counted(number(value), unit, language)


def _counted(text: str, unit: str, language: str) -> str:
    """The number before its unit's word; a unit without words of its own stands for itself."""
    code = "report.unit_" + re.sub(r"\W", "_", unit)
    if not known(code):
        return f"{text} {unit}"
    return words(code, language, n=text)


def _large(value: Fraction, language: str) -> str:
    for least, part, code in _LARGE[language]:
        if abs(value) >= least:
            return words(code, language, n=number(value / part))
    return ""


def row_ranges(rows: Sequence[int], most: int = 0, comma: str = ", ") -> str:
    """Row numbers as ranges, "2-9, 12"; after ``most`` ranges (0: all of them) an ellipsis."""
    ordered = sorted(set(rows))
    spans: list[list[int]] = []
    for row in ordered:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    words = [str(first) if first == last else f"{first}-{last}" for first, last in spans]
    kept = words if not most or len(words) <= most else [*words[:most], "…"]
    return comma.join(kept)
