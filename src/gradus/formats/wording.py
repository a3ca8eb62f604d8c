# SPDX-License-Identifier: Apache-2.0
"""What is said to people: a code and its blanks become a sentence in Chinese or English, and a place its name.

The sentences stand in ``sentences/*.yaml`` of every room: a code, and beneath it ``zh`` and ``en`` with blanks in
braces; a blank ``{n:row|rows}`` picks the first form where n is 1; a blank ``{state.x}`` says the sentence of the code
``state.`` and x, so that what the machine calls x is told by its name.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import yaml

from gradus.grading.faults import Fault, Place
from gradus.grading.scheme import Edition
from gradus.grading.texts import Text

longest_value = 60
longest_list = 600  # closed lists and the names of columns are the edition's own words, and worth reading

_FOR_AUTHORS = ("scheme.", "formula.")  # read beside an editor, which can follow file:line:column

_GRADUS = Path(__file__).resolve().parent.parent
_BLANK = re.compile(r"\{(\w+)\}")
_NAMED = re.compile(r"\{(\w+)\.(\w+)\}")
_FORMS = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")


def sentence(fault: Fault, language: str) -> str:
    """What is wrong and what to do, in one language, without the place."""
    return say(fault.code, language, fault.params)


def say(code: str, language: str, params: Mapping[str, str] | None = None) -> str:
    """The sentence of a code. A blank ``x`` is filled with ``x``, or with ``x_zh`` or ``x_en`` where it is given."""
    blanks = params or {}

    def fill(blank: re.Match[str]) -> str:
        name = blank[1]
        value = blanks.get(f"{name}_{language}", blanks.get(name, ""))
        return cut(value, longest_list if name in ("expected", "said") else longest_value)

    return _BLANK.sub(fill, _formed(code, language, blanks))


def words(code: str, language: str, **blanks: str) -> str:
    """The sentence of a code, every blank filled and none cut: with numbers and the edition's own words."""
    return _BLANK.sub(lambda blank: blanks[blank[1]], _formed(code, language, blanks))


def _formed(code: str, language: str, blanks: Mapping[str, str]) -> str:
    """The sentence of a code with the forms picked that fit its numbers, and the names said of what has one."""
    formed = _FORMS.sub(lambda form: form[2] if blanks[form[1]] == "1" else form[3], _sentences()[code][language])
    return _NAMED.sub(lambda blank: _sentences()[f"{blank[1]}.{blanks[blank[2]]}"][language], formed)


def known(code: str) -> bool:
    """Whether there is a sentence of that code."""
    return code in _sentences()


def texts_of(rooms: Iterable[str], language: str) -> Mapping[str, str]:
    """The sentences whose codes begin with one of these words, as they stand, for a script that says them itself."""
    wanted = set(rooms)
    return {code: text[language] for code, text in _sentences().items() if code.partition(".")[0] in wanted}


def place(fault: Fault, edition: Edition | None, language: str) -> str:
    """Where it stands, up to the colon before the sentence; "" when it stands nowhere in particular."""
    where = fault.place
    if fault.code.startswith(_FOR_AUTHORS) and where.line:
        return f"{where.file}:{where.line}:{where.column}:"
    table = edition.tables.get(where.table) if edition else None
    if table is None:
        return _place_in_file(where, language)
    column = next((each for each in table.columns if each.id == where.field), None)
    field = f"{column.text[language]}({column.id})" if column else cut(where.field, longest_value)
    if language == "zh":
        row = f" 第 {where.row} 行" if where.row else ""
        return f"{table.text.zh}({table.id}){row}{' ' if field else ''}{field}:"
    field = f"{column.id} ({column.text.en})" if column else field
    row = f" row {where.row}" if where.row else ""
    return f"{table.id} ({table.text.en}){row}{', ' if field else ''}{field}:"


def place_named(fault: Fault, edition: Edition, language: str) -> str:
    """As :func:`place` for pages, whose readers know tables and columns by their names alone."""
    where = fault.place
    table = edition.tables.get(where.table)
    if table is None:
        return _place_in_file(where, language)
    column = next((each.text[language] for each in table.columns if each.id == where.field), where.field)
    row = (f"第 {where.row} 行" if language == "zh" else f"row {where.row}") if where.row else ""
    parts = [part for part in (table.text[language], row, cut(column, longest_value)) if part]
    return f"{' '.join(parts)}：" if language == "zh" else f"{', '.join(parts)}:"


def sentence_named(fault: Fault, edition: Edition, language: str) -> str:
    """As :func:`sentence` for pages: another table or column is called by its name."""
    fault = _with_names_alone(fault, edition, language)
    other = fault.params.get("other", "")
    if not other:
        return sentence(fault, language)
    table, _, column = other.rpartition(".")
    found = edition.tables.get(table or fault.place.table)
    named = next((each.text[language] for each in found.columns if each.id == column), other) if found else other
    if table and found:
        named = f"{found.text[language]} / {named}"
    return sentence(replace(fault, params={**fault.params, "other": named}), language)


def _with_names_alone(fault: Fault, edition: Edition, language: str) -> Fault:
    """A page calls the values of a closed list by their names; what a file calls them is nothing to its reader."""
    table = edition.tables.get(fault.place.table)
    if fault.code != "dossier.not_in_list" or table is None:
        return fault
    options = next((each.options for each in table.columns if each.id == fault.place.field), ())
    if not options:
        return fault
    names = ("、" if language == "zh" else ", ").join(each.text[language] for each in options)
    return replace(fault, params={**fault.params, f"expected_{language}": names})


def _place_in_file(where: Place, language: str) -> str:
    if not where.file:
        return ""
    words = cut(where.file, longest_list)
    if where.line:
        words += f" 第 {where.line} 行" if language == "zh" else f" line {where.line}"
        if where.column:
            words += f"第 {where.column} 列" if language == "zh" else f", column {where.column}"
    return f"{words}:"


def cut(value: str, length: int) -> str:
    """A value fit to stand in a sentence: on one line, printable, not too long."""
    line = "".join(each if each.isprintable() else " " for each in value[: length + 1])
    return line if len(line) <= length else f"{line[:length]}…"


@cache
def _sentences() -> Mapping[str, Text]:
    """Every sentence by its code, from all files together; a code that comes twice is a defect."""
    every: dict[str, Text] = {}
    for file in sorted(_GRADUS.glob("*/sentences/*.yaml")):
        for code, words in _entries(yaml.compose(file.read_text("utf-8"), Loader=yaml.CSafeLoader)):
            if code in every:
                raise ValueError(f"{file.name}: the sentence {code} is there already")
            texts = {language: text.value for language, text in _entries(words)}
            every[code] = Text(**texts)
    return every


def _entries(node: yaml.Node | None) -> list[tuple[str, yaml.Node]]:
    """The keys and values of a mapping as they stand in the file, so that a repeated key is seen."""
    if not isinstance(node, yaml.MappingNode):
        raise TypeError("a file of sentences is a mapping")
    return [(key.value, value) for key, value in node.value]
