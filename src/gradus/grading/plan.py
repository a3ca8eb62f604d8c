# SPDX-License-Identifier: Apache-2.0
"""What stands in the way of the next outcome, each with its distance in the unit of the fact, and for a missed score
each indicator by the points it could add and the smallest change of facts that adds them."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

from gradus.grading import expressions as ex
from gradus.grading.expressions import Expression, Node
from gradus.grading.grade import Grade, dimension_scores, overall_score, points_of
from gradus.grading.result import Block, Change, Explanation, Gain, IndicatorResult, Status
from gradus.grading.scheme import Edition, Indicator, Outcome

_FULL = Fraction(100)


def stands_in_the_way(edition: Edition, grade: Grade) -> tuple[int, tuple[Block, ...]]:
    """The rank of the next outcome above the capability, and what keeps it away; (0, ()) at the top."""
    outcome = next((each for each in edition.outcomes if each.rank == grade.capability + 1), None)
    if outcome is None:
        return 0, ()
    vetoes = [
        Block("veto", each.id, Status.NOT_MET, None, None, None, ()) for each in grade.vetoes.values() if each.holds
    ]
    blocks = [*vetoes, *_gates(edition, grade, outcome), *_scores(edition, grade, outcome)]
    return outcome.rank, tuple(blocks)


def _gates(edition: Edition, grade: Grade, outcome: Outcome) -> list[Block]:
    blocks = []
    for requirement in edition.requirements:
        result = grade.requirements[requirement.id]
        status = result.status[outcome.id]
        if status in (Status.MET, Status.NOT_ASKED):
            continue
        asked = requirement.asks[outcome.id].value
        distance = smallest_change(edition, requirement.measure, result.explanation, result.value, asked)
        blocks.append(Block("requirement", requirement.id, status, result.value, asked, distance, ()))
    return blocks


def _scores(edition: Edition, grade: Grade, outcome: Outcome) -> list[Block]:
    blocks = []
    least, each_least = outcome.overall_at_least, outcome.each_dimension_at_least
    if each_least is not None:
        for key, score in grade.dimensions.items():
            if score is not None and score < each_least.value:
                gains = _gains(edition, grade, key, each_least.value)
                blocks.append(_score_block("dimension", key, score, each_least.value, gains))
    if least is not None and grade.overall is not None and grade.overall < least.value:
        gains = _gains(edition, grade, "", least.value)
        blocks.append(_score_block("overall", "", grade.overall, least.value, gains))
    return blocks


def _score_block(kind: str, key: str, score: Fraction, asked: Fraction, gains: tuple[Gain, ...]) -> Block:
    gap = asked - score
    change = Change(gap, "points", {"k": gap, "t": asked, "v": score})
    return Block(kind, key, Status.NOT_MET, score, asked, change, gains)


def _gains(edition: Edition, grade: Grade, dimension: str, asked: Fraction) -> tuple[Gain, ...]:
    """Each indicator that could add to a missed score, the most first. ``dimension`` "" means the overall score."""
    points = {key: each.points for key, each in grade.indicators.items()}
    now = _score(edition, points, dimension) or Fraction(0)
    gains = []
    for indicator in edition.indicators:
        result = grade.indicators[indicator.id]
        if result.points is None or result.points == _FULL or dimension not in ("", indicator.dimension):
            continue
        adds = (_score(edition, {**points, indicator.id: _FULL}, dimension) or now) - now
        if adds <= 0:
            continue
        full = _change_to(edition, indicator, result, indicator.target.value)
        gains.append(Gain(indicator.id, adds, full, _enough(edition, indicator, result, points, dimension, asked)))
    return tuple(sorted(gains, key=lambda gain: (-gain.adds, gain.indicator)))


def _score(edition: Edition, points: Mapping[str, Fraction | None], dimension: str) -> Fraction | None:
    scores = dimension_scores(edition, points)
    return scores[dimension] if dimension else overall_score(edition, scores)


def _enough(
    edition: Edition,
    indicator: Indicator,
    result: IndicatorResult,
    points: Mapping[str, Fraction | None],
    dimension: str,
    asked: Fraction,
) -> Change | None:
    """The smallest change of this indicator alone that closes the gap; found among the declared steps of its points."""
    step = edition.rounding.value

    def reaches(steps: int) -> bool:
        score = _score(edition, {**points, indicator.id: min(_FULL, steps * step)}, dimension)
        return score is not None and score >= asked

    high = ceil(_FULL / step)
    if not reaches(high):
        return None
    low = int((result.points or Fraction(0)) / step)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    floor, target = indicator.floor.value, indicator.target.value
    value = floor + min(_FULL, high * step) * (target - floor) / _FULL
    return _change_to(edition, indicator, result, value)


def _change_to(edition: Edition, indicator: Indicator, result: IndicatorResult, value: Fraction) -> Change:
    change = smallest_change(edition, indicator.measure, result.explanation, result.value, value)
    if result.value is not None and points_of(edition, indicator, value) <= (result.points or 0):
        return Change(Fraction(0), change.unit, change.blanks)
    return change


def smallest_change(
    edition: Edition, measure: Expression, explanation: Explanation, value: Fraction | None, asked: Fraction
) -> Change:
    """The smallest change of facts after which a measure is at what is asked: more rows with credit, a larger sum
    ..."""
    root = shape(edition, measure.root)
    unit = ex.unit_text(_unit(root))
    blanks = {**explanation.blanks, "t": asked}
    amount = None if value is None else _distance(edition, root, explanation, value, asked)
    if amount is not None:
        blanks["k"] = amount
    return Change(amount, unit, blanks)


def shape(edition: Edition, node: Node) -> Node:
    """The node whose numbers fill a measure's sentence: conditions, terms and conversions taken off."""
    match node:
        case ex.Choose(left=left):
            return shape(edition, left)
        case ex.Term(id=name):
            return shape(edition, edition.terms[name].formula.root)
        case ex.Call(name="points", items=(item,)):
            return shape(edition, item)
        case _:
            return node


def _unit(root: Node) -> ex.Unit | None:
    match root:
        case ex.Arithmetic(sign="/", left=left):
            return left.type.unit
        case ex.Aggregate(kind="share" | "every" | "median") | ex.Arithmetic(sign="-"):
            return ex.unit_named("count")
        case _ if root.type.kind == "boolean":
            return ex.unit_named("count")
        case _:
            return root.type.unit


def _distance(
    edition: Edition, root: Node, explanation: Explanation, value: Fraction, asked: Fraction
) -> Fraction | None:
    blanks = explanation.blanks
    match root:
        case ex.Aggregate(kind="share" | "every"):
            return _whole(asked * blanks["d"] - blanks["n"]) if "d" in blanks else None
        case ex.Arithmetic(sign="/", left=left) if "d" in blanks:
            lacking = asked * blanks["d"] - blanks["n"]
            return _whole(lacking) if left.type.unit == ex.unit_named("count") else _hundredths(lacking)
        case ex.Aggregate(kind="median"):
            return _rows_to_move(explanation.values, asked, rising=asked > value)
        case ex.Arithmetic(sign="-", left=ex.Aggregate(kind="share"), right=ex.Aggregate(kind="share")):
            return _answers_to_win(explanation, value, asked)
        case ex.Aggregate(kind="mean"):
            return _hundredths(abs(asked - value))
        case _ if root.type.kind == "boolean":
            return Fraction(1)
        case _:
            return (_whole if _counts(edition, root) else _hundredths)(abs(asked - value))


def _counts(edition: Edition, root: Node) -> bool:
    """Whether a measure moves in whole steps: rows, months, ratings. Nobody brings half a patent."""
    match root:
        case ex.Aggregate(kind="count" | "distinct" | "streak"):
            return True
        case ex.Cell(table=table, column=column) | ex.Single(table=table, column=column):
            return edition.tables[table].column(column).type == "integer"
        case ex.Aggregate(value=value) if value is not None:
            return _counts(edition, value)
        case ex.Choose(left=left, right=right):
            return _counts(edition, left) and _counts(edition, right)
        case ex.Call(name=name):
            return name in ("months", "days_since", "days_within") or name.startswith("grade_on:")
        case _:
            return False


def _whole(amount: Fraction) -> Fraction:
    return Fraction(max(0, ceil(amount)))


def _hundredths(amount: Fraction) -> Fraction:
    """Up to the next hundredth, so that the change that is named suffices."""
    return Fraction(max(0, ceil(amount * 100)), 100)


def _rows_to_move(values: tuple[Fraction, ...], asked: Fraction, *, rising: bool) -> Fraction | None:
    """How many rows must reach what is asked before the median does: the nearest first."""
    sign = 1 if rising else -1
    ordered = sorted(sign * value for value in values)
    goal, middle = sign * asked, len(values) // 2
    for moved in range(len(ordered) + 1):
        low = ordered[middle - 1] if len(ordered) % 2 == 0 else ordered[middle]
        if (low + ordered[middle]) / 2 >= goal:
            return Fraction(moved)
        below = [value for value in ordered if value < goal]
        ordered.remove(below[-1])
        ordered = sorted([*ordered, goal])
    return None


def _answers_to_win(explanation: Explanation, value: Fraction, asked: Fraction) -> Fraction | None:
    """How many answers must turn for a difference of two shares: one from the second to the first share counts
    twice."""
    if len(explanation.facts) < 2:
        return None
    first, second = explanation.facts[0], explanation.facts[1]
    size = len(first.counted)
    against = size if second.credited is None else len(second.credited)
    lacking = (asked - value) * size / (_FULL if abs(asked) > 1 or abs(value) > 1 else 1)
    if lacking <= 2 * against:
        return _whole(lacking / 2)
    return _whole(against + lacking - 2 * against)
