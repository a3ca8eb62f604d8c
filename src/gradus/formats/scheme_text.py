# SPDX-License-Identifier: Apache-2.0
"""An edition as a tree of lines for a terminal: what it scores, what it asks, and where every number comes from."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from gradus.formats.numbers import in_unit, number
from gradus.formats.scheme_facts import facts, heading, in_line, mark
from gradus.formats.template_words import cells_wide
from gradus.formats.wording import words
from gradus.grading.scheme import Edition, Indicator, Named, Number, Requirement

terminal_width = 100

_PIECE = re.compile(r" +|[\x21-\x7e]+|.")
_NOT_FIRST = "，。；：、！？）》」』】”’…·–,.;:!?)"
_NOT_LAST = "（《「『【“‘("


def show(edition: Edition, language: str) -> str:
    """The whole edition, no line wider than a terminal."""
    parts = (_head, _tree, _requirements, _outcomes, _rules, _documents, _parameters, *facts, _notes)
    return "\n".join(folded for part in parts for line in part(edition, language) for folded in fold(line))


def fold(line: str, width: int = terminal_width) -> Iterator[str]:
    """The line in as many as it takes, the later ones indented. Chinese breaks anywhere but beside its punctuation,
    other words only at spaces; a Chinese character is as wide as two."""
    hanging = " " * (len(line) - len(line.lstrip()) + 4)
    here = ""
    for piece in _unbreakable(line):
        if cells_wide(here + piece.rstrip()) <= width or not here.strip():
            here += piece
        else:
            yield here.rstrip()
            here = hanging + piece.lstrip()
    yield here.rstrip()


def _unbreakable(line: str) -> Iterator[str]:
    held = ""
    for piece in _PIECE.findall(line):
        tight = held and (held[-1] in _NOT_LAST or (piece[0] in _NOT_FIRST and not held.isspace()))
        if held and not tight:
            yield held
            held = ""
        held += piece
    yield held


def _number(edition: Edition, each: Number, unit: str, language: str) -> str:
    return in_unit(each.value, unit, language, edition.scales) + mark(each.provenance)


def _head(edition: Edition, language: str) -> Iterator[str]:
    yield f"{edition.text[language]}  ·  {edition.name}"
    yield edition.hash
    yield f"{edition.owner[language]}  ·  {edition.criterion[language]}"
    yield words("scheme_text.marks", language)


def _tree(edition: Edition, language: str) -> Iterator[str]:
    if not edition.indicators:
        return
    yield from heading("scheme_text.indicators", language)
    for dimension in edition.dimensions:
        weight = number(dimension.weight.value) + mark(dimension.weight.provenance)
        yield f"{dimension.text[language]}  [{dimension.id}]  {words('scheme_text.weight', language, value=weight)}"
        for element in (each for each in edition.elements if each.dimension == dimension.id):
            yield f"  {element.text[language]}  [{element.id}]"
            for each in element.crosswalk:
                inferred = words("scheme_text.inferred", language) if each.inferred else ""
                yield f"    ↔ {edition.frameworks[each.framework][language]} {each.ref}{inferred}"
            for indicator in (each for each in edition.indicators if each.element == element.id):
                yield from _indicator(edition, indicator, language)


def _indicator(edition: Edition, indicator: Indicator, language: str) -> Iterator[str]:
    blanks = {
        "floor": _number(edition, indicator.floor, indicator.unit, language),
        "target": _number(edition, indicator.target, indicator.unit, language),
        "weight": number(indicator.weight.value) + mark(indicator.weight.provenance),
    }
    yield f"    {indicator.text[language]}  [{indicator.id}]  {words('scheme_text.scale', language, **blanks)}"
    yield f"      = {in_line(indicator.formula)}"
    if indicator.applies_when is not None:
        formula = in_line(indicator.applies_when.source)
        yield f"      {words('scheme_text.applies_when', language, formula=formula)}"


def _requirements(edition: Edition, language: str) -> Iterator[str]:
    yield from heading("scheme_text.requirements", language)
    for group in edition.requirement_groups:
        yield f"{group.text[language]}"
        for requirement in (each for each in edition.requirements if each.group == group.id):
            yield f"  {requirement.text[language]}  [{requirement.id}]  {_asks(edition, requirement, language)}"
            yield f"    = {in_line(requirement.formula)}"


def _asks(edition: Edition, requirement: Requirement, language: str) -> str:
    """What is asked, neighbouring outcomes that ask the same together."""
    runs: list[tuple[str, list[str]]] = []
    for outcome in edition.outcomes:
        asked = requirement.asks.get(outcome.id)
        text = f"{requirement.compare} {_number(edition, asked, requirement.unit, language)}" if asked else "–"
        if not runs or runs[-1][0] != text:
            runs.append((text, []))
        runs[-1][1].append(outcome.text[language])
    return "; ".join(f"{_span(names)}: {text}" for text, names in runs)


def _span(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def _outcomes(edition: Edition, language: str) -> Iterator[str]:
    yield from heading("scheme_text.outcomes", language)
    for outcome in edition.outcomes:
        cuts = []
        for code, cut in (
            ("scheme_text.overall", outcome.overall_at_least),
            ("scheme_text.each_dimension", outcome.each_dimension_at_least),
        ):
            if cut is not None:
                cuts.append(words(code, language, value=number(cut.value) + mark(cut.provenance)))
        band = f"  ({outcome.band})" if outcome.band else ""
        yield f"  {outcome.rank}  {outcome.text[language]}  [{outcome.id}]{band}  {'; '.join(cuts)}"
        yield f"      {outcome.meaning[language]}"


def _rules(edition: Edition, language: str) -> Iterator[str]:
    if edition.vetoes:
        yield from heading("scheme_text.vetoes", language)
    for veto in edition.vetoes:
        yield f"  {veto.text[language]}  [{veto.id}]  {veto.effect[language]}"
        yield f"    = {in_line(veto.formula)}"
    if edition.path is not None:
        yield from heading("scheme_text.path", language)
        entry = next(level.text[language] for level in edition.levels if level.id == edition.path.entry)
        blanks = {"level": entry + mark(edition.path.entry_provenance)}
        months = edition.path.months_before_step
        blanks["months"] = number(months.value) + mark(months.provenance)
        yield f"  {words('scheme_text.path_rule', language, **blanks)}"
        if edition.path.exception is not None:
            yield f"  {edition.path.exception.text[language]}"
            yield f"    = {in_line(edition.path.exception.formula)}"
    if edition.scope is not None:
        yield from heading("scheme_text.scope", language)
        yield f"  {edition.scope.text[language]}  = {in_line(edition.scope.formula)}"


def _documents(edition: Edition, language: str) -> Iterator[str]:
    if not edition.documents:
        return
    yield from heading("scheme_text.documents", language)
    levels = {level.id: level.text[language] for level in edition.levels}
    groups = [*((each.id, each.text[language]) for each in edition.document_groups), ("", "")]
    for group, title in groups:
        kinds = [each for each in edition.documents if each.group == group]
        if kinds and title:
            yield f"{title}"
        for kind in kinds:
            owed = words("scheme_text.owed_from", language, level=levels[kind.from_level]) if kind.from_level else "–"
            per = (
                f"  {words('scheme_text.per', language, of=_population(edition, kind.per, language))}"
                if kind.per
                else ""
            )
            yield f"  {kind.text[language]}  [{kind.id}]  {owed}{per}"


def _population(edition: Edition, name: str, language: str) -> str:
    return (edition.populations.get(name) or edition.tables[name]).text[language]


def _parameters(edition: Edition, language: str) -> Iterator[str]:
    yield from _named(edition, "scheme_text.parameters", edition.parameters, language)
    yield from _named(edition, "scheme_text.process", edition.process, language)


def _named(edition: Edition, code: str, values: Mapping[str, Named], language: str) -> Iterator[str]:
    if values:
        yield from heading(code, language)
    for each in values.values():
        if isinstance(each.value, Fraction):
            text = in_unit(each.value, each.unit, language, edition.scales)
        else:
            text = each.value if isinstance(each.value, str) else ", ".join(each.value)
        yield f"  {each.text[language]}  [{each.id}]  {text}{mark(each.provenance)}"


def _notes(edition: Edition, language: str) -> Iterator[str]:
    if edition.notes:
        yield from heading("scheme_text.notes", language)
    for note in edition.notes:
        yield f"  {note.id}  {note.about[language]}"
        yield f"      {note.conflict[language]}"
        yield f"      → {note.resolution[language]}"
