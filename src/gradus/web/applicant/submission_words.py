# SPDX-License-Identifier: Apache-2.0
"""A submission, and the difference between two, ready to print in the reader's language."""

from collections.abc import Iterable
from fractions import Fraction

from django.urls import reverse

from gradus.dossiers.frozen import Frozen, Json, frozen_in, grade_submission
from gradus.dossiers.grading import Graded
from gradus.dossiers.models import Dossier, Submission
from gradus.dossiers.readiness import Finding, Mend
from gradus.dossiers.submission_differences import EvidenceDifference, Flip, State, SubmissionDifference
from gradus.dossiers.submit import verify_submission
from gradus.formats.numbers import score
from gradus.formats.report_outcome import ladder_part, outcome_marks
from gradus.formats.report_voice import Voice
from gradus.formats.result_words import indicator_sentence, outcome_name, outcome_of, requirement_sentence
from gradus.formats.wording import sentence, sentence_named
from gradus.grading.faults import Fault, Place
from gradus.grading.result import Result
from gradus.grading.scheme import Column, Edition, Indicator
from gradus.web.applicant.intake import difference_words
from gradus.web.applicant.panel import address
from gradus.web.ui.cell_words import cell_words
from gradus.web.ui.templates import language, t

_FIRST_FINDINGS, _MOST_FINDINGS = 6, 200

Words = dict[str, object]


def findings_words(findings: list[Finding], dossier: Dossier, edition: Edition) -> list[Words]:
    """Findings by where they are mended: the first, the others behind them, and how many are not told at all."""
    groups: dict[Mend, list[Finding]] = {}
    for each in findings:
        groups.setdefault(each.mend, []).append(each)
    return [
        {
            "title": t(f"readiness.at_{mend.name.lower()}"),
            "first": [_finding(each, dossier, edition) for each in group[:_FIRST_FINDINGS]],
            "others": [_finding(each, dossier, edition) for each in group[_FIRST_FINDINGS:_MOST_FINDINGS]],
            "count_of_others": len(group) - _FIRST_FINDINGS,
            "untold": max(len(group) - _MOST_FINDINGS, 0),
        }
        for mend, group in groups.items()
    ]


def fault_lines(faults: Iterable[Fault], dossier: Dossier, edition: Edition) -> list[Words]:
    """Faults of tables, each with the place to mend it."""
    return [_finding(Finding(each, Mend.TABLE, prevents=False), dossier, edition) for each in faults]


def _finding(finding: Finding, dossier: Dossier, edition: Edition) -> Words:
    where = finding.fault.place
    return {
        "place": _place(finding.fault.place, edition),
        "text": sentence_named(finding.fault, edition, language()),
        "url": _mend_url(finding, dossier),
        "link": edition.tables[where.table].text[language()]
        if _in_table(finding)
        else t(f"readiness.to_{finding.mend.name.lower()}"),
    }


def _place(where: Place, edition: Edition) -> str:
    """Table, row and column as the pages call them."""
    table = edition.tables.get(where.table)
    if table is None:
        return ""
    column = next((each.text[language()] for each in table.columns if each.id == where.field), "")
    if column and where.row:
        column = t("grid.cell_of", column=column, row=where.row)
    elif where.row:
        column = t("intake.row", number=where.row)
    return " · ".join(part for part in (table.text[language()], column) if part)


def _in_table(finding: Finding) -> bool:
    return finding.mend in {Mend.TABLE, Mend.CONFIRM} and bool(finding.fault.place.table)


def _mend_url(finding: Finding, dossier: Dossier) -> str:
    where = finding.fault.place
    if _in_table(finding):
        return address(dossier, where.table, [where.row] if where.row else [], where.field)
    if finding.mend is Mend.CITATION:
        row = finding.fault.params["row"]
        return reverse("row_evidence", args=[dossier.client_id, dossier.pk, where.table, row])
    names = {Mend.MATERIALS: "materials", Mend.RATINGS: "self_ratings", Mend.GRADE: "grade", Mend.EVIDENCE: "evidence"}
    return reverse(names.get(finding.mend, "dossier_home"), args=[dossier.client_id, dossier.pk])


def frozen_words(frozen: Frozen, graded: Graded) -> Words:
    """What is about to be signed: what it comes to, and how much it is."""
    tables = [rows for rows in frozen.facts["tables"].values() if rows]
    rows = sum(len(each) for each in tables)
    return {
        "outcomes": outcome_marks(Voice(graded.result, language())),
        "as_of": graded.result.as_of.isoformat(),
        "rows": t("submission.rows_of_tables", tables=len(tables), count=rows),
        "files": t("submission.files", count=len(frozen.evidence)),
    }


def submission_words(submission: Submission, edition: Edition) -> Words:
    """One submission: what it came to, whether it still is what was signed, its facts and its evidence."""
    faults = verify_submission(submission)
    frozen = frozen_in(submission)
    words: Words = {
        "faults": [sentence(fault, language()) for fault in faults],
        "declaration": submission.declaration.split("\n\n"),
        "tables": _tables(frozen, edition),
        "evidence": [evidence_words(each, edition) for each in frozen.evidence],
        "subject": (language() == "en" and frozen.facts["client"]["name_en"]) or frozen.facts["client"]["name"],
        "title": frozen.facts["dossier"]["title"],
    }
    if not faults:
        result = grade_submission(submission)
        voice = Voice(result, language())
        words |= {"outcomes": outcome_marks(voice), "ladder": ladder_part(voice), "overall": score(result.overall)}
        words["as_of"] = result.as_of.isoformat()
    return words


def _tables(frozen: Frozen, edition: Edition) -> list[Words]:
    found: list[Words] = []
    for table in edition.tables.values():
        rows = frozen.facts["tables"].get(table.id, [])
        columns = [column for column in table.columns if not column.for_assessor]
        found.append(
            {
                "id": table.id,
                "name": table.text[language()],
                "columns": [column.text[language()] for column in columns],
                "rows": [[row["number"], *_cells(columns, row["cells"])] for row in rows],
            }
        )
    return found


def _cells(columns: list[Column], cells: dict[str, str]) -> list[str]:
    return [cell_words(column, cells.get(column.id, "")) for column in columns]


def evidence_words(each: Json, edition: Edition) -> Words:
    """A file: its name, digest, size, last day, and the facts that cite it."""
    cites = [
        t(
            "submission.cited",
            table=edition.tables[cite["table"]].text[language()],
            row=cite["number"],
            page=cite["page"],
        )
        for cite in each["cited_by"]
    ]
    return {
        "name": each["name"],
        "digest": each["digest"],
        "size": t("submission.kilobytes", size=-(-each["size"] // 1024)),
        "valid_until": each["valid_until"] or "",
        "cited_by": cites,
    }


def comparison_words(edition: Edition, found: SubmissionDifference, before: State, after: State) -> Words:
    """What differs, in words: rows, evidence, and what moved in the grade."""
    return {
        "tables": [difference_words(edition, each) for each in found.tables],
        "evidence": _evidence(found.evidence, edition),
        "moves": _moves(edition, found, before.result, after.result),
    }


def _evidence(found: EvidenceDifference, edition: Edition) -> list[Words]:
    return [
        *(_changed_file("added", each, None, edition) for each in found.added),
        *(_changed_file("replaced", new, old, edition) for old, new in found.replaced),
        *(_changed_file("cited_otherwise", new, old, edition) for old, new in found.cited_otherwise),
        *(_changed_file("removed", each, None, edition) for each in found.removed),
    ]


def _changed_file(kind: str, each: Json, old: Json | None, edition: Edition) -> Words:
    words = evidence_words(each, edition)
    return {"kind": t(f"submission.evidence_{kind}"), **words, "before": evidence_words(old, edition) if old else None}


def _moves(edition: Edition, found: SubmissionDifference, before: Result, after: Result) -> list[Words]:
    """The outcome first, then scores, requirements and indicators."""
    moves, lines = found.moves, []
    for code, pair in (("capability", moves.capability), ("grantable", moves.grantable)):
        if pair:
            names = [outcome_name(edition, rank, language()) for rank in pair]
            lines.append(_move(t(f"report.{code}"), names[0], names[1]))
    if moves.overall:
        lines.append(_move(t("report.overall"), score(moves.overall[0]), score(moves.overall[1])))
    for dimension, old, new in moves.dimensions:
        lines.append(_move(dimension.text[language()], score(old), score(new)))
    lines += [_flip(edition, each, before, after) for each in moves.requirements]
    lines += [_indicator(edition, each, before, after) for each in moves.indicators]
    return lines


def _move(name: str, before: str, after: str, sentences: tuple[str, str] = ("", "")) -> Words:
    said = sentences if sentences[0] != sentences[1] else ("", sentences[1])
    return {"name": name, "before": before, "after": after, "said_before": said[0], "said_after": said[1], "flips": []}


def _flip(edition: Edition, flip: Flip, before: Result, after: Result) -> Words:
    """Outcomes for which the same became of a requirement stand together."""
    requirement = flip.requirement
    groups: dict[tuple[str, str], list[str]] = {}
    for outcome, (old, new) in flip.outcomes.items():
        pair = (t(f"report.status_{old.value}"), t(f"report.status_{new.value}"))
        groups.setdefault(pair, []).append(outcome_of(edition, outcome).text[language()])
    sentences = [
        requirement_sentence(edition, requirement, result.requirements[requirement.id], language(), None)
        for result in (before, after)
    ]
    comma = t("report.comma")
    return {
        **_move(requirement.text[language()], "", "", (sentences[0], sentences[1])),
        "flips": [{"outcomes": comma.join(names), "before": old, "after": new} for (old, new), names in groups.items()],
    }


def _indicator(edition: Edition, indicator: Indicator, before: Result, after: Result) -> Words:
    pair = [result.indicators[indicator.id] for result in (before, after)]
    sentences = [indicator_sentence(edition, indicator, each, language()) for each in pair]
    points = [_points(each.points) for each in pair]
    return _move(indicator.text[language()], points[0], points[1], (sentences[0], sentences[1]))


def _points(points: Fraction | None) -> str:
    return t("submission.points", points=score(points)) if points is not None else t("submission.no_points")
