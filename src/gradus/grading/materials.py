# SPDX-License-Identifier: Apache-2.0
"""The material checklist: which documents are owed, by which outcome, for which project, person or year, and which
are there."""

from dataclasses import dataclass
from datetime import date

from gradus.grading.checks import cell_text
from gradus.grading.dossier import Dossier
from gradus.grading.evaluate import Evaluator, Trail
from gradus.grading.papers import DocumentKind
from gradus.grading.result import DocumentLine
from gradus.grading.rows import FIRST_CELL
from gradus.grading.scheme import Edition


@dataclass(frozen=True, slots=True)
class _Entry:
    row: int
    issued_on: date | None
    lacks_file: bool


_Listed = dict[tuple[str, str], list[_Entry]]


def checklist(run: Evaluator, dossier: Dossier, rejected: frozenset[tuple[str, int]]) -> tuple[DocumentLine, ...]:
    """Every kind of document of the edition, one line a subject; alternatives are present together.

    A row that an assessor ``rejected``, by (table, row number), is not there; nor is one that was issued outside the
    window that its kind names.
    """
    edition = run.edition
    listed = _listed(edition, dossier, rejected)
    lines = [line for kind in edition.documents for line in _lines(run, kind, listed)]
    there = {line.any_of for line in lines if line.any_of and line.rows}
    return tuple(
        DocumentLine(
            line.kind,
            line.subject,
            line.owed_by,
            line.any_of,
            line.rows,
            line.files_missing,
            bool(line.rows) or line.any_of in there,
        )
        for line in lines
    )


def _listed(edition: Edition, dossier: Dossier, rejected: frozenset[tuple[str, int]]) -> _Listed:
    """Document rows by kind and subject, and by kind alone under subject ""."""
    where = edition.document_table
    found: _Listed = {}
    if where is None:
        return found
    table = edition.tables[where.table]
    columns = (where.kind, where.subject, where.file, where.issue_day)
    kind_at, subject_at, file_at, day_at = map(table.position, columns)
    for row in dossier.tables[where.table]:
        if (where.table, row.number) in rejected:
            continue
        kind, subject = str(row.cells[kind_at]), cell_text(row.cells[subject_at])
        file = str(row.cells[file_at]).replace("\\", "/")
        day = row.cells[day_at]
        lacks_file = dossier.evidence is not None and file not in dossier.evidence
        entry = _Entry(row.number, day if isinstance(day, date) else None, lacks_file)
        found.setdefault((kind, ""), []).append(entry)
        if subject:
            found.setdefault((kind, subject), []).append(entry)
    return found


def _lines(run: Evaluator, kind: DocumentKind, listed: _Listed) -> list[DocumentLine]:
    owed_by = _owed_by(run, kind)
    subjects = _subjects(run, kind) if kind.per else [""]
    lines = []
    for subject in subjects:
        entries = [each for each in listed.get((kind.id, subject), []) if _is_in_time(run, kind, each)]
        rows = tuple(each.row for each in entries)
        missing = tuple(each.row for each in entries if each.lacks_file)
        lines.append(DocumentLine(kind.id, subject, owed_by, kind.any_of, rows, missing, bool(rows)))
    return lines


def _is_in_time(run: Evaluator, kind: DocumentKind, entry: _Entry) -> bool:
    if not kind.issued_in:
        return True
    after, until = run.window(int(run.edition.windows[kind.issued_in].months.value))
    return entry.issued_on is not None and after < entry.issued_on.toordinal() <= until


def _owed_by(run: Evaluator, kind: DocumentKind) -> tuple[str, ...]:
    edition = run.edition
    every = tuple(outcome.id for outcome in edition.outcomes)
    if kind.also_owed_when is not None and run.run(kind.also_owed_when, 0, Trail()) is True:
        return every
    if not kind.from_level or (kind.owed_when is not None and run.run(kind.owed_when, 0, Trail()) is False):
        return ()
    levels = [level.id for level in edition.levels]
    first = levels.index(kind.from_level)
    return tuple(
        outcome.id
        for outcome in edition.outcomes
        if levels.index(outcome.level) >= first and (not kind.stars or outcome.stars == kind.stars)
    )


def _subjects(run: Evaluator, kind: DocumentKind) -> list[str]:
    selection = run.population(kind.per)
    table = run.edition.tables[selection.table]
    at = table.position(kind.subject)
    values = [row[FIRST_CELL + at] for row in selection.rows]
    texts = [cell_text(value) for value in values]
    texts = list(dict.fromkeys([*texts, *selection.absent]))
    if kind.latest:
        texts = sorted(texts, reverse=True)[: kind.latest]
    return texts
