# SPDX-License-Identifier: Apache-2.0
"""Named row filters over one dossier: which rows belong to a population, and why the others do not."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from gradus.grading.aggregates import Selection, narrowed, whole_table
from gradus.grading.result import LeftOut, Missing
from gradus.grading.rows import FIRST_CELL, PreparedRow
from gradus.grading.scheme import Population

if TYPE_CHECKING:
    from gradus.grading.evaluate import Evaluator, Trail


def select(run: "Evaluator", name: str, trail: "Trail") -> Selection:
    """The rows of a table or population. Facts stand as declared: a rejected row keeps its place."""
    population = run.edition.populations.get(name)
    if population is None:
        return whole_table(name, run.prepared.tables[name])
    parent = run.population(population.parent)
    program = run.programs.partition(name)
    values = run.hoist(program.hoisted, 0, trail)
    if values is None:
        nowhere = Missing(population.table, 0, "")
        return narrowed(parent, name, (), missing=tuple(trail.missing) or (nowhere,))
    rows: Sequence[PreparedRow]
    rows, missing, *out = program.run(parent.rows, values)
    left_out = tuple(
        LeftOut(each.text, tuple(numbers)) for each, numbers in zip(population.where, out, strict=True) if numbers
    )
    lacking = tuple(Missing(population.table, number, column) for number, column in missing)
    absent: tuple[str, ...] = ()
    if population.expects:
        rows, absent = _expected(run, population, rows, trail)
    return narrowed(parent, name, tuple(rows), left_out, lacking, absent)


def _expected(
    run: "Evaluator", population: Population, rows: Sequence[PreparedRow], trail: "Trail"
) -> tuple[Sequence[PreparedRow], tuple[str, ...]]:
    """The rows whose key is expected, and the keys of expected rows that are not there."""
    assert population.expects is not None
    key, expression = population.expects
    table = run.edition.tables[population.table]
    at = FIRST_CELL + table.position(key)
    keys = run.value(expression.root, 0, trail)
    if isinstance(keys, Fraction):
        keys = (int(keys),)
    wanted = keys if isinstance(keys, tuple) else ()
    there = {row[at] for row in rows}
    is_date = table.column(key).type == "date"
    absent = (each for each in wanted if each not in there)
    texts = tuple(date.fromordinal(each).isoformat() if is_date else str(each) for each in absent)  # type: ignore[arg-type]
    return [row for row in rows if row[at] in wanted], texts
