# SPDX-License-Identifier: Apache-2.0
"""A table of the dossier as a grid, and what the grid's script asks of the server."""

import json

from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from gradus.dossiers.grading import edition_of, grade_dossier
from gradus.dossiers.models import Row
from gradus.dossiers.rows import CellChange, Changed, Removal, RowChange, change_rows, undo_change
from gradus.people.permissions import Permission
from gradus.web.ui.desk import Request, needs


@needs(Permission.DOSSIER_READ)
@require_safe
def table_page(request: Request, table: str) -> HttpResponseBase:
    """One table: its rows in a grid, the live grade beside it."""
    edition = edition_of(request.dossier)
    if table not in edition.tables:
        raise Http404
    rows = Row.objects.filter(dossier=request.dossier, table=table, removed_at__isnull=True).order_by("position", "id")
    graded = grade_dossier(request.dossier, request.desk.at)
    context = {
        "client": request.client,
        "dossier": request.dossier,
        "edition": edition,
        "table": edition.tables[table],
        "rows": rows,
        "graded": graded,
    }
    return render(request, "applicant/table.html.j2", context)


@needs(Permission.DOSSIER_EDIT)
@require_POST
def save_rows(request: Request, table: str) -> HttpResponseBase:
    """Apply what the grid changed; answers with the rows as they are now, conflicts and the new grade."""
    said = json.loads(request.body)
    changes = [
        RowChange(
            row=int(each.get("row") or 0),
            cells={name: CellChange(str(cell[0]), str(cell[1])) for name, cell in each["cells"].items()},
            key=str(each.get("key", "")),
        )
        for each in said.get("changes", [])
    ]
    removals = [Removal(int(each["row"]), int(each["version"])) for each in said.get("removals", [])]
    done = change_rows(request.dossier, table, changes, removals, request.actor, request.desk.at)
    return _answer(request, done)


@needs(Permission.DOSSIER_EDIT)
@require_POST
def undo_rows(request: Request, table: str) -> HttpResponseBase:
    """Take back one change."""
    done = undo_change(request.dossier, int(json.loads(request.body)["entry"]), request.actor, request.desk.at)
    return _answer(request, done)


def _answer(request: Request, done: Changed) -> JsonResponse:
    return JsonResponse(
        {
            "entry": done.entry,
            "rows": [{"id": row.id, "version": row.version, "cells": row.cells} for row in done.rows],
            "new": done.new,
            "removed": done.removed,
            "conflicts": [
                {"row": each.row, "column": each.column, "wanted": each.wanted, "theirs": each.theirs, "by": each.by}
                for each in done.conflicts
            ],
        }
    )
