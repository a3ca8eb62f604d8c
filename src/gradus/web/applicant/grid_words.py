# SPDX-License-Identifier: Apache-2.0
"""A table in the reader's words: what its columns are called and offer, and the sentence at every marked cell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from unicodedata import east_asian_width

from markupsafe import Markup, escape

from gradus.dossiers.expiry import ends, has_expired
from gradus.dossiers.grading import Graded
from gradus.dossiers.models import Row
from gradus.formats.numbers import row_ranges
from gradus.formats.template_words import a_year, rules, unit_words
from gradus.formats.wording import sentence_named
from gradus.grading.faults import Fault
from gradus.grading.scheme import Column, Edition, Empty, Table
from gradus.grading.validate import written
from gradus.web.ui.templates import language, t

Words = dict[str, object]


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell with something to say: a fault (kind "fault", or "empty" where only something is missing) or a warning.
    ``row`` is the database's; 0 and "" concern the whole table."""

    row: int
    column: str
    kind: str
    says: str


def columns_of(graded: Graded, table: Table, evidence: Iterable[str]) -> list[Words]:
    """What the page shows and offers for each column."""
    return [
        {
            "id": column.id,
            "label": column.text[language()],
            "unit": "" if column.unit == a_year else unit_words(column.unit, language()),
            "required": column.empty is Empty.ERROR,
            "numeric": column.type in {"integer", "decimal"},
            "note": _note(column, table, graded.edition),
            "choices": (choices := _choices(column, table, graded, evidence)),
            "words": dict(choices) if column.options or column.type == "boolean" else {},
            "key": column.key,
            "closed": bool(column.options) or column.type == "boolean",
            "readonly": column.for_assessor,
            "names": [column.id, column.text.zh, column.text.en],
        }
        for column in table.columns
    ]


def marks_of(graded: Graded, table: str) -> list[Mark]:
    """Every mark of a table: faults first, then warnings."""
    faults = (("empty" if fault.code == "dossier.empty_cell" else "fault", fault) for fault in graded.draft.faults)
    warnings = (("warning", fault) for fault in graded.result.warnings)
    return [
        Mark(
            graded.draft.ids.get((table, each.place.row), 0),
            each.place.field,
            kind,
            sentence_named(each, graded.edition, language()),
        )
        for kind, fault in (*faults, *warnings)
        if fault.place.table == table
        for each in (fault, *_twin(fault))
    ]


def carried_marks(edition: Edition, rows: Iterable[Row], day: date) -> list[Mark]:
    """At the first cell of a row that waits to be confirmed, and at the last day of one that has expired."""
    marks = []
    for row in rows:
        if row.carried:
            first = edition.tables[row.table].columns[0].id
            marks.append(Mark(row.id, first, "carried", t("rolled.carried")))
        for column in ends(edition, row.table):
            last_day = row.cells.get(column.id, "")
            if "" < last_day < day.isoformat():
                marks.append(Mark(row.id, column.id, "expired", t("rolled.row_expired", day=last_day)))
    return marks


def carried_words(edition: Edition, rows: Sequence[Row], day: date) -> Words:
    """What is said above a table some of whose rows wait to be confirmed; {} where none does."""
    carried = [number for number, row in enumerate(rows, 1) if row.carried]
    if not carried:
        return {}
    expired = [number for number in carried if has_expired(edition, rows[number - 1], day)]
    comma = t("report.comma")
    single = edition.tables[rows[0].table].single
    return {
        "says": t("rolled.in_single")
        if single
        else t("rolled.in_table", count=len(carried), rows=row_ranges(carried, 0, comma)),
        "expired": t("rolled.expired_in_table", count=len(expired), rows=row_ranges(expired, 0, comma))
        if expired
        else "",
        "count_of_expired": len(expired),
        "to_confirm": len(carried) > len(expired),
    }


def _twin(fault: Fault) -> list[Fault]:
    """Of a key that stands twice, the fault as it concerns the first row: that may be the one just typed."""
    if fault.code != "dossier.duplicate_key":
        return []
    place = replace(fault.place, row=int(fault.params["other_row"]))
    return [replace(fault, place=place, params={**fault.params, "other_row": str(fault.place.row)})]


def marks_by_cell(marks: Iterable[Mark]) -> dict[tuple[int, str], Mark]:
    """One mark a cell: a fault goes before a warning, and each says what all have to say."""
    found: dict[tuple[int, str], Mark] = {}
    for mark in marks:
        first = found.get((mark.row, mark.column))
        joined = replace(first, says=f"{first.says} {mark.says}") if first else mark
        found[mark.row, mark.column] = joined
    return found


def _note(column: Column, table: Table, edition: Edition) -> str:
    own = [column.note[language()]] if column.note else []
    if column.for_assessor:
        return " ".join([*own, t("dossier.for_assessor")])
    parts = [part.rstrip("。.") for part in (*own, *rules(column, table, edition.tables, language()))]
    return "。".join(parts) + "。" if language() == "zh" else ". ".join(parts) + "."


def _choices(column: Column, table: Table, graded: Graded, evidence: Iterable[str]) -> list[tuple[str, str]]:
    """What a cell of the column may say, each with its words: closed lists, yes and no, rows of other tables, files."""
    if column.options:
        return [(option.id, option.text[language()]) for option in column.options]
    if column.type == "boolean":
        return [("yes", t("grid.yes")), ("no", t("grid.no"))]
    if column.ref is not None:
        return _rows_to_refer_to(graded, *column.ref)
    listed = graded.edition.document_table
    if listed is not None and (listed.table, listed.file) == (table.id, column.id):
        return [(name, name) for name in sorted(evidence)]
    return []


def _rows_to_refer_to(graded: Graded, table: str, key: str) -> list[tuple[str, str]]:
    """The keys of a table's rows; beside each the row's first free text, when the table has one."""
    there = graded.edition.tables[table]
    at = there.position(key)
    told = (n for n, each in enumerate(there.columns) if each.type == "text" and not each.options and each.id != key)
    beside = next(told, None)
    found = []
    for row in graded.draft.dossier.tables.get(table, ()):
        name = written(row.cells[at])
        words = written(row.cells[beside]) if beside is not None else ""
        if name:
            found.append((name, f"{name} {words}" if words else name))
    return found


def cell_printer(marks: Mapping[tuple[int, str], Mark], *, editable: bool) -> Callable[[Row, Words], Markup]:
    """Prints a cell of the grid. A table has thousands, and a template would take a second for them."""

    def print_cell(row: Row, column: Words) -> Markup:
        name = str(column["id"])
        value = row.cells.get(name, "")
        parts = [f'<td role="gridcell" data-column="{escape(name)}"']
        if column["numeric"]:
            parts.append(' class="numeric"')
        if value:
            parts.append(f' data-value="{escape(value)}"')
        mark = marks.get((row.id, name))
        if mark is not None:
            says = escape(mark.says)
            parts.append(f' data-mark="{mark.kind}" data-says="{says}" title="{says}"')
            if mark.kind in {"fault", "empty"}:
                parts.append(' aria-invalid="true"')
        if column["readonly"] or not editable:
            parts.append(' aria-readonly="true"')
        return Markup("".join((*parts, f">{escape(_shown(column, value))}</td>")))  # noqa: S704  every part is escaped

    return print_cell


_WIDTHS = (5, 7, 9, 12, 15, 18)
"""The widths that a column may have (grid.css), in rem."""
_ADVANCE = {"W": 2, "F": 2, "A": 2}
"""How many halves of a sign's height the wide signs take; all others take one."""


def column_width(column: Words, rows: Iterable[Row]) -> int:
    """The width of a column: that of its longest cell, and at least of half its name, which may break."""
    name = str(column["id"])
    longest = max((_halves(_shown(column, row.cells.get(name, ""))) for row in rows), default=0)
    wanted = max(longest, (_halves(str(column["label"])) + 3) // 2) * 0.46 + 1
    return next((width for width in _WIDTHS if width >= wanted), _WIDTHS[-1])


def _halves(text: str) -> int:
    return sum(_ADVANCE.get(east_asian_width(sign), 1) for sign in text)


def _shown(column: Words, value: str) -> str:
    """A value as the page shows it: the words of a closed list, anything else as it is kept."""
    words = column["words"]
    return words.get(value, value) if isinstance(words, dict) else value
