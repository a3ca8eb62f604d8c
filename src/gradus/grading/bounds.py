# SPDX-License-Identifier: Apache-2.0
"""Bounds of an incomplete dossier: the outcome if every unknown fact turned out worst, and best.

Facts are set, never points: each unknown cell (or cell of a row that is expected and not there) takes the ends of the
range that the edition gives its column, and the dossier is graded again, gates included. A fact whose column declares
which direction is better takes that end. The others, and those that decide what applies, or are part and whole of
one another, are tried in every combination: a measure is a ratio of sums, so its extremes lie at the ends. Beyond so
many combinations the rows of one column are tried together, and the bounds say that they are not exact.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import floor

from gradus.grading import expressions as ex
from gradus.grading.dossier import Dossier, Row
from gradus.grading.evaluate import Evaluator, Trail
from gradus.grading.expressions import Expression, Node
from gradus.grading.grade import (
    dimension_scores,
    highest_satisfied,
    judge_requirement,
    overall_score,
    programs,
    score_indicator,
)
from gradus.grading.result import Bounds, Grade, Missing, Status
from gradus.grading.rows import Prepared, prepare_table
from gradus.grading.scheme import Cell, Column, Edition, Empty, Indicator, Table

most_combinations = 1024
_FAR = Fraction(10**12)
_CENTURY = 36525


@dataclass(frozen=True, slots=True)
class _Fact:
    """An unknown fact with the values to try, worst first where the direction is known (``directed``)."""

    missing: Missing
    values: tuple[Cell, ...]
    directed: bool


def outcome_bounds(
    run: Evaluator,
    dossier: Dossier,
    rejected: frozenset[tuple[str, int]],
    grade: Grade,
    most: int = most_combinations,
) -> tuple[Bounds | None, dict[str, Fraction | None]]:
    """The lowest and highest rank that the unknown facts leave open, and the points that each indicator has at best;
    no bounds when nothing is unknown. ``run`` has been at work on the same dossier: what it knows need not be found
    again."""
    search = _Search(run, dossier, rejected, grade)
    facts: tuple[Missing, ...] = ()
    found = search.missing(grade.indicators.values(), grade.requirements.values())
    # Setting one fact can bring to light another (a row that now belongs to a population): until nothing new is found.
    while found - set(facts):
        facts = tuple(sorted({*facts, *found}, key=lambda each: (each.table, each.row, each.key, each.column)))
        found = search.uncovered(facts)
    worst, best, tried_all = search.extremes(facts, most) if facts else (grade.capability, grade.capability, True)
    if any(veto.holds for veto in grade.vetoes.values()):
        worst, best = 0, 0
    left_out = tuple(sorted({key for _, key in search.never_told}))
    return (Bounds(worst, best, facts, tried_all, left_out) if facts or left_out else None), search.best_points


class _Search:
    def __init__(self, run: Evaluator, dossier: Dossier, rejected: frozenset[tuple[str, int]], grade: Grade) -> None:
        self.edition, self.dossier, self.rejected, self.grade = run.edition, dossier, rejected, grade
        self.prepared, self.run = run.prepared, run
        # An indicator and a requirement may share an id.
        self.never_told = {
            ("indicator", key) for key, each in grade.indicators.items() if each.status is Status.UNKNOWN
        }
        self.never_told |= {
            ("requirement", key) for key, each in grade.requirements.items() if Status.UNKNOWN in each.status.values()
        }
        self.best_points = {each.id: each.points for each in grade.indicators.values()}

    def missing(self, *results: Iterable[object]) -> set[Missing]:
        """The facts that unknown measures and conditions name; what has no key and no row can not be set."""
        found: set[Missing] = set()
        for group in results:
            for result in group:
                found.update(result.explanation.missing)  # type: ignore[attr-defined]
        for indicator in self.edition.indicators:
            found |= self._condition_missing(self.run, indicator)
        return {each for each in found if each.row or each.key}

    def _condition_missing(self, run: Evaluator, indicator: Indicator) -> set[Missing]:
        trail = Trail()
        if indicator.applies_when is not None:
            run.value(indicator.applies_when.root, 0, trail)
        return set(trail.missing)

    def uncovered(self, facts: tuple[Missing, ...]) -> set[Missing]:
        """What is unknown after setting the facts to their first values."""
        chosen = {fact.missing: fact.values[-1] for fact in self._facts(facts)}
        _, missing = self._rank(chosen, facts)
        return {each for each in missing if each.row or each.key}

    def extremes(self, facts: tuple[Missing, ...], most: int) -> tuple[int, int, bool]:
        """The lowest and the highest rank, and whether every combination was tried."""
        listed = self._facts(facts)
        free = [fact for fact in listed if not fact.directed]
        worst_fixed = {fact.missing: fact.values[0] for fact in listed if fact.directed}
        best_fixed = {fact.missing: fact.values[-1] for fact in listed if fact.directed}
        combinations, exact = _combinations(free, most)
        ranks_low, ranks_high = [], []
        for combination in combinations:
            ranks_low.append(self._rank({**worst_fixed, **combination}, facts)[0])
            ranks_high.append(self._rank({**best_fixed, **combination}, facts)[0])
        return min(ranks_low), max(ranks_high), exact

    def _facts(self, facts: tuple[Missing, ...]) -> list[_Fact]:
        deciding = {each for one in self.edition.indicators for each in self._condition_missing(self.run, one)}
        known = set(facts)
        return [self._fact(missing, known, deciding) for missing in facts]

    def _fact(self, missing: Missing, known: set[Missing], deciding: set[Missing]) -> _Fact:
        table = self.edition.tables[missing.table]
        column = table.column(missing.column)
        parts = [each.id for each in table.columns if each.within == column.id]
        beside = {replace(missing, column=each) for each in [*parts, column.within] if each}
        directed = bool(column.better) and missing not in deciding and not beside & known
        values = self._ends(table, column, missing)
        if column.better in ("lower", "earlier", "no"):
            values = tuple(reversed(values))
        # Where an empty cell is a fact, the cell may be left empty; one that could not be read may say the same.
        if column.empty in (Empty.NOT_YET, Empty.NONE):
            values = (None, *values)
        elif column.empty is Empty.NO_END:
            values = (*values, None)
        return _Fact(missing, values, directed)

    def _ends(self, table: Table, column: Column, missing: Missing) -> tuple[Cell, ...]:
        """The values to try, ascending."""
        if column.type == "boolean":
            return False, True
        if column.options:
            return tuple(option.id for option in column.options)
        if column.type == "text":
            return ("",)
        low, high = self._range(column)
        if column.type == "date":
            return date.fromordinal(int(min(low, high))), date.fromordinal(int(high))
        row = next((each for each in self.dossier.tables[table.id] if each.number == missing.row), None)
        if row is not None:
            if column.within and isinstance(whole := row.cells[table.position(column.within)], int | Fraction):
                high = min(high, Fraction(whole))
            for part in table.columns:
                if part.within == column.id and isinstance(cell := row.cells[table.position(part.id)], int | Fraction):
                    low = max(low, Fraction(cell))
        high = max(low, high)
        return (floor(low), floor(high)) if column.type == "integer" else (low, high)

    def _range(self, column: Column) -> tuple[Fraction, Fraction]:
        if column.range is not None:
            low, high = (self._end(each) for each in column.range)
            return low, max(low, high)
        if column.type == "date":
            day = self.grade.as_of.toordinal()
            return Fraction(day - _CENTURY), Fraction(day)
        low = column.minimum if column.minimum is not None else -_FAR
        return low, column.maximum if column.maximum is not None else _FAR

    def _end(self, expression: Expression) -> Fraction:
        value = self.run.value(expression.root, 0, Trail())
        return Fraction(value) if isinstance(value, int | Fraction) else Fraction(self.grade.as_of.toordinal())

    def _rank(self, chosen: dict[Missing, Cell], facts: tuple[Missing, ...]) -> tuple[int, set[Missing]]:
        """The rank with these facts set, and what is still unknown. Only measures over changed tables are made
        again."""
        touched = {fact.table for fact in facts}
        tables, scales = dict(self.prepared.tables), dict(self.prepared.scales)
        for name in touched:
            table = self.edition.tables[name]
            refused = {number for owner, number in self.rejected if owner == name}
            rows = _with_facts(table, self.dossier.tables[name], chosen, self.grade.as_of)
            unread = {
                (row, column)
                for owner, row, column in self.dossier.unread
                if owner == name and Missing(name, row, column) not in chosen
            }
            tables[name], changed = prepare_table(table, rows, refused, unread)
            scales.update(changed)
        run = Evaluator(programs(self.edition), Prepared(tables, scales), self.grade.as_of)
        still: set[Missing] = set()
        applies = {each.id: _applies(run, each) for each in self.edition.indicators}
        run.rated = tuple(each.id for each in self.edition.indicators if each.rating and applies[each.id])
        points = {}
        told: set[tuple[str, str]] = set()
        for indicator in self.edition.indicators:
            result = self.grade.indicators[indicator.id]
            if touched & tables_read(self.edition, indicator.measure, indicator.applies_when):
                result = score_indicator(run, indicator, applies=applies[indicator.id])
                still.update(result.explanation.missing)
            points[indicator.id] = result.points
            if result.status is not Status.UNKNOWN:
                told.add(("indicator", indicator.id))
        requirements = dict(self.grade.requirements)
        for requirement in self.edition.requirements:
            if touched & tables_read(self.edition, requirement.measure, None):
                requirements[requirement.id] = judge_requirement(run, requirement)
                still.update(requirements[requirement.id].explanation.missing)
            if requirements[requirement.id].value is not None:
                told.add(("requirement", requirement.id))
        self._note(points, told)
        dimensions = dimension_scores(self.edition, points)
        overall = overall_score(self.edition, dimensions)
        return highest_satisfied(self.edition, overall, dimensions, requirements), still

    def _note(self, points: dict[str, Fraction | None], told: set[tuple[str, str]]) -> None:
        """Keep what was told for once, and the most points."""
        self.never_told -= told
        for key, earned in points.items():
            if earned is not None:
                self.best_points[key] = max(earned, self.best_points[key] or earned)


def _applies(run: Evaluator, indicator: Indicator) -> bool:
    return indicator.applies_when is None or run.value(indicator.applies_when.root, 0, Trail()) is not False


def _combinations(free: list[_Fact], most: int) -> tuple[Iterator[dict[Missing, Cell]], bool]:
    """Every combination of the facts' values; too many: all rows of a column take the same end."""
    total = 1
    for fact in free:
        total *= len(fact.values)
    if total <= most:
        names = [fact.missing for fact in free]
        return (dict(zip(names, each, strict=True)) for each in product(*(fact.values for fact in free))), True
    columns = list(dict.fromkeys((fact.missing.table, fact.missing.column) for fact in free))
    ends = product((0, -1), repeat=min(len(columns), most.bit_length() - 1))
    return (
        {
            fact.missing: fact.values[
                dict(zip(columns, each, strict=False)).get((fact.missing.table, fact.missing.column), 0)
            ]
            for fact in free
        }
        for each in ends
    ), False


def _with_facts(table: Table, rows: tuple[Row, ...], chosen: dict[Missing, Cell], as_of: date) -> tuple[Row, ...]:
    """The table's rows with the facts set; a row that is not there is added under its key."""
    cells: dict[tuple[int, str], dict[str, Cell]] = {}
    for missing, value in chosen.items():
        if missing.table == table.id:
            cells.setdefault((missing.row, missing.key), {})[missing.column] = value
    changed = [_set(table, row, cells.get((row.number, ""), {})) for row in rows]
    last = max((row.number for row in rows), default=1)
    for (number, key), values in cells.items():
        if not number:
            last += 1
            changed.append(_set(table, _blank(table, last, key, as_of), values))
    return tuple(changed)


def _set(table: Table, row: Row, values: dict[str, Cell]) -> Row:
    if not values:
        return row
    cells = list(row.cells)
    for column in table.columns:
        if column.id in values:
            cells[table.position(column.id)] = values[column.id]
    for column in table.columns:
        # A part that was set together with its whole stays within it.
        if column.within and column.id in values:
            whole, part = cells[table.position(column.within)], cells[table.position(column.id)]
            if isinstance(whole, int | Fraction) and isinstance(part, int | Fraction) and part > whole:
                cells[table.position(column.id)] = whole
    return Row(row.number, tuple(cells))


def _blank(table: Table, number: int, key: str, as_of: date) -> Row:
    """A row that was expected: its key, and harmless values where a cell may not be empty."""
    harmless: dict[str, Cell] = {"boolean": False, "integer": 0, "decimal": Fraction(0), "date": as_of, "text": ""}
    cells = []
    for column in table.columns:
        cell: Cell = harmless[column.type] if column.empty.value == "error" else None
        if column.key:
            cell = _key_cell(column, key)
        cells.append(cell)
    return Row(number, tuple(cells))


def _key_cell(column: Column, key: str) -> Cell:
    match column.type:
        case "integer":
            return int(key)
        case "date":
            return date.fromisoformat(key)
        case _:
            return key


@lru_cache(maxsize=4096)
def tables_read(edition: Edition, measure: Expression, condition: Expression | None = None) -> frozenset[str]:
    """The tables that a measure and its condition read, through populations and terms."""
    found: set[str] = set()
    left: list[Node] = [measure.root, *([condition.root] if condition else [])]
    seen: set[str] = set()
    while left:
        node = left.pop()
        left.extend(ex.parts(node))
        if isinstance(node, ex.Single | ex.Cell):
            found.add(node.table)
        if isinstance(node, ex.Term):
            left.append(edition.terms[node.id].formula.root)
        if isinstance(node, ex.Rated):
            left.extend(each.applies_when.root for each in edition.indicators if each.applies_when)
        name = node.population if isinstance(node, ex.Aggregate | ex.Values) else ""
        while name and name not in seen:
            seen.add(name)
            population = edition.populations.get(name)
            found.add(population.table if population else name)
            if population is None:
                break
            left.extend(each.formula.root for each in population.where)
            if population.expects:
                left.append(population.expects[1].root)
            name = population.parent
    return frozenset(found)
