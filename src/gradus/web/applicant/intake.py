# SPDX-License-Identifier: Apache-2.0
"""Opening a dossier in one of three ways; workbooks in, with their differences shown first, and out."""

import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradus.dossiers.actions import create_dossier, open_once
from gradus.dossiers.differences import TableDifference
from gradus.dossiers.grading import edition_of
from gradus.dossiers.intake import (
    accept_intake,
    faults_after,
    offer,
    read_intake,
    refuse_intake,
    write_workbook,
)
from gradus.dossiers.models import Dossier, Intake
from gradus.dossiers.rollforward import confirm_rows, roll_forward
from gradus.formats.editions import default_edition, find_edition
from gradus.formats.wording import place_named, sentence, sentence_named
from gradus.formats.xlsx_package import most_bytes
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Column, Edition
from gradus.people.actions import one_line
from gradus.people.permissions import Permission
from gradus.web.ui.cell_words import cell_words
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import one_of
from gradus.web.ui.templates import called, language, t

_FIRST_ROWS = 200
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Permission.DOSSIER_CREATE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_dossier(request: Request) -> HttpResponseBase:
    """Open a dossier: empty, from a filled workbook, or from an earlier dossier."""
    earlier = list(Dossier.objects.filter(client=request.client).order_by("-created_at"))
    title = one_line(request.POST.get("title", str(request.desk.at.year)))[:100]
    way = request.POST.get("way", "empty")
    chosen = next((each for each in earlier if str(each.pk) == request.POST.get("earlier")), None)
    once = request.POST.get("once") or uuid.uuid4().hex
    errors = dict.fromkeys(("title", "earlier", "workbook"), "")
    if request.method == "POST":
        if not title:
            errors["title"] = t("new_dossier.title_needed")
        if way == "earlier" and chosen is None:
            errors["earlier"] = t("new_dossier.earlier_needed")
        if way == "workbook" and not request.FILES.get("workbook"):
            errors["workbook"] = t("new_dossier.workbook_needed")
        try:
            if not any(errors.values()):
                return _open(request, title, way, chosen, once)
            if way == "workbook" and not errors["workbook"]:
                _try_to_read(request)
        except Refusal as refusal:
            told = _told(refusal, find_edition(default_edition()))
            errors["workbook"] = " ".join(f"{each['place']} {each['text']}".strip() for each in told)
    context = {
        "client": request.client,
        "earlier": earlier,
        "once": once,
        "title": title,
        "way": way,
        "chosen": chosen,
        "errors": errors,
    }
    return render(request, "applicant/new_dossier.html.j2", context, status=422 if any(errors.values()) else 200)


def _try_to_read(request: Request) -> None:
    """Raises Refusal for a workbook that can not be read, also while something else is wrong with the form: a dossier
    is opened for it, and is not there afterwards."""
    with transaction.atomic():
        dossier = create_dossier(request.client, "-", default_edition(), request.actor, request.desk.at)
        _read(request, dossier, request.FILES["workbook"])
        transaction.set_rollback(True)


def _open(request: Request, title: str, way: str, earlier: Dossier | None, once: str) -> HttpResponseBase:
    """Open a dossier, one for each form however often it is sent. A workbook that can not be read is refused together
    with the dossier it was to fill."""
    actor, at = request.actor, request.desk.at

    def opens(id_: uuid.UUID) -> Dossier:
        if way == "earlier" and earlier is not None:
            messages.success(request, t("new_dossier.rolled"))
            return roll_forward(earlier, title, default_edition(), actor, at, id_)
        dossier = create_dossier(request.client, title, default_edition(), actor, at, id_)
        if way == "workbook":
            _read(request, dossier, request.FILES["workbook"])
        return dossier

    dossier = open_once(request.client, once, opens)
    waiting = Intake.objects.filter(dossier=dossier).first()
    if waiting is not None:
        return _to_differences(request, waiting)
    return redirect("dossier_home", client=request.client.pk, dossier=dossier.pk)


@needs(Permission.DOSSIER_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def workbook_page(request: Request) -> HttpResponseBase:
    """Upload a workbook, download one."""
    if request.method == "POST":
        return upload(request)
    return _workbook_page(request)


def _workbook_page(request: Request, refused: list[dict[str, str]] | None = None) -> HttpResponseBase:
    context = {
        "client": request.client,
        "dossier": request.dossier,
        "refused": refused or [],
        "waiting": Intake.objects.filter(dossier=request.dossier).first(),
    }
    return render(request, "applicant/workbook.html.j2", context, status=422 if refused else 200)


def upload(request: Request) -> HttpResponseBase:
    """Read the workbook of a request; to its differences, or back with everything that is wrong with the file."""
    file = request.FILES.get("workbook")
    if file is None:
        return _workbook_page(request, [{"place": "", "text": t("new_dossier.workbook_needed")}])
    try:
        intake = _read(request, request.dossier, file)
    except Refusal as refusal:
        return _workbook_page(request, _told(refusal, edition_of(request.dossier)))
    return _to_differences(request, intake)


def _to_differences(request: Request, intake: Intake) -> HttpResponseBase:
    """To what a workbook would change; one that says what is there already waits for nobody."""
    where = {"client": request.client.pk, "dossier": intake.dossier_id}
    if offer(intake, ()).yours:
        return redirect("intake", intake=intake.pk, **where)
    refuse_intake(intake)
    messages.info(request, t("intake.same"))
    return redirect("workbook", **where)


def _read(request: Request, dossier: Dossier, file: UploadedFile) -> Intake:
    name = _base_name(file.name)
    if file.size is None or file.size > most_bytes:
        raise Refusal([Fault("file.too_large", Place(file=name), {"limit": str(most_bytes // 2**20)})])
    with _on_disk(file) as path:
        return read_intake(dossier, path, name, request.actor, request.desk.at)


def _told(refusal: Refusal, edition: Edition) -> list[dict[str, str]]:
    return [
        {
            "place": place_named(fault, edition, language()),
            "text": sentence_named(fault, edition, language()),
        }
        for fault in refusal.faults
    ]


def _base_name(name: str | None) -> str:
    """A file's own name, without the folders some browsers and most attackers send along."""
    return "".join(each for each in (name or "").replace("\\", "/").rpartition("/")[2] if each.isprintable())[:240]


@contextmanager
def _on_disk(file: UploadedFile) -> Iterator[Path]:
    Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        path = Path(folder) / "workbook.xlsx"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        yield path


@needs(Permission.DOSSIER_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def intake_page(request: Request, intake: str) -> HttpResponseBase:
    """What the workbook would add, change and remove; then the tables that were chosen, or nothing."""
    if not Intake.objects.filter(pk=intake).exists():
        messages.info(request, t("intake.gone"))
        return redirect("workbook", client=request.client.pk, dossier=request.dossier.pk)
    found = get_object_or_404(Intake.objects.select_related("dossier"), pk=intake, dossier=request.dossier)
    refused: list[str] = []
    unchosen = set(request.POST.getlist("offered")) - set(tables := request.POST.getlist("table"))
    if request.method == "POST":
        try:
            if not one_of(request.POST, "answer", {"accept": True, "drop": False}):
                refuse_intake(found)
                messages.info(request, t("intake.dropped"))
                return redirect("workbook", client=request.client.pk, dossier=request.dossier.pk)
            count = accept_intake(found, request.actor, request.desk.at, tables, _seen(request))
        except Refusal as refusal:
            refused = [sentence(fault, language()) for fault in refusal.faults]
        else:
            messages.success(request, t("intake.accepted", count=count))
            return redirect("dossier_home", client=request.client.pk, dossier=request.dossier.pk)
    edition, offered = edition_of(request.dossier), offer(found, request.actor.tables)
    context = {
        "client": request.client,
        "dossier": request.dossier,
        "intake": found,
        "unchosen": unchosen,
        "others": [difference_words(edition, each) for each in offered.others],
        "missing": [edition.tables[each].text[language()] for each in offered.missing],
        "refused": refused,
        "faults": faults_after(found, offered),
        "notices": [each[language()] for each in found.notices],
        "tables": [difference_words(edition, each) for each in offered.yours],
    }
    return render(request, "applicant/intake.html.j2", context, status=409 if refused else 200)


def _seen(request: Request) -> int:
    """The revision whose differences the sender was shown: the page bears it, so that one form sent twice, or by
    somebody who still has an older page, never takes over what was not shown. -1 when it bears none."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1


def difference_words(edition: Edition, difference: TableDifference) -> dict[str, object]:
    """One table's differences, ready to print; of very many rows the first, with how many there are."""
    table = edition.tables[difference.table]
    columns = {column.id: column for column in table.columns}
    changed = [
        {
            "number": known.number,
            "name": next((cell_words(columns[id_], known.cells[id_]) for id_ in columns if known.cells.get(id_)), ""),
            "cells": [
                {
                    "column": column.text[language()],
                    "before": cell_words(column, known.cells.get(id_, "")),
                    "after": cell_words(column, cells.get(id_, "")),
                }
                for id_, column in columns.items()
                if known.cells.get(id_, "") != cells.get(id_, "")
            ],
        }
        for known, cells in difference.changed[:_FIRST_ROWS]
    ]
    own = [column for column in table.columns if not column.for_assessor]
    return {
        "id": table.id,
        "name": table.text[language()],
        "columns": [column.text[language()] for column in own],
        "counts": {
            "added": len(difference.added),
            "changed": len(difference.changed),
            "removed": len(difference.removed),
        },
        "changed": changed,
        "added": [_cells(own, cells) for cells in difference.added[:_FIRST_ROWS]],
        "removed": [_cells(own, known.cells) for known in difference.removed[:_FIRST_ROWS]],
    }


def _cells(columns: Sequence[Column], cells: Mapping[str, str]) -> list[str]:
    return [cell_words(column, cells.get(column.id, "")) for column in columns]


@needs(Permission.DOSSIER_READ)
@require_safe
def workbook_file(request: Request) -> HttpResponseBase:
    """The dossier as a workbook, at any time, also with faults in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dossier.xlsx"
        write_workbook(request.dossier, path)
        content = path.read_bytes()
    name = f"{called(request.client)} {request.dossier.title}.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, _XLSX, headers={"Content-Disposition": disposition})


@needs(Permission.DOSSIER_EDIT)
@require_POST
def confirm_table(request: Request, table: str) -> HttpResponseBase:
    """The rows carried over from an earlier dossier still hold."""
    wanted = request.POST.get("expired") == "yes"
    done = confirm_rows(request.dossier, table, request.actor, request.desk.at, expired=wanted)
    if done.rows:
        messages.success(request, t("rolled.confirmed", count=done.rows))
    if done.expired:
        messages.warning(request, t("rolled.expired_wait", count=done.expired))
    back = {"client": request.client.pk, "dossier": request.dossier.pk}
    if "from_table" in request.POST:
        return redirect("table_page", table=table, **back)
    return redirect("dossier_home", **back)
