# SPDX-License-Identifier: Apache-2.0
"""The whole assessment of one dossier: grade, plan, bounds, material checklist and warnings in one result tree."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date

from gradus.grading.bounds import most_combinations, outcome_bounds
from gradus.grading.checks import check_dossier
from gradus.grading.dossier import Dossier
from gradus.grading.evaluate import Evaluator
from gradus.grading.faults import Fault, Refusal
from gradus.grading.grade import declared_as_of, grade_prepared, programs
from gradus.grading.materials import checklist
from gradus.grading.plan import stands_in_the_way
from gradus.grading.result import Result
from gradus.grading.rows import prepare
from gradus.grading.scheme import Edition


def assess(
    edition: Edition,
    dossier: Dossier,
    as_of: date | None = None,
    rejected: frozenset[tuple[str, int]] = frozenset(),
    notices: Iterable[Fault] = (),
) -> Result:
    """Assess a validated dossier at a date (default: the one it declares).

    ``rejected`` names rows that an assessor rejected by (table, row number); ``notices`` are what its reader noticed.
    Raises Refusal when a check of severity error fails.
    """
    result, errors = _assess(edition, dossier, as_of or declared_as_of(edition, dossier), rejected)
    if errors:
        raise Refusal(errors)
    return replace(result, warnings=(*notices, *result.warnings))


def assess_draft(edition: Edition, dossier: Dossier, aim: int = 0) -> tuple[Result, list[Fault]]:
    """Assess a dossier under construction: also the checks that would refuse it, which here refuse nothing.

    ``aim`` is the rank of the outcome that the plan leads to; 0, or one that is reached, means the next one. It is
    graded at every change and has many unknown facts, so its bounds try fewer of their combinations.
    """
    return _assess(edition, dossier, declared_as_of(edition, dossier), frozenset(), most=32, aim=aim)


def _assess(
    edition: Edition,
    dossier: Dossier,
    day: date,
    rejected: frozenset[tuple[str, int]],
    most: int = most_combinations,
    aim: int = 0,
) -> tuple[Result, list[Fault]]:
    kept = frozenset(each for each in rejected if edition.tables[each[0]].rejectable)
    prepared = prepare(edition, dossier, kept)
    grade = grade_prepared(edition, prepared, day)
    run = Evaluator(programs(edition), prepared, day)
    errors, warnings = check_dossier(run, dossier)
    bounds, best_points = outcome_bounds(run, dossier, kept, grade, most)
    next_rank, blocking = stands_in_the_way(run, grade, best_points, aim)
    result = Result(
        **{each.name: getattr(grade, each.name) for each in fields(grade)},
        edition=edition,
        dossier=dossier,
        rejected=kept,
        claimed=any(each.claimed for each in grade.indicators.values()),
        blocking=blocking,
        next_rank=next_rank,
        bounds=bounds,
        documents=checklist(run, dossier, kept),
        warnings=tuple(warnings),
    )
    return result, errors
