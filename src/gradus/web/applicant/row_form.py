# SPDX-License-Identifier: Apache-2.0
"""One row of a table as a form: the grid's work for whoever has no script, or wants to see one row alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gradus.dossiers.convert import refused_cell
from gradus.dossiers.grading import Graded, evidence_names, grade_dossier
from gradus.dossiers.models import Row
from gradus.dossiers.rows import CellChange, Conflict, Removal, RowChange, change_rows
from gradus.formats.wording import sentence_named
from gradus.grading.scheme import Table
from gradus.journal.actor import Actor
from gradus.people.permissions import Permission
from gradus.web.applicant.grid import may_edit, minute, rows_of, table_of
from gradus.web.applicant.grid_words import Words, columns_of, marks_by_cell, marks_of
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.templates import language, t


@dataclass
class _Form:
    """What the page shows: the row as it is, and after a refusal what was typed and what is wrong with it."""

    graded: Graded
    table: Table
    row: Row | None
    writable: bool
    said: str = ""
    typed: Mapping[str, str] | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)


@needs(Permission.DOSSIER_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def row_form(request: Request, table: str, row: int) -> HttpResponseBase:
    """Look at a row; with the permission to edit, save it or remove it. Row 0 is a new one."""
    graded = grade_dossier(request.dossier, request.desk.at)
    found = table_of(graded, table)
    there = Row.objects.filter(dossier=request.dossier, table=table, pk=row).first() if row else None
    form = _Form(graded, found, there, may_edit(request, table))
    if request.method == "POST":
        if row and there is None:
            raise Http404
        actor = request.desk.actor_for(Permission.DOSSIER_EDIT, request.client.pk)
        if "remove" in request.POST and there is not None:
            return _remove(request, form, there, actor)
        return _save(request, form, actor)
    if (there is None or there.removed_at is not None) and (row or not form.writable):
        raise Http404
    return _page(request, form)


def _remove(request: Request, form: _Form, row: Row, actor: Actor) -> HttpResponseBase:
    version = request.POST.get("version", "")
    removal = Removal(row.pk, int(version) if version.isdecimal() and len(version) < 10 else 0)
    done = change_rows(request.dossier, row.table, [], [removal], actor, request.desk.at)
    if not done.conflicts:
        return _back(request, row.table, "row_form.removed")
    form.said = t("row_form.changed", by=done.conflicts[0].by)
    return _page(request, form, status=409)


def _save(request: Request, form: _Form, actor: Actor) -> HttpResponseBase:
    form.typed, table = request.POST, form.table
    form.wrong = {
        column.id: sentence_named(fault, form.graded.edition, language())
        for column in table.columns
        if (fault := refused_cell(form.graded.edition, table.id, column.id, form.typed.get(column.id, "")))
    }
    if form.wrong:
        form.said = t("row_form.wrong", count=len(form.wrong))
        return _page(request, form, status=422)
    cells = _changes(table, form.typed, new=form.row is None)
    changes = [RowChange(form.row.pk if form.row else 0, cells)] if cells else []
    conflicts = change_rows(request.dossier, table.id, changes, [], actor, request.desk.at).conflicts
    if not conflicts:
        return _back(request, table.id, "row_form.saved")
    assert form.row is not None, "only a row that was there can have been changed by somebody else"
    form.row.refresh_from_db()
    if form.row.removed_at is not None:
        form.row, form.said = None, t("row_form.gone")
    else:
        form.said, form.wrong = t("grid.conflicts"), {each.column: _told(each) for each in conflicts}
    return _page(request, form, status=409)


def _changes(table: Table, said: Mapping[str, str], *, new: bool) -> dict[str, CellChange]:
    """The cells whose field says something else than it did when the form was opened."""
    pairs = {
        column.id: CellChange("" if new else said.get(f"seen-{column.id}", ""), said.get(column.id, ""))
        for column in table.columns
        if not column.for_assessor and column.id in said
    }
    return {name: pair for name, pair in pairs.items() if pair.seen != pair.wanted.strip()}


def _told(conflict: Conflict) -> str:
    blanks = {"by": conflict.by, "at": minute(conflict.at), "theirs": conflict.theirs or t("grid.nothing")}
    return t("row_form.conflict", **blanks)


def _page(request: Request, form: _Form, status: int = 200) -> HttpResponseBase:
    row, cells = form.row, form.row.cells if form.row else {}
    marks = marks_by_cell(marks_of(form.graded, form.table.id)) if row and not form.typed else {}
    fields: list[Words] = [
        {
            **column,
            "seen": cells.get(str(column["id"]), ""),
            "value": (form.typed or cells).get(str(column["id"]), ""),
            "wrong": form.wrong.get(str(column["id"]), ""),
            "mark": marks.get((row.pk if row else 0, str(column["id"]))),
        }
        for column in columns_of(form.graded, form.table, evidence_names(request.dossier))
    ]
    ids = list(rows_of(request.dossier, form.table.id).values_list("pk", flat=True))
    context = {
        "client": request.client,
        "dossier": request.dossier,
        "table": form.table,
        "row": row,
        "number": ids.index(row.pk) + 1 if row and row.pk in ids else 0,
        "fields": fields,
        "may_edit": form.writable,
        "said": form.said,
    }
    return render(request, "applicant/row_form.html.j2", context, status=status)


def _back(request: Request, table: str, code: str) -> HttpResponseBase:
    messages.success(request, t(code))
    return redirect("table_page", client=request.client.pk, dossier=request.dossier.pk, table=table)
