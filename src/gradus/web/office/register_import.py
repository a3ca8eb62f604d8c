# SPDX-License-Identifier: Apache-2.0
"""Certificates from before, in bulk: the template, and a filled workbook with its evidence files."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gradus.applications.register import Proof
from gradus.applications.register_import import import_certificates
from gradus.dossiers.evidence import keep_file
from gradus.formats.editions import default_edition, find_edition
from gradus.formats.register_xlsx import column_name, write_register_template
from gradus.formats.wording import sentence
from gradus.grading.faults import Fault, Refusal
from gradus.people.permissions import Permission
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.templates import language, t

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Permission.REGISTER_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_register(request: Request) -> HttpResponseBase:
    """Upload a workbook and the files that it names; all of it is entered or nothing."""
    told: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            count = _import(request)
        except Refusal as refusal:
            told = [{"place": _place(each), "text": sentence(each, language())} for each in refusal.faults]
        else:
            messages.success(request, t("stage_one.imported", count=count))
            return redirect("import_register")
    return render(request, "office/register_import.html.j2", {"told": told}, status=422 if told else 200)


def _import(request: Request) -> int:
    workbook, at = request.FILES.get("workbook"), request.desk.at
    if workbook is None:
        raise Refusal([Fault("register.workbook_needed")])
    proofs: dict[str, Proof] = {}
    faults: list[Fault] = []
    for each in request.FILES.getlist("evidence"):
        try:
            proofs[each.name] = Proof(keep_file(each.name, each.chunks(), at), each.name[:240])
        except Refusal as refusal:
            faults += refusal.faults
    if faults:
        raise Refusal(faults)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        path.write_bytes(b"".join(workbook.chunks()))
        return import_certificates(path, proofs, find_edition(default_edition()), request.actor, at)


def _place(fault: Fault) -> str:
    row, column = fault.place.row, column_name(fault.place.field, language())
    if not row:
        return column
    return t("stage_one.at_row", row=row, column=column)


@needs(Permission.REGISTER_IMPORT)
@require_safe
def register_template(request: Request) -> HttpResponseBase:
    """The workbook to fill in."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        write_register_template(find_edition(default_edition()), path)
        content = path.read_bytes()
    return HttpResponse(content, _XLSX, headers={"Content-Disposition": 'attachment; filename="register.xlsx"'})
