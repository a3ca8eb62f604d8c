# SPDX-License-Identifier: Apache-2.0
"""What a measure rests on: the rows counted and left out, the facts that are missing, and the evidence cited."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from gradus.formats.report_evidence import cited, proofs
from gradus.formats.report_voice import Model, Voice
from gradus.formats.result_words import missing_sentence, too_few_sentence
from gradus.grading.checks import cell_text
from gradus.grading.expressions import Expression
from gradus.grading.result import Explanation, Facts, Missing
from gradus.grading.scheme import Cell, Column, Table

_MOST_RANGES = 10
_FIRST_MISSING = 5
_PART = re.compile(r"'([^']*)'|([A-Za-z_]\w*)|([<>=!]=?)")


def basis(voice: Voice, explanation: Explanation, measure: Expression, use: str, *, unknown: bool = False) -> Model:
    """Everything under a value: rows, missing facts, evidence. Empty lists where there is nothing to say."""
    return {
        "formula": explanation.formula,
        "rows": [_rows_line(voice, facts, twins=twins) for facts, twins in _distinct(explanation.facts)],
        "missing": [
            *missing_lines(voice, explanation.missing),
            *filter(None, [unknown and too_few_sentence(voice.edition, explanation, voice.language)]),
        ],
        "evidence": cited(voice, proofs(voice, measure, explanation.facts, use)),
    }


def missing_lines(voice: Voice, missing: Sequence[Missing], most: int = _FIRST_MISSING) -> list[str]:
    """The first facts that are missing, and how many more there are."""
    lines = [missing_sentence(voice.edition, each, voice.language) for each in missing[:most]]
    if len(missing) > most:
        lines.append(voice.say("report.more", count=str(len(missing) - most)))
    return lines


def _distinct(every: Iterable[Facts]) -> list[tuple[Facts, bool]]:
    """Each set of rows once; where some measure of it tells the rows with credit, only those that do.

    With each, whether there are several, so that the condition of each must be told.
    """
    found: dict[tuple[str, str, str], list[Facts]] = {}
    for facts in every:
        cell = facts.formula if facts.operation == "cell" else ""
        kept = found.setdefault((facts.table, facts.population, cell), [])
        if all(_credit(facts) != _credit(each) for each in kept):
            kept.append(facts)
    told = [[each for each in kept if each.condition or each.credited is not None] or kept for kept in found.values()]
    return [(each, len(kept) > 1) for kept in told for each in kept]


def _credit(facts: Facts) -> tuple[object, ...]:
    return facts.counted, facts.credited, facts.condition


def _rows_line(voice: Voice, facts: Facts, *, twins: bool) -> Model:
    """A set of rows in words: short for print ("" where the rows are the documents cited below), and whole."""
    if facts.operation == "cell":
        words = _cell_words(voice, facts)
        return {"short": words, "full": words, "left_out": [], "rejected": ""}
    where = voice.edition.document_table
    cited_below = where is not None and facts.table == where.table and bool(facts.credited)
    return {
        "short": "" if cited_below else _population_words(voice, facts, _MOST_RANGES, twins=twins),
        "full": _population_words(voice, facts, 0, twins=twins),
        "left_out": [
            voice.say(
                "report.left_out",
                count=str(len(each.rows)),
                why=voice.text(each.why),
                rows=voice.rows(each.rows, _MOST_RANGES),
            )
            for each in facts.left_out
            if each.rows
        ],
        "rejected": _rejected(voice, facts.rejected),
    }


def _population_words(voice: Voice, facts: Facts, most: int, *, twins: bool) -> str:
    table = voice.edition.tables[facts.table]
    name = voice.text(table.text)
    population = voice.edition.populations.get(facts.population)
    if population:
        name = voice.say("report.population", table=name, population=voice.text(population.text))
    if not facts.counted:
        return voice.say("report.no_rows", name=name)
    if facts.operation == "the" and facts.credited:
        return voice.say("report.row", name=name, row=voice.rows(facts.credited))
    blanks = {"name": name, "count": str(len(facts.counted)), "rows": voice.rows(facts.counted, most)}
    credited = facts.counted if facts.credited is None else facts.credited
    told = twins and facts.condition
    if len(credited) == len(facts.counted) and not told:
        return voice.say("report.rows", **blanks)
    condition = voice.say("report.credit")
    if told:
        condition = voice.say("report.credit_by", condition=condition_words(voice, table, facts.condition))
    if not credited:
        return voice.say("report.rows_none_credited", condition=condition, **blanks)
    blanks |= {"credits": str(len(credited)), "credited": voice.rows(credited, most)}
    return voice.say("report.rows_credited", condition=condition, **blanks)


def _rejected(voice: Voice, rows: Sequence[int]) -> str:
    return voice.say("report.rows_rejected", count=str(len(rows)), rows=voice.rows(rows)) if rows else ""


def condition_words(voice: Voice, table: Table, condition: str) -> str:
    """A condition with the words of its columns, values and parameters."""
    columns = {column.id: voice.text(column.text) for column in table.columns}
    options = {option.id: voice.text(option.text) for column in table.columns for option in column.options}
    signs = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}

    def word(found: re.Match[str]) -> str:
        text, name, sign = found.groups()
        if text is not None:
            return options.get(text, text)
        parameter = voice.edition.parameters.get(name)
        if parameter and name not in columns and isinstance(parameter.value, Fraction):
            value = voice.value(parameter.value, parameter.unit)
            return voice.say("report.parameter_value", value=value, parameter=voice.text(parameter.text))
        return columns.get(name, name) if name else signs.get(sign, sign)

    return _PART.sub(word, condition)


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
