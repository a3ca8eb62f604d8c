# SPDX-License-Identifier: Apache-2.0
"""The grade while you work: item by item with the rows behind it, the report, the material checklist, the aim."""

import base64
import hashlib
import re

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from gradus.dossiers.actions import choose_aim
from gradus.dossiers.expiry import expired_papers
from gradus.dossiers.grading import Graded, aim_of, grade_dossier
from gradus.dossiers.models import Dossier
from gradus.formats.report_html import render_html
from gradus.formats.report_materials import checklist_items, material_row
from gradus.formats.report_measures import dimension_parts, requirement_part
from gradus.formats.report_pdf import render_pdf
from gradus.formats.report_voice import Model, Voice
from gradus.people.permissions import Permission
from gradus.web.applicant.panel import places
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.templates import called, language, t


@needs(Permission.DOSSIER_READ)
@require_safe
def grade_page(request: Request) -> HttpResponseBase:
    """Every indicator and requirement, each with the tables behind it."""
    graded = grade_dossier(request.dossier, request.desk.at)
    voice = Voice(graded.result, language())
    context = {
        "client": request.client,
        "dossier": request.dossier,
        "dimensions": [_with_places(voice, part, request.dossier) for part in dimension_parts(voice)],
        "requirements": _requirements(voice, request.dossier),
    }
    return render(request, "applicant/grade.html.j2", context)


def _with_places(voice: Voice, dimension: Model, dossier: Dossier) -> Model:
    rated = {each.id for each in voice.edition.indicators if each.rating}
    for element in dimension["elements"]:  # type: ignore[attr-defined]
        for part in element["indicators"]:
            id_ = part["id"].removeprefix("indicator-")
            part["places"] = places(voice, [voice.result.indicators[id_].explanation], dossier)
            part["rated"] = id_ in rated
    return dimension


def _requirements(voice: Voice, dossier: Dossier) -> Model:
    part = requirement_part(voice)
    for group in part.get("groups", ()):  # type: ignore[attr-defined]
        for row in group["rows"]:
            id_ = row["id"].removeprefix("requirement-")
            row["places"] = places(voice, [voice.result.requirements[id_].explanation], dossier)
    return part


_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@needs(Permission.DOSSIER_READ)
@require_safe
def report_page(request: Request) -> HttpResponseBase:
    """The self-assessment report as one page to read and print; its own style, named to the browser by its hash."""
    page = render_html(grade_dossier(request.dossier, request.desk.at).result, language())
    style = _STYLE.search(page)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    view = csp_update({"style-src": [f"'sha256-{digest}'"]})(lambda _request: HttpResponse(page))
    response: HttpResponseBase = view(request)
    return response


@needs(Permission.DOSSIER_READ)
@require_safe
def report_pdf(request: Request) -> HttpResponseBase:
    """The same report as PDF, with the result inside, so that it can be checked again."""
    pdf = render_pdf(grade_dossier(request.dossier, request.desk.at).result, language())
    name = f"{called(request.client)} {request.dossier.title} {localdate(request.desk.at)}.pdf"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(pdf, "application/pdf", headers={"Content-Disposition": disposition})


@needs(Permission.DOSSIER_READ)
@require_safe
def materials_page(request: Request) -> HttpResponseBase:
    """What is owed for the outcome aimed at, what is there and what is lacking."""
    graded = grade_dossier(request.dossier, request.desk.at)
    voice = Voice(graded.result, language())
    aim = aim_of(request.dossier, graded).id
    items = checklist_items(voice)
    expired = _expired_by_row(request, graded)
    groups = []
    for group in graded.edition.document_groups:
        rows = [
            {
                **material_row(voice, item),
                "owed_by_aim": aim in item.owed_by,
                "expired": [text for line in item.lines for row in line.rows for text in expired.get(row, ())],
                "lacks": [(line.kind, line.subject) for line in item.lacking],
                "kinds": {kind.id: voice.text(kind.text) for kind in item.kinds},
            }
            for item in items
            if item.kinds[0].group == group.id
        ]
        if rows:
            groups.append({"name": voice.text(group.text), "rows": rows})
    owed = [item for item in items if aim in item.owed_by]
    where = graded.edition.document_table
    context = {
        "client": request.client,
        "dossier": request.dossier,
        "aims": [(each.id, voice.text(each.text)) for each in graded.edition.outcomes],
        "aim": aim,
        "groups": groups,
        "count": {"owed": sum(item.owed for item in owed), "present": sum(item.present for item in owed)},
        "table": where.table if where else "",
        "may_edit": request.desk.may(Permission.DOSSIER_EDIT, request.client.pk),
        "may_upload": where is not None and request.desk.may(Permission.EVIDENCE_EDIT, request.client.pk),
    }
    return render(request, "applicant/materials.html.j2", context)


def _expired_by_row(request: Request, graded: Graded) -> dict[int, list[str]]:
    """By row of the list of documents, the file it names when its last day has passed."""
    found: dict[int, list[str]] = {}
    day = localdate(request.desk.at)
    for name, (until, rows) in expired_papers(graded.result, request.dossier, day).items():
        for row in rows:
            found.setdefault(row, []).append(t("materials_page.until", name=name, day=until.isoformat()))
    return found


@needs(Permission.DOSSIER_EDIT)
@require_POST
def aim(request: Request) -> HttpResponseBase:
    """Choose the outcome to aim at, and back to where it was chosen. Refuses one that the edition does not have."""
    outcome = choose_aim(request.dossier, request.POST.get("aim", ""), request.actor, request.desk.at)
    messages.success(request, t("aim.chosen", outcome=outcome.text[language()]))
    back = "materials" if "materials" in request.POST else "dossier_home"
    return redirect(back, client=request.client.pk, dossier=request.dossier.pk)
