# SPDX-License-Identifier: Apache-2.0
"""The formula language: Python's expression grammar, a closed list of node kinds, names, types and units.

:func:`parse_formula` turns a text into a checked :class:`Expression` or raises :class:`FormulaError`. Nothing of the
text is ever executed; docs/formats/edition.md lists what may be said.
"""

import ast
import warnings
from collections.abc import Callable
from fractions import Fraction

from gradus.grading import expressions as ex
from gradus.grading.expressions import BOOLEAN, DATE, TEXT, TEXTS, UNKNOWN, Expression, Node, Type
from gradus.grading.functions import (
    AGGREGATES,
    DATES,
    PURE,
    SPECIAL,
    call_aggregate,
    call_pure,
    call_special,
)
from gradus.grading.names import FormulaError, Names, Scope, Unjudged, column_type, fits, no_such
from gradus.grading.punctuation import first_full_width, half_width

longest_formula = 1000

_COMPARE = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_BARE_NUMBERS = (0, 1, 100)


def parse_formula(source: str, names: Names, scope: Scope, wanted: Type | None = None) -> Expression:
    """Check a formula against an edition's names.

    Raises FormulaError for text outside the language, unknown names, and types or units that do not fit;
    ``wanted`` is the type its result must have. The error's offset counts characters of ``source``.
    """
    if len(source) > longest_formula:
        raise FormulaError("formula.too_long", 0, length=str(len(source)), limit=str(longest_formula))
    text = " ".join(source.splitlines()).strip()
    start = len(source) - len(source.lstrip())
    try:
        tree = _grammar(text)
        root = Parser(names, scope).node(tree)
    except Unjudged:
        raise
    except FormulaError as error:
        error.offset = start + len(text.encode(errors="replace")[: error.offset].decode(errors="ignore"))
        raise
    except RecursionError:
        raise FormulaError("formula.too_deep") from None
    if wanted is not None and not fits(wanted, root):
        raise FormulaError("formula.result_type", start, wanted=wanted, given=root.type)
    return Expression(root, source.strip())


def _grammar(text: str) -> ast.expr:
    """The formula as Python's grammar reads it; what Python would only warn about is a fault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = ast.parse(text, mode="eval").body
    except MemoryError:
        raise FormulaError("formula.too_deep") from None
    except SyntaxError as error:
        if "nested" in str(error.msg):
            raise FormulaError("formula.too_deep") from None
        raise _unreadable(text, max(0, min((error.offset or 1) - 1, len(text)))) from None
    except ValueError:
        raise FormulaError("formula.syntax") from None
    rest = text.encode()[tree.end_col_offset or 0 :]
    if b"#" in rest:
        raise FormulaError("formula.not_allowed", len(text.encode()) - len(rest) + rest.index(b"#"), what="#")
    return tree


def _unreadable(text: str, at: int) -> FormulaError:
    """The fault of a text that is no formula; a full-width sign in it is the likely reason."""
    sign = first_full_width(text)
    if sign >= 0:
        params = {"sign": text[sign], "half": half_width(text[sign]).replace('"', "'")}
        return FormulaError("formula.full_width", len(text[:sign].encode(errors="replace")), **params)
    return FormulaError("formula.syntax", len(text[:at].encode(errors="replace")))


class Parser:
    """One formula's walk from the grammar's nodes to ours."""

    def __init__(self, names: Names, scope: Scope) -> None:
        self.names, self.scope = names, scope

    def inside(self, table: str) -> "Parser":
        """The parser for a row formula over a table; today's row becomes the outer one."""
        return Parser(self.names, Scope(table, self.scope.row, self.scope.this))

    def node(self, tree: ast.expr) -> Node:
        """Check one grammar node."""
        handlers: dict[type[ast.expr], Callable[..., Node]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.BoolOp: self._both,
            ast.UnaryOp: self._unary,
            ast.BinOp: self._arithmetic,
            ast.Compare: self._compare,
            ast.IfExp: self._choose,
            ast.List: self._list,
            ast.Call: self._call,
        }
        handler = handlers.get(type(tree))
        if handler is None:
            raise self.not_allowed(tree)
        return handler(tree)

    def typed(self, tree: ast.expr, wanted: Type) -> Node:
        """A node that must have a type."""
        node = self.node(tree)
        if not fits(wanted, node):
            raise self.error(tree, "formula.type", wanted=wanted, given=node.type)
        return node

    @staticmethod
    def error(tree: ast.AST, code: str, **params: str | Type) -> FormulaError:
        """A fault at a grammar node."""
        return FormulaError(code, getattr(tree, "col_offset", 0), **params)

    def not_allowed(self, tree: ast.AST) -> FormulaError:
        """The fault for what is no part of the language."""
        return self.error(tree, "formula.not_allowed", what=ast.unparse(tree)[:40])

    def _constant(self, tree: ast.Constant) -> Node:
        if isinstance(tree.value, str):
            return ex.Constant(TEXT, tree.value)
        if type(tree.value) is int and tree.value in _BARE_NUMBERS:
            return ex.Constant(Type("number", None), Fraction(tree.value))
        if isinstance(tree.value, int | float) and not isinstance(tree.value, bool):
            raise self.error(tree, "formula.bare_number", what=ast.unparse(tree)[:40])
        raise self.not_allowed(tree)

    def _list(self, tree: ast.List) -> Node:
        items = [each.value for each in tree.elts if isinstance(each, ast.Constant)]
        texts = tuple(item for item in items if isinstance(item, str))
        if len(texts) != len(tree.elts) or not texts:
            raise self.error(tree, "formula.list_of_texts")
        return ex.Constant(TEXTS, texts)

    def _name(self, tree: ast.Name) -> Node:
        name, names = tree.id, self.names
        if self.scope.row:
            names.judge_column(self.scope.row, name, there=True)
            if any(column.id == name for column in names.tables[self.scope.row].columns):
                return self.cell(self.scope.row, name, tree, outer=False)
        names.judge(name)
        if name == "A":
            return ex.AsOf(DATE)
        if name == "unknown":
            return ex.Constant(UNKNOWN, None)
        if name == "this" and self.scope.this:
            return ex.Constant(TEXT, self.scope.this)
        if name == "rated_indicators":
            return ex.Rated(TEXTS)
        if name in names.windows:
            return ex.Window(Type("window"), int(names.windows[name].months.value))
        if name in names.parameters:
            return self._parameter(name)
        if name in names.terms:
            return ex.Term(names.terms[name], name)
        raise self._no_such_name(tree)

    def _no_such_name(self, tree: ast.Name) -> FormulaError:
        name, names = tree.id, self.names
        if name == "this":
            return self.error(tree, "formula.no_this")
        if name in names.populations:
            return self.error(tree, "formula.bare_population", name=name)
        columns = []
        if self.scope.row:
            names.judge_column(self.scope.row, name, there=False)
            columns = [column.id for column in names.tables[self.scope.row].columns]
        known = [*columns, *names.parameters, *names.terms, *names.windows]
        return names.missing("formula.unknown_name", name, known, tree.col_offset)

    def _parameter(self, name: str) -> Node:
        parameter = self.names.parameters[name]
        if isinstance(parameter.value, Fraction):
            return ex.Constant(Type("number", ex.unit_named(parameter.unit)), parameter.value)
        return ex.Constant(TEXT if isinstance(parameter.value, str) else TEXTS, parameter.value)

    def cell(self, table: str, column: str, tree: ast.AST, *, outer: bool) -> Node:
        """A column of the row at hand or of the outer row."""
        columns = self.names.tables[table].columns
        found = next((each for each in columns if each.id == column), None)
        self.names.judge_column(table, column, there=found is not None)
        if found is None:
            known = [each.id for each in columns]
            offset = getattr(tree, "col_offset", 0)
            raise self.names.missing("formula.unknown_column", column, known, offset, table=table)
        index = self.names.tables[table].position(column)
        return ex.Cell(column_type(found), table, index, column, found.empty.value, outer)

    def table_of(self, name: str, tree: ast.AST) -> str:
        """The table of a population."""
        self.names.judge(name)
        table = self.names.populations.get(name)
        if table is None:
            offset = getattr(tree, "col_offset", 0)
            raise self.names.missing("formula.unknown_population", name, self.names.populations, offset)
        return table

    def _attribute(self, tree: ast.Attribute) -> Node:
        if not isinstance(tree.value, ast.Name):
            raise self.not_allowed(tree)
        owner, column = tree.value.id, tree.attr
        if owner == "outer":
            if not self.scope.outer:
                raise self.error(tree, "formula.no_outer_row")
            return self.cell(self.scope.outer, column, tree, outer=True)
        table = self.table_of(owner, tree)
        cell = self.cell(table, column, tree, outer=False)
        assert isinstance(cell, ex.Cell)
        if owner == table and self.names.tables[table].single:
            return ex.Single(cell.type, table, cell.index, column, cell.empty)
        kinds = {"text": TEXTS, "date": DATES}
        if self.names.tables[table].columns[cell.index].type == "integer":
            return ex.Values(Type("numbers", cell.type.unit), owner, cell.index)
        if cell.type.kind not in kinds:
            raise self.error(tree, "formula.no_set", column=f"{table}.{column}", given=cell.type)
        return ex.Values(kinds[cell.type.kind], owner, cell.index)

    def _both(self, tree: ast.BoolOp) -> Node:
        every = isinstance(tree.op, ast.And)
        items: list[Node] = []
        for each in tree.values:
            item = self.typed(each, BOOLEAN)
            same = isinstance(item, ex.Both) and item.every == every
            items.extend(item.items if same and isinstance(item, ex.Both) else [item])
        return ex.Both(BOOLEAN, every, tuple(items))

    def _unary(self, tree: ast.UnaryOp) -> Node:
        if isinstance(tree.op, ast.Not):
            return ex.Not(BOOLEAN, self.typed(tree.operand, BOOLEAN))
        if isinstance(tree.operand, ast.Constant) and isinstance(tree.operand.value, int | float):
            raise self.error(tree, "formula.bare_number", what=ast.unparse(tree)[:40])
        raise self.not_allowed(tree)

    def _arithmetic(self, tree: ast.BinOp) -> Node:
        sign = _ARITHMETIC.get(type(tree.op))
        if sign is None:
            raise self.not_allowed(tree)
        left, right = self.node(tree.left), self.node(tree.right)
        for side, node in ((tree.left, left), (tree.right, right)):
            if node.type.kind not in ("number", "unknown"):
                raise self.error(side, "formula.type", wanted=Type("number", None), given=node.type)
        if sign in "+-":
            if not fits(left, right):
                raise self.error(tree, "formula.units", left=left.type, right=right.type)
            unit = right.type.unit if left.type.unit is None else left.type.unit
        elif left.type.unit is None and right.type.unit is None:
            unit = None
        else:
            unit = ex.unit_product(left.type.unit, right.type.unit, 1 if sign == "*" else -1)
        return ex.Arithmetic(Type("number", unit), sign, left, right)

    def _compare(self, tree: ast.Compare) -> Node:
        if len(tree.ops) != 1:
            raise self.error(tree, "formula.chained", what=ast.unparse(tree)[:40])
        operator, right_tree = tree.ops[0], tree.comparators[0]
        left, right = self.node(tree.left), self.node(right_tree)
        if isinstance(operator, ast.In | ast.NotIn):
            return self._member(tree, left, right, negated=isinstance(operator, ast.NotIn))
        sign = _COMPARE.get(type(operator))
        if sign is None:
            raise self.not_allowed(tree)
        if not fits(left, right) or left.type.kind in ("texts", "dates", "numbers", "window"):
            raise self.error(tree, "formula.units", left=left.type, right=right.type)
        if sign not in ("==", "!=") and left.type.kind in ("text", "boolean"):
            raise self.error(tree, "formula.no_order", what=sign, given=left.type)
        self._check_option(tree, left, right)
        self._check_option(tree, right, left)
        return ex.Compare(BOOLEAN, sign, left, right)

    def _member(self, tree: ast.Compare, left: Node, right: Node, *, negated: bool) -> Node:
        wanted = {"text": ("texts",), "date": ("window", "dates"), "number": ("numbers",)}.get(left.type.kind, ())
        units_fit = left.type.kind != "number" or fits(left.type, Type("number", right.type.unit))
        if right.type.kind not in wanted or not units_fit or not self._whole(left):
            raise self.error(tree, "formula.member", left=left.type, right=right.type)
        self._check_option(tree, left, right)
        return ex.Member(BOOLEAN, left, right, negated)

    def _whole(self, node: Node) -> bool:
        """Numbers of a row are looked up as they stand, and only whole ones stand as themselves."""
        if node.type.kind != "number" or not ex.reads_row(node):
            return True
        return isinstance(node, ex.Cell) and self.names.tables[node.table].columns[node.index].type == "integer"

    def _check_option(self, tree: ast.AST, cell: Node, constant: Node) -> None:
        """A text beside a column with a closed list must be in it: a misspelt one would silently match nothing."""
        if not isinstance(cell, ex.Cell | ex.Single) or not isinstance(constant, ex.Constant):
            return
        options = {option.id for option in self.names.tables[cell.table].column(cell.column).options}
        given = constant.value if isinstance(constant.value, tuple) else (constant.value,)
        for value in given:
            if options and isinstance(value, str) and value not in options:
                listed = ", ".join(sorted(options))
                raise self.error(tree, "formula.not_in_list", value=value[:60], column=cell.column, expected=listed)

    def _choose(self, tree: ast.IfExp) -> Node:
        condition = self.typed(tree.test, BOOLEAN)
        left, right = self.node(tree.body), self.node(tree.orelse)
        if not fits(left, right):
            raise self.error(tree, "formula.units", left=left.type, right=right.type)
        first = right.type if left.type.kind == "unknown" or left.type.unit is None else left.type
        return ex.Choose(first, condition, left, right)

    def _call(self, tree: ast.Call) -> Node:
        name = tree.func.id if isinstance(tree.func, ast.Name) else ""
        if name in AGGREGATES:
            return call_aggregate(self, name, tree)
        if name in SPECIAL or name in PURE:
            if tree.keywords:
                raise self.not_allowed(tree)
            return (call_special if name in SPECIAL else call_pure)(self, name, tree)
        known = sorted({*AGGREGATES, *PURE, *SPECIAL})
        raise no_such("formula.unknown_function", ast.unparse(tree.func)[:40], known, tree.col_offset)
