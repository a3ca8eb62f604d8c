# SPDX-License-Identifier: Apache-2.0
"""From the tree of an edition's YAML to a checked :class:`Edition`: every fault in one pass, each with its line.

Names come first (tables, parameters, populations, terms), then everything that formulas say with them.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from gradus.formats import edition_parts as parts
from gradus.formats.edition_rules import read_rules
from gradus.formats.fields import Fields, unique
from gradus.formats.formulas import Formulas
from gradus.formats.yaml_tree import Item
from gradus.grading import expressions as ex
from gradus.grading.expressions import BOOLEAN, Expression, Type
from gradus.grading.faults import Fault, Place
from gradus.grading.names import Names, Scope, column_type
from gradus.grading.scheme import Condition, Edition, Option, Population, Table, Term, Text

SECTIONS = tuple(
    "edition sources notes scales parameters windows tables populations terms frameworks dimensions elements indicators"
    " levels bands outcomes requirement_groups requirements vetoes path scope document_groups documents document_table"
    " checks process".split()
)
"""Every top-level key an edition may have."""

T = TypeVar("T")


def read_edition(root: Item, digest: str, content: Mapping[str, object], faults: list[Fault]) -> Edition:
    """Read a whole edition. When ``faults`` is not empty afterwards the edition must not be used."""
    reader = _Reader(root, faults)
    return reader.read(digest, content)


class _Reader:
    def __init__(self, root: Item, faults: list[Fault]) -> None:
        self.faults = faults
        self.fields = Fields(root, faults)
        self.ranges: parts.Ranges = {}
        self.places: dict[str, dict[str, Place]] = {}

    def read(self, digest: str, content: Mapping[str, object]) -> Edition:
        head = self.fields.fields("edition")
        sources = self.named("sources", parts.read_source)
        scales = self.named("scales", parts.read_scale)
        parameters = self.named("parameters", parts.read_named)
        windows = self.named("windows", parts.read_window)
        tables = self.named("tables", lambda each: parts.read_table(each, self.ranges))
        tables = {name: self._closed_lists(table) for name, table in tables.items()}
        parts.check_tables(tables, self.places["tables"], self.faults)
        dimensions = frozenset(item.name() for item in self.fields.each("dimensions"))
        table_of = {name: name for name in tables} | self._population_tables(tables)
        self._check_collisions(tables, parameters, windows, table_of)
        names = Names(tables, table_of, parameters, windows, scales, dimensions)
        self.formulas = Formulas(names, self.faults)
        self._ranges(tables)
        terms = self._terms()
        populations = self._populations(table_of)
        self._check_circles(populations, terms)
        return Edition(
            **self._head(head, tables),  # type: ignore[arg-type]
            hash=digest,
            content=content,
            sources=sources,
            notes=tuple(self.named("notes", parts.read_note).values()),
            scales=scales,
            parameters=parameters,
            windows=windows,
            tables=tables,
            populations=populations,
            terms=terms,
            **read_rules(self.fields, self.formulas, self.faults),
        )

    def named(self, section: str, read: Callable[[Fields], T]) -> dict[str, T]:
        """A list of things with ids, by id."""
        found: dict[str, T] = {}
        seen = self.places.setdefault(section, {})
        for fields in self.fields.each(section):
            thing = read(fields)
            unique(self.faults, seen, fields.name(), fields.place)
            found.setdefault(fields.name(), thing)
        return found

    def _closed_lists(self, table: Table) -> Table:
        """Fill closed lists that come from the edition itself (values_from)."""
        fields = next(each for each in self.fields.each("tables") if each.name() == table.id)
        columns = list(table.columns)
        for index, each in enumerate(fields.each("columns")):
            source = each.choice("values_from", ("indicators", "documents", "outcomes", "levels"), "")
            if source and index < len(columns):
                columns[index] = replace(columns[index], options=self._options_from(source))
        return replace(table, columns=tuple(columns))

    def _options_from(self, section: str) -> tuple[Option, ...]:
        options = []
        for item in self.fields.each(section):
            if section == "indicators" and not item.flag("rating"):
                continue
            options.append(Option(item.name(), Text(item.string("zh", ""), item.string("en", ""))))
        return tuple(options)

    def _population_tables(self, tables: Mapping[str, Table]) -> dict[str, str]:
        """Every population's table, found through its parents."""
        parent = {each.name(): (each.string("of", ""), each) for each in self.fields.each("populations")}
        found: dict[str, str] = {}
        for name, (start, fields) in parent.items():
            of, steps = start, 0
            while of in parent and steps <= len(parent):
                of, steps = parent[of][0], steps + 1
            if of in tables:
                found[name] = of
            else:
                at = fields.values.get("of", fields.item)
                code = "scheme.circular" if of in parent else "scheme.no_such_population"
                self.faults.append(Fault(code, at.place, {"value": start, "id": name}))
        return found

    def _check_collisions(self, *spaces: Mapping[str, object]) -> None:
        """One name, one meaning: a formula must not depend on which is looked up first."""
        seen: dict[str, str] = {}
        sections = ("tables", "parameters", "windows", "populations")
        for section, space in zip(sections, spaces, strict=True):
            for name in space:
                if name in seen and not (section == "populations" and seen[name] == "tables"):
                    place = self.places.get(section, {}).get(name, self.fields.place)
                    self.faults.append(Fault("scheme.name_taken", place, {"id": name, "section": seen[name]}))
                seen.setdefault(name, section)
        for fields in self.fields.each("populations"):
            if seen.get(fields.name()) == "tables":
                params = {"id": fields.name(), "section": "tables"}
                self.faults.append(Fault("scheme.name_taken", fields.place, params))

    def _ranges(self, tables: dict[str, Table]) -> None:
        """Check where unknown cells may lie; formulas may use one-row tables, so every table is known by now."""
        for (table_id, column_id), items in self.ranges.items():
            table = tables[table_id]
            column = table.column(column_id)
            low, high = (self._range_end(item, column_type(column)) for item in items)
            if low and high:
                columns = tuple(
                    replace(each, range=(low, high)) if each.id == column_id else each for each in table.columns
                )
                tables[table_id] = replace(table, columns=columns)

    def _range_end(self, item: Item, wanted: Type) -> Expression | None:
        text = item.value if isinstance(item.value, str) else ""
        try:
            return Expression(ex.Constant(wanted, Fraction(text)), text)
        except ValueError:
            return self.formulas.parse(item, Scope(), wanted)

    def _terms(self) -> dict[str, Term]:
        terms: dict[str, Term] = {}
        seen: dict[str, Place] = {}
        for fields in self.fields.each("terms"):
            name, text = fields.identifier(), fields.text()
            unique(self.faults, seen, name, fields.place)
            unit = fields.string("unit")
            item = fields.need("formula")
            wanted = self.formulas.wanted(unit)
            expression = self.formulas.parse(item, Scope(), wanted) if item else None
            self.formulas.add_term(name, wanted)
            if expression is not None:
                terms[name] = Term(name, text, expression, expression.source)
            fields.done()
        return terms

    def _populations(self, table_of: Mapping[str, str]) -> dict[str, Population]:
        populations: dict[str, Population] = {}
        seen: dict[str, Place] = {}
        for fields in self.fields.each("populations"):
            name, text = fields.identifier(), fields.text()
            unique(self.faults, seen, name, fields.place)
            table = table_of.get(name, "")
            where = []
            for each in fields.each("where"):
                item, words = each.need("if"), each.text()
                if item is not None and table:
                    expression = self.formulas.parse(item, Scope(row=table), BOOLEAN)
                    if expression is not None:
                        where.append(Condition(expression, expression.source, words))
                each.done()
            expects = self._expects(fields, table) if table else None
            populations[name] = Population(name, text, table, fields.string("of"), tuple(where), expects)
            fields.done("where", "expects")
        return populations

    def _expects(self, fields: Fields, table: str) -> tuple[str, Expression] | None:
        expects = fields.fields("expects", required=False)
        if expects is None or len(expects.values) != 1:
            return None
        ((column, item),) = expects.values.items()
        known = self.formulas.names.tables[table]
        if all(each.id != column for each in known.columns):
            self.faults.append(Fault("scheme.no_such_column", item.place, {"value": f"{table}.{column}"}))
            return None
        expression = self.formulas.parse(item, Scope(), None)
        if expression is not None and expression.type.kind not in ("numbers", "texts", "number"):
            params = {"wanted": "numbers", "given": str(expression.type)}
            self.faults.append(Fault("formula.result_type", item.place, params))
        return (column, expression) if expression is not None else None

    def _check_circles(self, populations: Mapping[str, Population], terms: Mapping[str, Term]) -> None:
        """A name that leads back to itself through formulas could never be computed."""
        uses: dict[str, set[str]] = {name: _used(term.formula.root) for name, term in terms.items()}
        for name, population in populations.items():
            uses[name] = {population.parent}
            for condition in population.where:
                uses[name] |= _used(condition.formula.root)
            if population.expects:
                uses[name] |= _used(population.expects[1].root)
        for start in uses:
            reached, left = set(), list(uses[start])
            while left:
                name = left.pop()
                if name not in reached:
                    reached.add(name)
                    left.extend(uses.get(name, ()))
            if start in reached:
                section = "populations" if start in populations else "terms"
                place = next(each.place for each in self.fields.each(section) if each.name() == start)
                self.faults.append(Fault("scheme.circular", place, {"id": start, "value": start}))

    def _head(self, head: Fields | None, tables: Mapping[str, Table]) -> dict[str, object]:
        if head is None:
            head = Fields(Item({}, self.fields.place, keys={}), [])
        values: dict[str, object] = {
            "scheme": head.identifier("scheme"),
            "id": head.identifier(),
            "text": head.text(),
            "owner": head.words("owner"),
            "criterion": head.words("criterion"),
            "as_of": self._single_cell(head, "as_of", tables, "date"),
            "subject": self._single_cell(head, "subject", tables, "text"),
            "none": head.words("none"),
            "claimed": head.words("claimed", required=False),
            "rounding": head.number("rounding"),
        }
        if values["rounding"].value <= 0:  # type: ignore[attr-defined]
            head.fault("scheme.bad_number", head.place, key="rounding", value=str(values["rounding"].value))  # type: ignore[attr-defined]
        head.done()
        return values

    def _single_cell(self, head: Fields, key: str, tables: Mapping[str, Table], kind: str) -> tuple[str, str]:
        text = head.string(key)
        table, _, column = text.partition(".")
        found = tables.get(table)
        right = found is not None and found.single and any(
            each.id == column and each.type == kind for each in found.columns
        )
        if text and not right:
            head.fault("scheme.not_single", head.values[key], value=text, type=kind)
        return table, column


def _used(node: ex.Node) -> set[str]:
    """The populations and terms that a formula uses."""
    found = {name for part in ex.parts(node) for name in _used(part)}
    if isinstance(node, ex.Aggregate | ex.Values):
        found.add(node.population)
    if isinstance(node, ex.Term):
        found.add(node.id)
    return found
