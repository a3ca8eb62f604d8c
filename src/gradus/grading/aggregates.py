# SPDX-License-Identifier: Apache-2.0
"""Functions over the rows of a population, with the facts each rested on."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from gradus.grading import expressions as ex
from gradus.grading.expressions import Node
from gradus.grading.result import Facts, LeftOut, Missing
from gradus.grading.rows import FIRST_CELL, PreparedRow
from gradus.grading.unknown import UNKNOWN

if TYPE_CHECKING:
    from gradus.grading.evaluate import Evaluator, Trail, Value

Pair = tuple[PreparedRow, object, int]


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of a population. ``absent`` are keys of rows that are expected and not there."""

    table: str
    population: str
    rows: tuple[PreparedRow, ...]
    left_out: tuple[LeftOut, ...] = ()
    missing: tuple[Missing, ...] = ()
    unknown: bool = False
    absent: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    rejected: tuple[int, ...] = ()

    def leaf(
        self,
        operation: str,
        formula: str,
        credited: tuple[int, ...] | None,
        amount: Fraction | None,
        missing: tuple[Missing, ...] = (),
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
            missing,
            amount,
        )


def select_rows(
    table: str,
    population: str,
    rows: tuple[PreparedRow, ...],
    left_out: tuple[LeftOut, ...] = (),
    missing: tuple[Missing, ...] = (),
    absent: tuple[str, ...] = (),
    *,
    unknown: bool = False,
) -> Selection:
    """A selection with its row numbers made once, since every measure over it names them."""
    numbers = tuple([row[0] for row in rows])
    rejected = tuple([row[0] for row in rows if row[1]])
    return Selection(table, population, rows, left_out, missing, unknown, absent, numbers, rejected)  # type: ignore[arg-type]


def aggregate(run: "Evaluator", node: ex.Aggregate, sign: int, trail: "Trail", shape: bool) -> "Value":
    """Evaluate a function over rows; its leaf is added to the trail."""
    selection = run.population(node.population)
    if selection.unknown:
        return _unknown(node, selection, trail, selection.missing)
    if node.kind == "streak":
        return _streak(run, node, sign, trail, shape, selection)
    rows: tuple[PreparedRow, ...] | list[PreparedRow] = selection.rows
    needed = _columns(node)
    lacking = [Missing(selection.table, 0, column, key) for key in selection.absent for column in needed]
    if node.condition is not None:
        program = run.programs.select(node.condition, sign > 0)
        values = run.hoist(program.hoisted, sign, trail)
        if values is None:
            return _unknown(node, selection, trail, ())
        rows, _, missing = program.run(rows, values)
        lacking += [Missing(selection.table, number, column) for number, column in missing]
    pairs: list[Pair] = []
    if node.value is not None and node.kind != "distinct":
        program = run.programs.value(node.value, sign > 0)
        values = run.hoist(program.hoisted, sign, trail)
        if values is None:
            return _unknown(node, selection, trail, ())
        pairs, missing = program.run(rows, values)
        lacking += [Missing(selection.table, number, column) for number, column in missing]
        lacking += [Missing(selection.table, r[0], needed[-1]) for r, top, low in pairs if top is None or not low]  # type: ignore[arg-type]
    if node.kind == "the" and not rows:
        key = _wanted_key(run, node, trail)
        lacking += [Missing(selection.table, 0, needed[-1], key)]
    if lacking and (node.kind not in ("count", "exists", "distinct") or lacking[0].row):
        return _unknown(node, selection, trail, tuple(lacking))
    return _known(run, node, sign, trail, shape, selection, list(rows), pairs)


def _known(
    run: "Evaluator",
    node: ex.Aggregate,
    sign: int,
    trail: "Trail",
    shape: bool,
    selection: Selection,
    rows: list[PreparedRow],
    pairs: list[Pair],
) -> "Value":
    credited = [row for row in rows if not row[1]] if sign > 0 else rows
    value: Value
    match node.kind:
        case "count":
            value = Fraction(len(credited))
        case "exists":
            value = bool(credited)
        case "every":
            value = len(credited) == len(selection.rows)
        case "distinct":
            assert isinstance(node.value, ex.Cell)
            at = FIRST_CELL + node.value.index
            value = Fraction(len({row[at] for row in credited}))
        case "share":
            value = _share(run, node, trail, len(credited), len(selection.rows))
        case "the":
            value = _the(run, node, sign, trail, pairs)
        case _:
            value = _of_values(run, node, sign, pairs)
    numbers: tuple[int, ...] | None = None
    if len(credited) != len(selection.rows):
        numbers = tuple([row[0] for row in credited])  # type: ignore[misc]
    amount = value if isinstance(value, Fraction) else None
    trail.facts.append(selection.leaf(node.kind, _describe(node), numbers, amount))
    if shape:
        size = Fraction(len(selection.rows))
        blanks = {"share": (Fraction(len(credited)), size), "every": (Fraction(len(credited)), size)}.get(node.kind)
        if blanks:
            trail.blanks["n"], trail.blanks["d"] = blanks
        elif amount is not None and node.kind in ("count", "distinct", "sum"):
            trail.blanks["n"] = amount
            if node.condition is not None:
                trail.blanks["d"] = size
        elif node.kind in ("mean", "median", "largest"):
            trail.blanks["d"] = Fraction(len(pairs))
        if node.kind in ("median", "largest"):
            trail.values = tuple([Fraction(top, low) for _, top, low in pairs])  # type: ignore[arg-type]
    return value


def _share(run: "Evaluator", node: ex.Aggregate, trail: "Trail", hits: int, size: int) -> "Value":
    if node.at_least is not None:
        least = run.value(node.at_least, 0, trail)
        assert isinstance(least, Fraction)
        if size < least:
            trail.blanks["d"], trail.blanks["least"] = Fraction(size), least
            return UNKNOWN
    return Fraction(hits, size) if size else UNKNOWN


def _the(run: "Evaluator", node: ex.Aggregate, sign: int, trail: "Trail", pairs: list[Pair]) -> "Value":
    row, top, bottom = pairs[0]
    match node.value:
        case ex.Choose(condition=ex.Given(cell=ex.Cell(index=index))) if row[FIRST_CELL + index] is None:
            trail.claimed = True
    if row[1] and sign:
        return run.floor if node.type.kind == "number" else False
    return Fraction(top, bottom) if node.type.kind == "number" else top  # type: ignore[arg-type, return-value]


def _of_values(run: "Evaluator", node: ex.Aggregate, sign: int, pairs: list[Pair]) -> "Value":
    """Sum, mean, median, largest. In a mean or a median a rejected row counts with the indicator's floor."""
    floor = (run.floor.numerator, run.floor.denominator)
    if node.kind == "sum":
        return _exact_sum((top, bottom) for row, top, bottom in pairs if not (row[1] and sign > 0))  # type: ignore[misc]
    if not pairs:
        return UNKNOWN
    if node.kind == "mean":
        numbers = (floor if row[1] and sign else (top, bottom) for row, top, bottom in pairs)
        return _exact_sum(numbers) / len(pairs)  # type: ignore[arg-type]
    if node.kind == "largest":
        left = [Fraction(top, bottom) for row, top, bottom in pairs if not (row[1] and sign > 0)]  # type: ignore[arg-type]
        return max(left, default=Fraction(0))
    ordered = sorted(run.floor if row[1] and sign else Fraction(top, bottom) for row, top, bottom in pairs)  # type: ignore[arg-type]
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _exact_sum(pairs: "object") -> Fraction:
    """The sum of many fractions: added as whole numbers by denominator first, which keeps the numbers small."""
    sums: dict[int, int] = {}
    for top, bottom in pairs:  # type: ignore[attr-defined]
        sums[bottom] = sums.get(bottom, 0) + top
    return sum((Fraction(top, bottom) for bottom, top in sums.items()), Fraction(0))


def _streak(
    run: "Evaluator", node: ex.Aggregate, sign: int, trail: "Trail", shape: bool, selection: Selection
) -> "Value":
    assert isinstance(node.value, ex.Cell) and node.at_least is not None
    start = run.value(node.at_least, 0, trail)
    if not isinstance(start, Fraction):
        return _unknown(node, selection, trail, ())
    at = FIRST_CELL + node.value.index
    there = {row[at]: row[0] for row in selection.rows if not (row[1] and sign > 0)}
    credited = []
    value = int(start)
    while value in there:
        credited.append(there[value])
        value -= 1
    amount = Fraction(len(credited))
    trail.facts.append(selection.leaf("streak", _describe(node), tuple(credited), amount))  # type: ignore[arg-type]
    if shape:
        trail.blanks["n"] = amount
    return amount


def _unknown(node: ex.Aggregate, selection: Selection, trail: "Trail", missing: tuple[Missing, ...]) -> "Value":
    trail.missing.update(dict.fromkeys(missing))
    trail.facts.append(selection.leaf(node.kind, _describe(node), None, None, missing))
    return UNKNOWN


@lru_cache(maxsize=4096)
def _columns(node: ex.Aggregate) -> list[str]:
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
    return list(found)


def _wanted_key(run: "Evaluator", node: ex.Aggregate, trail: "Trail") -> str:
    match node.condition:
        case ex.Compare(sign="==", right=ex.Constant(value=str() as key)):
            return key
    return ""


@lru_cache(maxsize=4096)
def _describe(node: ex.Aggregate) -> str:
    columns = ", ".join(_columns(node))
    return f"{node.kind}({node.population}{', ' if columns else ''}{columns})"
