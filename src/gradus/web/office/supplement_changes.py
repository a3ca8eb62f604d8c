# SPDX-License-Identifier: Apache-2.0
"""What the client changed with a supplement of the application: at the place of each item, and in all."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gradus.applications.cases import rules_of
from gradus.applications.models import Case, Filing, SupplementItem
from gradus.applications.supplements import in_words_alone
from gradus.dossiers.differences import TableDifference
from gradus.dossiers.frozen import Json, frozen_in
from gradus.dossiers.submission_differences import EvidenceDifference, compare, compare_facts, state_of
from gradus.grading.scheme import Edition
from gradus.people.permissions import Permission
from gradus.web.applicant.submission_words import comparison_words
from gradus.web.ui.case_words import item_words
from gradus.web.ui.cell_words import cell_words
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.templates import language, t

_MOST_LINES = 8
Words = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Step:
    """A filing and the one before it, and what differs."""

    before: Filing
    after: Filing
    tables: tuple[TableDifference, ...]
    evidence: EvidenceDifference


@needs(Permission.FILE_READ)
@require_safe
def filing_difference(request: Request, number: int) -> HttpResponseBase:
    """What differs between a submission that was filed in a case and the one filed before it."""
    found = {each.number: each for each in _filings(request.case)}
    if number not in found or number - 1 not in found:
        raise Http404
    before, after = found[number - 1].submission, found[number].submission
    edition, states = rules_of(request.case).edition, (state_of(before), state_of(after))
    context = {
        "case": request.case,
        "before": before,
        "after": after,
        "found": comparison_words(edition, compare(edition, *states), *states),
    }
    return render(request, "office/filing_difference.html.j2", context)


def answered_items(case: Case, items: Iterable[SupplementItem]) -> list[Words]:
    """The items with their answers, and with what was changed at the place of each."""
    step = cache(lambda number: _step(case, number))
    return [
        {**item_words(each, case), **({"changed": _changed(case, each, step)} if _answer(each) else {})}
        for each in items
    ]


def _answer(item: SupplementItem) -> Any:
    return getattr(item, "answer", None)


def _filings(case: Case) -> list[Filing]:
    return list(Filing.objects.filter(case=case).select_related("submission__dossier").order_by("number"))


def _step(case: Case, number: int) -> _Step | None:
    found = {each.number: each for each in _filings(case)}
    before, after = found.get(number - 1), found.get(number)
    if before is None or after is None:
        return None
    frozen = (frozen_in(each.submission) for each in (before, after))
    return _Step(before, after, *compare_facts(rules_of(case).edition, *frozen))


def _changed(case: Case, item: SupplementItem, step: Callable[[int], _Step | None]) -> Words:
    answer = item.answer
    found = None if in_words_alone(answer) else step(answer.filing.number)
    if found is None:
        return {"in_words": True, "link": ""}
    edition, rows = rules_of(case).edition, list[str]()
    for table in found.tables:
        rows += _rows(edition, table, _looks_at(edition, item, table.table))
    if len(rows) > _MOST_LINES:
        rows = [*rows[:_MOST_LINES], t("stage_one.more_rows", count=len(rows) - _MOST_LINES)]
    return {
        "in_words": False,
        "rows": rows,
        "files": _files(edition, item, found),
        "link": reverse("filing_difference", kwargs={"case": case.pk, "number": found.after.number}),
        "before": found.before.submission.number,
        "after": found.after.submission.number,
    }


def _looks_at(edition: Edition, item: SupplementItem, table: str) -> Callable[[int, Mapping[str, str]], bool]:
    """Whether an item is about a row of a table, by its number (0: it is new) and cells."""
    listed = edition.document_table
    if item.document:
        of_kind = listed is not None and table == listed.table
        return lambda _, cells: of_kind and listed is not None and cells.get(listed.kind) == item.document
    return lambda number, _: table == item.table and (item.row is None or number in (0, item.row))


def _rows(edition: Edition, table: TableDifference, about: Callable[[int, Mapping[str, str]], bool]) -> list[str]:
    columns = [each for each in edition.tables[table.table].columns if not each.for_assessor]

    def said(cells: Mapping[str, str]) -> str:
        told = [cell_words(each, cells[each.id]) for each in columns if cells.get(each.id)]
        return t("report.comma").join(told[:3])

    found = []
    for known, cells in table.changed:
        if about(known.number, known.cells) or about(known.number, cells):
            pairs = [
                f"{each.text[language()]} {cell_words(each, known.cells.get(each.id, '')) or '–'}"
                f" → {cell_words(each, cells.get(each.id, '')) or '–'}"
                for each in columns
                if known.cells.get(each.id, "") != cells.get(each.id, "")
            ]
            found.append(t("stage_one.row_changed", row=known.number, cells=t("report.semicolon").join(pairs)))
    found += [t("stage_one.row_added", cells=said(cells)) for cells in table.added if about(0, cells)]
    for known in table.removed:
        if about(known.number, known.cells):
            found.append(t("stage_one.row_removed", row=known.number, cells=said(known.cells)))
    return found


def _files(edition: Edition, item: SupplementItem, found: _Step) -> list[Words]:
    """The files that prove what the item is about and that are new, replaced, cited otherwise or gone."""
    named = {each for filing in (found.before, found.after) for each in _named(edition, item, filing)}

    def about(file: Json) -> bool:
        if item.document:
            return file["name"] in named
        return any(cite["table"] == item.table and item.row in (None, cite["number"]) for cite in file["cited_by"])

    kinds = {
        "added": found.evidence.added,
        "replaced": tuple(new for _, new in found.evidence.replaced),
        "cited_otherwise": tuple(new for _, new in found.evidence.cited_otherwise),
        "removed": found.evidence.removed,
    }
    return [
        {"kind": t(f"submission.evidence_{kind}"), "name": each["name"]}
        for kind, files in kinds.items()
        for each in files
        if about(each)
    ][:_MOST_LINES]


def _named(edition: Edition, item: SupplementItem, filing: Filing) -> set[str]:
    """The files that a submission's list of documents names for the kind that an item wants."""
    listed = edition.document_table
    if listed is None or not item.document:
        return set()
    rows = frozen_in(filing.submission).facts["tables"].get(listed.table, [])
    cells = [each["cells"] for each in rows if each["cells"].get(listed.kind) == item.document]
    return {each.get(listed.file, "").replace("\\", "/") for each in cells}
