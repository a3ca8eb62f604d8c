# SPDX-License-Identifier: Apache-2.0
"""An edition and its procedure as what a page says: every number with its unit, marked where it is an assumption."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gradus.formats.drawings import Step, ladder, upright_ladder
from gradus.formats.numbers import in_unit, number
from gradus.formats.wording import words
from gradus.grading.papers import DocumentKind
from gradus.grading.scheme import Edition, Named, Number, Outcome, Provenance, Requirement, Source
from gradus.process.procedure import Rules

_ENGLISH = re.compile("[A-Za-z]{3}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in words; ``why`` explains an assumption ("" for a number that is none)."""

    text: str
    assumed: bool
    why: str


def scheme_words(edition: Edition, rules: Rules | None, said: str) -> dict[str, Any]:
    """Everything that the page shows, in one language."""
    path = edition.path
    return {
        "edition": edition,
        "ladder": _ladder(edition, said),
        "outcomes": [_outcome(edition, each, said) for each in reversed(edition.outcomes)],
        "order": words("scheme_page.order", said, level=_highest(edition, said), count=str(len(edition.levels))),
        "levels": [each.text[said] for each in edition.levels],
        "groups": [
            {
                "title": group.text[said],
                "rows": [_asked(edition, each, said) for each in edition.requirements if each.group == group.id],
            }
            for group in edition.requirement_groups
        ],
        "columns": [each.text[said] for each in edition.outcomes],
        "dimensions": [_dimension(edition, each.id, said) for each in edition.dimensions],
        "vetoes": [f"{each.text[said]}{words('report.colon', said)}{each.effect[said]}" for each in edition.vetoes],
        "path": path
        and words(
            "scheme_text.path_rule",
            said,
            level=next(each.text[said] for each in edition.levels if each.id == path.entry),
            months=number(path.months_before_step.value),
        ),
        "path_assumed": bool(
            path and Provenance.ASSUMED in (path.entry_provenance, path.months_before_step.provenance)
        ),
        "exception": path and path.exception and path.exception.text[said],
        "documents": _documents(edition, said),
        "process": [{"name": each.text[said], **_named(edition, each, said)} for each in edition.process.values()],
        "fees": _fees(edition, rules, said) if rules else [],
        "man_days": _man_days(edition, rules, said) if rules else [],
        "duties": [each.text[said] for each in rules.procedure.duties] if rules else [],
        "reasons": _reasons(rules, said) if rules else [],
        "notes": edition.notes,
        "sources": [_source(each, said) for each in edition.sources.values()],
    }


def _figure(edition: Edition, each: Number | Named | None, unit: str, said: str) -> Figure | None:
    if each is None:
        return None
    value = each.value
    text = in_unit(value, unit, said, edition.scales) if isinstance(value, Fraction) else _listed(value)
    assumed = each.provenance is Provenance.ASSUMED
    note = each.note[said] if each.note else ""
    return Figure(text, assumed, (note or words("scheme_page.assumed_plain", said)) if assumed else note)


def _listed(value: str | Iterable[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _named(edition: Edition, each: Named, said: str) -> dict[str, object]:
    return {"figure": _figure(edition, each, each.unit, said), "note": each.note[said] if each.note else ""}


def _highest(edition: Edition, said: str) -> str:
    top = edition.outcomes[-1].level
    return next((each.text[said] for each in edition.levels if each.id == top), edition.outcomes[-1].text[said])


def _ladder(edition: Edition, said: str) -> str:
    levels = {each.id: each.text[said] for each in edition.levels}
    steps = [
        Step(
            (levels.get(each.level, each.text[said]), *([f"{each.stars}★"] if each.stars else [])),
            (f"≥\u00a0{number(each.overall_at_least.value)}",) if each.overall_at_least else (),
            reached=False,
            requested=False,
            next=False,
        )
        for each in edition.outcomes
    ]
    label = words("scheme_page.ladder", said, level=_highest(edition, said))
    return ladder(steps, label) + upright_ladder(steps, label)


def _outcome(edition: Edition, outcome: Outcome, said: str) -> dict[str, object]:
    return {
        "name": outcome.text[said],
        "meaning": outcome.meaning[said],
        "overall": _figure(edition, outcome.overall_at_least, "", said),
        "each": _figure(edition, outcome.each_dimension_at_least, "", said),
    }


def _asked(edition: Edition, requirement: Requirement, said: str) -> dict[str, object]:
    """What each outcome asks."""
    sign = {">=": "≥\u00a0", "<=": "≤\u00a0"}.get(requirement.compare, "")
    asked = [requirement.asks.get(each.id) for each in edition.outcomes]
    if requirement.unit == "boolean" or all(each is None or each.value == 0 for each in asked):
        sign = ""  # "at most none" is none
    figures = [_figure(edition, each, requirement.unit, said) for each in asked]
    return {"name": requirement.text[said], "figures": figures, "sign": sign}


def _dimension(edition: Edition, id_: str, said: str) -> dict[str, object]:
    dimension = next(each for each in edition.dimensions if each.id == id_)
    elements = {each.id: each.text[said] for each in edition.elements}
    rows = [
        {
            "element": elements[each.element],
            "name": each.text[said],
            "floor": _figure(edition, each.floor, each.unit, said),
            "target": _figure(edition, each.target, each.unit, said),
            "weight": _figure(edition, each.weight, "", said),
        }
        for each in edition.indicators
        if each.dimension == id_
    ]
    return {"name": dimension.text[said], "weight": _figure(edition, dimension.weight, "", said), "rows": rows}


def _documents(edition: Edition, said: str) -> list[dict[str, object]]:
    levels = {each.id: each.text[said] for each in edition.levels}
    return [
        {
            "title": group.text[said],
            "kinds": [
                (each.text[said], _owed(each, levels, said)) for each in edition.documents if each.group == group.id
            ],
        }
        for group in edition.document_groups
    ]


def _owed(kind: DocumentKind, levels: Mapping[str, str], said: str) -> str:
    """From which level on, or why with no application."""
    if kind.from_level:
        return words("scheme_text.owed_from", said, level=levels[kind.from_level])
    return kind.note[said] if kind.note else words("scheme_page.never_owed", said)


def _source(source: Source, said: str) -> str:
    """A source with its clause; editions have one for both languages, and a Chinese page leaves out English words."""
    clause = source.clause if said == "en" or not _ENGLISH.search(source.clause) else ""
    return f"{source.text[said]} {clause}".strip()


def _fees(edition: Edition, rules: Rules, said: str) -> list[dict[str, object]]:
    fees = rules.procedure.fees
    return [
        {"name": words(f"scheme_page.fee_{name}", said), "figure": _figure(edition, fee, fees.currency, said)}
        for name, fee in (
            ("application", fees.application),
            ("man_day", fees.man_day),
            ("certificate", fees.certificate),
        )
    ]


def _man_days(edition: Edition, rules: Rules, said: str) -> list[dict[str, str]]:
    """For every level the days on site and what the whole costs with one site."""
    rows = []
    for level in edition.levels:
        cost = rules.quotation(level.id)
        total = in_unit(cost.total, cost.currency, said, edition.scales)
        rows.append({"level": level.text[said], "days": number(cost.man_days), "total": total})
    return rows


def _reasons(rules: Rules, said: str) -> list[dict[str, object]]:
    """The closed lists of reasons for which a certificate is suspended, withdrawn or cancelled."""
    return [
        {
            "act": words(f"scheme_page.reasons_{act}", said),
            "reasons": [each.text[said] for each in rules.procedure.reasons[act]],
        }
        for act in ("suspend", "withdraw", "cancel")
    ]
