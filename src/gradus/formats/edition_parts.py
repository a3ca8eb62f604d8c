# SPDX-License-Identifier: Apache-2.0
"""The parts of an edition that formulas are made of: parameters, windows, scales, tables."""

from fractions import Fraction

from gradus.formats.fields import Fields, unique
from gradus.formats.yaml_tree import Item
from gradus.grading.faults import Fault, Place
from gradus.grading.scheme import Column, Empty, Named, Note, Option, Scale, Source, Table, Window, type_names

_BETTER = ("higher", "lower", "earlier", "later", "yes", "no")
_BETTER_FOR = {
    "text": (),
    "integer": ("higher", "lower"),
    "decimal": ("higher", "lower"),
    "boolean": ("yes", "no"),
    "date": ("earlier", "later"),
}

Ranges = dict[tuple[str, str], tuple[Item, Item]]
"""Formulas of where an unknown cell may lie, kept until every name is known: (table, column) to (lowest, highest)."""


def read_named(fields: Fields) -> Named:
    """A parameter or a process number."""
    name, text = fields.identifier(), fields.text()
    item = fields.need("value")
    unit = fields.string("unit", "")
    value: Fraction | str | tuple[str, ...] = ""
    if item is not None and isinstance(item.value, list):
        value = fields.texts("value")
    elif item is not None:
        plain = item.value if isinstance(item.value, str) else ""
        value = exact if (exact := _number(plain)) is not None else plain
        if not plain:
            fields.fault("scheme.bad_number", item, key="value", value=str(item.plain())[:60])
    if not unit and isinstance(value, Fraction) and value.denominator == 1:
        unit = "count"
    named = Named(name, text, value, unit, *fields.provenance())
    fields.done("stage")
    return named


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text) if "/" not in text and "e" not in text.lower() else None
    except ValueError:
        return None


def read_window(fields: Fields) -> Window:
    """A window of months."""
    name, text, months = fields.identifier(), fields.text(), fields.number("months")
    assert months is not None
    if months.value.denominator != 1 or not 0 <= months.value <= 1200:
        fields.fault("scheme.bad_number", fields.place, key="months", value=str(months.value))
    fields.done()
    return Window(name, text, months)


def read_scale(fields: Fields) -> Scale:
    """Ordered words for numbers."""
    values, bounds = [], []
    for each in fields.each("values"):
        above, reaches = each.exact("above"), each.exact("from")
        values.append(each.option())
        bounds.append((True, above) if above is not None else (False, reaches) if reaches is not None else None)
    scale = Scale(fields.identifier(), fields.text(), tuple(values), tuple(bounds))
    numbers = [bound[1] for bound in bounds if bound]
    if numbers != sorted(numbers):
        fields.fault("scheme.scale_order", fields.place, id=scale.id)
    fields.done()
    return scale


def read_source(fields: Fields) -> Source:
    """A document that numbers come from."""
    source = Source(fields.identifier(), fields.text(), fields.string("clause", ""))
    fields.done()
    return source


def read_note(fields: Fields) -> Note:
    """A contradiction and its reading."""
    words = [fields.words(key) for key in ("about", "conflict", "resolution")]
    about, conflict, resolution = (each for each in words if each is not None)
    note = Note(fields.identifier(), about, conflict, resolution)
    fields.done()
    return note


def read_table(fields: Fields, ranges: Ranges) -> Table:
    """A dossier table with its columns."""
    name = fields.identifier()
    single = fields.choice("rows", ("one", "many")) == "one"
    rejectable = fields.flag("rejectable", default=True)
    if single and rejectable:
        fields.fault("scheme.single_rejectable", fields.place, table=name)
    columns: list[Column] = []
    seen: dict[str, Place] = {}
    for each in fields.each("columns"):
        column = _column(each, name, ranges)
        unique(fields.faults, seen, column.id, each.place)
        columns.append(column)
    if not columns:
        fields.fault("scheme.missing_key", fields.place, key="columns", owner=name)
    table = Table(name, fields.text(), single, rejectable, tuple(columns), fields.words("note", required=False))
    fields.done()
    return table


def _column(fields: Fields, table: str, ranges: Ranges) -> Column:
    name = fields.identifier()
    kind = fields.choice("type", type_names)
    empty = Empty(fields.choice("empty", [each.value for each in Empty]) or "error")
    if empty is Empty.NO and kind != "boolean" or empty is Empty.NO_END and kind != "date":
        fields.fault("scheme.empty_meaning", fields.values["empty"], empty=empty.value, type=kind)
    minimum = fields.exact("minimum")
    negative = fields.flag("negative")
    if minimum is None and kind in ("integer", "decimal") and not negative:
        minimum = Fraction(0)
    better = fields.choice("better", _BETTER, "")
    if better and better not in _BETTER_FOR.get(kind, ()):
        fields.fault("scheme.better", fields.values["better"], better=better, type=kind)
    _range(fields, table, name, ranges)
    column = Column(
        id=name,
        text=fields.text(),
        type=kind,
        unit=fields.string("unit", ""),
        empty=empty,
        unknown_where=fields.string("unknown_where", ""),
        key=fields.flag("key"),
        options=_options(fields),
        ref=_pair(fields, "ref"),
        minimum=minimum,
        maximum=fields.exact("maximum"),
        above=fields.exact("above"),
        first_of_month=fields.flag("first_of_month"),
        not_after=_pair(fields, "not_after"),
        with_column=fields.string("with", ""),
        within=fields.string("within", ""),
        better=better,
        note=fields.words("note", required=False),
    )
    fields.done("values_from")
    return column


def _options(fields: Fields) -> tuple[Option, ...]:
    options: list[Option] = []
    seen: dict[str, Place] = {}
    for item in fields.items("values"):
        if isinstance(item.value, str):
            fields.fault("scheme.wrong_kind", item, expected="{id, zh, en}", given="text")
            continue
        option = Fields(item, fields.faults).option()
        unique(fields.faults, seen, option.id, item.place)
        options.append(option)
    return tuple(options)


def _pair(fields: Fields, key: str) -> tuple[str, str] | None:
    text = fields.string(key, "")
    if not text:
        return None
    table, point, column = text.partition(".")
    if not point:
        fields.fault("scheme.not_a_column", fields.values[key], value=text)
    return table, column


def _range(fields: Fields, table: str, column: str, ranges: Ranges) -> None:
    items = fields.items("range")
    if items and len(items) != 2:
        fields.fault("scheme.range", fields.values["range"], column=column)
    elif items:
        ranges[table, column] = (items[0], items[1])


def check_tables(tables: dict[str, Table], places: dict[str, Place], faults: list[Fault]) -> None:
    """What columns say of other columns must be there."""
    for table in tables.values():
        own = {column.id for column in table.columns}
        for column in table.columns:
            place = places[table.id]
            for key in (column.within, column.with_column, column.unknown_where):
                if key and key not in own:
                    faults.append(Fault("scheme.no_such_column", place, {"value": f"{table.id}.{key}"}))
            for pair in (column.ref, column.not_after):
                if pair and (pair[0] not in tables or all(each.id != pair[1] for each in tables[pair[0]].columns)):
                    faults.append(Fault("scheme.no_such_column", place, {"value": ".".join(pair)}))
