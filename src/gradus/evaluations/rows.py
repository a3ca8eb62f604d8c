# SPDX-License-Identifier: Apache-2.0
"""The rows of a submission as an assessor meets them: what is claimed, and the papers that prove it.

A submission never changes, so what is read from one is kept in memory under its id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from gradus.applications.models import Case
from gradus.dossiers.convert import Stored, whole
from gradus.dossiers.frozen import Frozen, Json, frozen_in
from gradus.dossiers.models import Submission
from gradus.dossiers.ratings import RatingPlace, rating_place
from gradus.grading.dossier import Dossier
from gradus.grading.scheme import Edition, Table
from gradus.journal.canonical import canonical, digest
from gradus.schemes.queries import edition_named


@dataclass(frozen=True, slots=True)
class Paper:
    """A page of a file of the submission; ``title`` is what the applicant's list of documents calls it."""

    name: str
    digest: str
    page: int
    pages: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """``of`` is the digest of what the row says and of the papers it cites itself: a verdict is about exactly that.

    ``papers`` are also those that the list of documents names for what the row is about.
    """

    table: str
    id: int
    number: int
    cells: Mapping[str, str]
    papers: tuple[Paper, ...]
    of: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission, read: its rows by table, its dossier as the grader takes it, and its files by digest."""

    edition: Edition
    frozen: Frozen
    dossier: Dossier
    rows: Mapping[str, tuple[Row, ...]]
    files: Mapping[str, Json]

    def row(self, table: str, id_: int) -> Row | None:
        return next((each for each in self.rows.get(table, ()) if each.id == id_), None)


def submitted(case: Case) -> Submitted:
    """The newest submission filed in a case."""
    return submitted_as(case.submission_id)


@lru_cache(maxsize=32)
def submitted_as(submission: object) -> Submitted:
    """A submission by its id."""
    found = Submission.objects.get(pk=submission)
    edition, frozen = edition_named(found.edition_hash), frozen_in(found)
    stored = [
        Stored(row["id"], table, row["number"], canonical(row["cells"]))
        for table, own in frozen.facts["tables"].items()
        for row in own
    ]
    names = frozenset(each["name"] for each in frozen.evidence)
    dossier = whole(edition, frozen.facts["dossier"]["title"], stored, names)
    papers = _Papers(edition, frozen)
    rows = {
        table.id: tuple(papers.row(table, each) for each in frozen.facts["tables"].get(table.id, []))
        for table in edition.tables.values()
    }
    return Submitted(edition, frozen, dossier, rows, {each["digest"]: each for each in frozen.evidence})


class _Papers:
    """Which papers belong to which row."""

    def __init__(self, edition: Edition, frozen: Frozen) -> None:
        self.listed = edition.document_table
        self.files = {each["name"]: each for each in frozen.evidence}
        self.cited: dict[tuple[str, int], list[Paper]] = {}
        for each in frozen.evidence:
            for cite in each["cited_by"]:
                paper = Paper(each["name"], each["digest"], cite["page"], each["pages"])
                self.cited.setdefault((cite["table"], cite["row"]), []).append(paper)
        self.about: dict[tuple[str, str], list[Paper]] = {}
        kinds = {each.id: each for each in edition.documents}
        for row in frozen.facts["tables"].get(self.listed.table, []) if self.listed else []:
            assert self.listed is not None
            kind, file = kinds.get(row["cells"].get(self.listed.kind, "")), self._named(row["cells"])
            subject = row["cells"].get(self.listed.subject, "")
            if kind and file is not None and subject and kind.per:
                table = edition.populations[kind.per].table if kind.per in edition.populations else kind.per
                titled = Paper(file.name, file.digest, 1, file.pages, f"{kind.text.zh} / {kind.text.en}")
                self.about.setdefault((table, subject), []).append(titled)

    def row(self, table: Table, row: Json) -> Row:
        cells = row["cells"]
        own = list(self.cited.get((table.id, row["id"]), []))
        if self.listed and table.id == self.listed.table and (named := self._named(cells)) is not None:
            own.append(named)
        keys = [cells[column.id] for column in table.columns if column.key and column.id in cells]
        others = [paper for key in keys for paper in self.about.get((table.id, key), ())]
        of = digest([cells, sorted([each.name, each.digest, each.page] for each in own)])
        return Row(table.id, row["id"], row["number"], cells, tuple(dict.fromkeys([*own, *others])), of)

    def _named(self, cells: Mapping[str, str]) -> Paper | None:
        assert self.listed is not None
        file = self.files.get(cells.get(self.listed.file, "").replace("\\", "/"))
        return Paper(file["name"], file["digest"], 1, file["pages"]) if file else None


@lru_cache(maxsize=16)
def rated_items(edition: Edition) -> Mapping[str, RatingPlace]:
    """The items that an assessor rates, and where the dossier holds their ratings."""
    return {
        each.id: place
        for each in edition.indicators
        if each.rating and (place := rating_place(edition, each)) and place.assessed
    }


def judged_tables(edition: Edition) -> list[Table]:
    """The tables whose rows an assessor accepts or rejects: those the edition lets be rejected, save the ratings, which
    are rated anew instead."""
    ratings = {place.table for place in rated_items(edition).values()}
    return [each for each in edition.tables.values() if each.rejectable and each.id not in ratings]
