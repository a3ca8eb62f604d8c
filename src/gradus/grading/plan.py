# SPDX-License-Identifier: Apache-2.0
"""What stands in the way of the next outcome, or of the one aimed at, each with its distance in the unit of the fact,
and for a missed score each indicator by the points it could add and the smallest change of facts that adds them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from gradus.grading.distance import Asked, rows_to_tell, smallest_change
from gradus.grading.evaluate import Evaluator
from gradus.grading.grade import dimension_sums, overall_score, points_of, round_down, round_up
from gradus.grading.more_rows import MoreRows
from gradus.grading.result import Block, Change, Gain, Grade, Reach, Status
from gradus.grading.scheme import Indicator, Outcome

_FULL = Fraction(100)
_OUT_OF_REACH = (Reach.NEW_ROWS, Reach.NEVER)


def stands_in_the_way(
    run: Evaluator, grade: Grade, best_points: Mapping[str, Fraction | None], aim: int = 0
) -> tuple[int, tuple[Block, ...]]:
    """The rank to reach and what keeps it away: ``aim`` where it lies above the capability, else the next outcome.

    An outcome is reached together with every one below it, so whatever those on the way ask stands in the way too.
    (0, ()) at the top. ``best_points`` are those that each indicator has if its unknown facts turn out best.
    """
    goal = max(aim, grade.capability + 1)
    between = [each for each in run.edition.outcomes if grade.capability < each.rank <= goal]
    if not between:
        return 0, ()
    vetoes = [
        Block("veto", each.id, Status.NOT_MET, None, None, None, ()) for each in grade.vetoes.values() if each.holds
    ]
    blocks = [*vetoes, *_gates(run, grade, between), *_scores(run, grade, between, best_points)]
    return goal, tuple(blocks)


def _gates(run: Evaluator, grade: Grade, between: Sequence[Outcome]) -> list[Block]:
    """Each requirement that is not met, as the highest of the outcomes asks it."""
    blocks = []
    for requirement in run.edition.requirements:
        result = grade.requirements[requirement.id]
        unmet = [each.id for each in between if result.status[each.id] not in (Status.MET, Status.NOT_ASKED)]
        if not unmet:
            continue
        status, asked = result.status[unmet[-1]], requirement.asks[unmet[-1]].value
        wanted = Asked(asked, sign=-1 if requirement.compare == "<=" else 1)
        distance = smallest_change(run, requirement.measure, result.explanation, result.value, wanted)
        blocks.append(Block("requirement", requirement.id, status, result.value, asked, distance, ()))
    return blocks


def _scores(
    run: Evaluator, grade: Grade, between: Sequence[Outcome], best_points: Mapping[str, Fraction | None]
) -> list[Block]:
    blocks = []
    least = max((each.overall_at_least.value for each in between if each.overall_at_least), default=None)
    each_least = max(
        (each.each_dimension_at_least.value for each in between if each.each_dimension_at_least), default=None
    )
    sums = dimension_sums(run.edition, {key: each.points for key, each in grade.indicators.items()})
    if each_least is not None:
        for key, score in grade.dimensions.items():
            if score is not None and score < each_least:
                gains = _gains(_Missed(run, grade, best_points, sums, key, score, each_least))
                blocks.append(_score_block("dimension", key, score, each_least, gains))
    if least is not None and grade.overall is not None and grade.overall < least:
        gains = _gains(_Missed(run, grade, best_points, sums, "", grade.overall, least))
        blocks.append(_score_block("overall", "", grade.overall, least, gains))
    return blocks


def _score_block(kind: str, key: str, score: Fraction, asked: Fraction, gains: tuple[Gain, ...]) -> Block:
    gap = asked - score
    change = Change(gap, "points", {"k": gap, "t": asked, "v": score}, Reach.ENOUGH)
    return Block(kind, key, Status.NOT_MET, score, asked, change, gains)


@dataclass(frozen=True, slots=True)
class _Missed:
    """A score that is missed; ``dimension`` "" means the overall score, ``sums`` are those of its dimensions."""

    run: Evaluator
    grade: Grade
    best_points: Mapping[str, Fraction | None]
    sums: Mapping[str, tuple[Fraction, Fraction]]
    dimension: str
    now: Fraction
    asked: Fraction

    def score(self, indicator: Indicator, points: Fraction) -> Fraction:
        """The score if one indicator had other points."""
        edition, now = self.run.edition, self.grade.indicators[indicator.id].points
        assert now is not None
        total, weights = self.sums[indicator.dimension]
        own = round_down(edition, (total + indicator.weight.value * (points - now)) / weights)
        if self.dimension:
            return own
        score = overall_score(edition, {**self.grade.dimensions, indicator.dimension: own})
        assert score is not None
        return score

    def points_asked(self, indicator: Indicator) -> Fraction:
        """The fewest declared points of one indicator alone that close the gap; more than 100 when it can not.

        A score is a mean rounded down, so it reaches a number when the mean reaches the next declared step of it.
        """
        edition, now = self.run.edition, self.grade.indicators[indicator.id].points
        assert now is not None
        asked = round_up(edition, self.asked)
        if not self.dimension:
            scored = {
                each.id: (each.weight.value, score)
                for each in edition.dimensions
                if (score := self.grade.dimensions[each.id]) is not None
            }
            weight, own = scored[indicator.dimension]
            total = sum((of * score for of, score in scored.values()), Fraction(0)) - weight * own
            asked = round_up(edition, (asked * sum((of for of, _ in scored.values()), Fraction(0)) - total) / weight)
        total, weights = self.sums[indicator.dimension]
        return round_up(edition, now + (asked * weights - total) / indicator.weight.value)

    def change(self, indicator: Indicator, points: Fraction) -> Change:
        """The smallest change that gives an indicator so many points."""
        result = self.grade.indicators[indicator.id]
        asked = Asked(_value_of(indicator, points), indicator.floor.value, _sign(indicator))
        return smallest_change(self.run, indicator.measure, result.explanation, result.value, asked)


def _value_of(indicator: Indicator, points: Fraction) -> Fraction:
    """The value that earns so many points."""
    floor = indicator.floor.value
    return floor + points * (indicator.target.value - floor) / _FULL


def _sign(indicator: Indicator) -> int:
    return 1 if indicator.target.value > indicator.floor.value else -1


def _gains(missed: _Missed) -> tuple[Gain, ...]:
    """Each indicator that could add to a missed score, the most first."""
    gains = []
    for indicator in missed.run.edition.indicators:
        result = missed.grade.indicators[indicator.id]
        if result.points is None or result.points == _FULL or missed.dimension not in ("", indicator.dimension):
            continue
        if result.value is None:
            gains.append(_gain_of_unknown(missed, indicator))
            continue
        points, full = _as_far_as_possible(missed, indicator, result.points)
        adds = missed.score(indicator, points) - missed.now
        if adds > 0:
            gains.append(Gain(indicator.id, adds, full, _enough(missed, indicator)))
    return tuple(sorted(gains, key=lambda gain: (-gain.adds, gain.indicator)))


def _gain_of_unknown(missed: _Missed, indicator: Indicator) -> Gain:
    """What an indicator that cannot be told could add: with its unknown facts at best, or with the fewest new rows that
    add anything, each as good as can be. Where that is not computed nothing is promised."""
    explanation = missed.grade.indicators[indicator.id].explanation
    if explanation.missing or not explanation.too_few:
        best = missed.best_points[indicator.id] or Fraction(0)
        return Gain(indicator.id, missed.score(indicator, best) - missed.now, missed.change(indicator, _FULL), None)
    edition = missed.run.edition
    more = MoreRows(missed.run, indicator.measure, explanation.too_few, _sign(indicator))

    def adds(rows: int | None) -> Fraction:
        value = more.best(rows) if rows else None
        return missed.score(indicator, points_of(edition, indicator, value)) - missed.now if value else Fraction(0)

    rows = more.new()
    if adds(rows) == 0:
        first = _first_step(missed, Fraction(0), lambda points: missed.score(indicator, points) > missed.now)
        rows = more.reaching(_value_of(indicator, first * edition.rounding.value))
    value = more.best(rows) if rows else None
    if rows is None or value is None:
        return Gain(indicator.id, Fraction(0), missed.change(indicator, _FULL), None)
    asked = missed.points_asked(indicator)
    enough = more.reaching(_value_of(indicator, asked)) if asked <= _FULL else None
    return Gain(
        indicator.id,
        adds(rows),
        rows_to_tell(more, explanation, value, rows),
        None if enough is None else rows_to_tell(more, explanation, _value_of(indicator, asked), enough),
    )


def _as_far_as_possible(missed: _Missed, indicator: Indicator, now: Fraction) -> tuple[Fraction, Change]:
    """The target and the change that reaches it; where rejected rows keep it out of reach, as far as the others can.

    Where those can add nothing, new rows could still reach the target.
    """
    full = missed.change(indicator, _FULL)
    if full.reach not in _OUT_OF_REACH:
        return _FULL, full
    above = _first_step(missed, now, lambda points: missed.change(indicator, points).reach in _OUT_OF_REACH)
    points = (above - 1) * missed.run.edition.rounding.value
    if points > now:
        return points, replace(missed.change(indicator, points), reach=full.reach)
    return (_FULL if full.reach is Reach.NEW_ROWS else now), full


def _enough(missed: _Missed, indicator: Indicator) -> Change | None:
    """The smallest change of this indicator alone that closes the gap."""
    enough = missed.points_asked(indicator)
    if enough > _FULL:
        return None
    change = missed.change(indicator, enough)
    return None if change.reach in _OUT_OF_REACH else change


def _first_step(missed: _Missed, now: Fraction, holds: Callable[[Fraction], bool]) -> int:
    """The first of the declared steps of points above now for which something holds that holds of the last."""
    step = missed.run.edition.rounding.value
    low, high = int(now / step), ceil(_FULL / step)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(min(_FULL, middle * step)) else (middle, high)
    return high
