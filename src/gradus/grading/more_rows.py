# SPDX-License-Identifier: Apache-2.0
"""What more rows would make of a measure that cannot be told because its rows are too few.

The rows are supposed, not made: a measure of counts and shares follows from how many rows there are and how many of
them earn credit. Rows added to a population also enlarge those that it is part of, so that a floor that grows with
these is met later than it seems. Anything else is not computed, and nothing is promised of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from gradus.grading import expressions as ex
from gradus.grading.calls import compare
from gradus.grading.evaluate import Evaluator, Trail
from gradus.grading.expressions import Expression, Node
from gradus.grading.unknown import UNKNOWN, Unknown

_MOST = 2**12
_HUNDRED = Fraction(100)


class _NotComputed(Exception):
    """The measure is none of counts and shares over the rows that are too few."""


class _Told(_NotComputed):
    """What the measure then comes to is not computed, only that it can be told."""


@dataclass(frozen=True, slots=True)
class MoreRows:
    """A measure whose ``population`` has too few rows. ``sign``: 1 where more is better, -1 where less is."""

    run: Evaluator
    measure: Expression
    population: str
    sign: int

    def new(self) -> int | None:
        """The fewest new rows after which the measure can be told; None when that is not computed."""
        return self._first(self._told)

    def moved(self) -> int | None:
        """The same for rows that are there, and so far belong only to the population around it."""
        population = self.run.edition.populations.get(self.population)
        if population is None:
            return None
        there = len(self.run.population(population.parent).rows) - len(self.run.population(self.population).rows)
        grown = frozenset({self.population})
        least = self._first(lambda rows: self._told(rows, grown))
        return least if least is not None and least <= there else None

    def best(self, rows: int) -> Fraction | None:
        """The value with so many new rows, each as good as can be; None when it still cannot be told."""
        try:
            value = self._value(rows, rows)
        except _NotComputed:
            return None
        return None if isinstance(value, Unknown) else value

    def reaching(self, asked: Fraction) -> int | None:
        """The fewest new rows, each as good as can be, with which the value is at what is asked."""
        least = self.new()
        if least is None or self.best(least) is None:
            return None

        def reaches(rows: int) -> bool:
            value = self.best(rows)
            return value is not None and self.sign * value >= self.sign * asked

        return self._first(reaches)

    def credits(self, rows: int, asked: Fraction) -> int | None:
        """With so many new rows, how many more rows must earn credit for what is asked; None when none suffice."""

        def reaches(credited: int) -> bool:
            value = self._value(rows, credited)
            return not isinstance(value, Unknown) and self.sign * value >= self.sign * asked

        try:
            most = rows + self._uncredited()
            return next((each for each in range(most + 1) if reaches(each)), None)
        except _NotComputed:
            return None

    def size(self, rows: int) -> Fraction:
        """How many rows the population then has."""
        return Fraction(len(self.run.population(self.population).rows) + rows)

    def _told(self, rows: int, grown: frozenset[str] | None = None) -> bool:
        try:
            return self._value(rows, 0, grown) is not UNKNOWN
        except _Told:
            return True

    def _first(self, holds: Callable[[int], bool]) -> int | None:
        """The fewest rows for which something holds that holds of all more."""
        try:
            high = 1
            while not holds(high):
                high *= 2
                if high > _MOST:
                    return None
            low = high // 2
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if holds(middle) else (middle, high)
        except _NotComputed:
            return None
        return high

    def _uncredited(self) -> int:
        """The rows that are there and could earn credit yet, where the measure is a single share of them."""
        shares = list(_shares(self.measure.root, self.run))
        if len(shares) != 1 or self.sign < 0:
            return 0
        selection = self.run.population(self.population)
        return len(selection.rows) - self.hits(shares[0], self.sign) - len(selection.rejected)

    def _value(self, rows: int, credited: int, grown: frozenset[str] | None = None) -> Fraction | Unknown:
        """The value with so many rows more, so many of them credited, in the population and those around it."""
        if grown is None:
            names, name = {self.population}, self.population
            while name in self.run.edition.populations:
                if self.run.edition.populations[name].expects:
                    raise _NotComputed
                name = self.run.edition.populations[name].parent
                names.add(name)
            grown = frozenset(names)
        return _Supposed(self, rows, credited, grown).value(self.measure.root, self.sign)

    def hits(self, node: ex.Aggregate, sign: int) -> int:
        """How many rows earn credit in a share as it is."""
        trail = Trail()
        self.run.value(node, sign, trail)
        leaf = trail.facts[-1] if trail.facts else None
        if trail.missing or leaf is None or (leaf.operation, leaf.population) != (node.kind, node.population):
            raise _NotComputed
        return len(leaf.counted if leaf.credited is None else leaf.credited)


def _shares(node: Node, run: Evaluator) -> list[ex.Aggregate]:
    if isinstance(node, ex.Term):
        return _shares(run.edition.terms[node.id].formula.root, run)
    if isinstance(node, ex.Aggregate):
        return [node] if node.kind == "share" else []
    return [each for part in ex.parts(node) for each in _shares(part, run)]


@dataclass(frozen=True, slots=True)
class _Supposed:
    """The measure with more rows in the ``grown`` populations."""

    more: MoreRows
    rows: int
    credited: int
    grown: frozenset[str]

    def value(self, node: Node, sign: int) -> Fraction | Unknown:
        match node:
            case ex.Term(id=name):
                return self.value(self.more.run.edition.terms[name].formula.root, sign)
            case ex.Call(name="points", items=(item,)):
                value = self.value(item, sign)
                return value if isinstance(value, Unknown) else _HUNDRED * value
            case ex.Choose(condition=condition, left=left, right=right):
                if not self._holds(condition):
                    return self.value(right, sign)
                try:
                    return self.value(left, sign)
                except _NotComputed:
                    raise _Told from None
            case ex.Arithmetic(sign=how):
                return self._arithmetic(node, how, sign)
            case ex.Aggregate(kind="count", condition=None, population=name) if name in self.grown:
                return Fraction(len(self.more.run.population(name).rows) + self.rows)
            case ex.Aggregate(kind="share", population=self.more.population):
                return self._share(node, sign)
        if self._reads_grown(node):
            raise _NotComputed
        found = self.more.run.value(node, sign, Trail())
        if isinstance(found, Fraction | Unknown):
            return found
        raise _NotComputed

    def _share(self, node: ex.Aggregate, sign: int) -> Fraction | Unknown:
        size = len(self.more.run.population(node.population).rows) + self.rows
        if node.at_least is not None:
            least = self.value(node.at_least, 0)
            if isinstance(least, Unknown) or size < least:
                return UNKNOWN
        hits = self.more.hits(node, sign) + (self.credited if sign == self.more.sign else 0)
        return Fraction(hits, size)

    def _arithmetic(self, node: ex.Arithmetic, how: str, sign: int) -> Fraction | Unknown:
        left, right = self.value(node.left, sign), self.value(node.right, -sign if how in "-/" else sign)
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return UNKNOWN
        match how:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case _:
                return left / right if right else UNKNOWN

    def _holds(self, node: Node) -> bool:
        if not isinstance(node, ex.Compare):
            raise _NotComputed
        left, right = self.value(node.left, 0), self.value(node.right, 0)
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            raise _NotComputed
        return compare(node.sign, left.numerator, left.denominator, right.numerator, right.denominator)

    def _reads_grown(self, node: Node) -> bool:
        if isinstance(node, ex.Term):
            return self._reads_grown(self.more.run.edition.terms[node.id].formula.root)
        name = node.population if isinstance(node, ex.Aggregate | ex.Values) else ""
        while name:
            if name in self.grown:
                return True
            name = self.more.run.edition.populations[name].parent if name in self.more.run.edition.populations else ""
        return any(self._reads_grown(part) for part in ex.parts(node))
