# SPDX-License-Identifier: Apache-2.0
"""The names a formula may use, and the fault a formula that may not be used raises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gradus.grading.expressions import Node, Type

if TYPE_CHECKING:
    from gradus.grading.scheme import Column, Named, Scale, Table, Window


class FormulaError(Exception):
    """A formula outside the language: a fault code, the blanks of its sentence, and the column (from 0) in the formula."""

    def __init__(self, code: str, offset: int = 0, **params: str) -> None:
        self.code, self.offset, self.params = code, offset, params
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Names:
    """What an edition offers to formulas. ``populations`` maps every table's and population's id to its table's id;
    ``terms`` holds formulas already checked."""

    tables: "Mapping[str, Table]"
    populations: Mapping[str, str]
    parameters: "Mapping[str, Named]"
    windows: "Mapping[str, Window]"
    scales: "Mapping[str, Scale]"
    dimensions: frozenset[str] = frozenset()
    terms: Mapping[str, Type] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where in a formula we are: the row's table ("" outside rows), the outer row's table, and ``this``."""

    row: str = ""
    outer: str = ""
    this: str = ""


def column_type(column: "Column") -> Type:
    """The type of a column's cells in formulas."""
    from_name = {"text": "text", "date": "date", "boolean": "boolean"}
    if column.type in from_name:
        return Type(from_name[column.type])
    unit = column.unit or ("count" if column.type == "integer" else "")
    return Type("number", ((unit, 1),) if unit else ())


def fits(wanted: Node | Type, given: Node | Type) -> bool:
    """Whether two types may meet: the same kind and, for numbers, the same unit; unknown fits everything."""
    a = wanted.type if isinstance(wanted, Node) else wanted
    b = given.type if isinstance(given, Node) else given
    if "unknown" in (a.kind, b.kind):
        return True
    if a.kind != b.kind:
        return False
    return a.kind != "number" or a.unit is None or b.unit is None or a.unit == b.unit
