# SPDX-License-Identifier: Apache-2.0
"""A result as one JSON object; :mod:`gradus.formats.result_reader` reads it back. See docs/formats/result.md.

The object carries its edition's content and the whole dossier, so that it can be graded again from itself alone.
Numbers are JSON numbers; beside a measure's value stands the ``exact`` fraction it is the nearest number to.
"""

import json
from datetime import date
from fractions import Fraction
from typing import Any

from gradus.formats.wording import sentence
from gradus.grading.checks import decimal_text
from gradus.grading.dossier import Dossier
from gradus.grading.faults import Fault
from gradus.grading.result import Block, Change, Explanation, Facts, Gain, Missing, Result, VetoEvent
from gradus.grading.scheme import Cell, Edition

FORMAT = "gradus-result/1"

Json = dict[str, Any]


def result_to_json(result: Result) -> Json:
    """The result as plain JSON data."""
    edition = result.edition
    bounds = result.bounds
    worst, best = (bounds.worst, bounds.best) if bounds else (result.capability, result.capability)
    return {
        "format": FORMAT,
        "dossier": _dossier(result.dossier, edition),
        "edition": {"name": edition.name, "hash": edition.hash, "content": edition.content},
        "as_of": result.as_of.isoformat(),
        "rejected": sorted([table, row] for table, row in result.rejected),
        "capability": _rank(edition, result.capability),
        "grantable": _rank(edition, result.grantable),
        "path": [{"step": step.code, "limit": _rank(edition, step.rank), **step.params} for step in result.path],
        "overall": _number(result.overall),
        "dimensions": {key: _number(score) for key, score in result.dimensions.items()},
        "claimed": result.claimed,
        "indicators": {key: _indicator(result, key) for key in result.indicators},
        "requirements": {key: _requirement(result, key) for key in result.requirements},
        "vetoes": list(result.vetoed),
        "veto_events": {veto: [_veto_event(each) for each in result.vetoes[veto].events] for veto in result.vetoed},
        "scope": list(result.scope),
        "scope_not_granted": list(result.scope_not_granted),
        "bounds": {
            "worst": _rank(edition, worst),
            "best": _rank(edition, best),
            "facts": [_missing(each) for each in (bounds.facts if bounds else ())],
            "exact": bounds.exact if bounds else True,
            "left_out": list(bounds.left_out) if bounds else [],
        },
        "next": _rank(edition, result.next_rank) if result.next_rank else None,
        "blocking": [_block(edition, each) for each in result.blocking],
        "documents": [
            {
                "kind": each.kind,
                "subject": each.subject,
                "owed_by": list(each.owed_by),
                "any_of": each.any_of,
                "rows": list(each.rows),
                "files_missing": list(each.files_missing),
                "present": each.present,
            }
            for each in result.documents
        ],
        "warnings": [_warning(each) for each in result.warnings],
    }


def _rank(edition: Edition, rank: int) -> Json:
    outcome = edition.outcome(rank)
    if outcome is None:
        return {"rank": 0, "outcome": None, "band": None}
    return {"rank": rank, "outcome": outcome.id, "band": outcome.band or None}


def _number(value: Fraction | None) -> float | None:
    return None if value is None else value.numerator / value.denominator


def _value(value: Fraction | None, *, yes_or_no: bool) -> float | bool | None:
    return bool(value) if yes_or_no and value is not None else _number(value)


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _indicator(result: Result, key: str) -> Json:
    each = result.indicators[key]
    return {
        "value": _number(each.value),
        "points": _number(each.points),
        "status": each.status.value,
        "exact": _exact(each.value),
        "claimed": each.claimed,
        **_explanation(each.explanation),
    }


def _requirement(result: Result, key: str) -> Json:
    each = result.requirements[key]
    requirement = next(one for one in result.edition.requirements if one.id == key)
    return {
        "value": _value(each.value, yes_or_no=requirement.unit == "boolean"),
        "status": {outcome: status.value for outcome, status in each.status.items()},
        "exact": _exact(each.value),
        **_explanation(each.explanation),
    }


def _explanation(each: Explanation) -> Json:
    return {
        "formula": each.formula,
        "numbers": {name: _exact(value) for name, value in each.blanks.items()},
        "facts": [_facts(leaf) for leaf in each.facts],
        "missing": [_missing(one) for one in each.missing],
    }


def _facts(leaf: Facts) -> Json:
    return {
        "table": leaf.table,
        "population": leaf.population,
        "operation": leaf.operation,
        "formula": leaf.formula,
        "condition": leaf.condition,
        "amount": _exact(leaf.amount),
        "counted": list(leaf.counted),
        "credited": None if leaf.credited is None else list(leaf.credited),
        "left_out": [{"zh": out.why.zh, "en": out.why.en, "rows": list(out.rows)} for out in leaf.left_out],
        "rejected": list(leaf.rejected),
    }


def _veto_event(event: VetoEvent) -> Json:
    day, ends_on = (each.isoformat() if each else None for each in (event.day, event.ends_on))
    return {"table": event.table, "row": event.row, "day": day, "ends_on": ends_on}


def _missing(each: Missing) -> Json:
    return {"table": each.table, "row": each.row, "column": each.column, "key": each.key}


def _change(change: Change | None) -> Json | None:
    if change is None:
        return None
    numbers = {name: _exact(value) for name, value in change.blanks.items()}
    return {
        "amount": None if change.unit == "boolean" else _number(change.amount),
        "unit": change.unit,
        "reach": change.reach.value,
        "numbers": numbers,
        "lacking": [_missing(each) for each in change.lacking],
    }


def _gain(gain: Gain) -> Json:
    return {
        "indicator": gain.indicator,
        "adds": _number(gain.adds),
        "full": _change(gain.full),
        "enough": _change(gain.enough),
    }


def _block(edition: Edition, block: Block) -> Json:
    requirement = next((each for each in edition.requirements if each.id == block.id), None)
    yes_or_no = block.kind == "requirement" and requirement is not None and requirement.unit == "boolean"
    return {
        "kind": block.kind,
        "id": block.id,
        "status": block.status.value,
        "value": _value(block.value, yes_or_no=yes_or_no),
        "asked": _value(block.asked, yes_or_no=yes_or_no),
        "distance": _change(block.distance),
        "gains": [_gain(each) for each in block.gains],
    }


def _warning(fault: Fault) -> Json:
    return {
        "rule": fault.params.get("rule", fault.code),
        "code": fault.code,
        "table": fault.place.table,
        "row": fault.place.row,
        "column": fault.place.field,
        "params": dict(fault.params),
        "zh": sentence(fault, "zh"),
        "en": sentence(fault, "en"),
    }


def _dossier(dossier: Dossier, edition: Edition) -> Json:
    tables = {}
    for table in edition.tables.values():
        rows = [[row.number, *(_cell(cell) for cell in row.cells)] for row in dossier.tables.get(table.id, ())]
        if rows:
            tables[table.id] = {"columns": [column.id for column in table.columns], "rows": rows}
    evidence = None if dossier.evidence is None else sorted(dossier.evidence)
    return {"name": dossier.name, "tables": tables, "evidence": evidence}


def _cell(cell: Cell) -> str | int | bool | None:
    if isinstance(cell, Fraction):
        return decimal_text(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def dumps(data: object) -> str:
    """One line of JSON."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
