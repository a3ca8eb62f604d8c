# SPDX-License-Identifier: Apache-2.0
"""What would be sent back: what prevents submitting a dossier, and what the certification body would return.

Only what makes a submission unusable prevents it: faults, a wrong day, evidence that is not there. Everything else is a
matter between applicant and body: the applicant confirms having read it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum

from django.utils.timezone import localdate

from gradus.dossiers.citations import cited_in_vain
from gradus.dossiers.expiry import carried_rows, expired_papers, expired_rows
from gradus.dossiers.frozen import Json, freeze
from gradus.dossiers.grading import Graded, grade_dossier
from gradus.dossiers.models import Citation, Dossier
from gradus.dossiers.ratings import rating_place
from gradus.dossiers.store import path_of
from gradus.dossiers.unknowns import Unknown, unknowns
from gradus.formats.numbers import row_ranges
from gradus.formats.report_materials import Item, checklist_items, item_name
from gradus.formats.report_voice import Voice
from gradus.formats.result_words import outcome_name, outcome_of, row_name, veto_sentences
from gradus.formats.wording import words
from gradus.grading.faults import Fault, Place
from gradus.grading.grade import declared_as_of, grade
from gradus.grading.result import Result, Status
from gradus.grading.scheme import Edition, Outcome

oldest_day = timedelta(days=31)
"""How far the declared day may lie before the day of submission: facts counted to it are still those of now."""

_LANGUAGES = ("zh", "en")
_FIRST_SUBJECTS = 8
_FILE_MISSING = "check.file_missing"


class Mend(IntEnum):
    """Where a finding is mended, in the order in which findings are shown."""

    GRADE = 1
    MATERIALS = 2
    RATINGS = 3
    TABLE = 4
    CONFIRM = 5
    EVIDENCE = 6
    CITATION = 7


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that would be sent back. ``prevents``: it can not even be submitted."""

    fault: Fault
    mend: Mend
    prevents: bool


def readiness(dossier: Dossier, at: datetime, graded: Graded | None = None) -> list[Finding]:
    """Everything that would be sent back: what prevents submitting first, then by where it is mended."""
    found = graded or grade_dossier(dossier, at)
    prevented = [
        *((fault, Mend.TABLE) for fault in found.draft.faults),
        *((fault, Mend.TABLE) for fault in _day(found, localdate(at))),
        *((fault, Mend.TABLE) for fault in _no_request(found)),
        *((fault, Mend.CONFIRM) for fault in _carried(found, dossier)),
        *((fault, Mend.EVIDENCE) for fault in _expired(dossier, localdate(at))),
        *((fault, Mend.EVIDENCE) for fault in _lost(dossier)),
        *((fault, Mend.EVIDENCE) for fault in _not_uploaded(found.result)),
        *((fault, Mend.CITATION) for fault in _cited_in_vain(dossier)),
    ]
    returned = [
        *((fault, Mend.GRADE) for fault in vetoes_held(found.result)),
        *((fault, Mend.GRADE) for fault in _above_grantable(found.result)),
        *((fault, Mend.MATERIALS) for fault in materials_lacking(found.result)),
        *((fault, Mend.RATINGS) for fault in _not_rated(found)),
        *((fault, Mend.TABLE) for fault in found.result.warnings if fault.code != _FILE_MISSING),
        *((fault, Mend.TABLE) for fault in unknown_facts(found)),
        *((fault, Mend.TABLE) for fault in _rows_expired(found, dossier, localdate(at))),
        *((fault, Mend.EVIDENCE) for fault in _papers_expired(found, dossier, localdate(at))),
    ]
    findings = [Finding(fault, mend, prevents=True) for fault, mend in prevented]
    findings += [Finding(fault, mend, prevents=False) for fault, mend in returned]
    tables = list(found.edition.tables)
    return sorted(findings, key=lambda each: _order(each, tables))


def _order(finding: Finding, tables: list[str]) -> tuple[bool, int, int, int]:
    place = finding.fault.place
    return not finding.prevents, finding.mend, tables.index(place.table) if place.table else -1, place.row


def _first_row(graded: Graded, table: str) -> int:
    rows = graded.draft.dossier.tables.get(table, ())
    return rows[0].number if rows else 0


def _day(graded: Graded, today: date) -> Iterator[Fault]:
    """The declared day is today or shortly before; that there is none is a fault of its cell."""
    table, column = graded.edition.as_of
    place = Place(table=table, row=_first_row(graded, table), field=column)
    if any((each.place.table, each.place.field) == (table, column) for each in graded.draft.faults):
        return
    day = declared_as_of(graded.draft.edition, graded.draft.dossier)
    blanks = {"day": day.isoformat(), "today": today.isoformat(), "days": str(oldest_day.days)}
    if day > today:
        yield Fault("readiness.day_to_come", place, blanks)
    elif day < today - oldest_day:
        yield Fault("readiness.day_long_past", place, blanks)


def _requested_cell(edition: Edition) -> tuple[str, str] | None:
    return edition.path.requested if edition.path and edition.path.requested != ("", "") else None


def _no_request(graded: Graded) -> Iterator[Fault]:
    cell = _requested_cell(graded.edition)
    faulty = any((each.place.table, each.place.field) == cell for each in graded.draft.faults)
    if cell and not faulty and requested(graded.result) is None:
        table, column = cell
        yield Fault("readiness.no_request", Place(table=table, row=_first_row(graded, table), field=column))


def requested(result: Result) -> Outcome | None:
    """The outcome that the dossier itself asks for."""
    cell = _requested_cell(result.edition)
    if cell is None:
        return None
    table, column = cell
    rows = result.dossier.tables.get(table, ())
    value = rows[0].cells[result.edition.tables[table].position(column)] if rows else None
    return outcome_of(result.edition, str(value)) if value is not None else None


def _carried(graded: Graded, dossier: Dossier) -> Iterator[Fault]:
    for table, rows in carried_rows(graded.edition, dossier).items():
        yield Fault("readiness.not_confirmed", Place(table=table), {"count": str(len(rows))})


def _expired(dossier: Dossier, today: date) -> Iterator[Fault]:
    """Cited evidence whose last day has passed, once a file."""
    cited = Citation.objects.filter(
        row__dossier=dossier, row__removed_at__isnull=True, evidence__removed_at__isnull=True
    )
    expired = cited.filter(evidence__valid_until__lt=today).order_by("evidence__name")
    for name, day in expired.values_list("evidence__name", "evidence__valid_until").distinct():
        yield Fault("readiness.evidence_expired", params={"said": name, "day": day.isoformat()})


def _cited_in_vain(dossier: Dossier) -> Iterator[Fault]:
    """Rows that cite a removed file, or a page that the present version of one does not have. ``row`` is the
    database's."""
    for name, use in cited_in_vain(dossier):
        blanks = {"said": name, "page": str(use.page), "row": str(use.row.pk)}
        code = "readiness.page_gone" if use.beyond else "readiness.cited_removed"
        yield Fault(code, Place(table=use.row.table, row=use.number), blanks)


def _papers_expired(graded: Graded, dossier: Dossier, today: date) -> Iterator[Fault]:
    """Papers that the list of documents names and whose last day has passed; what is cited too is told as that."""
    told = {fault.params["said"] for fault in _expired(dossier, today)}
    for name, (day, _) in expired_papers(graded.result, dossier, today).items():
        if name not in told:
            yield Fault("readiness.paper_expired", params={"said": name, "day": day.isoformat()})


def _rows_expired(graded: Graded, dossier: Dossier, today: date) -> Iterator[Fault]:
    """Rows whose own last day has passed, once a table."""
    for table, rows in expired_rows(graded.edition, dossier, today).items():
        row = rows[0] if len(rows) == 1 else 0
        yield Fault("readiness.rows_expired", Place(table=table, row=row), _counted(rows))


def _counted(rows: Sequence[int]) -> dict[str, str]:
    lists = {f"said_{each}": row_ranges(rows, _FIRST_SUBJECTS, words("report.comma", each)) for each in _LANGUAGES}
    return {"count": str(len(rows)), **lists}


def unknown_facts(graded: Graded) -> Iterator[Fault]:
    """The facts that are unknown, one line for each table and reason, with where to fill them in."""
    for each in unknowns(graded):
        place = Place(table=each.table, row=each.rows[0] if each.rows else 0, field=each.column)
        if each.column:
            yield Fault("readiness.cells_unknown", place, _counted(each.rows))
        else:
            yield Fault("readiness.rows_unknown", place, _keys(graded.edition, each))


def _keys(edition: Edition, unknown: Unknown) -> dict[str, str]:
    lists = {}
    for language in _LANGUAGES:
        names = [row_name(edition, unknown.table, key, language) for key in unknown.keys]
        lists[f"said_{language}"] = words("report.comma", language).join(names)
    return {"count": str(len(unknown.keys)), **lists}


def _not_uploaded(result: Result) -> Iterator[Fault]:
    """Documents that are listed, and of whose file there is nothing."""
    for warning in result.warnings:
        if warning.code == _FILE_MISSING:
            yield Fault("readiness.file_missing", warning.place, {"said": warning.params["file"]})


def _lost(dossier: Dossier) -> Iterator[Fault]:
    """Files that are not there, or not as long as they were. Whether each is what its digest says is looked at when it
    is submitted: that reads them all."""
    for each in freeze(dossier).evidence:
        path = path_of(each["digest"])
        if not path.is_file() or path.stat().st_size != each["size"]:
            yield damaged(each)


def damaged(evidence: Json) -> Fault:
    """The file of a frozen piece of evidence is not what it was."""
    return Fault("readiness.evidence_damaged", params={"said": evidence["name"]})


def vetoes_held(result: Result) -> Iterator[Fault]:
    """The vetoes that hold, each with its rows in words."""
    texts = {each.id: each.text for each in result.edition.vetoes}
    for veto in result.vetoed:
        blanks = {f"name_{language}": texts[veto][language] for language in _LANGUAGES}
        rows = {
            f"said_{language}": words("report.semicolon", language).join(veto_sentences(result, veto, language))
            for language in _LANGUAGES
        }
        yield Fault("readiness.veto", params={**blanks, **rows})


def vetoes_since(result: Result, day: date) -> Iterator[Fault]:
    """The vetoes that hold on a later day and did not on the declared one, each with its rows in words: something has
    happened since, or was not settled in time."""
    now = grade(result.edition, result.dossier, max(day, result.as_of))
    since = {veto: each for veto, each in now.vetoes.items() if veto not in result.vetoed}
    return vetoes_held(replace(result, vetoes=since))


def _above_grantable(result: Result) -> Iterator[Fault]:
    asked = requested(result)
    if asked is not None and asked.rank > result.grantable:
        blanks = {f"asked_{language}": asked.text[language] for language in _LANGUAGES}
        for language in _LANGUAGES:
            blanks[f"grantable_{language}"] = outcome_name(result.edition, result.grantable, language)
        yield Fault("readiness.above_grantable", params=blanks)


def materials_lacking(result: Result) -> Iterator[Fault]:
    """What is owed for the outcome asked for, or else for the one that can be granted, and is not there."""
    aim = requested(result) or result.edition.outcome(max(result.grantable, 1))
    voices = {language: Voice(result, language) for language in _LANGUAGES}
    for item in checklist_items(voices["zh"]):
        if aim is not None and aim.id in item.owed_by and item.lacking:
            yield _lacking(item, voices)


def _lacking(item: Item, voices: dict[str, Voice]) -> Fault:
    subjects = [line.subject for line in item.lacking if line.subject]
    blanks = {f"name_{language}": item_name(voice, item) for language, voice in voices.items()}
    if not subjects:
        return Fault("readiness.material_lacking", params=blanks)
    shown, more = subjects[:_FIRST_SUBJECTS], len(subjects) - _FIRST_SUBJECTS
    lists = {f"said_{language}": voice.listed(shown) for language, voice in voices.items()}
    if more > 0:
        for name, voice in zip(lists, voices.values(), strict=True):
            lists[name] = voice.say("report.and_more", shown=lists[name], count=str(more))
    return Fault("readiness.material_lacking_for", params={**blanks, **lists})


def _not_rated(graded: Graded) -> Iterator[Fault]:
    """Indicators that the applicant rates, and has not."""
    result, edition = graded.result, graded.edition
    missing = [
        each.text
        for each in edition.indicators
        if each.rating and result.indicators[each.id].status is Status.UNKNOWN and rating_place(edition, each)
    ]
    if missing:
        lists = {
            f"said_{language}": words("report.comma", language).join(text[language] for text in missing)
            for language in _LANGUAGES
        }
        yield Fault("readiness.not_rated", params={"count": str(len(missing)), **lists})
