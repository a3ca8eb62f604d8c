# SPDX-License-Identifier: Apache-2.0
"""What an outcome means to somebody who never heard of the scheme: in one line, what it asks that the level below it
does not. Of each group of requirements the first that rises speaks, so that the line stays short for every edition."""

from gradus.formats.numbers import number, short
from gradus.formats.wording import words
from gradus.grading.scheme import Edition, Outcome, Provenance, Requirement
from gradus.grading.texts import Text

MOST = 4
"""Requirements that are named; the scheme's public page has all of them."""

_RISING = {">=": "≥\u00a0", "=": ""}
"""How a requirement compares that asks more the higher the level is."""


def asks_of(edition: Edition, rank: int) -> Text:
    """The line for one outcome, "" twice where the edition asks nothing of it."""
    outcome = edition.outcome(rank)
    assert outcome is not None
    named, asked = _named(edition, outcome), [each for each in edition.requirements if outcome.id in each.asks]
    return Text(*(_line(edition, outcome, named, len(asked), each) for each in ("zh", "en"))) if named else Text("", "")


def _named(edition: Edition, outcome: Outcome) -> list[Requirement]:
    lower = [each for each in edition.outcomes if each.rank < outcome.rank and each.level != outcome.level]
    groups: dict[str, Requirement] = {}
    for each in edition.requirements:
        asked, below = each.asks.get(outcome.id), each.asks.get(lower[-1].id) if lower else None
        if each.compare in _RISING and asked and (below is None or below.value < asked.value):
            groups.setdefault(each.group, each)
    return list(groups.values())[:MOST]


def _line(edition: Edition, outcome: Outcome, named: list[Requirement], count: int, language: str) -> str:
    parts = [_part(edition, outcome, each, language) for each in named]
    overall = outcome.overall_at_least
    if overall is not None:
        said = words("certificate.asks_overall", language, least=number(overall.value))
        parts.append(_marked(said, overall.provenance, language))
    lowest = outcome.level == edition.outcomes[0].level
    return words(
        "certificate.asks" if lowest else "certificate.asks_more",
        language,
        count=str(count),
        what=words("certificate.asks_comma", language).join(parts),
    )


def _part(edition: Edition, outcome: Outcome, requirement: Requirement, language: str) -> str:
    name = requirement.text[language]
    if requirement.unit == "boolean":
        return name
    asked = requirement.asks[outcome.id]
    least = short(asked.value, requirement.unit, language, edition.scales)
    return _marked(f"{name} {_RISING[requirement.compare]}{least}", asked.provenance, language)


def _marked(said: str, provenance: Provenance, language: str) -> str:
    """A figure with what the reader must know of it: that no public source names it."""
    return words("certificate.asks_assumed", language, what=said) if provenance is Provenance.ASSUMED else said
