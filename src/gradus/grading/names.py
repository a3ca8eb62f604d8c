# SPDX-License-Identifier: Apache-2.0
"""The names a formula may use, and the fault a formula that may not be used raises."""

import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from gradus.grading.expressions import Node, Type, unit_named

if TYPE_CHECKING:
    from gradus.grading.scheme import Column, Named, Scale, Table, Window

RESERVED = frozenset({"A", "unknown", "this", "outer", "rated_indicators", *keyword.kwlist})
"""Names that mean something in every formula; an edition may not give them to anything of its own."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class FormulaError(Exception):
    """A formula outside the language: a fault code, its sentence's blanks, and the column (from 0) in the formula."""

    def __init__(self, code: str, offset: int = 0, **params: str | Type) -> None:
        self.code, self.offset, self.params = code, offset, params
        super().__init__(code)


class Unjudged(FormulaError):
    """The formula uses a name that is itself at fault, and told about already: nothing can be said of the formula."""

    def __init__(self) -> None:
        super().__init__("")


@dataclass(frozen=True, slots=True)
class Names:
    """What an edition offers to formulas. ``populations`` maps every table's and population's id to its table's id;
    ``terms`` gives the terms' types.

    ``broken`` names are declared but at fault; a column is written ``table.column``, and ``table.`` stands for columns
    whose id can not be read. ``complete`` False: other names can not be read either.
    """

    tables: "Mapping[str, Table]"
    populations: Mapping[str, str]
    parameters: "Mapping[str, Named]"
    windows: "Mapping[str, Window]"
    scales: "Mapping[str, Scale]"
    dimensions: frozenset[str] = frozenset()
    terms: Mapping[str, Type] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    complete: bool = True

    def judge(self, name: str) -> None:
        """Raise Unjudged when the name is at fault elsewhere."""
        if name in self.broken:
            raise Unjudged

    def judge_column(self, table: str, column: str, *, there: bool) -> None:
        """The same for a column."""
        if f"{table}.{column}" in self.broken or (not there and f"{table}." in self.broken):
            raise Unjudged

    def missing(self, code: str, name: str, known: Iterable[str], offset: int, **params: str) -> FormulaError:
        """The fault for a name that is not there."""
        return no_such(code, name, known, offset, **params) if self.complete else Unjudged()


def no_such(code: str, name: str, known: Iterable[str], offset: int, **params: str) -> FormulaError:
    """The fault for a name that is not there; its code ends in ``_like`` when another one was probably meant."""
    known = list(known)
    near = get_close_matches(name, known, n=1, cutoff=3 / 4)
    if near:
        return FormulaError(f"{code}_like", offset, name=name[:60], expected=near[0], **params)
    return FormulaError(code, offset, name=name[:60], expected=", ".join(known), **params)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where in a formula we are: the row's table ("" outside rows), the outer row's table, and ``this``.

    ``scores``: the dimensions' scores are known, as they are only on the path.
    """

    row: str = ""
    outer: str = ""
    this: str = ""
    scores: bool = False


def usable_name(name: str) -> bool:
    """Whether a formula could use the name: a word of its own, not one of the language."""
    return _NAME.fullmatch(name) is not None and name not in RESERVED


def column_type(column: "Column") -> Type:
    """The type of a column's cells in formulas."""
    from_name = {"text": "text", "date": "date", "boolean": "boolean"}
    if column.type in from_name:
        return Type(from_name[column.type])
    return Type("number", unit_named(column.unit or ("count" if column.type == "integer" else "")))


def fits(wanted: Node | Type, given: Node | Type) -> bool:
    """Whether two types may meet: the same kind and, for numbers, the same unit; unknown fits everything."""
    a = wanted.type if isinstance(wanted, Node) else wanted
    b = given.type if isinstance(given, Node) else given
    if "unknown" in (a.kind, b.kind):
        return True
    if a.kind != b.kind:
        return False
    return a.kind not in ("number", "numbers") or a.unit is None or b.unit is None or a.unit == b.unit
