# SPDX-License-Identifier: Apache-2.0
"""The facts of a case in the body's hands: what was submitted, with the level held and the events as the body knows
them. Every later stage grades these.

The applicant can change, hide or outvote neither: the level held and its date are the register's (empty when there is
none), and events are those declared and those the body recorded, together. Each difference is told. Rows keep the
numbers that they have in the frozen submission; the body's events come after the declared ones.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from gradus.applications.cases import rules_named, rules_of
from gradus.applications.models import Case
from gradus.applications.register import body_events, held_on
from gradus.dossiers.convert import Stored, whole
from gradus.dossiers.frozen import frozen_in
from gradus.dossiers.models import Submission
from gradus.dossiers.ratings import RatingPlace, rating_place
from gradus.formats.cells import WORKBOOK, cell_reader
from gradus.formats.result_words import level_name
from gradus.formats.wording import words
from gradus.grading import expressions as ex
from gradus.grading.assess import assess
from gradus.grading.dossier import Dossier, Row
from gradus.grading.faults import Fault, Place
from gradus.grading.grade import declared_as_of
from gradus.grading.result import Result
from gradus.grading.scheme import Cell, Edition, Table
from gradus.grading.validate import written
from gradus.journal.canonical import canonical
from gradus.process.procedure import Rules
from gradus.process.states import ENDED
from gradus.schemes.queries import edition_named

_NONE = "–"


@dataclass(frozen=True, slots=True)
class _Basis:
    """All that a dossier is made from, by its name or its content. What the body knows: the level held and since when
    ("" for none), and events as canonical cells."""

    submission: str
    edition: str
    procedure: str
    level: str
    since: str
    events: tuple[str, ...]


def case_dossier(case: Case) -> tuple[Edition, Dossier, tuple[Fault, ...]]:
    """The edition, the dossier as it is graded, and each difference from what the applicant declared."""
    dossier, differences = _dossier(_basis(case))
    return rules_of(case).edition, dossier, differences


def case_result(
    case: Case, rejected: frozenset[tuple[str, int]] = frozenset(), ratings: Mapping[str, int] | None = None
) -> Result:
    """The result of a case without the rows that were rejected, (table, number).

    ``ratings`` are assessed ratings by indicator; with them (also with none at all) the applicant's own ratings count
    no more, without (None) they stand as claimed.
    """
    return _result(_basis(case), rejected, None if ratings is None else tuple(sorted(ratings.items())))


def known_events(case: Case) -> list[Mapping[str, str]]:
    """The cells of the events that the body knows of itself."""
    return [json.loads(each) for each in _basis(case).events]


def requested_in(edition: Edition, dossier: Dossier) -> str:
    """The outcome that the facts ask for; "" for none."""
    return str(_cell(edition, dossier, edition.path.requested) or "") if edition.path else ""


def exception_claimed(edition: Edition, dossier: Dossier) -> bool:
    """Whether the path's exception is asked for: whether a yes-or-no cell of a one-row table that its formula names
    says yes. An exception that needs no asking is claimed by nobody."""
    if edition.path is None or edition.path.exception is None:
        return False
    asked = [node for node in _nodes(edition.path.exception.when.root) if isinstance(node, ex.Single)]
    return any(node.type == ex.BOOLEAN and _cell(edition, dossier, (node.table, node.column)) is True for node in asked)


def frozen_dossier(submission: Submission) -> tuple[Edition, Dossier]:
    """What was submitted, as the applicant declared it."""
    return edition_named(submission.edition_hash), _declared(str(submission.pk))


def _basis(case: Case) -> _Basis:
    """As of the declared day; for a case that has ended, what the register held when it ended."""
    rules, declared = rules_of(case), _declared(str(case.submission_id))
    until = case.changed_at if case.state in ENDED else None
    held = held_on(case.client_id, rules.edition, declared_as_of(rules.edition, declared), until)
    events = body_events(case.client_id, rules.edition.scheme, until)
    return _Basis(
        str(case.submission_id),
        case.edition_hash,
        case.procedure_id,
        held.level if held else "",
        held.since.isoformat() if held else "",
        tuple(canonical(each.cells) for each in events),
    )


# Submissions, editions and procedures never change, and what is known is part of the key: nothing kept can be outdated.


@lru_cache(maxsize=64)
def _declared(submission: str) -> Dossier:
    found = Submission.objects.get(pk=submission)
    frozen = frozen_in(found)
    rows = [
        Stored(row["id"], table, row["number"], canonical(row["cells"]))
        for table, own in frozen.facts["tables"].items()
        for row in own
    ]
    names = frozenset(each["name"] for each in frozen.evidence)
    return whole(edition_named(found.edition_hash), frozen.facts["dossier"]["title"], rows, names)


@lru_cache(maxsize=64)
def _dossier(known: _Basis) -> tuple[Dossier, tuple[Fault, ...]]:
    rules = rules_named(known.edition, known.procedure)
    dossier, held = _with_held(rules.edition, _declared(known.submission), known)
    dossier, events = _with_events(rules, dossier, known)
    return dossier, (*held, *events)


@lru_cache(maxsize=256)
def _result(known: _Basis, rejected: frozenset[tuple[str, int]], ratings: tuple[tuple[str, int], ...] | None) -> Result:
    edition, (dossier, _) = edition_named(known.edition), _dossier(known)
    if ratings is not None:
        dossier = with_ratings(edition, dossier, dict(ratings))
    return assess(edition, dossier, rejected=rejected)


def _with_held(edition: Edition, dossier: Dossier, known: _Basis) -> tuple[Dossier, list[Fault]]:
    if edition.path is None or not all(edition.path.level_held):
        return dossier, []
    differences = []
    for place, text, code in (
        (edition.path.level_held, known.level, "difference.held_level"),
        (edition.path.since_held, known.since, "difference.held_since"),
    ):
        value, declared = _typed(edition, place, text), _cell(edition, dossier, place)
        if value != declared:
            differences.append(_differs(edition, code, place, declared, value))
            dossier = _with_cell(edition, dossier, place, value)
    return dossier, differences


def _differs(edition: Edition, code: str, place: tuple[str, str], declared: Cell, known: Cell) -> Fault:
    blanks = {}
    for name, value in (("declared", declared), ("known", known)):
        for language in ("zh", "en"):
            text = written(value) if value is not None else _NONE
            blanks[f"{name}_{language}"] = level_name(edition, text, language) or text
    return Fault(code, Place(table=place[0], row=1, field=place[1]), blanks)


def _with_events(rules: Rules, dossier: Dossier, known: _Basis) -> tuple[Dossier, list[Fault]]:
    """A recorded event that was declared in the same words is one event; any other stands beside those declared."""
    edition, table = rules.edition, rules.edition.tables[rules.procedure.events.table]
    declared = dossier.tables[table.id]
    said = {row.cells for row in declared}
    number = max((row.number for row in declared), default=0)
    added, differences = [], []
    for text in known.events:
        cells = event_cells(edition, table.id, text)
        if cells not in said:
            number += 1
            said.add(cells)
            added.append(Row(number, cells))
            blanks = {f"said_{language}": _row_words(rules, cells, language) for language in ("zh", "en")}
            differences.append(Fault("difference.event", Place(table=table.id, row=number), blanks))
    if not added:
        return dossier, []
    return replace(dossier, tables={**dossier.tables, table.id: (*declared, *added)}), differences


@lru_cache(maxsize=1024)
def event_cells(edition: Edition, table: str, text: str) -> tuple[Cell, ...]:
    """The typed cells of an event as the register keeps it; what the edition does not know is left out."""
    cells = json.loads(text)
    return tuple(_typed(edition, (table, each.id), cells.get(each.id, "")) for each in edition.tables[table].columns)


def _row_words(rules: Rules, cells: tuple[Cell, ...], language: str) -> str:
    table = rules.edition.tables[rules.procedure.events.table]
    said = []
    for column, cell in zip(table.columns, cells, strict=True):
        if cell is not None:
            option = next((each.text[language] for each in column.options if each.id == cell), "")
            if isinstance(cell, bool):
                option = words("difference.yes" if cell else "difference.no", language)
            said.append(f"{column.text[language]} {option or written(cell)}")
    return ("，" if language == "zh" else ", ").join(said)


def with_ratings(edition: Edition, dossier: Dossier, assessed: Mapping[str, int]) -> Dossier:
    """Every assessed rating in the column that is the assessor's. One that is not there yet is a cell that could not be
    read: unknown, so that the claim beside it stands in for nothing. The claim stays: that the applicant has rated
    itself is a fact too, which an edition may ask for."""
    tables, unread = dict(dossier.tables), set(dossier.unread)
    for indicator in edition.indicators:
        place = rating_place(edition, indicator) if indicator.rating else None
        if place is None or not place.assessed:
            continue
        rows, value = tables[place.table], assessed.get(indicator.id)
        row = _rated(edition.tables[place.table], rows, indicator.id, place, value)
        if row is not None:
            tables[place.table] = (*(each for each in rows if each.number != row.number), row)
            if value is None:
                unread.add((place.table, row.number, place.assessed))
    return replace(dossier, tables=tables, unread=frozenset(unread))


def _rated(table: Table, rows: tuple[Row, ...], item: str, place: RatingPlace, value: int | None) -> Row | None:
    """The item's row with the assessors' rating; None when there is neither row nor rating."""
    key, assessed = table.position(place.key), table.position(place.assessed)
    there = next((row for row in rows if row.cells[key] == item), None)
    if there is None and value is None:
        return None
    cells: list[Cell] = list(there.cells) if there else [None] * len(table.columns)
    cells[key], cells[assessed] = item, value
    number = there.number if there else max((row.number for row in rows), default=0) + 1
    return Row(number, tuple(cells))


def _cell(edition: Edition, dossier: Dossier, place: tuple[str, str]) -> Cell:
    rows = dossier.tables.get(place[0], ()) if all(place) else ()
    return rows[0].cells[edition.tables[place[0]].position(place[1])] if rows else None


def _with_cell(edition: Edition, dossier: Dossier, place: tuple[str, str], value: Cell) -> Dossier:
    table = edition.tables[place[0]]
    first, *others = dossier.tables[table.id]
    cells = list(first.cells)
    cells[table.position(place[1])] = value
    return replace(dossier, tables={**dossier.tables, table.id: (Row(first.number, tuple(cells)), *others)})


def _nodes(node: ex.Node) -> list[ex.Node]:
    return [node, *(deeper for part in ex.parts(node) for deeper in _nodes(part))]


def _typed(edition: Edition, place: tuple[str, str], text: str) -> Cell:
    value = cell_reader(edition.tables[place[0]].column(place[1]), WORKBOOK)(text or None)
    return None if isinstance(value, Fault) else value
