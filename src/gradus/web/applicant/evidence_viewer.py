# SPDX-License-Identifier: Apache-2.0
"""Looking at evidence inside the page: its pages as pictures, upright, at the cited page; and its file to take away.

What strangers uploaded is never handed to the browser as a document: pages are drawn here, and the file itself is only
ever an attachment.
"""

from xml.sax.saxutils import escape

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from gradus.dossiers import pages, store
from gradus.dossiers.citations import uses_by_client
from gradus.dossiers.evidence import versions
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Evidence, File
from gradus.dossiers.reminders import standing
from gradus.grading.faults import Fault, Refusal
from gradus.people.permissions import Permission
from gradus.web.applicant.evidence_words import listing, use_words, validity_words
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.templates import t

zooms = (100, 150, 200)
_TOGETHER = 200
"""Pages of one part: what a browser scrolls smoothly, also on a telephone."""


def evidence_of(request: Request, evidence: object) -> Evidence:
    """Evidence of the client; somebody else's does not exist."""
    found = Evidence.objects.select_related("file", "client")
    return get_object_or_404(found, pk=evidence, client=request.client)


def _version(request: Request, evidence: Evidence) -> File:
    """The content asked for: the present one, or an earlier one of this very evidence."""
    digest = request.GET.get("version") or evidence.file_id
    if digest == evidence.file_id:
        return evidence.file
    earlier = [each.file for each in versions(evidence) if each.file.pk == digest]
    if not earlier:
        raise Http404
    return earlier[0]


@needs(Permission.EVIDENCE_READ)
@require_safe
def evidence_viewer(request: Request, evidence: object) -> HttpResponseBase:
    """The pages of a file, opened at the one asked for."""
    found = evidence_of(request, evidence)
    file = _version(request, found)
    page = min(number_asked(request, "page", 1), file.pages)
    turn, zoom = choice_asked(request, "turn", pages.turns), choice_asked(request, "zoom", zooms)
    first = (page - 1) // _TOGETHER * _TOGETHER + 1
    last = min(first + _TOGETHER - 1, file.pages)
    day = localdate(request.desk.at)
    resting = [] if found.removed_at else uses_by_client(found.client_id).get(found.name, [])
    context = {
        "client": request.client,
        "dossier": request.dossier,
        "evidence": found,
        "file": file,
        "current": file.pk == found.file_id,
        "sheets": [upright(each, turn) for each in pages.outline(file, first, last)],
        "at_page": page,
        "first": first,
        "last": last,
        "turn": turn,
        "zoom": zoom,
        "zooms": zooms,
        "widths": pages.widths,
        "validity": validity_words(found.valid_until, standing(found.valid_until, day), day),
        "listing": listing(edition_of(request.dossier)),
        "uses": use_words(request.dossier, resting),
        "may_edit": request.desk.may(Permission.EVIDENCE_EDIT, request.client.pk),
    }
    return render(request, "applicant/evidence_viewer.html.j2", context)


def upright(page: pages.Page, turn: int) -> dict[str, object]:
    """A page with its shape as it will be drawn; A4 where it is not known."""
    width, height = (page.width, page.height) if page.width > 0 and page.height > 0 else (210, 297)
    across, down = (width, height) if turn % 180 == 0 else (height, width)
    drawn = pages.widths[1]
    return {"number": page.number, "width": drawn, "height": max(1, drawn * down // across), "text": page.text.strip()}


@needs(Permission.EVIDENCE_READ)
@require_safe
def evidence_page_picture(request: Request, evidence: object, page: int) -> HttpResponseBase:
    """One page as a picture; where it can not be drawn, a picture that says so."""
    file = _version(request, evidence_of(request, evidence))
    if not 1 <= page <= file.pages:
        raise Http404
    return picture_response(request, file, page)


def picture_response(request: Request, file: File, page: int) -> HttpResponseBase:
    """The picture of a page in the width and turned as asked for."""
    width, turn = choice_asked(request, "width", pages.widths), choice_asked(request, "turn", pages.turns)
    drawn = pages.picture(file, page, width, turn)
    if drawn is None:
        return HttpResponse(undrawn(page), "image/svg+xml")
    media_type = "image/png" if drawn.startswith(b"\x89PNG") else "image/jpeg"
    return HttpResponse(drawn, media_type, headers={"Cache-Control": "private, max-age=86400"})


def undrawn(page: int) -> str:
    said = escape(t("viewer.undrawn", page=page))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 848"><rect width="600" height="848" fill="#f4f6f7"/>'
        '<text x="300" y="400" text-anchor="middle" font-family="sans-serif" font-size="20" fill="#8a5200">'
        f"{said}</text>"
        "</svg>"
    )


@needs(Permission.EVIDENCE_READ)
@require_safe
def evidence_file(request: Request, evidence: object) -> HttpResponseBase:
    """The file as it was uploaded, to take away. Raises Refusal when the disk has damaged it."""
    found = evidence_of(request, evidence)
    file = _version(request, found)
    return file_response(file, found.name)


def file_response(file: File, path: str) -> HttpResponseBase:
    """A file as an attachment that no browser opens by itself. Raises Refusal when the disk has damaged it."""
    if not store.is_whole(file.pk):
        raise Refusal([Fault("evidence.damaged")])
    name = path.rpartition("/")[2]
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
    content = store.path_of(file.pk).open("rb")
    return FileResponse(content, as_attachment=True, filename=name, content_type=file.media_type, headers=headers)


def number_asked(request: Request, name: str, otherwise: int) -> int:
    text = request.GET.get(name, "")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else otherwise


def choice_asked(request: Request, name: str, choices: tuple[int, ...]) -> int:
    """One of a few numbers; the first of them when something else is asked for."""
    text = request.GET.get(name, "")
    return next((each for each in choices if str(each) == text), choices[0])
