# SPDX-License-Identifier: Apache-2.0
"""What an edition's formulas rest on, as lines for a terminal: its scales, tables, row filters and named values."""

from collections.abc import Iterator, Sequence

from gradus.formats.numbers import number
from gradus.formats.template_words import rules
from gradus.formats.wording import words
from gradus.grading.scheme import Column, Edition, Option, Provenance, Scale, Table


def heading(code: str, language: str) -> list[str]:
    """A blank line and the title of a part."""
    return ["", words(code, language)]


def mark(provenance: Provenance) -> str:
    """A short mark behind a number: assumed numbers are starred, sourced ones carry a section sign."""
    return {Provenance.ASSUMED: "*", Provenance.SOURCE: "§", Provenance.BRIEF: ""}[provenance]


def in_line(formula: str) -> str:
    """A formula on one line, however it is written."""
    return " ".join(formula.split())


def _scales(edition: Edition, language: str) -> Iterator[str]:
    if edition.scales:
        yield from heading("scheme_text.scales", language)
    for scale in edition.scales.values():
        yield f"{scale.text[language]}  [{scale.id}]"
        for position, option in enumerate(scale.values):
            yield f"  {position}  {option.text[language]}{_bound(scale, position, language)}"


def _bound(scale: Scale, position: int, language: str) -> str:
    bound = scale.bounds[position]
    if bound is None:
        return ""
    above, given = bound
    code = "scheme_text.above" if above else "scheme_text.from"
    return "  " + words(code, language, value=number(given.value) + mark(given.provenance))


def _sources(edition: Edition, language: str) -> Iterator[str]:
    if edition.sources:
        yield from heading("scheme_text.sources", language)
    for source in edition.sources.values():
        yield f"  {source.text[language]}  [{source.id}]{f'  {source.clause}' if source.clause else ''}"


def _tables(edition: Edition, language: str) -> Iterator[str]:
    yield from heading("scheme_text.tables", language)
    for table in edition.tables.values():
        rows = words("template.one_row" if table.single else "template.many_rows", language)
        kept = "" if table.rejectable or table.single else words("scheme_text.not_rejectable", language)
        yield f"{table.text[language]}  [{table.id}]  {rows}{kept}"
        if table.note:
            yield f"    {table.note[language]}"
        for column in table.columns:
            yield from _column(edition, table, column, language)


def _column(edition: Edition, table: Table, column: Column, language: str) -> Iterator[str]:
    said = ("" if language == "zh" else " ").join(rules(column, table, edition.tables, language))
    yield f"  {column.text[language]}  [{column.id}]  {said}"
    if column.note:
        yield f"      {column.note[language]}"
    if column.options:
        yield f"      {words('template.values', language)} {_options(edition, column.options, language)}"


def _options(edition: Edition, options: Sequence[Option], language: str) -> str:
    """A closed list; one that is a part of the edition shown above is only named."""
    ids = [each.id for each in options]
    parts: dict[str, Sequence[str]] = {
        "scheme_text.list_rated": [each.id for each in edition.indicators if each.rating],
        "scheme_text.list_documents": [each.id for each in edition.documents],
        "scheme_text.list_outcomes": [each.id for each in edition.outcomes],
        "scheme_text.list_levels": [each.id for each in edition.levels],
    }
    named = next((code for code, part in parts.items() if part == ids), "")
    return words(named, language) if named else "; ".join(f"{each.text[language]} [{each.id}]" for each in options)


def _populations(edition: Edition, language: str) -> Iterator[str]:
    if edition.populations:
        yield from heading("scheme_text.populations", language)
    for each in edition.populations.values():
        parent = edition.populations.get(each.parent) or edition.tables[each.parent]
        of = words("scheme_text.out_of", language, of=parent.text[language], id=parent.id)
        yield f"  {each.text[language]}  [{each.id}]  {of}"
        for condition in each.where:
            yield f"    {condition.text[language]}  = {in_line(condition.source)}"
        if each.expects is not None:
            key, formula = each.expects
            column = edition.tables[each.table].column(key).text[language]
            yield f"    {words('scheme_text.expects', language, column=column, formula=in_line(formula.source))}"


def _terms(edition: Edition, language: str) -> Iterator[str]:
    if edition.windows or edition.terms:
        yield from heading("scheme_text.terms", language)
    for window in edition.windows.values():
        months = number(window.months.value) + mark(window.months.provenance)
        yield f"  {window.text[language]}  [{window.id}]  {words('scheme_text.window', language, months=months)}"
    for term in edition.terms.values():
        yield f"  {term.text[language]}  [{term.id}]"
        yield f"    = {in_line(term.source)}"


facts = (_scales, _sources, _tables, _populations, _terms)
"""The parts in the order in which they are shown."""
