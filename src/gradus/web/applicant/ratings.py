# SPDX-License-Identifier: Apache-2.0
"""Self-ratings: every rated indicator with the rubric in words, saved through the same rows as the grid's."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Dossier, Row
from gradus.dossiers.ratings import RatingPlace, rating_place
from gradus.dossiers.rows import CellChange, Conflict, RowChange, change_rows
from gradus.grading.scheme import Edition, Indicator
from gradus.people.permissions import Permission
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.templates import language, t


@needs(Permission.DOSSIER_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def ratings_page(request: Request) -> HttpResponseBase:
    """Look at the ratings; with the permission to edit, save them."""
    edition = edition_of(request.dossier)
    items = {each: place for each in edition.indicators if each.rating and (place := rating_place(edition, each))}
    may_edit = request.desk.may(Permission.DOSSIER_EDIT, request.client.pk)
    refused: list[str] = []
    if request.method == "POST" and may_edit:
        actor = request.desk.actor_for(Permission.DOSSIER_EDIT, request.client.pk)
        conflicts: list[Conflict] = []
        for table in sorted({place.table for place in items.values()}):
            changes = _changes(request.POST, request.dossier, items, table)
            conflicts += change_rows(request.dossier, table, changes, [], actor, request.desk.at).conflicts
        if not conflicts:
            messages.success(request, t("ratings_page.saved"))
            return redirect("self_ratings", client=request.client.pk, dossier=request.dossier.pk)
        refused = [_told(each, edition) for each in conflicts]
    rows = {item: _row(request.dossier, place, item.id) for item, place in items.items()}
    context = {
        "client": request.client,
        "dossier": request.dossier,
        "items": [_shown(item, items[item], row, edition) for item, row in rows.items()],
        "choices": _rubric(edition, list(items)),
        "may_edit": may_edit,
        "refused": refused,
    }
    return render(request, "applicant/ratings.html.j2", context, status=409 if refused else 200)


def _row(dossier: Dossier, place: RatingPlace, item: str) -> Row | None:
    rows = Row.objects.filter(dossier=dossier, table=place.table, removed_at__isnull=True).order_by("position", "id")
    return next((row for row in rows if row.cells.get(place.key) == item), None)


def _changes(
    said: Mapping[str, str], dossier: Dossier, items: Mapping[Indicator, RatingPlace], table: str
) -> list[RowChange]:
    changes = []
    for item, place in items.items():
        wanted, seen = said.get(f"claim-{item.id}", ""), said.get(f"seen-{item.id}", "")
        if place.table != table or wanted == seen:
            continue
        row = _row(dossier, place, item.id)
        cells = {place.claim: CellChange(seen, wanted)}
        if row is None:
            cells[place.key] = CellChange("", item.id)
        changes.append(RowChange(row.id if row else 0, cells, key=item.id))
    return changes


def _shown(item: Indicator, place: RatingPlace, row: Row | None, edition: Edition) -> dict[str, object]:
    cells = row.cells if row else {}
    theirs = [column.id for column in edition.tables[place.table].columns if column.for_assessor]
    claim = cells.get(place.claim, "")
    return {
        "id": item.id,
        "anchor": f"indicator-{item.id}",
        "name": item.text[language()],
        "claim": claim,
        "seen": claim,
        "by_assessor": next((cells[name] for name in theirs if name in cells), ""),
    }


def _rubric(edition: Edition, items: list[Indicator]) -> list[object]:
    """The words for each step: those of the scale by which the rated indicators are measured."""
    scales = [edition.scales[item.unit] for item in items if item.unit in edition.scales]
    found = scales[0] if scales else next(iter(edition.scales.values()), None)
    return list(found.values) if found else []


def _told(conflict: Conflict, edition: Edition) -> str:
    row = Row.objects.get(pk=conflict.row)
    names = {item.id: item.text[language()] for item in edition.indicators}
    item = next((names[text] for text in row.cells.values() if text in names), "")
    blanks = {"name": item, "by": conflict.by, "theirs": conflict.theirs, "wanted": conflict.wanted}
    return t("ratings_page.conflict", **blanks)
