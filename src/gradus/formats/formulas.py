# SPDX-License-Identifier: Apache-2.0
"""Formulas where they stand in a file: parsing them, and placing what is wrong with them."""

from dataclasses import replace

from gradus.formats.yaml_tree import Item
from gradus.grading import expressions as ex
from gradus.grading.expressions import BOOLEAN, Expression, Type
from gradus.grading.faults import Fault
from gradus.grading.language import parse_formula
from gradus.grading.names import FormulaError, Names, Scope


class Formulas:
    """An edition's formulas: the names they may use grow while it is read."""

    def __init__(self, names: Names, faults: list[Fault]) -> None:
        self.names, self.faults = names, faults

    def add_term(self, name: str, kind: Type) -> None:
        """From now on formulas may use this term."""
        self.names = replace(self.names, terms={**self.names.terms, name: kind})

    @staticmethod
    def wanted(unit: str) -> Type:
        """The type that a formula with a declared unit must have."""
        return BOOLEAN if unit == "boolean" else Type("number", ex.unit_named(unit))

    def parse(self, item: Item, scope: Scope, wanted: Type | None) -> Expression | None:
        """A checked formula, or None after noting its fault at its line and column."""
        if not isinstance(item.value, str):
            params = {"expected": "text", "given": "list" if isinstance(item.value, list) else "mapping"}
            self.faults.append(Fault("scheme.wrong_kind", item.place, params))
            return None
        try:
            return parse_formula(item.value, self.names, scope, wanted)
        except FormulaError as error:
            column = item.place.column + item.shift + error.offset if item.place.line else 0
            place = replace(item.place, column=column)
            self.faults.append(Fault(error.code, place, error.params))
            return None
