# SPDX-License-Identifier: Apache-2.0
"""What anybody may download: a certificate's files, the issuer's keys, status lists, the log. Nothing of it is secret,
and every address of it stands in what was signed."""

from datetime import timedelta

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from gradus.certificates.bundle import bundle_at
from gradus.certificates.issuer import newest
from gradus.certificates.models import Publication
from gradus.certificates.queries import certificate_numbered, publication_of, status_list_at
from gradus.certificates.recover import recover_when_asked
from gradus.certificates.tiles import WIDTH, newest_checkpoint, read_tile, tile_content
from gradus.dossiers.store import path_of
from gradus.trust.bundle import controller_document
from gradus.trust.instants import ends, read_day
from gradus.web.public.answers import NOW, limited
from gradus.web.ui.desk import Request, open_to_all

CREDENTIAL = "application/vc"  # W3C Verifiable Credentials 2.0, section 6.2
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@open_to_all
@require_safe
@limited()
def certificate_pdf(request: Request, number: str) -> HttpResponseBase:
    """The signed page."""
    page = _handed_out(number).page_id
    return _file(path_of(page).read_bytes(), "application/pdf", f"{number}.pdf")


@open_to_all
@require_safe
@limited()
def certificate_credential(request: Request, number: str) -> HttpResponseBase:
    """The credential, as it is the leaf of the log."""
    return _file(_handed_out(number).leaf.credential.encode(), CREDENTIAL, f"{number}-credential.json")


@open_to_all
@require_safe
@limited()
def certificate_receipt(request: Request, number: str) -> HttpResponseBase:
    """The log's receipt for it."""
    return _file(_handed_out(number).receipt.encode(), "application/json", f"{number}-receipt.json")


@open_to_all
@require_safe
@limited()
def issuer_document(request: Request) -> HttpResponseBase:
    """The issuer's keys, for verifiers of any make."""
    if newest() is None:
        raise Http404
    return JsonResponse(controller_document(bundle_at(request.desk.at)), headers=NOW)


@open_to_all
@require_safe
@limited()
def status_list(request: Request, purpose: str, number: int) -> HttpResponseBase:
    """A status list that is in force now, or with ``on`` at the end of a day gone by."""
    at = request.desk.at
    if "on" in request.GET:
        try:
            at = min(at, ends(read_day(request.GET["on"])) - timedelta(seconds=1))
        except ValueError:
            raise Http404 from None
    recover_when_asked(request.desk.at)
    found = status_list_at(purpose, number, at)
    if found is None:
        raise Http404
    return HttpResponse(found.content.encode(), CREDENTIAL, headers=NOW)


@open_to_all
@require_safe
@limited()
def log_checkpoint(request: Request) -> HttpResponseBase:
    """The newest checkpoint (C2SP tlog-tiles)."""
    text = newest_checkpoint()
    if text is None:
        raise Http404
    return HttpResponse(text.encode(), "text/plain; charset=utf-8", headers=NOW)


@open_to_all
@require_safe
@limited()
def log_tile(request: Request, tile: str) -> HttpResponseBase:
    """A tile of hashes or of leaves (C2SP tlog-tiles)."""
    asked = read_tile(tile)
    content = tile_content(asked) if asked else None
    if asked is None or content is None:
        raise Http404
    headers = _FOREVER if asked.width == WIDTH else NOW
    return HttpResponse(content, "application/octet-stream", headers=headers)


def _handed_out(number: str) -> Publication:
    certificate = certificate_numbered(number)
    found = publication_of(certificate) if certificate else None
    if found is None:
        raise Http404
    return found


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **NOW}
    return HttpResponse(content, media_type, headers=headers)
