# SPDX-License-Identifier: Apache-2.0
"""A table of the dossier as a grid, and what the grid's script asks of the server. ``row_form`` does without script."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max, QuerySet
from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_POST, require_safe

from gradus.dossiers.expiry import ends
from gradus.dossiers.grading import Graded, evidence_names, grade_dossier
from gradus.dossiers.models import Dossier, Row
from gradus.dossiers.queries import undoable_change
from gradus.dossiers.rows import Changed, Conflict, save_once, undo_change
from gradus.formats.wording import texts_of
from gradus.grading.scheme import Table
from gradus.journal.kinds import Kind
from gradus.journal.queries import entries_about, payload
from gradus.people.permissions import Permission
from gradus.web.applicant.firm import owners, table_lines
from gradus.web.applicant.grid_input import key_of, number, said, save_of
from gradus.web.applicant.grid_words import (
    carried_marks,
    carried_words,
    cell_printer,
    column_width,
    columns_of,
    marks_by_cell,
    marks_of,
)
from gradus.web.applicant.panel import panel
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.templates import language, t

_ROWS_AT_FIRST = 40
"""With a script, the rows below are shown a moment later, bit by bit: laying out hundreds at once stops the page."""

_SCRIPT_WORDS = (
    "saving saved not_saved refused signed_out selected selected_rows pasted pasted_bad pasted_empty header_skipped "
    "beyond keep_theirs take_mine add_again dismiss others_changed others_added others_removed "
    "row_back replaced undone cell_of kept_here select_row "
    "remove remove_rows remove_nothing removed row comma"
).split()

_CONTENT_REPLACED = {Kind.DOSSIER_IMPORTED, Kind.DOSSIER_ROLLED_FORWARD, Kind.DOSSIER_ROWS_CONFIRMED}


@needs(Permission.DOSSIER_READ)
@require_safe
def table_page(request: Request, table: str) -> HttpResponseBase:
    """One table: its rows in a grid, the other tables and the live grade beside it."""
    # Read before the rows, so that nobody's change can fall between the two.
    sequence = _newest_entry(request.dossier)
    graded = grade_dossier(request.dossier, request.desk.at)
    found = table_of(graded, table)
    rows, day = list(rows_of(request.dossier, table)), localdate(request.desk.at)
    marks, editable = [*marks_of(graded, table), *carried_marks(graded.edition, rows, day)], may_edit(request, table)
    sentences = texts_of({"grid"}, language())  # with their blanks, which the script fills
    context = {
        **beside(request, graded, table),
        "edition": graded.edition,
        "table": found,
        "columns": columns_of(graded, found, evidence_names(request.dossier)),
        "rows": rows,
        "carried": carried_words(graded.edition, rows, day),
        "about_table": [each for each in marks if not each.row],
        "may_edit": editable,
        "at_first": _ROWS_AT_FIRST,
        "width": column_width,
        "cell": cell_printer(marks_by_cell(marks), editable=editable),
        "sequence": sequence,
        "undoable": undoable_change(request.dossier, table, request.actor.account) if editable else 0,
        "pointed_at": {
            int(each) for each in request.GET.get("rows", "").split(",") if each.isdecimal() and len(each) < 19
        },
        "asked": _asked(request, found),
        "words": json.dumps({name: sentences[f"grid.{name}"] for name in _SCRIPT_WORDS}, ensure_ascii=False),
    }
    return render(request, "applicant/table.html.j2", context)


def _asked(request: Request, table: Table) -> str:
    """The column that the address names; "" when it names none of the table's."""
    column = request.GET.get("column", "")
    return column if any(each.id == column for each in table.columns) else ""


@needs(Permission.DOSSIER_EDIT)
@require_POST
def save_rows(request: Request, table: str) -> HttpResponseBase:
    """Apply what the grid changed; answers with the rows as they are now, conflicts and the new grade."""
    done = save_once(request.dossier, table, save_of(said(request)), request.actor, request.desk.at)
    return _answer(request, table, done)


@needs(Permission.DOSSIER_EDIT)
@require_POST
def undo_rows(request: Request, table: str) -> HttpResponseBase:
    """Take back one change."""
    body = said(request)
    entry = number(body.get("entry"), "entry")
    done = undo_change(request.dossier, entry, request.actor, request.desk.at, key_of(body))
    return _answer(request, table, done)


@needs(Permission.DOSSIER_READ)
@require_safe
def changes_since(request: Request, table: str) -> HttpResponseBase:
    """What was done to the dossier after an entry of the journal, for a page that stands open."""
    since = request.GET.get("since", "")
    after = number(int(since) if since.isdecimal() and len(since) < 20 else None, "since")
    fresh = list(entries_about(f"dossier:{request.dossier.pk}").filter(sequence__gt=after))
    if not fresh:
        return JsonResponse({"sequence": after})
    own = str(request.desk.account.pk) if request.desk.account else ""
    rows: set[int] = set()
    for entry in fresh:
        found = payload(entry)
        log = found.get("rows")
        if found.get("table") == table and isinstance(log, list):
            rows |= {each["row"] for each in log if isinstance(each, dict)}
    done = Changed(
        rows=list(Row.objects.filter(dossier=request.dossier, pk__in=rows, removed_at__isnull=True)),
        removed=list(
            Row.objects.filter(dossier=request.dossier, pk__in=rows, removed_at__isnull=False).values_list(
                "pk", flat=True
            )
        ),
    )
    return _answer(
        request,
        table,
        done,
        sequence=fresh[0].sequence,
        replaced=any(entry.kind in _CONTENT_REPLACED for entry in fresh),
        by=", ".join(dict.fromkeys(entry.actor_name for entry in fresh if entry.actor != own)),
    )


def table_of(graded: Graded, table: str) -> Table:
    """The edition's table, or 404."""
    if table not in graded.edition.tables:
        raise Http404
    return graded.edition.tables[table]


def rows_of(dossier: Dossier, table: str) -> QuerySet[Row]:
    """A table's rows in their order."""
    return Row.objects.filter(dossier=dossier, table=table, removed_at__isnull=True).order_by("position", "id")


def may_edit(request: Request, table: str) -> bool:
    """Whether the reader may change the table."""
    appointed = request.desk.appointed(Permission.DOSSIER_EDIT, request.client.pk)
    return appointed is not None and (not appointed.tables or table in appointed.tables)


def beside(request: Request, graded: Graded, table: str) -> dict[str, object]:
    """What stands left and right of a table, on the page and in every answer to a save."""
    kept_by = owners(request.client, request.desk.at)
    return {
        "client": request.client,
        "dossier": request.dossier,
        "tables": table_lines(graded, kept_by),
        "here_table": table,
        "kept_by": kept_by.get(table, ""),
        "panel": panel(request.dossier, request.desk.at, graded),
    }


def _answer(request: Request, table: str, done: Changed, **more: object) -> JsonResponse:
    graded = grade_dossier(request.dossier, request.desk.at)
    table_of(graded, table)
    around = beside(request, graded, table)
    rows = rows_of(request.dossier, table)
    if not ends(graded.edition, table):  # then only what was carried can bear such a mark, and most saves have none
        rows = rows.filter(carried=True)
    carried = carried_marks(graded.edition, rows, localdate(request.desk.at))
    marks = marks_by_cell([*marks_of(graded, table), *carried]).values()
    return JsonResponse(
        {
            "entry": done.entry,
            "rows": [_row(row) for row in _of(done.rows, table)],
            "new": done.new,
            "removed": done.removed,
            "conflicts": [_conflict(each) for each in done.conflicts],
            "marks": [[each.row, each.column, each.kind, each.says] for each in marks if each.row],
            "panel": render_to_string("applicant/panel.html.j2", around, request),
            "tables": render_to_string("applicant/table_list.html.j2", around, request),
            **more,
        }
    )


def _of(rows: Iterable[Row], table: str) -> list[Row]:
    """An undo may concern another table than the one that the page shows."""
    return sorted((row for row in rows if row.table == table), key=lambda row: (row.position, row.id))


def _row(row: Row) -> dict[str, object]:
    return {"id": row.id, "version": row.version, "position": row.position, "cells": row.cells, "carried": row.carried}


def _conflict(each: Conflict) -> dict[str, object]:
    code = "grid.conflict_removed" if each.removed else "grid.conflict" if each.column else "grid.conflict_row"
    blanks = {"by": each.by, "at": minute(each.at), "theirs": each.theirs, "wanted": each.wanted}
    return {
        "row": each.row,
        "column": each.column,
        "wanted": each.wanted,
        "theirs": each.theirs,
        "removed": each.removed,
        "says": t(code, **{name: value or t("grid.nothing") for name, value in blanks.items()}),
    }


def minute(at: datetime) -> str:
    """The time of day of an instant, as the reader's clock shows it."""
    return localtime(at).strftime("%H:%M")


def _newest_entry(dossier: Dossier) -> int:
    found: int | None = entries_about(f"dossier:{dossier.pk}").aggregate(last=Max("sequence"))["last"]
    return found or 0
