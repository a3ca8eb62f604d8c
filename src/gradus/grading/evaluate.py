# SPDX-License-Identifier: Apache-2.0
"""Evaluating formulas over one prepared dossier: values, and the trail of facts that led to them.

Numbers are Fractions, dates ordinals, an empty fact is None and what cannot be told is UNKNOWN. ``sign`` says which way
credit counts: 1 where more is better, -1 where less is, 0 where facts stand as declared (conditions, populations). A
row
that an assessor rejected earns no credit where sign is 1 and keeps its place everywhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import cast

from gradus.grading import expressions as ex
from gradus.grading.aggregates import Aggregation, Selection
from gradus.grading.calendar import plus_months
from gradus.grading.calls import CALLS, DATED, compare
from gradus.grading.expressions import Expression, Node
from gradus.grading.populations import select
from gradus.grading.program import Hoisted, Join, Program, partition_program, select_program, value_program
from gradus.grading.result import Facts, Missing
from gradus.grading.rows import FIRST_CELL, Prepared, PreparedRow
from gradus.grading.scheme import Edition, Empty
from gradus.grading.unknown import UNKNOWN, Unknown

Value = Fraction | bool | str | int | tuple[object, ...] | frozenset[object] | dict[object, int] | Unknown | None


@dataclass(slots=True)
class Trail:
    """What one formula rested on."""

    facts: list[Facts] = field(default_factory=list)
    missing: dict[Missing, None] = field(default_factory=dict)
    blanks: dict[str, Fraction] = field(default_factory=dict)
    values: tuple[Fraction, ...] = ()
    too_few: str = ""
    claimed: bool = False

    def note_too_few(self, population: str, there: Fraction, least: Fraction) -> None:
        """A population has too few rows to tell a value."""
        self.too_few, self.blanks["there"], self.blanks["least"] = population, there, Fraction(ceil(least))


@dataclass(slots=True)
class Programs:
    """An edition's compiled row formulas, made when first used."""

    edition: Edition
    made: dict[tuple[int, str, bool], Program] = field(default_factory=dict)

    def partition(self, population: str) -> Program:
        """The program that decides which rows belong to a population."""
        key = (id(self.edition.populations[population]), "partition", False)
        if key not in self.made:
            conditions = (each.formula.root for each in self.edition.populations[population].where)
            self.made[key] = partition_program(tuple(conditions))
        return self.made[key]

    def select(self, node: Node, *, credit: bool) -> Program:
        """The program that tells which rows satisfy a condition."""
        key = (id(node), "select", credit)
        if key not in self.made:
            self.made[key] = select_program(node, credit=credit)
        return self.made[key]

    def value(self, node: Node, *, credit: bool) -> Program:
        """The program that computes a formula for each row."""
        key = (id(node), "value", credit)
        if key not in self.made:
            self.made[key] = value_program(node, credit=credit)
        return self.made[key]


@dataclass(slots=True)
class Evaluator:
    """All formulas of one edition over one dossier at one date."""

    programs: Programs
    prepared: Prepared
    as_of: date
    floor: Fraction = Fraction(0)
    scores: dict[str, Fraction | None] = field(default_factory=dict)
    rated: tuple[str, ...] = ()
    _windows: dict[int, tuple[int, int]] = field(default_factory=dict)
    _populations: dict[str, Selection] = field(default_factory=dict)
    _terms: dict[tuple[str, int, Fraction], tuple[Value, Trail]] = field(default_factory=dict)

    @property
    def edition(self) -> Edition:
        return self.programs.edition

    def run(self, expression: Expression, sign: int, trail: Trail) -> Value:
        """The value of a formula; its trail is filled."""
        return self.value(expression.root, sign, trail, shape=True)

    def value(self, node: Node, sign: int, trail: Trail, *, shape: bool = False) -> Value:
        """The value of any node outside rows. ``shape``: its numbers fill the sentence's blanks."""
        match node:
            case ex.Constant(value=constant):
                return UNKNOWN if node.type.kind == "unknown" else constant
            case ex.Aggregate():
                return Aggregation(self, node, sign, trail, shape).value()
            case ex.Arithmetic():
                return self._arithmetic(node, sign, trail, shape=shape)
            case ex.Choose():
                return self._choose(node, sign, trail, shape=shape)
            case ex.Compare():
                return self._compare(node, sign, trail)
            case ex.Both():
                return self._both(node, sign, trail)
            case ex.Not(item=item):
                value = self.value(item, -sign, trail)
                return UNKNOWN if value is UNKNOWN else not value
            case ex.Term():
                return self._term(node, sign, trail, shape=shape)
            case ex.Single():
                return self._single(node, trail)
            case _:
                return self._leaf(node, sign, trail, shape=shape)

    def _leaf(self, node: Node, sign: int, trail: Trail, *, shape: bool) -> Value:
        match node:
            case ex.AsOf():
                return self.as_of.toordinal()
            case ex.Window():
                return self.window(node.months)
            case ex.Values():
                return self._values(node, sign, trail)
            case ex.Given(cell=cell):
                value = self.value(cell, 0, Trail())
                return value is not None and value is not UNKNOWN and value != 10**9
            case ex.Member(item=item, container=container, negated=negated):
                return self._member(item, container, trail, negated=negated)
            case ex.ContainsAll(values=values, wanted=wanted):
                have = self.value(values, sign, trail)
                need = self.value(wanted, 0, trail)
                assert isinstance(have, frozenset)
                assert isinstance(need, tuple)
                self._note_values(values, have, trail)
                return have.issuperset(need) or (UNKNOWN if UNKNOWN in have else False)
            case ex.Rated():
                return self.rated
            case ex.Score(dimension=dimension):
                score = self.scores.get(dimension)
                return UNKNOWN if score is None else score
            case ex.Call():
                return self._call(node, sign, trail, shape=shape)
            case _:
                raise TypeError(f"{type(node).__name__} outside rows")

    def window(self, months: int) -> tuple[int, int]:
        """A window as (day before the first, last day)."""
        bounds = self._windows.get(months)
        if bounds is None:
            bounds = plus_months(self.as_of, -months).toordinal(), self.as_of.toordinal()
            self._windows[months] = bounds
        return bounds

    def population(self, name: str) -> Selection:
        """The rows of a table or population, and what was left out."""
        found = self._populations.get(name)
        if found is None:
            found = self._populations[name] = select(self, name, Trail())
        return found

    def hoist(self, hoisted: tuple[Hoisted, ...], sign: int, trail: Trail) -> list[object] | None:
        """The values a program needs before its loop; None when one of them is unknown."""
        values: list[object] = []
        for each in hoisted:
            value = self._hoisted(each, sign, trail)
            if value is UNKNOWN:
                return None
            values.append(value)
        return values

    def _hoisted(self, each: Hoisted, sign: int, trail: Trail) -> object:
        item = each.item
        if each.kind == "window":
            assert isinstance(item, ex.Window)
            return self.window(item.months)
        if each.kind == "scale":
            return self.prepared.scales.get(item, 1)  # type: ignore[call-overload]
        if isinstance(item, Join):
            return self._join(item, trail)
        if isinstance(item, Node):
            value = self.value(item, sign, trail)
            if isinstance(value, frozenset) and UNKNOWN in value:
                return UNKNOWN
            return frozenset(value) if isinstance(value, tuple) else value
        return item

    def _join(self, join: Join, trail: Trail) -> Value:
        selection = self.population(join.population)
        rows: tuple[PreparedRow, ...] | list[PreparedRow] = selection.rows
        if selection.unknown:
            trail.missing.update(dict.fromkeys(selection.missing))
            return UNKNOWN
        if join.condition is not None:
            program = self.programs.select(join.condition, credit=join.credit)
            values = self.hoist(program.hoisted, int(join.credit), trail)
            if values is None:
                return UNKNOWN
            rows, _, missing = program.run(rows, values)
            if missing:
                trail.missing.update((Missing(selection.table, n, c), None) for n, c in missing)
                return UNKNOWN
        if join.credit:
            rows = [row for row in rows if not row[1]]
        # An empty cell equals no other one; an unknown one could equal any, unless the least it gives is asked for.
        found: list[object]
        if len(join.keys) == 1:
            found = [key for row in rows if (key := row[join.keys[0]]) is not None and key is not UNKNOWN]
        else:
            keys = (tuple(row[key] for key in join.keys) for row in rows)
            found = [key for key in keys if None not in key and UNKNOWN not in key]
        if len(found) < len(rows) and not join.credit:
            lacking = self._lacking(selection.table, [key - FIRST_CELL for key in join.keys], rows)
            if lacking:
                trail.missing.update(dict.fromkeys(lacking))
                return UNKNOWN
        if not join.counting:
            return frozenset(found)
        counts: dict[object, int] = {}
        for key in found:
            counts[key] = counts.get(key, 0) + 1
        return counts

    def _lacking(self, table: str, indices: Sequence[int], rows: Sequence[PreparedRow]) -> list[Missing]:
        """The unknown cells in some columns of some rows."""
        columns = self.edition.tables[table].columns
        return [
            Missing(table, row[0], columns[index].id)
            for row in rows
            for index in indices
            if (cell := row[FIRST_CELL + index]) is UNKNOWN or (cell is None and columns[index].empty is Empty.UNKNOWN)
        ]

    def _values(self, node: ex.Values, sign: int, trail: Trail) -> frozenset[object]:
        """The values of a column; what could be any value stands among them as UNKNOWN."""
        selection = self.population(node.population)
        rows = selection.rows
        if sign > 0:
            rows = tuple(row for row in rows if not row[1])
        values = frozenset(row[FIRST_CELL + node.index] for row in rows)
        lacking = [*selection.missing, *self._lacking(selection.table, [node.index], rows)]
        if not lacking:
            return values
        trail.missing.update(dict.fromkeys(lacking))
        return values - {None} | {UNKNOWN}

    def by_key(self, node: ex.Aggregate) -> bool:
        """Whether a condition names one row by its table's key."""
        match node.condition:
            case ex.Compare(sign="==", left=ex.Cell(table=table, column=column)):
                return self.edition.tables[table].column(column).key
        return False

    def _arithmetic(self, node: ex.Arithmetic, sign: int, trail: Trail, *, shape: bool) -> Value:
        left = self.value(node.left, sign, trail, shape=shape and node.sign == "-")
        right = self.value(node.right, -sign if node.sign in "-/" else sign, trail)
        if shape and node.sign == "/":
            for blank, value in (("n", left), ("d", right)):
                if isinstance(value, Fraction):
                    trail.blanks[blank] = value
        if not isinstance(left, Fraction) or not isinstance(right, Fraction):
            return UNKNOWN
        match node.sign:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case _:
                return left / right if right else UNKNOWN

    def _choose(self, node: ex.Choose, sign: int, trail: Trail, *, shape: bool) -> Value:
        # "x if there is a document else 0" earns credit by its condition; "x if enough else unknown" does not.
        earns = isinstance(node.right, ex.Constant) and node.right.value == 0
        condition = self.value(node.condition, sign if earns else 0, trail)
        if condition is UNKNOWN:
            return UNKNOWN
        if not condition and earns and shape:
            self.value(node.left, sign, trail)
            trail.blanks["n"] = Fraction(0)
        if not condition and node.right.type.kind == "unknown":
            self._note_condition(node.condition, trail)
        return self.value(node.left if condition else node.right, sign, trail, shape=shape and bool(condition))

    def _note_condition(self, condition: Node, trail: Trail) -> None:
        """How many rows there are, and how many it takes, where x is "x if there are enough rows else unknown"."""
        match condition:
            case ex.Compare(
                sign=">=" | ">" as more, left=ex.Aggregate(kind="count", condition=None) as rows, right=right
            ):
                there, least = self.value(rows, 0, Trail()), self.value(right, 0, Trail())
                if isinstance(there, Fraction) and isinstance(least, Fraction):
                    trail.note_too_few(rows.population, there, least if more == ">=" else Fraction(floor(least) + 1))

    def _compare(self, node: ex.Compare, sign: int, trail: Trail) -> Value:
        way = {">": sign, ">=": sign, "<": -sign, "<=": -sign}.get(node.sign, 0)
        left, right = self.value(node.left, way, trail), self.value(node.right, -way, trail)
        if left is UNKNOWN or right is UNKNOWN:
            return UNKNOWN
        if left is None or right is None:
            return False
        if isinstance(left, Fraction) or (isinstance(left, int) and not isinstance(left, bool)):
            a, b = Fraction(left), Fraction(right)  # type: ignore[arg-type]
            return compare(node.sign, a.numerator, a.denominator, b.numerator, b.denominator)
        return (left == right) == (node.sign == "==")

    def _both(self, node: ex.Both, sign: int, trail: Trail) -> Value:
        values = [self.value(item, sign, trail) for item in node.items]
        if (not node.every) in values:
            return not node.every
        return UNKNOWN if UNKNOWN in values else node.every

    def _member(self, item: Node, container: Node, trail: Trail, *, negated: bool) -> Value:
        value = self.value(item, 0, trail)
        if value is UNKNOWN:
            return UNKNOWN
        if value is None:
            return False
        if isinstance(container, ex.Window):
            low, high = self.window(container.months)
            assert isinstance(value, int)
            return (low < value <= high) != negated
        values = self.value(container, 0, trail)
        assert isinstance(values, frozenset | tuple)
        if value not in values and UNKNOWN in values:
            return UNKNOWN
        return (value in values) != negated

    def _term(self, node: ex.Term, sign: int, trail: Trail, *, shape: bool) -> Value:
        key = (node.id, sign, self.floor)
        if key not in self._terms:
            own = Trail()
            self._terms[key] = self.run(self.edition.terms[node.id].formula, sign, own), own
        value, own = self._terms[key]
        trail.facts.extend(own.facts)
        trail.missing.update(own.missing)
        if shape:
            trail.blanks.update(own.blanks)
            trail.values, trail.too_few = own.values, own.too_few
        return value

    def _single(self, node: ex.Single, trail: Trail) -> Value:
        rows = self.prepared.tables[node.table]
        if not rows:
            trail.missing[Missing(node.table, 0, node.column)] = None
            return UNKNOWN
        cell = rows[0][FIRST_CELL + node.index]
        number = rows[0][0]
        assert isinstance(number, int)
        if cell is UNKNOWN or (cell is None and node.empty == "unknown"):
            trail.missing[Missing(node.table, number, node.column)] = None
            return UNKNOWN
        row = (number,)
        trail.facts.append(Facts(node.table, node.table, "cell", node.column, row, None, (), (), None))
        if node.type.kind == "number" and isinstance(cell, int):
            return Fraction(cell, self.prepared.scales.get((node.table, node.index), 1))
        return cast("Value", cell)

    def _note_values(self, values: ex.Values, have: frozenset[object], trail: Trail) -> None:
        selection = self.population(values.population)
        column = self.edition.tables[selection.table].columns[values.index].id
        trail.facts.append(selection.leaf("contains", column, None, Fraction(len(have))))

    def _call(self, node: ex.Call, sign: int, trail: Trail, *, shape: bool) -> Value:
        passes = node.name in ("points", "absolute")
        values = [self.value(item, sign, trail, shape=shape and passes) for item in node.items]
        if any(value is UNKNOWN for value in values):
            return UNKNOWN
        if node.name.startswith("grade_on:"):
            if shape and isinstance(values[0], Fraction):
                trail.blanks["n"] = values[0]
            return self._grade_on(node.name.partition(":")[2], values[0])
        result = DATED[node.name](self.as_of, *values) if node.name in DATED else CALLS[node.name](*values)
        exact = node.type.kind == "number" and type(result) is int
        return Fraction(result) if exact else cast("Value", result)

    def _grade_on(self, scale_id: str, value: Value) -> Value:
        assert isinstance(value, Fraction)
        position = 0
        for index, bound in enumerate(self.edition.scales[scale_id].bounds):
            if bound and (value > bound[1].value if bound[0] else value >= bound[1].value):
                position = index
        return Fraction(position)
