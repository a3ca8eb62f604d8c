# SPDX-License-Identifier: Apache-2.0
"""What a measure rests on: the rows counted and left out, the facts that are missing, and the evidence cited."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from gradus.formats.numbers import row_ranges
from gradus.formats.report_voice import Model, Voice
from gradus.formats.result_words import missing_sentence, too_few_sentence
from gradus.grading.checks import cell_text
from gradus.grading.dossier import Row
from gradus.grading.result import Explanation, Facts, Missing
from gradus.grading.scheme import Cell, Column

_MOST_RANGES = 10
_FIRST_MISSING = 5
_FIRST_FILES = 3


def basis(voice: Voice, explanation: Explanation, *, unknown: bool = False) -> Model:
    """Everything under a value: rows, missing facts, evidence. Empty lists where there is nothing to say."""
    return {
        "formula": explanation.formula,
        "rows": [_rows_line(voice, facts) for facts in _distinct(explanation.facts)],
        "missing": [
            *missing_lines(voice, explanation.missing),
            *filter(None, [unknown and too_few_sentence(voice.edition, explanation, voice.language)]),
        ],
        "evidence": _evidence(voice, explanation.facts),
    }


def missing_lines(voice: Voice, missing: Sequence[Missing], most: int = _FIRST_MISSING) -> list[str]:
    """The first facts that are missing, and how many more there are."""
    lines = [missing_sentence(voice.edition, each, voice.language) for each in missing[:most]]
    if len(missing) > most:
        lines.append(voice.say("report.more", count=str(len(missing) - most)))
    return lines


def _distinct(every: Iterable[Facts]) -> list[Facts]:
    """Each set of rows once; where some measure of it tells the rows with credit, only those that do."""
    found: dict[tuple[str, str, str], list[Facts]] = {}
    for facts in every:
        cell = facts.formula if facts.operation == "cell" else ""
        kept = found.setdefault((facts.table, facts.population, cell), [])
        if all((facts.counted, facts.credited) != (each.counted, each.credited) for each in kept):
            kept.append(facts)
    return [
        each
        for kept in found.values()
        for each in kept
        if each.credited is not None or all(other.credited is None for other in kept)
    ]


def _rows_line(voice: Voice, facts: Facts) -> Model:
    """A set of rows in words: short for print ("" where the rows are the documents cited below), and whole."""
    if facts.operation == "cell":
        words = _cell_words(voice, facts)
        return {"short": words, "full": words, "left_out": [], "rejected": ""}
    where = voice.edition.document_table
    cited_below = where is not None and facts.table == where.table and bool(facts.credited)
    return {
        "short": "" if cited_below else _population_words(voice, facts, _MOST_RANGES),
        "full": _population_words(voice, facts, 0),
        "left_out": [
            voice.say(
                "report.left_out",
                count=str(len(each.rows)),
                why=voice.text(each.why),
                rows=row_ranges(each.rows, _MOST_RANGES),
            )
            for each in facts.left_out
            if each.rows
        ],
        "rejected": voice.say("report.rows_rejected", rows=row_ranges(facts.rejected)) if facts.rejected else "",
    }


def _population_words(voice: Voice, facts: Facts, most: int) -> str:
    table = voice.edition.tables[facts.table]
    name = voice.text(table.text)
    population = voice.edition.populations.get(facts.population)
    if population:
        name = voice.say("report.population", table=name, population=voice.text(population.text))
    if not facts.counted:
        return voice.say("report.no_rows", name=name)
    if facts.operation == "the" and facts.credited:
        return voice.say("report.row", name=name, row=row_ranges(facts.credited))
    blanks = {"name": name, "count": str(len(facts.counted)), "rows": row_ranges(facts.counted, most)}
    if facts.credited is None or len(facts.credited) == len(facts.counted):
        return voice.say("report.rows", **blanks)
    if not facts.credited:
        return voice.say("report.rows_none_credited", **blanks)
    credited = row_ranges(facts.credited, most)
    return voice.say("report.rows_credited", credits=str(len(facts.credited)), credited=credited, **blanks)


def _cell_words(voice: Voice, facts: Facts) -> str:
    table = voice.edition.tables[facts.table]
    at = table.position(facts.formula)
    column = table.columns[at]
    row = next(each for each in voice.result.dossier.tables[facts.table] if each.number in facts.counted)
    cell = cell_words(voice, column, row.cells[at])
    return voice.say("report.cell", table=voice.text(table.text), column=voice.text(column.text), value=cell)


def cell_words(voice: Voice, column: Column, cell: Cell) -> str:
    """A cell as the report shows it: closed lists and yes and no in words, numbers with their unit."""
    if cell is None:
        return voice.say(f"report.empty_{column.empty.value}")
    for option in column.options:
        if option.id == cell:
            return voice.text(option.text)
    if isinstance(cell, bool):
        return voice.value(Fraction(cell), "boolean")
    if isinstance(cell, date | str):
        return cell_text(cell)
    return voice.value(Fraction(cell), column.unit)


def _evidence(voice: Voice, every: Sequence[Facts]) -> Model:
    """The documents that are facts of the measure themselves, and those about its rows."""
    where = voice.edition.document_table
    if where is None:
        return {}
    rows: dict[int, Row] = {}
    for facts in every:
        if facts.table == where.table:
            numbers = set(facts.counted if facts.credited is None else facts.credited)
            found = [row for row in voice.result.dossier.tables[facts.table] if row.number in numbers]
        else:
            found = _about_rows(voice, facts)
        rows.update((row.number, row) for row in found)
    return cited(voice, [rows[number] for number in sorted(rows)])


def _about_rows(voice: Voice, facts: Facts) -> list[Row]:
    """Documents whose subject is the key of a counted row."""
    table = voice.edition.tables[facts.table]
    at = next((index for index, column in enumerate(table.columns) if column.key), None)
    if at is None or not facts.counted:
        return []
    numbers = set(facts.counted)
    keys = [str(row.cells[at]) for row in voice.result.dossier.tables.get(facts.table, ()) if row.number in numbers]
    return [row for key in keys for row in voice.documents_by_subject.get(key, ())]


def cited(voice: Voice, rows: Sequence[Row]) -> Model:
    """Documents in a line: how many of each kind and the first file (short), the first files (long); {} for none."""
    where = voice.edition.document_table
    if where is None or not rows:
        return {}
    table = voice.edition.tables[where.table]
    kind_at = table.position(where.kind)
    names = {kind.id: voice.text(kind.text) for kind in voice.edition.documents}
    counts: dict[str, int] = {}
    for row in rows:
        kind = str(row.cells[kind_at])
        counts[kind] = counts.get(kind, 0) + 1
    kinds = [voice.say("report.of_kind", kind=names.get(kind, kind), count=str(n)) for kind, n in counts.items()]
    files = [document_words(voice, row) for row in rows[:_FIRST_FILES]]
    more = len(rows) - len(files)
    first = voice.say("report.and_others", first=files[0], count=str(len(rows))) if len(rows) > 1 else files[0]
    shown = voice.listed(files)
    return {
        "short": voice.say("report.cited", kinds=voice.listed(kinds), files=first),
        "long": voice.say("report.and_more", shown=shown, count=str(more)) if more else shown,
    }


def document_words(voice: Voice, row: Row) -> str:
    """A document by its file, and its title where a column of the table holds one."""
    where = voice.edition.document_table
    assert where is not None
    table = voice.edition.tables[where.table]
    file = cell_text(row.cells[table.position(where.file)])
    free = [
        cell_text(cell)
        for column, cell in zip(table.columns, row.cells, strict=True)
        if column.type == "text" and not column.options and column.id not in (where.kind, where.subject, where.file)
    ]
    kind = cell_text(row.cells[table.position(where.kind)])
    title = next((each for each in free if each and each != kind), "")
    return voice.say("report.document", title=title, file=file) if title else file
