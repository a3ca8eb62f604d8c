# SPDX-License-Identifier: Apache-2.0
"""Formulas where they stand in a file: parsing them, and placing what is wrong with them."""

from dataclasses import replace

from gradus.formats.fields import Fields, Findings
from gradus.formats.wording import say
from gradus.formats.yaml_tree import Item, moved
from gradus.grading import expressions as ex
from gradus.grading.expressions import BOOLEAN, Expression, Type
from gradus.grading.faults import Fault
from gradus.grading.language import parse_formula
from gradus.grading.names import FormulaError, Names, Scope, Unjudged

_KINDS = {
    "boolean": "formula.kind_boolean",
    "date": "formula.kind_date",
    "dates": "formula.kind_dates",
    "number": "formula.kind_number",
    "numbers": "formula.kind_numbers",
    "text": "formula.kind_text",
    "texts": "formula.kind_texts",
    "unknown": "formula.kind_unknown",
    "window": "formula.kind_window",
}


NO_ID = "?"
"""What stands for ``this`` where the id can not be read."""


class Formulas:
    """An edition's formulas, with the names they may use."""

    def __init__(self, names: Names, findings: Findings) -> None:
        self.names, self.findings = names, findings

    @staticmethod
    def wanted(unit: str) -> Type | None:
        """The type that a formula with a declared unit must have; None when the unit could not be read."""
        if not unit:
            return None
        return BOOLEAN if unit == "boolean" else Type("number", ex.unit_named(unit))

    def under(
        self, fields: Fields, key: str, scope: Scope, wanted: Type | None, *, required: bool = True
    ) -> Expression | None:
        """A formula under a key."""
        item = fields.need(key) if required else fields.get(key)
        return None if item is None else self.parse(item, scope, wanted)

    def parse(self, item: Item, scope: Scope, wanted: Type | None) -> Expression | None:
        """A checked formula, or None after noting its fault at its line and column."""
        if item.told:
            return None
        if not isinstance(item.value, str):
            self.fault(item, "scheme.expected_text")
            return None
        if not item.value.strip():
            self.fault(item, "formula.empty")
            return None
        names = self.names
        if scope.this == NO_ID:
            names = replace(names, broken=names.broken | {"this"})
        try:
            return parse_formula(item.value, names, scope, wanted)
        except Unjudged:
            return None
        except FormulaError as error:
            self.fault(item, error.code, error.offset, **error.params)
            return None

    def fault(self, item: Item, code: str, offset: int = 0, /, **params: str | Type) -> None:
        """Note a fault inside a text; where columns in it can not be told, at its beginning."""
        words: dict[str, str] = {}
        for name, value in params.items():
            if isinstance(value, Type):
                words |= {f"{name}_{language}": in_words(value, language) for language in ("zh", "en")}
            else:
                words[name] = value
        self.findings.faults.append(Fault(code, moved(item, offset), words))


def in_words(kind: Type, language: str) -> str:
    """A type as people call it."""
    if kind.kind != "number":
        return say(_KINDS[kind.kind], language)
    if kind.unit is None:
        return say("formula.kind_any_number", language)
    if not kind.unit:
        return say("formula.kind_ratio", language)
    return say("formula.kind_number", language, {"unit": ex.unit_text(kind.unit)})
