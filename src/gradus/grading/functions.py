# SPDX-License-Identifier: Apache-2.0
"""The functions of the formula language: their names, the arguments they take, and the type of their result."""

import ast
from fractions import Fraction
from typing import TYPE_CHECKING

from gradus.grading import expressions as ex
from gradus.grading.expressions import BOOLEAN, DATE, TEXT, TEXTS, Node, Type

if TYPE_CHECKING:
    from gradus.grading.language import Parser

COUNT, MONTHS, DAYS, RATIO, YEAR = (
    Type("number", ex.unit_named(unit)) for unit in ("count", "months", "days", "ratio", "year")
)
YEARS, DATES = Type("numbers", YEAR.unit), Type("dates")
_WINDOW, _NUMBER = Type("window"), Type("number", None)

AGGREGATES = ("count", "distinct", "sum", "mean", "median", "largest", "share", "exists", "every", "the", "streak")
"""Functions over the rows of a population."""

SPECIAL = ("given", "number_of_values", "contains_all", "grade_on", "score", "points", "absolute", "lowest", "highest")
"""Functions whose arguments are names, or whose result takes the argument's unit."""

PURE: dict[str, tuple[tuple[Type, ...], Type]] = {
    "months": ((DATE, DATE), MONTHS),
    "days": ((_WINDOW,), DAYS),
    "days_within": ((DATE, DATE, _WINDOW), DAYS),
    "days_since": ((DATE,), DAYS),
    "months_before": ((MONTHS,), DATE),
    "months_after": ((DATE, MONTHS), DATE),
    "latest_closed_year": ((MONTHS,), YEAR),
    "latest_closed_years": ((_NUMBER, MONTHS, DATE), YEARS),
    "month_starts": ((_WINDOW,), DATES),
    "gb32100_valid": ((TEXT,), BOOLEAN),
    "gb11714_valid": ((TEXT,), BOOLEAN),
    "cn_patent_like": ((TEXT,), BOOLEAN),
    "cn_patent_valid": ((TEXT,), BOOLEAN),
}
"""Argument types and result type of the functions of values."""

_ONCE = ("months_before", "latest_closed_year", "latest_closed_years", "grade_on", "lowest", "highest")
"""Functions of the whole dossier: they can not be worked out row by row."""


def _arguments(parser: "Parser", name: str, tree: ast.Call, least: int, most: int) -> list[ast.expr]:
    if not least <= len(tree.args) <= most or any(isinstance(each, ast.Starred) for each in tree.args):
        expected = str(least) if least == most else f"{least}-{most}"
        raise parser.error(tree, "formula.arguments", name=name, expected=expected, given=str(len(tree.args)))
    return tree.args


def _call(parser: "Parser", tree: ast.Call, node: ex.Call) -> Node:
    name = node.name.partition(":")[0]
    if name in _ONCE and any(ex.reads_row(item) or ex.reads_outer(item) for item in node.items):
        raise parser.error(tree, "formula.not_in_rows", name=name)
    return node


def call_pure(parser: "Parser", name: str, tree: ast.Call) -> Node:
    """A function of values."""
    wanted, result = PURE[name]
    arguments = _arguments(parser, name, tree, len(wanted), len(wanted))
    items = tuple(parser.typed(each, kind) for each, kind in zip(arguments, wanted, strict=True))
    return _call(parser, tree, ex.Call(result, name, items))


def call_special(parser: "Parser", name: str, tree: ast.Call) -> Node:
    """A function whose arguments are names or whose result follows its argument."""
    two = name in ("contains_all", "grade_on", "lowest", "highest")
    arguments = _arguments(parser, name, tree, 2 if two else 1, 2 if two else 1)
    first = arguments[0]
    if name == "given":
        cell = parser.node(first)
        if not isinstance(cell, ex.Cell | ex.Single):
            raise parser.error(tree, "formula.needs_column", name=name)
        return ex.Given(BOOLEAN, cell)
    if name == "number_of_values":
        return _number_of_values(parser, tree, first)
    if name == "contains_all":
        values = parser.typed(first, TEXTS)
        if not isinstance(values, ex.Values):
            raise parser.error(tree, "formula.needs_values", name=name)
        return ex.ContainsAll(BOOLEAN, values, parser.typed(arguments[1], TEXTS))
    if name == "grade_on":
        return _grade_on(parser, tree, first, arguments[1])
    if name == "score":
        return _score(parser, tree, first)
    items = tuple(parser.typed(each, _NUMBER) for each in arguments)
    if name == "points":
        parser.typed(first, RATIO)
        return ex.Call(Type("number", ex.unit_named("points")), name, items)
    if name in ("lowest", "highest"):
        parser.typed(arguments[1], items[0].type)
    return _call(parser, tree, ex.Call(items[0].type, name, items))


def _number_of_values(parser: "Parser", tree: ast.Call, first: ast.expr) -> Node:
    values = parser.node(first)
    if not isinstance(values, ex.Values):
        raise parser.error(tree, "formula.needs_values", name="number_of_values")
    table = parser.names.populations[values.population]
    column = parser.names.tables[table].columns[values.index]
    if not column.options:
        raise parser.error(tree, "formula.needs_list", column=f"{table}.{column.id}")
    return ex.Constant(COUNT, Fraction(len(column.options)))


def _grade_on(parser: "Parser", tree: ast.Call, first: ast.expr, second: ast.expr) -> Node:
    scale = first.id if isinstance(first, ast.Name) else ast.unparse(first)[:40]
    parser.names.judge(scale)
    if scale not in parser.names.scales:
        raise parser.names.missing("formula.unknown_scale", scale, parser.names.scales, first.col_offset)
    if not any(parser.names.scales[scale].bounds):
        raise parser.error(first, "formula.scale_without_bounds", name=scale)
    item = parser.typed(second, _NUMBER)
    return _call(parser, tree, ex.Call(Type("number", ex.unit_named(scale)), f"grade_on:{scale}", (item,)))


def _score(parser: "Parser", tree: ast.Call, first: ast.expr) -> Node:
    if not parser.scope.scores:
        raise parser.error(tree, "formula.score_here")
    dimension = first.value if isinstance(first, ast.Constant) else None
    if not isinstance(dimension, str) or dimension not in parser.names.dimensions:
        written = dimension if isinstance(dimension, str) else ast.unparse(first)
        known = sorted(parser.names.dimensions)
        raise parser.names.missing("formula.unknown_dimension", written, known, first.col_offset)
    return ex.Score(Type("number", ex.unit_named("points")), dimension)


def call_aggregate(parser: "Parser", name: str, tree: ast.Call) -> Node:
    """A function over a population's rows."""
    conditions = {"count": 1, "exists": 1, "share": 1, "every": 1}
    least, most = {"count": (1, 2), "exists": (1, 2), "share": (2, 2), "every": (2, 2), "streak": (3, 3)}.get(
        name, (2, 3)
    )
    arguments = _arguments(parser, name, tree, least, most)
    population = arguments[0].id if isinstance(arguments[0], ast.Name) else ast.unparse(arguments[0])[:40]
    table = parser.table_of(population, arguments[0])
    inner = parser.inside(table)
    at_least = _at_least(parser, name, tree)
    if name in conditions:
        condition = inner.typed(arguments[1], BOOLEAN) if len(arguments) == 2 else None
        _check_outer(parser, tree, name, condition)
        result = {"count": COUNT, "share": RATIO}.get(name, BOOLEAN)
        written = ast.unparse(arguments[1]) if condition is not None else ""
        return ex.Aggregate(result, name, population, condition, None, at_least, written)
    if name == "streak":
        value = _whole_column(parser, arguments[1], inner.node(arguments[1]))
        start = _of_dossier(parser, name, arguments[2], parser.typed(arguments[2], Type("number", value.type.unit)))
        return ex.Aggregate(COUNT, name, population, None, value, start)
    # the(P, C, X) reads as "the row of P with C: its X"; the others take the condition last.
    value_at, condition_at = (2, 1) if name == "the" and len(arguments) == 3 else (1, 2)
    value = inner.node(arguments[value_at])
    condition = inner.typed(arguments[condition_at], BOOLEAN) if len(arguments) == 3 else None
    _check_outer(parser, tree, name, condition)
    if ex.reads_outer(value):
        raise parser.error(arguments[value_at], "formula.outer_only_equal")
    bare = name == "the" and not any(_names_column(each) for each in (value, condition))
    if bare or (name == "distinct" and not isinstance(value, ex.Cell)):
        raise parser.error(arguments[value_at], "formula.needs_column", name=name)
    written = ast.unparse(arguments[condition_at]) if condition is not None else ""
    if name == "distinct":
        return ex.Aggregate(COUNT, name, population, condition, value, written=written)
    wanted = ("number", "text", "date", "boolean") if name == "the" else ("number",)
    if value.type.kind not in wanted:
        raise parser.error(arguments[value_at], "formula.type", wanted=_NUMBER, given=value.type)
    return ex.Aggregate(value.type, name, population, condition, value, written=written)


def _names_column(node: Node | None) -> bool:
    """Whether a row formula reads a column of its row itself, and not only through other rows."""
    if node is None or isinstance(node, ex.Aggregate):
        return False
    own = isinstance(node, ex.Cell) and not node.outer
    return own or any(_names_column(part) for part in ex.parts(node))


def _at_least(parser: "Parser", name: str, tree: ast.Call) -> Node | None:
    node = None
    for keyword in tree.keywords:
        if keyword.arg != "at_least" or name != "share":
            raise parser.error(keyword, "formula.not_allowed", what=f"{keyword.arg}=" if keyword.arg else "**")
        node = _of_dossier(parser, name, keyword.value, parser.typed(keyword.value, COUNT))
    return node


def _of_dossier(parser: "Parser", name: str, tree: ast.expr, node: Node) -> Node:
    """An argument beside the rows, which must be the same for all of them."""
    if ex.reads_row(node) or ex.reads_outer(node):
        raise parser.error(tree, "formula.not_in_rows", name=name)
    return node


def _whole_column(parser: "Parser", tree: ast.expr, value: Node) -> Node:
    whole = isinstance(value, ex.Cell) and parser.names.tables[value.table].columns[value.index].type == "integer"
    if not whole:
        raise parser.error(tree, "formula.needs_whole_column", name="streak")
    return value


def _check_outer(parser: "Parser", tree: ast.Call, name: str, condition: Node | None) -> None:
    """The outer row may only be asked for by equality: that is what makes a join a look-up."""
    for each in ex.conjuncts(condition):
        if not ex.reads_outer(each):
            continue
        sides = (each.left, each.right) if isinstance(each, ex.Compare) and each.sign == "==" else ()
        cells = [side for side in sides if isinstance(side, ex.Cell)]
        if len(cells) != 2 or cells[0].outer == cells[1].outer or name not in ("count", "exists"):
            raise parser.error(tree.args[1], "formula.outer_only_equal")
