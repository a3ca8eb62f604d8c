# SPDX-License-Identifier: Apache-2.0
"""What the template says about a column: its heading, its note, its unit."""

import re
from collections.abc import Iterator, Mapping
from unicodedata import east_asian_width

from gradus.formats.wording import known, say
from gradus.grading.scheme import Column, Empty, Table
from gradus.grading.validate import written

languages = ("zh", "en")

a_year = "year"
"""The unit of a column of calendar years, which are named by their numbers: they are not counted and not grouped."""


def unit_words(unit: str, language: str) -> str:
    """A unit as people of the language write it; one that is only an English word says nothing in Chinese."""
    code = "template.unit_" + re.sub(r"\W", "_", unit)
    if known(code):
        return say(code, language)
    return "" if language == "zh" and unit.isascii() and any(map(str.isalpha, unit)) else unit


def cells_wide(text: str) -> int:
    """How many half-width characters a text is wide."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def heading(column: Column) -> str:
    """The label: Chinese above, English below, each with the unit; a star where the column must be given."""
    star = " *" if column.empty is Empty.ERROR else ""
    zh, en = (f" ({words})" if (words := unit_words(column.unit, each)) else "" for each in languages)
    return f"{column.text.zh}{zh}{star}\n{column.text.en}{en}"


def note(column: Column, table: Table, tables: Mapping[str, Table]) -> str:
    """Everything a person who fills the column should know, in Chinese and then in English."""
    parts = []
    for language in languages:
        own = [column.note[language]] if column.note else []
        says = [*own, *rules(column, table, tables, language), *_values(column, language)]
        parts.append("\n".join([f"{column.text[language]}  {column.id}", *says]))
    return "\n\n".join(parts)


def limits(column: Column, language: str) -> Iterator[str]:
    """The range of a number in words."""
    for name in ("minimum", "above", "maximum"):
        bound = getattr(column, name)
        if bound is not None:
            yield say(f"template.{name}", language, {"value": written(bound)})


def rules(column: Column, table: Table, tables: Mapping[str, Table], language: str) -> Iterator[str]:
    """What a cell of the column must be, and what an empty one means, in sentences."""
    unit = "" if column.unit == a_year else unit_words(column.unit, language)
    in_unit = say("template.in_unit", language, {"unit": unit}) if unit else ""
    yield say(f"template.type_{column.type}", language, {"unit": in_unit})
    if column.empty is Empty.UNKNOWN and column.unknown_where:
        asking = table.column(column.unknown_where).text[language]
        yield say("template.empty_unknown_where", language, {"other": asking})
    else:
        yield say(f"template.empty_{column.empty}", language)
    yield from limits(column, language)
    if column.first_of_month:
        yield say("template.first_of_month", language)
    if column.key:
        yield say("template.key", language)
    if column.ref:
        yield say("template.ref", language, {"other": _cell_words(tables, column.ref, language)})
    if column.within:
        yield say("template.within", language, {"other": table.column(column.within).text[language]})
    if column.with_column:
        yield say("template.with", language, {"other": table.column(column.with_column).text[language]})
    if column.not_after:
        yield say("template.not_after", language, {"other": _cell_words(tables, column.not_after, language)})


def _cell_words(tables: Mapping[str, Table], cell: tuple[str, str], language: str) -> str:
    table = tables[cell[0]]
    column = table.column(cell[1])
    return f"{table.text[language]} / {column.text[language]}"


def _values(column: Column, language: str) -> Iterator[str]:
    if column.options:
        yield say("template.values", language)
        yield from (f"- {option.id}  {option.text[language]}" for option in column.options)
