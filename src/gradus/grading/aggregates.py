# SPDX-License-Identifier: Apache-2.0
"""Functions over the rows of a population, with the facts each rested on."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gradus.grading import expressions as ex
from gradus.grading.expressions import Node
from gradus.grading.result import Facts, LeftOut, Missing
from gradus.grading.rows import FIRST_CELL, PreparedRow
from gradus.grading.unknown import UNKNOWN

if TYPE_CHECKING:
    from gradus.grading.evaluate import Evaluator, Trail, Value

Pair = tuple[PreparedRow, Any, int]
"""A row with what was computed from it: a numerator (or a date, a text, None) and a denominator."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of a population, and what was left out on the way.

    ``missing`` are facts that its conditions lacked (``unknown`` is then set), ``absent`` keys of rows that are
    expected and not there. Row numbers are kept because every measure over the rows names them.
    """

    table: str
    population: str
    rows: tuple[PreparedRow, ...]
    left_out: tuple[LeftOut, ...]
    missing: tuple[Missing, ...]
    absent: tuple[str, ...]
    unknown: bool
    numbers: tuple[int, ...]
    rejected: tuple[int, ...]

    def leaf(
        self,
        operation: str,
        formula: str,
        credited: tuple[int, ...] | None,
        amount: Fraction | None,
        condition: str = "",
    ) -> Facts:
        """The explanation's leaf for a measure over these rows."""
        return Facts(
            self.table,
            self.population,
            operation,
            formula,
            self.numbers,
            credited,
            self.left_out,
            self.rejected,
            amount,
            condition,
        )


def whole_table(table: str, rows: tuple[PreparedRow, ...]) -> Selection:
    """All rows of a table."""
    return Selection(table, table, rows, (), (), (), False, *_numbers(rows))


def narrowed(
    parent: Selection,
    population: str,
    rows: tuple[PreparedRow, ...],
    left_out: tuple[LeftOut, ...] = (),
    missing: tuple[Missing, ...] = (),
    absent: tuple[str, ...] = (),
) -> Selection:
    """A population within another; a fact that its conditions lack makes it unknown."""
    return Selection(
        parent.table,
        population,
        rows,
        parent.left_out + left_out,
        parent.missing + missing,
        parent.absent + absent,
        parent.unknown or bool(missing),
        *_numbers(rows),
    )


def _numbers(rows: tuple[PreparedRow, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple([row[0] for row in rows]), tuple([row[0] for row in rows if row[1]])


@dataclass(slots=True)
class Aggregation:
    """One function over rows, being evaluated. ``shape``: its numbers fill the sentence's blanks."""

    run: "Evaluator"
    node: ex.Aggregate
    sign: int
    trail: "Trail"
    shape: bool

    def value(self) -> "Value":
        """The value; its leaf is added to the trail."""
        node, run = self.node, self.run
        selection = run.population(node.population)
        if selection.unknown:
            return self._unknown(selection, selection.missing)
        if node.kind == "streak":
            return self._streak(selection)
        rows: tuple[PreparedRow, ...] | list[PreparedRow] = selection.rows
        needed = columns_read(node)
        lacking = [Missing(selection.table, 0, column, key) for key in selection.absent for column in needed]
        if node.condition is not None:
            program = run.programs.select(node.condition, credit=self.sign > 0)
            values = run.hoist(program.hoisted, self.sign, self.trail)
            if values is None:
                return self._unknown(selection, ())
            rows, _, missing = program.run(rows, values)
            # Whatever the unknown key of another row is, it is not that of the row which was found.
            if not (node.kind == "the" and rows and run.by_key(node)):
                lacking += [Missing(selection.table, number, column) for number, column in missing]
        pairs: list[Pair] = []
        if node.value is not None and node.kind != "distinct":
            program = run.programs.value(node.value, credit=self.sign > 0)
            values = run.hoist(program.hoisted, self.sign, self.trail)
            if values is None:
                return self._unknown(selection, ())
            pairs, missing = program.run(rows, values)
            lacking += [Missing(selection.table, number, column) for number, column in missing]
            lacking += [
                Missing(selection.table, row[0], needed[-1]) for row, top, low in pairs if not low or top is None
            ]
        if node.kind == "the" and not rows:
            lacking += [Missing(selection.table, 0, needed[-1], _wanted_key(node))]
        # A row that is not there is not counted, and that is no missing fact.
        if lacking and (node.kind not in ("count", "exists", "distinct") or lacking[0].row):
            return self._unknown(selection, tuple(lacking))
        return self._known(selection, list(rows), pairs)

    def _known(self, selection: Selection, rows: list[PreparedRow], pairs: list[Pair]) -> "Value":
        credited = [row for row in rows if not row[1]] if self.sign > 0 else rows
        value: Value
        match self.node.kind:
            case "count":
                value = Fraction(len(credited))
            case "exists":
                value = bool(credited)
            case "every":
                value = len(credited) == len(selection.rows)
            case "distinct":
                value = _distinct(self.node, credited)
            case "share":
                value = self._share(len(credited), len(selection.rows))
            case "the":
                value = self._the(pairs)
            case _:
                value = self._of_values(pairs)
        numbers = None if len(credited) == len(selection.rows) else tuple([row[0] for row in credited])
        amount = value if isinstance(value, Fraction) else None
        kind, written = self.node.kind, self.node.written
        self.trail.facts.append(selection.leaf(kind, describe(self.node), numbers, amount, written))
        if self.shape:
            self._fill_blanks(amount, Fraction(len(credited)), Fraction(len(selection.rows)), pairs)
        return value

    def _fill_blanks(self, amount: Fraction | None, hits: Fraction, size: Fraction, pairs: list[Pair]) -> None:
        blanks, kind = self.trail.blanks, self.node.kind
        if kind in ("share", "every"):
            blanks["n"], blanks["d"] = hits, size
        elif amount is not None and kind in ("count", "distinct", "sum"):
            blanks["n"] = amount
            if self.node.condition is not None:
                blanks["d"] = size
        elif kind in ("mean", "median", "largest"):
            blanks["d"] = Fraction(len(pairs))

    def _share(self, hits: int, size: int) -> "Value":
        if self.node.at_least is not None:
            least = self.run.value(self.node.at_least, 0, self.trail)
            if isinstance(least, Fraction) and size < least:
                self.trail.blanks["d"] = Fraction(size)
                self.trail.note_too_few(self.node.population, Fraction(size), least)
                return UNKNOWN
        return Fraction(hits, size) if size else UNKNOWN

    def _the(self, pairs: list[Pair]) -> "Value":
        row, top, bottom = pairs[0]
        match self.node.value:
            case ex.Choose(condition=ex.Given(cell=ex.Cell(index=index))) if row[FIRST_CELL + index] is None:
                self.trail.claimed = True
        if row[1] and self.sign:
            # A rejected truth is no; a rejected text or date is nothing that could be judged.
            if self.node.type.kind == "number":
                return self.run.floor
            return False if self.node.type.kind == "boolean" else UNKNOWN
        return Fraction(top, bottom) if self.node.type.kind == "number" else top

    def _of_values(self, pairs: list[Pair]) -> "Value":
        """Sum, mean, median, largest. In a mean or a median a rejected row counts with the indicator's floor."""
        floor, earns = self.run.floor, self.sign > 0
        if self.node.kind == "sum":
            return _exact_sum((top, low) for row, top, low in pairs if not (row[1] and earns))
        if not pairs:
            return UNKNOWN
        lowest = (floor.numerator, floor.denominator)
        if self.node.kind == "mean":
            return _exact_sum(lowest if row[1] and self.sign else (top, low) for row, top, low in pairs) / len(pairs)
        if self.node.kind == "largest":
            return max((Fraction(top, low) for row, top, low in pairs if not (row[1] and earns)), default=Fraction(0))
        ordered = sorted(floor if row[1] and self.sign else Fraction(top, low) for row, top, low in pairs)
        if self.shape:
            self.trail.values = tuple(ordered)
        middle = len(ordered) // 2
        return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2

    def _streak(self, selection: Selection) -> "Value":
        assert isinstance(self.node.value, ex.Cell)
        assert self.node.at_least is not None
        start = self.run.value(self.node.at_least, 0, self.trail)
        if not isinstance(start, Fraction):
            return self._unknown(selection, ())
        at = FIRST_CELL + self.node.value.index
        there = {row[at]: row[0] for row in selection.rows if not (row[1] and self.sign > 0)}
        credited = []
        value = int(start)
        while value in there:
            credited.append(there[value])
            value -= 1
        amount = Fraction(len(credited))
        self.trail.facts.append(selection.leaf("streak", describe(self.node), tuple(credited), amount))
        if self.shape:
            self.trail.blanks["n"] = amount
        return amount

    def _unknown(self, selection: Selection, missing: tuple[Missing, ...]) -> "Value":
        self.trail.missing.update(dict.fromkeys(missing))
        if self.shape and not selection.unknown and self.node.kind in ("share", "every", "mean", "median", "largest"):
            self.trail.blanks["d"] = Fraction(len(selection.rows))
        self.trail.facts.append(selection.leaf(self.node.kind, describe(self.node), None, None))
        return UNKNOWN


def _distinct(node: ex.Aggregate, credited: list[PreparedRow]) -> Fraction:
    assert isinstance(node.value, ex.Cell)
    at = FIRST_CELL + node.value.index
    return Fraction(len({row[at] for row in credited} - {None, UNKNOWN}))


def _exact_sum(pairs: Iterable[tuple[int, int]]) -> Fraction:
    """The sum of many fractions: added as whole numbers by denominator first, which keeps the numbers small."""
    sums: dict[int, int] = {}
    for top, bottom in pairs:
        sums[bottom] = sums.get(bottom, 0) + top
    return sum((Fraction(top, bottom) for bottom, top in sums.items()), Fraction(0))


@lru_cache(maxsize=4096)
def columns_read(node: ex.Aggregate) -> tuple[str, ...]:
    """The columns of its row that a measure reads; the last one is the fact to bring when the row is not there."""
    found: dict[str, None] = {}

    def walk(each: Node) -> None:
        if isinstance(each, ex.Cell) and not each.outer:
            found.pop(each.column, None)
            found[each.column] = None
        for part in ex.parts(each):
            if not isinstance(part, ex.Aggregate):
                walk(part)

    for part in (node.condition, node.value):
        if part is not None:
            walk(part)
    return tuple(found)


@lru_cache(maxsize=4096)
def describe(node: ex.Aggregate) -> str:
    """A function in short, for the explanation."""
    return f"{node.kind}({', '.join((node.population, *columns_read(node)))})"


def _wanted_key(node: ex.Aggregate) -> str:
    match node.condition:
        case ex.Compare(sign="==", right=ex.Constant(value=str() as key)):
            return key
    return ""
