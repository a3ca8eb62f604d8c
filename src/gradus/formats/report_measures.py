# SPDX-License-Identifier: Apache-2.0
"""Item by item: dimensions, elements and indicators with their numbers filled in, and the requirements by outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gradus.formats.drawings import Mark, scale
from gradus.formats.numbers import number, score
from gradus.formats.report_facts import basis
from gradus.formats.report_voice import Model, Voice
from gradus.formats.result_words import indicator_sentence, level_name, requirement_sentence
from gradus.grading.result import IndicatorResult, RequirementResult, Status
from gradus.grading.scheme import Dimension, Edition, Element, Indicator, Outcome, Requirement

most_columns = 8
"""With more outcomes that differ, what each asks stands below the requirement, not beside it."""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring outcomes of one level that ask the same of every requirement, and so share a column."""

    outcomes: tuple[Outcome, ...]

    @property
    def first(self) -> Outcome:
        return self.outcomes[0]


def dimension_parts(voice: Voice) -> list[Model]:
    """The branches of the tree, each with its elements and their indicators."""
    return [_dimension(voice, dimension) for dimension in voice.edition.dimensions]


def _dimension(voice: Voice, dimension: Dimension) -> Model:
    name = voice.text(dimension.text)
    weight = voice.number(dimension.weight, number(dimension.weight.value), voice.say("report.weight"), name)
    elements = [each for each in voice.edition.elements if each.dimension == dimension.id]
    return {
        "id": f"dimension-{dimension.id}",
        "name": name,
        "score": score(voice.result.dimensions.get(dimension.id)),
        "weight": weight,
        "elements": [_element(voice, element) for element in elements],
    }


def _element(voice: Voice, element: Element) -> Model:
    indicators = [each for each in voice.edition.indicators if each.element == element.id]
    return {
        "id": f"element-{element.id}",
        "name": voice.text(element.text),
        "indicators": [_indicator(voice, indicator) for indicator in indicators],
    }


def _indicator(voice: Voice, indicator: Indicator) -> Model:
    result = voice.result.indicators[indicator.id]
    name = voice.text(indicator.text)
    unit = indicator.unit
    numbers = {
        kind: voice.number(given, words, voice.say(f"report.{kind}"), name)
        for kind, given, words in (
            ("floor", indicator.floor, voice.short(indicator.floor.value, unit)),
            ("target", indicator.target, voice.short(indicator.target.value, unit)),
            ("weight", indicator.weight, number(indicator.weight.value)),
        )
    }
    applies = result.status is not Status.NOT_APPLICABLE
    sentence = indicator_sentence(voice.edition, indicator, result, voice.language)
    return {
        "id": f"indicator-{indicator.id}",
        "name": name,
        "status": voice.status(result.status),
        "points": score(result.points),
        "sentence": sentence if applies else voice.say("report.does_not_apply"),
        "drawing": _scale(voice, indicator, result, f"{name}: {sentence}") if applies else "",
        "claimed": voice.text(voice.edition.claimed) if result.claimed else "",
        "source": voice.text(indicator.source),
        **numbers,
        "basis": basis(voice, result.explanation, indicator.measure, name, unknown=result.status is Status.UNKNOWN),
    }


def _scale(voice: Voice, indicator: Indicator, result: IndicatorResult, label: str) -> str:
    floor, target = indicator.floor.value, indicator.target.value
    ends = [Mark(value, voice.short(value, indicator.unit)) for value in (floor, target)]
    value = None
    if result.value is not None:
        value = Mark(result.value, voice.short(result.value, indicator.unit))
    return scale(ends[0], ends[1], value, label)


def runs(edition: Edition) -> list[Run]:
    """The outcomes, lowest first, those together that ask the same."""
    kept: list[list[Outcome]] = []
    for outcome in edition.outcomes:
        if kept and kept[-1][-1].level == outcome.level and _asks(edition, kept[-1][-1]) == _asks(edition, outcome):
            kept[-1].append(outcome)
        else:
            kept.append([outcome])
    return [Run(tuple(each)) for each in kept]


def _asks(edition: Edition, outcome: Outcome) -> tuple[Fraction | None, ...]:
    asked = (each.asks.get(outcome.id) for each in edition.requirements)
    return tuple(number.value if number else None for number in asked)


def run_name(voice: Voice, run: Run) -> tuple[str, str]:
    """A column's heading in two parts: the level, and which of its outcomes where they are not all of it."""
    edition, first, last = voice.edition, run.outcomes[0], run.outcomes[-1]
    level = level_name(edition, first.level, voice.language)
    whole = [each for each in edition.outcomes if each.level == first.level]
    if level and len(run.outcomes) == len(whole):
        return level, ""
    if not level or not first.stars:
        names = [voice.text(first.text)] if first is last else [voice.text(first.text), voice.text(last.text)]
        return " – ".join(names), ""
    stars = str(first.stars) if first is last else f"{first.stars}–{last.stars}"
    return level, f"{stars}★"


def requirement_part(voice: Voice) -> Model:
    """The gates by group, with what each outcome asks and whether it is met."""
    edition = voice.edition
    if not edition.requirements:
        return {}
    columns = runs(edition)
    groups = []
    for group in edition.requirement_groups:
        requirements = [each for each in edition.requirements if each.group == group.id]
        if requirements:
            rows = [_requirement(voice, each, columns) for each in requirements]
            groups.append({"name": voice.text(group.text), "rows": rows})
    headings = [dict(zip(("name", "detail"), run_name(voice, run), strict=True)) for run in columns]
    layout = "table" if len(columns) <= most_columns else "list"
    return {"columns": headings, "layout": layout, "groups": groups}


def _requirement(voice: Voice, requirement: Requirement, columns: Sequence[Run]) -> Model:
    result = voice.result.requirements[requirement.id]
    name = voice.text(requirement.text)
    at = _outcome_to_tell(voice, requirement)
    asked = requirement.asks[at.id].value if at else None
    outcome = voice.text(at.text) if at else ""
    sentence = requirement_sentence(voice.edition, requirement, result, voice.language, asked, outcome)
    cells = [_cell(voice, requirement, result, run, name) for run in columns]
    return {
        "id": f"requirement-{requirement.id}",
        "name": name,
        "sentence": sentence,
        "status": voice.status(result.status[at.id] if at else Status.NOT_ASKED),
        "cells": cells,
        "source": voice.text(requirement.source),
        "basis": basis(voice, result.explanation, requirement.measure, name, unknown=result.value is None),
    }


def _self_evident(requirement: Requirement, asked: Fraction) -> bool:
    """Yes is asked of a yes-or-no fact: the sentence need not say so."""
    return requirement.unit == "boolean" and asked == 1


def _outcome_to_tell(voice: Voice, requirement: Requirement) -> Outcome | None:
    """The outcome whose demand the sentence tells: the next one's, else the nearest above it, else the highest."""
    asking = [outcome for outcome in voice.edition.outcomes if outcome.id in requirement.asks]
    above = [outcome for outcome in asking if outcome.rank >= (voice.result.next_rank or len(voice.edition.outcomes))]
    return above[0] if above else asking[-1] if asking else None


def _cell(voice: Voice, requirement: Requirement, result: RequirementResult, run: Run, name: str) -> Model:
    asked = requirement.asks.get(run.first.id)
    status = voice.status(result.status[run.first.id])
    heading = " ".join(part for part in run_name(voice, run) if part)
    if asked is None:
        return {"text": "", "mark": "", "why": "", "status": status, "heading": heading}
    words = "" if _self_evident(requirement, asked.value) else voice.short(asked.value, requirement.unit)
    if words and requirement.compare == "<=":
        words = f"≤ {words}"
    use = f"{name} ({heading})" if voice.language == "en" else f"{name}（{heading}）"
    mark = voice.mark(asked, words, voice.say("report.requirement"), use)
    return {"text": words, "status": status, "heading": heading, **mark}
