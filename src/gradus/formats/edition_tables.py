# SPDX-License-Identifier: Apache-2.0
"""The tables of an edition: what their columns hold, and what columns say of one another."""

from dataclasses import dataclass, field
from fractions import Fraction

from gradus.formats.fields import Fields
from gradus.formats.yaml_tree import Item
from gradus.grading.names import RESERVED, usable_name
from gradus.grading.scheme import Column, Empty, Option, Table, type_names
from gradus.grading.texts import Text

FROM_EDITION = ("indicators", "documents", "outcomes", "levels")
"""Sections whose ids may be a column's closed list."""

_BETTER = {
    "text": (),
    "integer": ("higher", "lower"),
    "decimal": ("higher", "lower"),
    "boolean": ("yes", "no"),
    "date": ("earlier", "later"),
}
_NUMBERS = ("integer", "decimal")
_ONLY_FOR = {
    "unit": _NUMBERS,
    "minimum": _NUMBERS,
    "maximum": _NUMBERS,
    "above": _NUMBERS,
    "negative": _NUMBERS,
    "within": _NUMBERS,
    "range": (*_NUMBERS, "date"),
    "first_of_month": ("date",),
    "not_after": ("date",),
    "values": ("text",),
    "values_from": ("text",),
    "better": ("integer", "decimal", "boolean", "date"),
}
"""What a column may say only when its cells are of these types."""


@dataclass(slots=True)
class Tables:
    """The tables by id; where each column's mapping is; and what of them formulas can not rely on (see Names)."""

    tables: dict[str, Table] = field(default_factory=dict)
    columns: dict[tuple[str, str], Fields] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)


def read_tables(root: Fields) -> Tables:
    """Every table; then what columns say of other columns is checked."""
    read = Tables()
    for fields in root.section("tables", needed=True):
        columns: dict[str, Fields] = {}
        table = _table(fields, root, read, columns)
        check_name(fields)
        if table.id not in read.tables:
            read.tables[table.id] = table
            read.columns.update({(table.id, column): each for column, each in columns.items()})
    for (table_id, _), column in read.columns.items():
        _check_column(column, read.tables[table_id], read)
    return read


def check_name(fields: Fields) -> bool:
    """Whether formulas can use this mapping's id as a name."""
    name = fields.identifier()
    if name and not usable_name(name):
        fields.fault("scheme.reserved_name" if name in RESERVED else "scheme.not_a_name", "id", value=name)
    return usable_name(name)


def _table(fields: Fields, root: Fields, read: Tables, places: dict[str, Fields]) -> Table:
    name = fields.identifier()
    rows = fields.choice("rows", ("one", "many"))
    single = rows == "one"
    if not rows:
        read.broken.add(name)
    rejectable = fields.flag("rejectable", default=True)
    if single and rejectable:
        fields.fault("scheme.single_rejectable", "rejectable", table=name)
    if "columns" in fields.values and fields.values["columns"].value == []:
        fields.fault("scheme.empty_list", "columns")
    columns: list[Column] = []
    listed = fields.section("columns", needed=True)
    if not fields.ids("columns").complete or not listed:
        read.broken.add(f"{name}.")
    for each in listed:
        column = _column(each, name, root, read)
        if not check_name(each):
            read.broken.add(f"{name}.")
        if column.id and column.id not in places:
            places[column.id] = each
            columns.append(column)
    return Table(name, fields.text(), single, rejectable, tuple(columns), fields.optional_words("note"))


def _column(fields: Fields, table: str, root: Fields, read: Tables) -> Column:
    name = fields.identifier()
    kind = fields.choice("type", type_names)
    empty = _empty(fields, kind)
    minimum, negative = fields.exact("minimum"), fields.flag("negative")
    if "minimum" not in fields.values and kind in _NUMBERS and not negative:
        minimum = Fraction(0)
    column = Column(
        id=name,
        text=fields.text(),
        type=kind,
        unit=fields.string("unit", ""),
        empty=empty,
        unknown_where=fields.string("unknown_where", ""),
        key=fields.flag("key"),
        options=_options(fields, table, root, read),
        ref=_pair(fields, "ref"),
        minimum=minimum,
        maximum=fields.exact("maximum"),
        above=fields.exact("above"),
        first_of_month=fields.flag("first_of_month"),
        not_after=_pair(fields, "not_after"),
        with_column=fields.string("with", ""),
        within=fields.string("within", ""),
        better=_better(fields, kind),
        for_assessor=fields.flag("for_assessor"),
        note=fields.optional_words("note"),
    )
    if not kind:
        read.broken.add(f"{table}.{name}")
    _check_type(fields, kind)
    _check_limits(fields, column)
    return column


def _empty(fields: Fields, kind: str) -> Empty:
    word = fields.choice("empty", [each.value for each in Empty])
    only_for = {"no": "boolean", "no_end": "date"}.get(word, kind)
    if kind and only_for != kind:
        fields.fault("scheme.empty_meaning", "empty", value=word, expected=only_for)
    return Empty(word or Empty.ERROR)


def _better(fields: Fields, kind: str) -> str:
    every = dict.fromkeys(word for words in _BETTER.values() for word in words)
    better = fields.choice("better", every, "")
    if better and _BETTER.get(kind) and better not in _BETTER[kind]:
        fields.fault("scheme.better", "better", value=better, type=kind, expected=", ".join(_BETTER[kind]))
    return better


def _check_type(fields: Fields, kind: str) -> None:
    for key, kinds in _ONLY_FOR.items():
        if kind and key in fields.values and kind not in kinds:
            fields.fault("scheme.only_for", fields.key_place(key), key=key, type=kind, expected=", ".join(kinds))


def _check_limits(fields: Fields, column: Column) -> None:
    least = column.minimum if column.above is None else column.above
    if column.maximum is not None and least is not None and least > column.maximum:
        fields.fault("scheme.limits", "maximum")
    items = fields.items("range")
    if "range" in fields.values and isinstance(fields.values["range"].value, list) and len(items) != 2:
        fields.fault("scheme.range", "range")


def _options(fields: Fields, table: str, root: Fields, read: Tables) -> tuple[Option, ...]:
    name = fields.identifier()
    source = fields.choice("values_from", FROM_EDITION, "")
    listed = fields.get("values")
    if source:
        if listed is not None:
            fields.fault("scheme.two_lists", fields.key_place("values"))
        return _options_from(root, source, f"{table}.{name}", read)
    items = fields.items("values")
    for item in items:
        if isinstance(item.value, str) and not item.told:
            fields.fault("scheme.value_without_words", item, value=item.value)
    if any(isinstance(item.value, str) for item in items):
        read.broken.add(f"{table}.{name}")
        return ()
    options = [each.option() for each in fields.section("values")]
    if not fields.ids("values").complete:
        read.broken.add(f"{table}.{name}")
    return tuple(options)


def _options_from(root: Fields, section: str, column: str, read: Tables) -> tuple[Option, ...]:
    """A closed list taken from the edition: the ids of a section, of indicators only those that are rated."""
    options = []
    for fields in root.each(section):
        if section == "indicators" and fields.values.get("rating", Item("no", fields.place)).value != "yes":
            continue
        words = {key: fields.values.get(key, Item("", fields.place)).value for key in ("id", "zh", "en")}
        plain = {key: value if isinstance(value, str) else "" for key, value in words.items()}
        options.append(Option(plain["id"], Text(plain["zh"], plain["en"])))
    if not options or not all(option.id for option in options):
        read.broken.add(column)
    return tuple(options)


def _pair(fields: Fields, key: str) -> tuple[str, str] | None:
    """``table.column`` under a key."""
    text = fields.string(key, "")
    if not text:
        return None
    table, point, column = text.partition(".")
    if not point or not column:
        fields.fault("scheme.not_a_column", key, value=text)
        return None
    return table, column


def find_column(read: Tables, fields: Fields, key: str, table: str, column: str) -> Column | None:
    """A column that another place names under a key; None, with a fault unless it is told already."""
    if table in read.tables:
        found = next((each for each in read.tables[table].columns if each.id == column), None)
        if found is None and f"{table}." not in read.broken:
            known = ", ".join(each.id for each in read.tables[table].columns)
            fields.fault("scheme.no_such_column", key, value=column, table=table, expected=known)
        return None if found is None or not found.type else found
    if fields.findings.root.ids("tables").complete:
        fields.fault("scheme.no_such_table", key, value=table, expected=", ".join(read.tables))
    return None


def _check_column(fields: Fields, table: Table, read: Tables) -> None:
    """What a column says of other columns must be there, and fit."""
    own = table.column(fields.identifier())
    if own.unknown_where:
        other = find_column(read, fields, "unknown_where", table.id, own.unknown_where)
        if own.empty is not Empty.UNKNOWN:
            fields.fault("scheme.unknown_where", fields.key_place("unknown_where"))
        elif other is not None and other.type != "boolean":
            fields.fault("scheme.column_type", "unknown_where", value=other.id, type=other.type, expected="boolean")
    if own.within:
        other = find_column(read, fields, "within", table.id, own.within)
        if other is not None and (other.type not in _NUMBERS or other.unit != own.unit):
            fields.fault("scheme.within", "within", value=other.id)
    if own.with_column:
        find_column(read, fields, "with", table.id, own.with_column)
    if own.ref is not None:
        other = find_column(read, fields, "ref", *own.ref)
        if other is not None and own.type and other.type != own.type:
            fields.fault("scheme.column_type", "ref", value=other.id, type=other.type, expected=own.type)
    if own.not_after is not None:
        other = find_column(read, fields, "not_after", *own.not_after)
        if other is not None and other.type != "date":
            fields.fault("scheme.column_type", "not_after", value=other.id, type=other.type, expected="date")
        elif other is not None and own.not_after[0] != table.id:
            _needs_single(fields, "not_after", own.not_after[0], read)


def _needs_single(fields: Fields, key: str, table: str, read: Tables) -> bool:
    many = not read.tables[table].single and table not in read.broken
    if many:
        fields.fault("scheme.not_single_table", key, value=table)
    return not many


def is_from(column: Fields, section: str) -> bool:
    """Whether a column's closed list is a section of the edition."""
    return column.string("values_from", "") == section


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a cell named from elsewhere must be: its type; ``given``: named at all and never empty; ``source``: the
    section that its closed list is."""

    type: str
    given: bool = False
    source: str = ""


def single_cell(read: Tables, fields: Fields, key: str, wanted: Wanted) -> tuple[str, str]:
    """``table.column`` under a key: a column of a one-row table. Two empty texts when there is none."""
    text = fields.string(key, None if wanted.given else "")
    table, point, column = text.partition(".")
    if text and not (point and column):
        fields.fault("scheme.not_a_column", key, value=text)
    found = find_column(read, fields, key, table, column) if point and column else None
    if found is None:
        return "", ""
    if not _needs_single(fields, key, table, read):
        return "", ""
    if found.type != wanted.type:
        fields.fault("scheme.column_type", key, value=text, type=found.type, expected=wanted.type)
    elif wanted.given and found.empty is not Empty.ERROR:
        fields.fault("scheme.may_be_empty", key, value=text)
    elif wanted.source and not is_from(read.columns[table, column], wanted.source):
        fields.fault("scheme.list_from", key, value=text, expected=wanted.source)
    return table, column
