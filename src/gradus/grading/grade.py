# SPDX-License-Identifier: Apache-2.0
"""Grading: from a dossier and an edition to points, gates, capability, path, scope and vetoes. Prose: docs/grading.md.

The order is fixed: (1) what applies, (2) each indicator's value and points, (3) dimension and overall scores, (4)
gates,
(5) outcomes from the lowest upward, (6) vetoes, (7) the path, (8) the scope. Points and scores are each rounded down
as the
edition declares; nothing else is rounded.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache

from gradus.grading.calendar import whole_months
from gradus.grading.dossier import Dossier
from gradus.grading.evaluate import Evaluator, Programs, Trail, Value
from gradus.grading.result import (
    Explanation,
    Grade,
    IndicatorResult,
    PathStep,
    RequirementResult,
    Status,
    VetoResult,
)
from gradus.grading.rows import FIRST_CELL, Prepared, prepare
from gradus.grading.scheme import Edition, Indicator, Outcome, Path, Requirement
from gradus.grading.unknown import UNKNOWN
from gradus.grading.veto_events import veto_events

_HUNDRED = Fraction(100)


@lru_cache(maxsize=32)
def programs(edition: Edition) -> Programs:
    """The edition's compiled formulas, kept while the edition is in use."""
    return Programs(edition)


def declared_as_of(edition: Edition, dossier: Dossier) -> date:
    """The as-of date that the dossier itself declares."""
    table, column = edition.as_of
    cell = dossier.tables[table][0].cells[edition.tables[table].position(column)]
    assert isinstance(cell, date)
    return cell


def grade(
    edition: Edition, dossier: Dossier, as_of: date | None = None, rejected: frozenset[tuple[str, int]] = frozenset()
) -> Grade:
    """Grade a validated dossier. ``rejected`` names rows by (table, row number)."""
    day = as_of or declared_as_of(edition, dossier)
    kept = frozenset(each for each in rejected if edition.tables[each[0]].rejectable)
    return grade_prepared(edition, prepare(edition, dossier, kept), day)


def grade_prepared(edition: Edition, prepared: Prepared, as_of: date) -> Grade:
    """Grade prepared rows."""
    run = Evaluator(programs(edition), prepared, as_of)
    applies = {each.id: _applies(run, each) for each in edition.indicators}
    run.rated = tuple(each.id for each in edition.indicators if each.rating and applies[each.id])
    indicators = {each.id: score_indicator(run, each, applies=applies[each.id]) for each in edition.indicators}
    dimensions = dimension_scores(edition, {key: each.points for key, each in indicators.items()})
    overall = overall_score(edition, dimensions)
    run.scores = dict(dimensions)
    requirements = {each.id: judge_requirement(run, each) for each in edition.requirements}
    satisfied = highest_satisfied(edition, overall, dimensions, requirements)
    vetoes = {veto.id: _judge_veto(run, veto.id, index) for index, veto in enumerate(edition.vetoes)}
    capability = 0 if any(veto.holds for veto in vetoes.values()) else satisfied
    path = _walk_path(run, capability) if edition.path else (PathStep("path.capability", {}, capability),)
    granted, refused = _scope(run)
    return Grade(
        as_of,
        capability,
        path[-1].rank,
        path,
        overall,
        dimensions,
        indicators,
        requirements,
        vetoes,
        granted,
        refused,
    )


def round_down(edition: Edition, value: Fraction) -> Fraction:
    """The declared rounding: down to a multiple of the edition's step."""
    step = edition.rounding.value
    return (value / step).__floor__() * step


def round_up(edition: Edition, value: Fraction) -> Fraction:
    """The smallest declared number that is not less."""
    return -round_down(edition, -value)


def points_of(edition: Edition, indicator: Indicator, value: Fraction) -> Fraction:
    """An indicator's declared points: 100 x (value - floor) / (target - floor), kept within 0 and 100, rounded down."""
    floor, target = indicator.floor.value, indicator.target.value
    points = _HUNDRED * (value - floor) / (target - floor)
    return round_down(edition, min(_HUNDRED, max(Fraction(0), points)))


def _applies(run: Evaluator, indicator: Indicator) -> bool:
    """Whether an indicator applies: not when its condition is known to be false. Facts stand as declared."""
    if indicator.applies_when is None:
        return True
    return run.value(indicator.applies_when.root, 0, Trail()) is not False


def score_indicator(run: Evaluator, indicator: Indicator, *, applies: bool) -> IndicatorResult:
    """One indicator's value, points and explanation."""
    trail = Trail()
    if not applies:
        assert indicator.applies_when is not None
        run.value(indicator.applies_when.root, 0, trail)
        explanation = _explanation(indicator.applies_when.source, trail)
        return IndicatorResult(indicator.id, Status.NOT_APPLICABLE, None, None, explanation)
    run.floor = indicator.floor.value
    sign = 1 if indicator.target.value > indicator.floor.value else -1
    value = as_number(run.run(indicator.measure, sign, trail))
    run.floor = Fraction(0)
    if value is None:
        explanation = _explanation(indicator.formula, trail)
        return IndicatorResult(indicator.id, Status.UNKNOWN, None, Fraction(0), explanation)
    trail.blanks["v"] = value
    points = points_of(run.edition, indicator, value)
    explanation = _explanation(indicator.formula, trail)
    return IndicatorResult(indicator.id, Status.SCORED, value, points, explanation, trail.claimed)


def as_number(value: Value) -> Fraction | None:
    """A value as a number: yes is 1, no is 0, what cannot be told is None."""
    if isinstance(value, bool):
        return Fraction(value)
    return value if isinstance(value, Fraction) else None


def _explanation(formula: str, trail: Trail) -> Explanation:
    facts, missing = tuple(trail.facts), tuple(trail.missing)
    return Explanation(formula, facts, missing, trail.blanks, trail.values, trail.too_few)


def dimension_scores(edition: Edition, points: Mapping[str, Fraction | None]) -> dict[str, Fraction | None]:
    """Each dimension's declared score: the weighted mean of its applicable indicators (points None: not applicable)."""
    sums = dimension_sums(edition, points)
    return {key: round_down(edition, total / weights) if weights else None for key, (total, weights) in sums.items()}


def dimension_sums(edition: Edition, points: Mapping[str, Fraction | None]) -> dict[str, tuple[Fraction, Fraction]]:
    """Of each dimension's applicable indicators, the sum of weight times points, and the sum of weights."""
    sums = {dimension.id: (Fraction(0), Fraction(0)) for dimension in edition.dimensions}
    for indicator in edition.indicators:
        value = points[indicator.id]
        if value is not None:
            total, weights = sums[indicator.dimension]
            weight = indicator.weight.value
            sums[indicator.dimension] = (total + weight * value, weights + weight)
    return sums


def overall_score(edition: Edition, dimensions: Mapping[str, Fraction | None]) -> Fraction | None:
    """The declared overall score; None when the scheme scores nothing."""
    scored = [(each.weight.value, dimensions[each.id]) for each in edition.dimensions]
    weights = sum((weight for weight, score in scored if score is not None), Fraction(0))
    if not weights:
        return None
    total = sum((weight * score for weight, score in scored if score is not None), Fraction(0))
    return round_down(edition, total / weights)


def holds(value: Fraction, compare: str, asked: Fraction) -> bool:
    """Whether a value satisfies what is asked of it."""
    if compare == ">=":
        return value >= asked
    return value <= asked if compare == "<=" else value == asked


def judge_requirement(run: Evaluator, requirement: Requirement) -> RequirementResult:
    """One gate's value and its status at every outcome."""
    trail = Trail()
    sign = -1 if requirement.compare == "<=" else 1
    value = as_number(run.run(requirement.measure, sign, trail))
    if value is not None:
        trail.blanks["v"] = value
    status: dict[str, Status] = {}
    judged: dict[int, Status] = {}  # outcomes of one level share what is asked of them
    for outcome in run.edition.outcomes:
        asked = requirement.asks.get(outcome.id)
        if asked is None:
            status[outcome.id] = Status.NOT_ASKED
        elif value is None:
            status[outcome.id] = Status.UNKNOWN
        else:
            if id(asked) not in judged:
                held = holds(value, requirement.compare, asked.value)
                judged[id(asked)] = Status.MET if held else Status.NOT_MET
            status[outcome.id] = judged[id(asked)]
    return RequirementResult(requirement.id, value, status, _explanation(requirement.formula, trail))


def scores_pass(outcome: Outcome, overall: Fraction | None, dimensions: Mapping[str, Fraction | None]) -> bool:
    """Whether the overall and the dimension cut-offs of an outcome hold."""
    least, each_least = outcome.overall_at_least, outcome.each_dimension_at_least
    if least is not None and (overall is None or overall < least.value):
        return False
    return each_least is None or all(score is None or score >= each_least.value for score in dimensions.values())


def highest_satisfied(
    edition: Edition,
    overall: Fraction | None,
    dimensions: Mapping[str, Fraction | None],
    requirements: Mapping[str, RequirementResult],
) -> int:
    """The rank of the highest outcome that is satisfied together with every one below it."""
    rank = 0
    for outcome in edition.outcomes:
        gates = (each.status[outcome.id] for each in requirements.values())
        if any(gate not in (Status.MET, Status.NOT_ASKED) for gate in gates):
            break
        if not scores_pass(outcome, overall, dimensions):
            break
        rank = outcome.rank
    return rank


def _judge_veto(run: Evaluator, veto_id: str, index: int) -> VetoResult:
    veto = run.edition.vetoes[index]
    trail = Trail()
    value = run.run(veto.when, 0, trail)
    held = None if value is UNKNOWN else bool(value)
    return VetoResult(veto_id, held, _explanation(veto.formula, trail), veto_events(run, trail.facts) if held else ())


def _walk_path(run: Evaluator, capability: int) -> tuple[PathStep, ...]:
    """The steps from the capability to what may be granted."""
    edition = run.edition
    path = edition.path
    assert path is not None
    steps = [PathStep("path.capability", {}, capability), _held(run, path)]
    limit = steps[-1].rank
    if path.exception is not None and run.run(path.exception.when, 1, Trail()) is True:
        levels = [level.id for level in edition.levels]
        above = levels[levels.index(edition.outcomes[limit - 1].level) + 1 :][:1] if limit else []
        ranks = [o.rank for o in edition.outcomes if o.level in above and o.id not in path.exception.never]
        if ranks and max(ranks) > limit:
            limit = max(ranks)
            steps.append(PathStep("path.exception", {"level": above[0]}, limit))
    requested = _cell(run, path.requested)
    if isinstance(requested, str):
        wanted = next(outcome.rank for outcome in edition.outcomes if outcome.id == requested)
        limit = min(limit, wanted)
        steps.append(PathStep("path.requested", {"outcome": requested}, limit))
    elif requested is UNKNOWN:
        limit = 0
        steps.append(PathStep("path.request_unread", {}, limit))
    steps.append(PathStep("path.grantable", {}, min(capability, limit)))
    return tuple(steps)


def _held(run: Evaluator, path: Path) -> PathStep:
    edition = run.edition
    levels = [level.id for level in edition.levels]
    held, since = _cell(run, path.level_held), _cell(run, path.since_held)
    if not isinstance(held, str) or not isinstance(since, int):
        return PathStep("path.entry", {"level": path.entry}, _top_rank(edition, path.entry))
    months = whole_months(date.fromordinal(since), run.as_of)
    params = {"level": held, "months": str(months), "needed": str(int(path.months_before_step.value))}
    if held == levels[-1]:
        return PathStep("path.any", params, len(edition.outcomes))
    if months >= path.months_before_step.value:
        above = levels[levels.index(held) + 1]
        return PathStep("path.next", params | {"next": above}, _top_rank(edition, above))
    return PathStep("path.same", params, _top_rank(edition, held))


def _top_rank(edition: Edition, level: str) -> int:
    return max(outcome.rank for outcome in edition.outcomes if outcome.level == level)


def _cell(run: Evaluator, where: tuple[str, str]) -> object:
    table, column = where
    rows = run.prepared.tables.get(table, ())
    return rows[0][FIRST_CELL + run.edition.tables[table].position(column)] if rows and column else None


def _scope(run: Evaluator) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The values granted and those applied for in vain, both in the order of the closed list."""
    rule = run.edition.scope
    if rule is None:
        return (), ()
    table = run.edition.tables[rule.table]
    at = FIRST_CELL + table.position(rule.column)
    rows = run.prepared.tables[rule.table]
    program = run.programs.select(rule.granted_when.root, credit=True)
    values = run.hoist(program.hoisted, 1, Trail())
    kept = program.run(rows, values)[0] if values is not None else []
    granted = {row[at] for row in kept}
    asked = {row[at] for row in rows}
    order = [option.id for option in table.column(rule.column).options] or sorted(str(each) for each in asked)
    return (
        tuple(each for each in order if each in granted),
        tuple(each for each in order if each in asked - granted),
    )
