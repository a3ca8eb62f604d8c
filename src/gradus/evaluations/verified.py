# SPDX-License-Identifier: Apache-2.0
"""The verified result beside the claimed one, and row by row why they differ.

The verified result is the same grade of the same submission with two changes: the rows that the assessors rejected are
rejected, and every rating is theirs. Where they have not rated yet, the rating is unknown: a decision never rests on
what a client says of itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from gradus.applications.facts import case_result
from gradus.applications.models import Case
from gradus.dossiers.ratings import RatingPlace
from gradus.evaluations.models import Rating, Verdict
from gradus.evaluations.rows import Row, Submitted, rated_items, submitted
from gradus.grading.result import Explanation, Result


class Judged(NamedTuple):
    """A verdict as a value: a case has hundreds, and each page reads them all."""

    accepted: bool
    reason: str
    text: str
    made_at: datetime
    account_id: UUID
    id: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What assessors have said so far that still stands: verdicts by (table, row id), ratings by item.

    ``outdated`` are verdicts on what a row said before the client changed or removed it, of each row the newest, with
    the digest of what it was about.
    """

    verdicts: Mapping[tuple[str, int], Judged]
    ratings: Mapping[str, Rating]
    outdated: Mapping[tuple[str, int], tuple[str, Judged]] = field(default_factory=dict)

    def rejected(self, found: Submitted) -> frozenset[tuple[str, int]]:
        """The rejected rows as the grader names them: by table and row number."""
        return frozenset(
            (row.table, row.number)
            for (table, id_), verdict in self.verdicts.items()
            if not verdict.accepted and (row := found.row(table, id_)) is not None
        )

    def values(self) -> dict[str, int]:
        return {item: each.value for item, each in self.ratings.items()}


@dataclass(frozen=True, slots=True)
class Difference:
    """One reason for which the verified result is not the claimed one.

    Either a rejected ``row`` with its ``verdict``, or an ``item`` whose rating is not the claimed one: ``claimed`` and
    ``assessed`` (None: not rated). ``touches`` are the indicators and requirements that look at it, by id.
    """

    touches: tuple[str, ...]
    row: Row | None = None
    verdict: Judged | None = None
    item: str = ""
    claimed: int | None = None
    assessed: int | None = None


def standing(case: Case) -> Standing:
    """The newest verdict on each row, if it is about what the row says now, and the newest rating of each item."""
    found = submitted(case)
    of = {(row.table, row.id): row.of for rows in found.rows.values() for row in rows}
    told = Verdict.objects.filter(case=case).order_by("id")
    newest: dict[tuple[str, int], tuple[str, Judged]] = {}
    outdated: dict[tuple[str, int], tuple[str, Judged]] = {}
    for table, row, about, *said in told.values_list("table", "row", "of", *Judged._fields):
        newest[table, row] = (about, Judged(*said))
        if of.get((table, row)) != about:
            outdated[table, row] = newest[table, row]
    ratings = {each.item: each for each in Rating.objects.filter(case=case).order_by("id")}
    return Standing(
        verdicts={key: said for key, (about, said) in newest.items() if of.get(key) == about},
        ratings=ratings,
        outdated=outdated,
    )


def verdict_on(case: Case, row: Row) -> Judged | None:
    """What :func:`standing` says of one row, with the verdicts on that row alone."""
    told = Verdict.objects.filter(case=case, table=row.table, row=row.id).order_by("-id")
    newest = told.values_list("of", *Judged._fields).first()
    return Judged(*newest[1:]) if newest and newest[0] == row.of else None


def rating_of(case: Case, item: str) -> Rating | None:
    """What :func:`standing` says of one item."""
    return Rating.objects.filter(case=case, item=item).order_by("-id").first()


def claimed_result(case: Case) -> Result:
    """What the client claims: its submission, with the level held and the events as the body knows them."""
    return case_result(case)


def verified_result(case: Case, said: Standing | None = None) -> Result:
    """What the assessors have verified so far. ``said``: what they said, if at hand."""
    said = said or standing(case)
    return case_result(case, said.rejected(submitted(case)), said.values())


def why_they_differ(case: Case, verified: Result | None = None, said: Standing | None = None) -> tuple[Difference, ...]:
    """Every rejected row and every rating that is not the claimed one, with what it touches."""
    found, said = submitted(case), said or standing(case)
    result = verified or verified_result(case, said)
    looked = _looked_at(result)
    differences = [
        Difference(looked.get((row.table, row.number), ()), row=row, verdict=verdict)
        for (table, id_), verdict in said.verdicts.items()
        if not verdict.accepted and (row := found.row(table, id_)) is not None
    ]
    values = said.values()
    for item, place in rated_items(found.edition).items():
        claimed, assessed = claimed_rating(found, item, place), values.get(item)
        if claimed != assessed:
            differences.append(Difference((item,), item=item, claimed=claimed, assessed=assessed))
    return tuple(differences)


def claimed_rating(found: Submitted, item: str, place: RatingPlace) -> int | None:
    """The client's rating of an item."""
    table = found.edition.tables[place.table]
    key, claim = table.position(place.key), table.position(place.claim)
    for row in found.dossier.tables[place.table]:
        cell = row.cells[claim]
        if row.cells[key] == item and isinstance(cell, int):
            return cell
    return None


def _looked_at(result: Result) -> dict[tuple[str, int], tuple[str, ...]]:
    """By rejected row, the indicators and requirements whose facts it is among."""
    found: dict[tuple[str, int], list[str]] = {}
    every: list[tuple[str, Explanation]] = [
        *((key, each.explanation) for key, each in result.indicators.items()),
        *((key, each.explanation) for key, each in result.requirements.items()),
    ]
    for id_, explanation in every:
        rows = {(facts.table, number) for facts in explanation.facts for number in facts.rejected}
        for row in rows:
            found.setdefault(row, []).append(id_)
    return {row: tuple(ids) for row, ids in found.items()}
