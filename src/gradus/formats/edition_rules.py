# SPDX-License-Identifier: Apache-2.0
"""The rules of an edition: its tree of indicators, its gates, outcomes, path, scope, documents and checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from gradus.formats.edition_parts import read_named
from gradus.formats.fields import Fields, unique
from gradus.formats.formulas import Formulas
from gradus.formats.yaml_tree import Item
from gradus.grading.expressions import BOOLEAN, Constant, Expression
from gradus.grading.faults import Fault, Place
from gradus.grading.names import Scope
from gradus.grading.scheme import (
    Check,
    Dimension,
    DocumentKind,
    DocumentTable,
    Element,
    Indicator,
    Named,
    Number,
    Option,
    Outcome,
    Path,
    PathException,
    Provenance,
    Reference,
    Requirement,
    ScopeRule,
    Text,
    Veto,
)

_YES = {"yes": Fraction(1), "no": Fraction(0)}


def read_rules(root: Fields, formulas: Formulas, faults: list[Fault]) -> dict[str, Any]:
    """Everything after the names, as keyword arguments of Edition."""
    rules = _Rules(root, formulas, faults)
    rules.tree()
    rules.ladder()
    rules.gates()
    rules.papers()
    return rules.found


@dataclass(slots=True)
class _Rules:
    root: Fields
    formulas: Formulas
    faults: list[Fault]
    found: dict[str, Any] = field(default_factory=dict)
    places: dict[str, dict[str, Place]] = field(default_factory=dict)

    def each(self, section: str) -> "list[Fields]":
        """The mappings of a section, their ids checked to be unique."""
        seen = self.places.setdefault(section, {})
        listed = list(self.root.each(section))
        for fields in listed:
            unique(self.faults, seen, fields.name(), fields.place)
        return listed

    def options(self, section: str) -> tuple[Option, ...]:
        """A section of ids with words."""
        return tuple(fields.option() for fields in self.each(section))

    def formula(self, fields: Fields, key: str, scope: Scope, unit: str, *, required: bool = True) -> Expression | None:
        """A formula under a key."""
        item = fields.need(key) if required else fields.get(key)
        return self.formulas.parse(item, scope, self.formulas.wanted(unit)) if item is not None else None

    def known(self, fields: Fields, key: str, section: str, default: str | None = None) -> str:
        """An id that must be one of a section's."""
        value = fields.string(key, default)
        if value and value not in self.places.get(section, {}):
            expected = ", ".join(self.places.get(section, {}))[:200]
            fields.fault("scheme.no_such_id", fields.values[key], key=key, value=value[:60], expected=expected)
        return value

    # The tree of what is scored.

    def tree(self) -> None:
        """Frameworks, dimensions, elements, indicators."""
        self.found["frameworks"] = {each.id: each.text for each in self.options("frameworks")}
        dimensions = []
        for fields in self.each("dimensions"):
            weight = fields.number("weight")
            dimensions.append(Dimension(fields.identifier(), fields.text(), weight or _NOTHING))
            fields.done()
        self.found["dimensions"] = tuple(dimensions)
        elements = {}
        for fields in self.each("elements"):
            element = Element(
                fields.identifier(), self.known(fields, "dimension", "dimensions"), fields.text(), self._crosswalk(fields)
            )
            elements[element.id] = element
            fields.done()
        self.found["elements"] = tuple(elements.values())
        indicators = tuple(self._indicator(fields, elements) for fields in self.each("indicators"))
        self.found["indicators"] = indicators
        self._weights("dimensions", "", [each.weight for each in dimensions])
        for dimension in dimensions:
            weights = [each.weight for each in indicators if each.dimension == dimension.id]
            self._weights("dimensions", dimension.id, weights)

    def _crosswalk(self, fields: Fields) -> tuple[Reference, ...]:
        references = []
        for each in fields.each("crosswalk"):
            framework = self.known(each, "framework", "frameworks")
            references.append(Reference(framework, each.string("ref"), each.text(), each.flag("inferred")))
            each.done()
        return tuple(references)

    def _indicator(self, fields: Fields, elements: Mapping[str, Element]) -> Indicator:
        name, text, unit = fields.identifier(), fields.text(), fields.string("unit")
        element = self.known(fields, "element", "elements")
        scope = Scope(this=name)
        measure = self.formula(fields, "measure", scope, unit) or _NO_FORMULA
        floor, target, weight = (fields.number(key) or _NOTHING for key in ("floor", "target", "weight"))
        if floor.value == target.value and "floor" in fields.values and "target" in fields.values:
            fields.fault("scheme.floor_is_target", fields.values["target"], id=name)
        if weight.value <= 0 and "weight" in fields.values:
            fields.fault("scheme.weight", fields.values["weight"], id=name)
        indicator = Indicator(
            id=name,
            element=element,
            dimension=elements[element].dimension if element in elements else "",
            text=text,
            measure=measure,
            formula=measure.source,
            unit=unit,
            floor=floor,
            target=target,
            weight=weight,
            applies_when=self.formula(fields, "applies_when", scope, "boolean", required=False),
            rating=fields.flag("rating"),
            says=fields.words("says") or _NO_TEXT,
            change=fields.words("change") or _NO_TEXT,
            source=fields.words("source", required=False),
        )
        fields.done()
        return indicator

    def _weights(self, section: str, dimension: str, weights: list[Number]) -> None:
        total = sum((weight.value for weight in weights), Fraction(0))
        if weights and total != 100:
            places = self.places[section]
            place = places[dimension] if dimension else next(iter(places.values()))
            params = {"of": dimension or section, "total": str(float(total) if total.denominator > 1 else total)}
            self.faults.append(Fault("scheme.weights", place, params))

    # The ladder of outcomes, and what bars it.

    def ladder(self) -> None:
        """Levels, bands, outcomes, vetoes, path, scope."""
        self.found["levels"] = self.options("levels")
        self.found["bands"] = self.options("bands")
        outcomes = tuple(self._outcome(rank, each) for rank, each in enumerate(self.each("outcomes"), 1))
        self.found["outcomes"] = outcomes
        if not outcomes:
            self.root.fault("scheme.missing_key", self.root.place, key="outcomes", owner="")
        for below, above in zip(outcomes, outcomes[1:], strict=False):
            if self._disordered(below, above):
                place = self.places["outcomes"].get(above.id, self.root.place)
                self.faults.append(Fault("scheme.outcome_order", place, {"id": above.id, "below": below.id}))
        self.found["vetoes"] = tuple(self._veto(fields) for fields in self.each("vetoes"))
        self.found["path"] = self._path()
        self.found["scope"] = self._scope()

    def _outcome(self, rank: int, fields: Fields) -> Outcome:
        outcome = Outcome(
            rank=rank,
            id=fields.identifier(),
            level=self.known(fields, "level", "levels"),
            stars=int(fields.exact("stars") or 0),
            band=self.known(fields, "band", "bands", ""),
            text=fields.text(),
            overall_at_least=fields.number("overall_at_least", required=False),
            each_dimension_at_least=fields.number("each_dimension_at_least", required=False),
            meaning=fields.words("meaning") or _NO_TEXT,
        )
        fields.done()
        return outcome

    def _disordered(self, below: Outcome, above: Outcome) -> bool:
        levels = [each.id for each in self.found["levels"]]
        bands = ["", *(each.id for each in self.found["bands"])]
        if not {below.level, above.level} <= set(levels) or not {below.band, above.band} <= set(bands):
            return False
        key_below, key_above = ((levels.index(each.level), each.stars) for each in (below, above))
        cut = [
            (a.value, b.value)
            for a, b in (
                (below.overall_at_least, above.overall_at_least),
                (below.each_dimension_at_least, above.each_dimension_at_least),
            )
            if a and b
        ]
        falls = any(a > b for a, b in cut) or bands.index(below.band) > bands.index(above.band)
        return key_below >= key_above or falls

    def _veto(self, fields: Fields) -> Veto:
        when = self.formula(fields, "when", Scope(), "boolean") or _NO_FORMULA
        veto = Veto(
            fields.identifier(),
            fields.text(),
            when,
            when.source,
            fields.words("effect") or _NO_TEXT,
            fields.words("source", required=False),
        )
        fields.done()
        return veto

    def _path(self) -> Path | None:
        fields = self.root.fields("path", required=False)
        if fields is None:
            return None
        entry = fields.fields("entry")
        level, provenance = "", Provenance.ASSUMED
        if entry is not None:
            level = self.known(entry, "value", "levels")
            provenance = entry.provenance()[0]
            entry.done()
        exception = None
        special = fields.fields("exception", required=False)
        if special is not None:
            when = self.formula(special, "when", Scope(), "boolean") or _NO_FORMULA
            never = special.texts("never")
            for item in special.items("never"):
                if item.value not in self.places.get("outcomes", {}):
                    params = {"key": "never", "value": str(item.value), "expected": ", ".join(self.places["outcomes"])}
                    special.fault("scheme.no_such_id", item, **params)
            exception = PathException(special.text(), when, when.source, never)
            special.done("provenance", "note")
        cells = [self._cell(fields, key) for key in ("held_level", "held_since", "requested")]
        months = fields.number("months_before_step") or _NOTHING
        fields.done("provenance", "note")
        return Path(level, provenance, months, cells[0], cells[1], cells[2], exception)

    def _cell(self, fields: Fields, key: str) -> tuple[str, str]:
        text = fields.string(key, "")
        table, _, column = text.partition(".")
        tables = self.formulas.names.tables
        if text and (table not in tables or all(each.id != column for each in tables[table].columns)):
            fields.fault("scheme.no_such_column", fields.values[key], value=text)
            return "", ""
        return table, column

    def _scope(self) -> ScopeRule | None:
        fields = self.root.fields("scope", required=False)
        if fields is None:
            return None
        table, column = self._cell(fields, "of")
        when = None
        if table:
            when = self.formula(fields, "granted_when", Scope(row=table), "boolean")
        rule = ScopeRule(fields.text(), table, column, when or _NO_FORMULA, (when or _NO_FORMULA).source)
        fields.done("granted_when")
        return rule

    # The gates.

    def gates(self) -> None:
        """Requirements."""
        self.found["requirement_groups"] = self.options("requirement_groups")
        self.found["requirements"] = tuple(self._requirement(fields) for fields in self.each("requirements"))

    def _requirement(self, fields: Fields) -> Requirement:
        name, text, unit = fields.identifier(), fields.text(), fields.string("unit")
        compare = fields.choice("compare", (">=", "<=", "="))
        measure = self.formula(fields, "measure", Scope(this=name), unit) or _NO_FORMULA
        scale = self.formulas.names.scales.get(unit)
        words: Mapping[str, Fraction] | None = _YES if unit == "boolean" else None
        if scale is not None:
            words = {each.id: Fraction(position) for position, each in enumerate(scale.values)}
        requirement = Requirement(
            id=name,
            group=self.known(fields, "group", "requirement_groups"),
            text=text,
            measure=measure,
            formula=measure.source,
            unit=unit,
            compare=compare,
            asks=self._asks(fields, words),
            says=fields.words("says") or _NO_TEXT,
            change=fields.words("change") or _NO_TEXT,
            source=fields.words("source", required=False),
        )
        if unit == "boolean" and compare != "=":
            fields.fault("scheme.boolean_compare", fields.values["compare"], id=name)
        fields.done()
        return requirement

    def _asks(self, fields: Fields, words: Mapping[str, Fraction] | None) -> dict[str, Number]:
        asks = fields.fields("asks")
        found: dict[str, Number] = {}
        if asks is None:
            return found
        outcomes: tuple[Outcome, ...] = self.found["outcomes"]
        for key, item in asks.values.items():
            number = Fields(item, self.faults).as_number(words)
            meant = [each.id for each in outcomes if key in (each.id, each.level)]
            if not meant:
                expected = ", ".join(dict.fromkeys(each.level for each in outcomes))
                place = (asks.item.keys or {}).get(key, item.place)
                asks.fault("scheme.no_such_id", place, key="asks", value=key, expected=expected)
            found.update(dict.fromkeys(meant, number))
        return found

    # Documents, checks, process.

    def papers(self) -> None:
        """Documents, checks and the process numbers."""
        self.found["document_groups"] = self.options("document_groups")
        self.found["documents"] = tuple(self._document(fields) for fields in self.each("documents"))
        self.found["document_table"] = self._document_table()
        self.found["checks"] = tuple(self._check(fields) for fields in self.each("checks"))
        process = self.root.fields("process", required=False)
        stages: list[Option] = []
        numbers: dict[str, Named] = {}
        if process is not None:
            stages = [fields.option() for fields in process.each("stages")]
            seen: dict[str, Place] = {}
            for fields in process.each("numbers"):
                stage = fields.string("stage", "")
                if stage and stage not in {each.id for each in stages}:
                    fields.fault("scheme.no_such_id", fields.values["stage"], key="stage", value=stage, expected="")
                number = read_named(fields)
                unique(self.faults, seen, number.id, fields.place)
                numbers[number.id] = number
            process.done()
        self.found["stages"], self.found["process"] = tuple(stages), numbers

    def _document(self, fields: Fields) -> DocumentKind:
        per = fields.string("per", "")
        subject = fields.string("subject", "")
        tables, table_of = self.formulas.names.tables, self.formulas.names.populations
        if per and per not in table_of:
            fields.fault("scheme.no_such_population", fields.values["per"], value=per, id=fields.name())
        elif per and all(each.id != subject for each in tables[table_of[per]].columns):
            fields.fault("scheme.no_such_column", fields.values.get("subject", fields.item), value=f"{per}.{subject}")
        never = fields.string("from", "") == "null"
        level = "" if never else self.known(fields, "from", "levels", "")
        document = DocumentKind(
            id=fields.identifier(),
            text=fields.text(),
            group=self.known(fields, "group", "document_groups", ""),
            from_level=level,
            stars=int(fields.exact("stars") or 0),
            any_of=fields.string("any_of", ""),
            owed_when=self.formula(fields, "owed_when", Scope(), "boolean", required=False),
            also_owed_when=self.formula(fields, "also_owed_when", Scope(), "boolean", required=False),
            per=per,
            subject=subject,
            latest=int(fields.exact("latest") or 0),
            note=fields.words("note", required=False),
        )
        fields.done("provenance")
        return document

    def _document_table(self) -> DocumentTable | None:
        fields = self.root.fields("document_table", required=False)
        if fields is None:
            return None
        keys = ("kind", "subject", "file", "issued_on")
        table = fields.string("table")
        columns = {each.id for each in self.formulas.names.tables[table].columns} if self._is_table(table) else set()
        values = [fields.string(key) for key in keys]
        for key, value in zip(keys, values, strict=True):
            if value and value not in columns:
                fields.fault("scheme.no_such_column", fields.values[key], value=f"{table}.{value}")
        fields.done()
        return DocumentTable(table, *values)

    def _is_table(self, name: str) -> bool:
        return name in self.formulas.names.tables

    def _check(self, fields: Fields) -> Check:
        table = fields.string("table")
        must = _NO_FORMULA
        at = fields.string("at", "")
        if not self._is_table(table):
            if table:
                fields.fault("scheme.no_such_table", fields.values["table"], value=table)
        else:
            must = self.formula(fields, "must", Scope(row=table), "boolean") or _NO_FORMULA
            if at and all(each.id != at for each in self.formulas.names.tables[table].columns):
                fields.fault("scheme.no_such_column", fields.values["at"], value=f"{table}.{at}")
        error = fields.choice("severity", ("error", "warning")) == "error"
        check = Check(fields.identifier(), table, must, must.source, at, error, fields.text())
        fields.done("must")
        return check


_NO_TEXT = Text("", "")
_NOTHING = Number(Fraction(0), Provenance.ASSUMED)
_NO_FORMULA = Expression(Constant(BOOLEAN, True), "")
