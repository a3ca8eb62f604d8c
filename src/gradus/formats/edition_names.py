# SPDX-License-Identifier: Apache-2.0
"""The names of an edition that formulas are made of, and what formulas make of them: populations and terms.

One name, one meaning: a formula must not depend on which is looked up first, nor lead back to itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from gradus.formats.edition_parts import read_named, read_scale, read_window
from gradus.formats.edition_tables import Tables, check_name, find_column
from gradus.formats.fields import Fields
from gradus.formats.formulas import Formulas
from gradus.formats.written_numbers import exact, looks_like_number
from gradus.formats.yaml_tree import Item
from gradus.grading import expressions as ex
from gradus.grading.expressions import BOOLEAN, Expression, Type
from gradus.grading.faults import Place
from gradus.grading.names import Names, Scope, column_type, usable_name
from gradus.grading.scheme import Column, Condition, Named, Population, Scale, Table, Term, Window

_SPACES = ("tables", "parameters", "windows", "populations", "terms")
_EXPECTS = {"text": ("texts",), "integer": ("numbers", "number"), "date": ("dates",)}

T = TypeVar("T")


@dataclass(slots=True)
class Vocabulary:
    """What formulas may use. ``links`` tell which population or term leads to which, and where it says so; ``clear``
    that no name has two meanings."""

    root: Fields
    tables: Tables
    parameters: dict[str, Named] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)
    populations: dict[str, Population] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    table_of: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    links: dict[str, dict[str, Place]] = field(default_factory=dict)
    clear: bool = True

    def read(self) -> Formulas:
        """Read every name, then what is said with them; the formulas of all other sections build on it."""
        self.scales = self._named("scales", read_scale)
        self.parameters = self._named("parameters", read_named)
        self.windows = self._named("windows", read_window)
        self._check_meanings()
        self._find_tables()
        types = self._term_types()
        formulas = Formulas(self._names(types), self.root.findings)
        self._ranges(formulas)
        for fields in self.root.section("terms"):
            self._term(fields, formulas, types)
        for fields in self.root.section("populations"):
            self._population(fields, formulas)
        self._check_circles()
        return formulas

    def _named(self, section: str, read: Callable[[Fields], T | None]) -> dict[str, T]:
        found: dict[str, T] = {}
        for fields in self.root.section(section):
            thing = read(fields)
            check_name(fields)
            if thing is None:
                self.broken.add(fields.identifier())
            else:
                found.setdefault(fields.identifier(), thing)
        return found

    def _names(self, types: Mapping[str, Type]) -> Names:
        sections = (*_SPACES, "scales", "dimensions")
        named = [name for section in (*_SPACES, "scales") for name in self.root.ids(section).places]
        complete = all(self.root.ids(section).complete for section in sections)
        return Names(
            tables=self.tables.tables,
            populations=self.table_of,
            parameters=self.parameters,
            windows=self.windows,
            scales=self.scales,
            dimensions=frozenset(self.root.ids("dimensions").places),
            terms=types,
            broken=frozenset(self.broken | self.tables.broken),
            complete=complete and self.clear and all(map(usable_name, named)),
        )

    def _check_meanings(self) -> None:
        """A name may stand in one section only, and not be a column's: in a row formula the column would win."""
        columns: dict[str, list[str]] = {}
        for table, column in self.tables.columns:
            columns.setdefault(column, []).append(table)
        seen: dict[str, str] = {}
        for section in _SPACES:
            for fields in self.root.section(section):
                name = fields.identifier()
                if seen.setdefault(name, section) != section and name:
                    fields.fault("scheme.name_taken", "id", value=name, section=seen[name])
                    self.clear = False
                elif section != "tables" and name in columns:
                    fields.fault("scheme.name_of_column", "id", value=name, table=", ".join(columns[name]))
                    self.clear = False

    # Populations.

    def _find_tables(self) -> None:
        """Every population's table, found through its parents."""
        listed = {fields.identifier(): fields for fields in self.root.section("populations")}
        self.table_of = {name: name for name in self.tables.tables}
        for name, fields in listed.items():
            parent = fields.string("of")
            if parent and parent not in listed and parent not in self.tables.tables:
                self._no_parent(fields, parent)
            elif parent in listed and parent:
                self.links.setdefault(name, {})[parent] = fields.values["of"].place
        for name in listed:
            of, steps = name, 0
            while of in listed and steps <= len(listed):
                of, steps = listed[of].string("of"), steps + 1
            if of in self.tables.tables:
                self.table_of.setdefault(name, of)
            else:
                self.broken.add(name)

    def _no_parent(self, fields: Fields, parent: str) -> None:
        if self.root.ids("tables").complete and self.root.ids("populations").complete:
            known = ", ".join((*self.tables.tables, *self.root.ids("populations").places))
            fields.fault("scheme.no_such_population", "of", value=parent, expected=known)

    def _population(self, fields: Fields, formulas: Formulas) -> None:
        name, text = fields.identifier(), fields.text()
        check_name(fields)
        table = self.table_of.get(name, "")
        links = self.links.setdefault(name, {})
        where = []
        for each in fields.each("where"):
            item, words = each.need("if"), each.text()
            if item is not None and table and name not in self.broken:
                expression = formulas.parse(item, Scope(row=table), BOOLEAN)
                if expression is not None:
                    where.append(Condition(expression, expression.source, words))
                    self._link(links, expression, item)
        expects = self._expects(fields, table, formulas)
        self.populations.setdefault(name, Population(name, text, table, fields.string("of"), tuple(where), expects))

    @staticmethod
    def _link(links: dict[str, Place], expression: Expression, item: Item) -> None:
        for used in _used(expression.root):
            links.setdefault(used, item.place)

    def _expects(self, fields: Fields, table: str, formulas: Formulas) -> tuple[str, Expression] | None:
        expects = fields.fields("expects", required=False)
        if expects is None or not isinstance(expects.item.value, dict):
            return None
        values = expects.any_key()
        if len(values) != 1:
            expects.fault("scheme.expects", expects.place)
            return None
        ((key, item),) = values.items()
        column = find_column(self.tables, expects, key, table, key) if table else None
        expression = formulas.parse(item, Scope(), None)
        if column is None or expression is None:
            return None
        self._link(self.links.setdefault(fields.identifier(), {}), expression, item)
        kinds = _EXPECTS.get(column.type, ())
        units = column_type(column).unit
        there = isinstance(expression.root, ex.Values)  # rows that are there can not tell which ones are not
        if there or expression.type.kind not in kinds or expression.type.unit not in (units, None):
            formulas.fault(item, "scheme.expects_type", column=column.id, type=column.type, given=expression.type)
        return key, expression

    # Terms.

    def _term_types(self) -> dict[str, Type]:
        """Every term's type, before any is read: one may use another that stands below it."""
        types: dict[str, Type] = {}
        for fields in self.root.section("terms"):
            unit = fields.string("unit")
            check_name(fields)
            wanted = Formulas.wanted(unit)
            if wanted is None:
                self.broken.add(fields.identifier())
            else:
                types.setdefault(fields.identifier(), wanted)
        return types

    def _term(self, fields: Fields, formulas: Formulas, types: Mapping[str, Type]) -> None:
        name, text, item = fields.identifier(), fields.text(), fields.need("formula")
        expression = formulas.parse(item, Scope(), types.get(name)) if item is not None else None
        if expression is not None and item is not None:
            self.terms.setdefault(name, Term(name, text, expression, expression.source))
            self._link(self.links.setdefault(name, {}), expression, item)

    def _check_circles(self) -> None:
        """A name that leads back to itself could never be computed; every circle is told once."""
        told: set[str] = set()
        for start in self.links:
            way = None if start in told else self._way(start)
            if way is not None and not told & set(way):
                told |= set(way)
                place = self.links[start][way[1] if len(way) > 1 else start]
                self.root.fault("scheme.circular", place, value=start, way=" → ".join((*way, start)))

    def _way(self, start: str) -> list[str] | None:
        """The names that lead from a name back to itself."""
        ways, seen = [[start]], set()
        while ways:
            way = ways.pop()
            for each in self.links.get(way[-1], {}):
                if each == start:
                    return way
                if each not in seen:
                    seen.add(each)
                    ways.append([*way, each])
        return None

    # Where unknown cells may lie; formulas may use one-row tables, so every table is known by now.

    def _ranges(self, formulas: Formulas) -> None:
        for (table_id, column_id), fields in self.tables.columns.items():
            items = fields.items("range")
            table = self.tables.tables.get(table_id)
            if len(items) != 2 or table is None:
                continue
            column = table.column(column_id)
            if column.type not in ("integer", "decimal", "date"):
                continue
            low, high = (_range_end(item, column, fields, formulas) for item in items)
            if low is not None and high is not None:
                self.tables.tables[table_id] = _with_range(table, column_id, (low, high))


def _with_range(table: Table, column: str, ends: tuple[Expression, Expression]) -> Table:
    columns = tuple(replace(each, range=ends) if each.id == column else each for each in table.columns)
    return replace(table, columns=columns)


def _range_end(item: Item, column: Column, fields: Fields, formulas: Formulas) -> Expression | None:
    text = item.value.strip() if isinstance(item.value, str) else ""
    wanted = column_type(column)
    number = exact(text) if wanted.kind == "number" else None
    if number is not None:
        return Expression(ex.Constant(wanted, number), text)
    if looks_like_number(text):
        fields.fault("scheme.bad_number", item, value=text)
        return None
    return formulas.parse(item, Scope(), wanted)


def _used(node: ex.Node) -> list[str]:
    """The populations and terms that a formula uses, in reading order."""
    found: dict[str, None] = {}
    if isinstance(node, ex.Aggregate | ex.Values):
        found[node.population] = None
    if isinstance(node, ex.Term):
        found[node.id] = None
    for part in ex.parts(node):
        found.update(dict.fromkeys(_used(part)))
    return list(found)
