# SPDX-License-Identifier: Apache-2.0
"""How far a measure is from what is asked of it, in the unit of the fact: the smallest change of facts.

A share, a ratio, a median and a difference of shares change by what rows that are there come to; a count, a sum or a
largest also by rows that are added. A row that an assessor rejected keeps its place and can earn nothing, so what the
other rows can still come to bounds the change.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from gradus.grading import expressions as ex
from gradus.grading.evaluate import Evaluator, Trail
from gradus.grading.expressions import Expression, Node
from gradus.grading.lacking import lacking_rows
from gradus.grading.more_rows import MoreRows
from gradus.grading.result import Change, Explanation, Facts, Reach
from gradus.grading.rows import FIRST_CELL
from gradus.grading.scheme import Edition

_HUNDRED = Fraction(100)
_COUNT = ex.unit_named("count")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a measure. ``floor`` is what a rejected row counts with in a mean or a median; ``sign`` is -1
    where less is better."""

    value: Fraction
    floor: Fraction = Fraction(0)
    sign: int = 1


def smallest_change(
    run: Evaluator,
    measure: Expression,
    explanation: Explanation,
    value: Fraction | None,
    asked: Asked,
) -> Change:
    """The smallest change of facts that brings a measure to what is asked: more rows with credit, a larger sum ..."""
    if value is None and explanation.too_few and not explanation.missing:
        return rows_to_tell(MoreRows(run, measure, explanation.too_few, asked.sign), explanation, asked.value)
    blanks = {**explanation.blanks, "t": asked.value}
    unit = _unit_text(run.edition, measure.root)
    found: Fraction | Reach = Reach.UNTOLD
    if value is not None:
        found = _Gap(run, explanation, value, asked.value, asked.floor).distance(measure.root)
    if isinstance(found, Reach):
        return Change(None, unit, blanks, found)
    lacking = lacking_rows(run, measure.root) if asked.value > (value or 0) else ()
    return Change(found, unit, {**blanks, "k": found}, Reach.ENOUGH, lacking)


def rows_to_tell(more: MoreRows, explanation: Explanation, asked: Fraction, rows: int | None = None) -> Change:
    """The new rows that are lacking to tell a value (or more of them, ``rows``), and how many must then earn credit."""
    blanks = {**explanation.blanks, "t": asked}
    new = more.new()
    least = blanks["least"] - blanks["there"] if new is None else Fraction(new)
    blanks |= {"k": least if rows is None else Fraction(rows), "tell": least}
    if new is not None:
        moved = more.moved()
        if rows is None and moved is not None and moved < new:
            blanks["moved"] = Fraction(moved)
        credited = more.credits(int(blanks["k"]), asked)
        if credited:
            blanks |= {"credits": Fraction(credited), "d": more.size(int(blanks["k"]))}
    return Change(blanks["k"], ex.unit_text(_COUNT), blanks, Reach.TOO_FEW)


def _inner(edition: Edition, node: Node) -> Node | None:
    """The node whose numbers fill a measure's sentence: conditions, terms and conversions taken off, one at a time."""
    match node:
        case ex.Choose(left=left):
            return left
        case ex.Term(id=name):
            return edition.terms[name].formula.root
        case ex.Call(name="points", items=(item,)):
            return item
    return None


def _unit_text(edition: Edition, node: Node) -> str:
    """The unit of a distance; a yes that is lacking has no number of anything."""
    inner = node
    while (taken := _inner(edition, inner)) is not None:
        inner = taken
    counted = isinstance(inner, ex.Aggregate) and inner.kind == "every"
    return "boolean" if inner.type.kind == "boolean" and not counted else ex.unit_text(_unit(edition, inner))


def _unit(edition: Edition, node: Node) -> ex.Unit | None:
    inner = _inner(edition, node)
    if inner is not None:
        return _unit(edition, inner)
    match node:
        case ex.Arithmetic(sign="/", left=left):
            return left.type.unit
        case ex.Aggregate(kind="share" | "every" | "median"):
            return _COUNT
        case ex.Arithmetic(sign="-", left=ex.Aggregate(kind="share"), right=ex.Aggregate(kind="share")):
            return _COUNT
        case _:
            return node.type.unit


@dataclass(frozen=True, slots=True)
class _Gap:
    """A measure's value and what is asked of it."""

    run: Evaluator
    explanation: Explanation
    value: Fraction
    asked: Fraction
    floor: Fraction

    @property
    def sign(self) -> int:
        """1 where the value has to rise, -1 where it has to fall."""
        return 1 if self.asked > self.value else -1

    def distance(self, node: Node) -> Fraction | Reach:
        """The change in the unit of the fact, or why there is none to tell."""
        match node:
            case ex.Call(name="points", items=(item,)):
                ratios = self.value / _HUNDRED, self.asked / _HUNDRED
                return _Gap(self.run, self.explanation, *ratios, self.floor / _HUNDRED).distance(item)
            case ex.Choose() | ex.Term():
                inner = _inner(self.run.edition, node)
                assert inner is not None
                return self.distance(inner)
            case ex.Aggregate():
                return self._aggregate(node)
            case ex.Arithmetic(sign="/"):
                return self._ratio(node)
            case ex.Arithmetic(sign="-", left=ex.Aggregate(kind="share"), right=ex.Aggregate(kind="share")):
                return self._answers()
            case ex.Call(items=(ex.Aggregate(kind="the") as row,)) if self._is_rejected(row):
                return Reach.NEVER
            case _:
                return self._plain(node, self.value)

    def _aggregate(self, node: ex.Aggregate) -> Fraction | Reach:
        leaf = self._leaf(node)
        if leaf is None:
            return Reach.UNTOLD
        value = self.value if leaf.amount is None else leaf.amount
        falling_on_rejected = self.sign < 0 and leaf.rejected
        match node.kind:
            case "share" | "every":
                return self._rows(node, leaf)
            case "count" if falling_on_rejected:
                lacking = _whole(value - self.asked)
                return lacking if lacking <= len(_credited(leaf) - set(leaf.rejected)) else Reach.NEVER
            case "sum" | "distinct" | "largest" if falling_on_rejected:
                return Reach.UNTOLD
            case "median":
                return self._median(node)
            case "mean":
                return self._mean(node, leaf)
            case "streak":
                return self._streak(node)
            case "the" if self._is_rejected(node):
                return Reach.NEVER
            case _:
                return self._plain(node, value)

    def _plain(self, node: Node, value: Fraction) -> Fraction:
        if node.type.kind == "boolean":
            return Fraction(1)
        return (_whole if _counts(self.run.edition, node) else _hundredths)(self.sign * (self.asked - value))

    def _leaf(self, node: ex.Aggregate) -> Facts | None:
        """The facts of the measure itself, which come last; None when it was not what gave the value."""
        leaf = self.explanation.facts[-1] if self.explanation.facts else None
        return leaf if leaf and (leaf.operation, leaf.population) == (node.kind, node.population) else None

    def _is_rejected(self, node: ex.Aggregate) -> bool:
        leaf = self._leaf(node)
        return leaf is not None and _credited(leaf) <= set(leaf.rejected)

    def _beyond(self, population: str, *, more: bool) -> Reach:
        """Why the rows that are there cannot do it. ``more``: any number of perfect rows besides them could."""
        edition = self.run.edition
        while population in edition.populations:
            more = more and edition.populations[population].expects is None
            population = edition.populations[population].parent
        return Reach.NEW_ROWS if more and not edition.tables[population].single else Reach.NEVER

    def _rows(self, node: ex.Aggregate, leaf: Facts) -> Fraction | Reach:
        counted, credited = set(leaf.counted), _credited(leaf)
        lacking = _whole(self.sign * (self.asked * len(counted) - len(credited)))
        free = counted - set(leaf.rejected)
        if lacking <= len(free - credited if self.sign > 0 else free & credited):
            return lacking
        return self._beyond(node.population, more=0 < self.asked < 1)

    def _ratio(self, node: ex.Arithmetic) -> Fraction | Reach:
        edition, blanks, left = self.run.edition, self.explanation.blanks, node.left
        if "n" not in blanks or "d" not in blanks:
            return Reach.UNTOLD
        lacking = self.sign * (self.asked * blanks["d"] - blanks["n"])
        amount = (_whole if _counts(edition, left) else _hundredths)(lacking)
        if not isinstance(left, ex.Aggregate):
            return amount
        part = _is_part(edition, left, node.right)
        room = self._room(left, node.right if part else None)
        if room is None or lacking <= room:
            return amount if room is None else min(amount, room)
        more = self.asked > 0 if self.sign < 0 else not part or self.asked < 1
        return self._beyond(left.population, more=more)

    def _room(self, left: ex.Aggregate, whole: Node | None) -> Fraction | None:
        """How far the rows that are not rejected can move a ratio's numerator; None: as far as one likes."""
        trail = Trail()
        own = self.run.value(left, 1, trail)
        if self.sign < 0 or whole is None:
            rows = trail.facts[-1]
            if self.sign > 0:
                return None if left.kind != "sum" or _credited(rows) - set(rows.rejected) else Fraction(0)
            return own if isinstance(own, Fraction) else None
        most = self.run.value(whole, 1, Trail())
        return most - own if isinstance(most, Fraction) and isinstance(own, Fraction) else None

    def _median(self, node: ex.Aggregate) -> Fraction | Reach:
        """How many rows must reach what is asked before more than half of them have."""
        values = self.explanation.values
        there = sum(self.sign * value >= self.sign * self.asked for value in values)
        lacking = len(values) // 2 + 1 - there
        leaf = self._leaf(node)
        if not values or leaf is None:
            return Reach.UNTOLD
        rejected = len(values) - len(_credited(leaf) - set(leaf.rejected))
        stuck = rejected if self.sign * self.floor < self.sign * self.asked else 0
        if lacking <= len(values) - there - stuck:
            return Fraction(max(0, lacking))
        return self._beyond(node.population, more=True)

    def _mean(self, node: ex.Aggregate, leaf: Facts) -> Fraction | Reach:
        size = self.explanation.blanks.get("d")
        if not size:
            return Reach.UNTOLD
        free = len(_credited(leaf) - set(leaf.rejected))
        end = _end(self.run.edition, node.value, self.sign)
        if free and end is None:
            return _hundredths(abs(self.asked - self.value))
        best = (free * (end or 0) + (size - free) * self.floor) / size
        if free and self.sign * (best - self.asked) >= 0:
            return _hundredths(abs(self.asked - self.value))
        return self._beyond(node.population, more=end is None or self.sign * (end - self.asked) > 0)

    def _streak(self, node: ex.Aggregate) -> Fraction | Reach:
        """How many values are lacking in the row of them that is asked; one that lies beyond a gap is there."""
        assert isinstance(node.value, ex.Cell)
        assert node.at_least is not None
        start = self.run.value(node.at_least, 0, Trail())
        if not isinstance(start, Fraction) or self.sign < 0:
            return Reach.UNTOLD
        at = FIRST_CELL + node.value.index
        first, rows = start - ceil(self.asked), self.run.population(node.population).rows
        rows = tuple(row for row in rows if isinstance(row[at], int) and first < row[at] <= start)
        there = {row[at] for row in rows if not row[1]}
        column = self.run.edition.tables[node.value.table].column(node.value.column)
        if column.key and any(row[at] not in there for row in rows):
            return Reach.NEVER
        return Fraction(ceil(self.asked) - len(there))

    def _answers(self) -> Fraction | Reach:
        """How many answers must turn for a difference of two shares: from the second to the first counts twice."""
        leaves = self.explanation.facts[-2:]
        if [each.operation for each in leaves] != ["share", "share"] or self.sign < 0:
            return Reach.UNTOLD
        first, second = leaves
        if first.counted != second.counted:
            return Reach.UNTOLD
        won, lost = _credited(first), _credited(second)
        free = set(first.counted) - set(first.rejected)
        twice, once = len(free & (lost - won)), len(free - (won ^ lost))
        lacking = _whole((self.asked - self.value) * len(first.counted))
        if lacking > 2 * twice + once:
            return self._beyond(first.population, more=self.asked < 1)
        return _whole(lacking / 2) if lacking <= 2 * twice else lacking - twice


def _credited(leaf: Facts) -> set[int]:
    return set(leaf.counted if leaf.credited is None else leaf.credited)


def _is_part(edition: Edition, left: Node, right: Node) -> bool:
    """Whether a ratio's numerator is in every row a part of its denominator."""
    match left, right:
        case ex.Aggregate(kind="sum", value=ex.Cell() as part), ex.Aggregate(kind="sum", value=ex.Cell() as whole):
            within = edition.tables[part.table].column(part.column).within == whole.column
        case ex.Aggregate(kind="count"), ex.Aggregate(kind="count"):
            within = True
        case _:
            return False
    return within and left.population == right.population and right.condition is None


def _end(edition: Edition, node: Node | None, sign: int) -> Fraction | None:
    """The highest value that a column may take, or the lowest; None when nothing is said of it."""
    if not isinstance(node, ex.Cell):
        return None
    column = edition.tables[node.table].column(node.column)
    return column.maximum if sign > 0 else column.minimum


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
