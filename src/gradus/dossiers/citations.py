# SPDX-License-Identifier: Apache-2.0
"""Which facts an evidence file proves: citations of rows, and rows of the edition's own list of documents.

A citation is a row, a file and the page in it. The list of documents (the edition says in which table and columns)
names files by their names, as a dossier on disk does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Citation, Dossier, Evidence, Row
from gradus.dossiers.rows import CellChange, Changed, RowChange, change_rows
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Edition, Empty
from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind


@dataclass(frozen=True, slots=True)
class Use:
    """A fact that rests on an evidence file: a row, its number in its table, and the page (0: it names the file).
    ``beyond``: a version of the file came that has no such page."""

    row: Row
    number: int
    page: int = 0
    citation: str = ""
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """As what an evidence file shall stand in the list of documents; ``subject`` and ``issued`` may be empty."""

    kind: str
    subject: str = ""
    issued: str = ""


def cite(row: Row, evidence: Evidence, page: int, actor: Actor, at: datetime) -> Citation:
    """Say that a page of an evidence file proves a row. Saying it twice changes nothing. Raises Refusal."""
    _refuse_strangers(row, actor)
    with transaction.atomic():
        found = Evidence.objects.select_for_update(of=("self",), no_key=True).select_related("file").get(pk=evidence.pk)
        if found.removed_at is not None or found.client_id != row.dossier.client_id:
            raise Refusal([Fault("evidence.removed_meanwhile", params={"value": found.name})])
        if not 1 <= page <= found.file.pages:
            blanks = {"value": str(page), "expected": str(found.file.pages)}
            raise Refusal([Fault("evidence.no_such_page", Place(field="page"), blanks)])
        citation, is_new = Citation.objects.get_or_create(row=row, evidence=found, page=page)
        if is_new:
            _record(Kind.CITATION_ADDED, citation, actor, at)
    return citation


def uncite(citation: Citation, actor: Actor, at: datetime) -> None:
    """Take a citation back; nothing when somebody was faster. Raises Refusal."""
    _refuse_strangers(citation.row, actor)
    with transaction.atomic():
        found = Citation.objects.select_related("row", "evidence").filter(pk=citation.pk).first()
        if found is not None:
            found.delete()
            _record(Kind.CITATION_REMOVED, found, actor, at)


def list_document(dossier: Dossier, evidence: Evidence, listing: Listing, actor: Actor, at: datetime) -> Changed:
    """Add an evidence file to the dossier's list of documents, once. Raises Refusal."""
    edition = edition_of(dossier)
    where = edition.document_table
    if where is None or listing.kind not in {each.id for each in edition.documents}:
        blanks = {"value": listing.kind, "expected": ", ".join(each.id for each in edition.documents)}
        raise Refusal([Fault("evidence.unknown_kind", Place(field="kind"), blanks)])
    named = {where.kind: listing.kind, where.subject: listing.subject, where.file: evidence.name}
    for row in Row.objects.filter(dossier=dossier, table=where.table, removed_at__isnull=True):
        if all(row.cells.get(column, "") == text for column, text in named.items()):
            return Changed()
    given = {**named, where.issue_day: listing.issued}
    # Whatever else a row of this table must say in words (its title) is said by the file's own name.
    title = evidence.name.rpartition("/")[2].rpartition(".")[0]
    for column in edition.tables[where.table].columns:
        if column.id not in given and column.empty is Empty.ERROR and column.type == "text" and not column.options:
            given[column.id] = title
    cells = {name: CellChange("", text) for name, text in given.items() if text}
    return change_rows(dossier, where.table, [RowChange(0, cells, key="new")], [], actor, at)


def follow_name(client: object, before: str, after: str, actor: Actor, at: datetime) -> int:
    """After a renaming, in its transaction: let every list of documents of the client name the file by its new name.
    Returns how many rows were changed. Raises Refusal.

    All its dossiers are locked before the first of them is told to the journal, for which whoever edits the next waits.
    """
    changed = 0
    for dossier in list(Dossier.objects.select_for_update(no_key=True).filter(client=client).order_by("pk")):
        where = edition_of(dossier).document_table
        if where is None:
            continue
        rows = Row.objects.filter(dossier=dossier, table=where.table, removed_at__isnull=True)
        changes = [
            RowChange(row.pk, {where.file: CellChange(row.cells[where.file], after)})
            for row in rows
            if _plain(row.cells.get(where.file, "")) == before
        ]
        if changes:
            changed += len(change_rows(dossier, where.table, changes, [], actor, at).rows)
    return changed


def uses(dossier: Dossier) -> dict[str, list[Use]]:
    """By the name of an evidence file, the facts of a dossier that rest on it; also of files that are not there."""
    rows, numbers = _rows(dossier)
    where = edition_of(dossier).document_table
    found: dict[str, list[Use]] = {}
    for row in rows.values():
        if where is not None and row.table == where.table and (name := _plain(row.cells.get(where.file, ""))):
            found.setdefault(name, []).append(Use(row, numbers[row.pk]))
    for each in _citations(dossier).filter(evidence__removed_at__isnull=True):
        found.setdefault(each.evidence.name, []).append(_use(each, rows, numbers))
    return found


def cited_in_vain(dossier: Dossier) -> list[tuple[str, Use]]:
    """Citations of a file that was removed, or of a page that its present version does not have, with its name."""
    gone = _citations(dossier).filter(Q(evidence__removed_at__isnull=False) | Q(page__gt=F("evidence__file__pages")))
    rows, numbers = _rows(dossier) if gone else ({}, {})
    return [(each.evidence.name, _use(each, rows, numbers)) for each in gone]


def _rows(dossier: Dossier) -> tuple[dict[int, Row], dict[int, int]]:
    """The rows of a dossier by their ids, in their order, and the number of each in its table."""
    rows = list(Row.objects.filter(dossier=dossier, removed_at__isnull=True).order_by("table", "position", "id"))
    for row in rows:
        row.dossier = dossier
    return {row.pk: row for row in rows}, numbered(rows)


def _citations(dossier: Dossier) -> QuerySet[Citation]:
    found = Citation.objects.filter(row__dossier=dossier, row__removed_at__isnull=True)
    return found.select_related("evidence__file").order_by("page")


def _use(citation: Citation, rows: Mapping[int, Row], numbers: Mapping[int, int]) -> Use:
    evidence = citation.evidence
    beyond = evidence.removed_at is None and citation.page > evidence.file.pages
    row = rows[citation.row_id]
    return Use(row, numbers[row.pk], citation.page, str(citation.pk), beyond)


def uses_by_client(client: object) -> dict[str, list[Use]]:
    """As :func:`uses`, over all dossiers of a client, which share its evidence; newest dossier first."""
    found: dict[str, list[Use]] = {}
    for dossier in Dossier.objects.filter(client=client).order_by("-created_at", "id"):
        for name, those in uses(dossier).items():
            found.setdefault(name, []).extend(those)
    return found


def row_title(edition: Edition, row: Row) -> str:
    """What people call a row: its first two cells in the applicant's own words, chosen from no list."""
    where = edition.document_table
    told_already = {where.kind, where.file} if where is not None and where.table == row.table else set()
    own = [
        column.id
        for column in edition.tables[row.table].columns
        if column.type == "text" and not column.options and column.id not in told_already
    ]
    return " · ".join([row.cells[name] for name in own if row.cells.get(name)][:2])


def numbered(rows: Iterable[Row]) -> dict[int, int]:
    """By a row's id, its place in its table; the rows must come in their order."""
    counts: dict[str, int] = {}
    numbers: dict[int, int] = {}
    for row in rows:
        numbers[row.pk] = counts[row.table] = counts.get(row.table, 0) + 1
    return numbers


def _plain(name: str) -> str:
    """A file's name as the grader reads it."""
    return name.replace("\\", "/")


def _refuse_strangers(row: Row, actor: Actor) -> None:
    if actor.tables and row.table not in actor.tables:
        raise Refusal([Fault("dossier.table_not_yours", Place(table=row.table))])


def _record(kind: Kind, citation: Citation, actor: Actor, at: datetime) -> None:
    row, evidence = citation.row, citation.evidence
    said = {
        "table": row.table,
        "row": row.pk,
        "evidence": str(evidence.pk),
        "name": evidence.name,
        "file": evidence.file_id,
        "page": citation.page,
    }
    record(kind, actor, at, said, organisation=evidence.client_id, subject=f"dossier:{row.dossier_id}")
