# SPDX-License-Identifier: Apache-2.0
"""Numbers as an edition's author writes them: read exactly or not at all, and within what their unit allows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from gradus.grading import expressions as ex
from gradus.grading.expressions import Expression, Node
from gradus.grading.scheme import Table
from gradus.grading.validate import written

_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,12})?")
_NUMBER_LIKE = re.compile(
    r"[-+]?([0-9][0-9_,]*\.?[0-9_]*|\.[0-9_]+)(e[-+]?[0-9]+)?\s*%?|[-+]?[0-9]+/[0-9]+|0[xob][0-9a-f]+|[-+]?\.(inf|nan)",
    re.IGNORECASE,
)
_IN_THOUSANDS = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,12})?")
_RATING = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a number must keep to. ``ratio``: it is a part of 1, and a percentage is a likely slip."""

    low: int | None = None
    high: int | None = None
    whole: bool = False
    ratio: bool = False


def exact(text: str) -> Fraction | None:
    """The exact number written in a text; None when it is not one."""
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def looks_like_number(text: str) -> bool:
    """Whether a text is meant as a number, even if it is not written as one must be."""
    return _NUMBER_LIKE.fullmatch(text) is not None


def without_commas(text: str) -> str:
    """``1,500`` as ``1500``; any other text as it is."""
    return text.replace(",", "") if _IN_THOUSANDS.fullmatch(text) else text


def number_fault(text: str, limits: Limits) -> tuple[str, dict[str, str]] | None:
    """What is wrong with a number: the fault's code and blanks; None when nothing is."""
    value = exact(text)
    if value is None:
        return _unreadable(text)
    if limits.whole and value.denominator != 1:
        return "scheme.not_whole", {}
    if limits.ratio and 1 < value <= 100:
        return "scheme.ratio_above_one", {"expected": written(value / 100)}
    low, high = limits.low, limits.high
    if low == 0 and value < 0 and high is None:
        return "scheme.negative", {}
    if (low is not None and value < low) or (high is not None and value > high):
        return "scheme.out_of_range", {"low": str(low), "high": str(high)}
    return None


def _unreadable(text: str) -> tuple[str, dict[str, str]]:
    plain, share = without_commas(text), exact(text.removesuffix("%").strip())
    if plain != text:
        return "scheme.number_comma", {"expected": plain}
    if text.endswith("%") and share is not None:
        return "scheme.percent_sign", {"expected": written(share / 100)}
    return "scheme.bad_number", {}


def limits_of(unit: str) -> Limits:
    """What a number in this unit must keep to. The unit ``0-5`` says it itself."""
    rating = _RATING.fullmatch(unit)
    if rating:
        return Limits(int(rating[1]), int(rating[2]))
    ratio = unit == "ratio"
    return Limits(0, 1 if ratio or unit == "boolean" else None, whole=unit in ("count", "boolean"), ratio=ratio)


def limits_of_measure(unit: str, measure: Expression | None, tables: Mapping[str, Table]) -> Limits:
    """What can be asked of a measure: below 0, or a part of a count, only where the measure can be that. None: a
    measure that can not be read, whose unit may be at fault."""
    if measure is None:
        return Limits()
    limits = limits_of(unit)
    low = None if limits.low == 0 and _may_be_negative(measure.root, tables) else limits.low
    whole = limits.whole and (unit != "count" or _is_whole(measure.root, tables))
    return Limits(low, limits.high, whole, limits.ratio)


def _may_be_negative(node: Node, tables: Mapping[str, Table]) -> bool:
    match node:
        case ex.Arithmetic(sign="-") | ex.Term():
            return True
        case ex.Call(name="absolute"):
            return False
        case ex.Cell() | ex.Single():
            column = tables[node.table].columns[node.index]
            least = column.minimum if column.above is None else column.above
            return least is None or least < 0
        case _:
            return any(part.type.kind == "number" and _may_be_negative(part, tables) for part in ex.parts(node))


def _is_whole(node: Node, tables: Mapping[str, Table]) -> bool:
    match node:
        case ex.Aggregate(kind="count" | "distinct" | "streak"):
            return True
        case ex.Aggregate(kind="sum" | "largest" | "the", value=ex.Cell() as value):
            return _is_whole(value, tables)
        case ex.Cell() | ex.Single():
            return tables[node.table].columns[node.index].type == "integer"
        case ex.Constant(value=Fraction() as value):
            return value.denominator == 1
        case ex.Choose(left=left, right=right):
            return all(each.type.kind == "unknown" or _is_whole(each, tables) for each in (left, right))
        case ex.Arithmetic(sign="+" | "-" | "*", left=left, right=right):
            return _is_whole(left, tables) and _is_whole(right, tables)
        case _:
            return False
