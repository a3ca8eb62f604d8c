# SPDX-License-Identifier: Apache-2.0
"""Whether a certificate holds, for anybody: by its number, by its file, or by the code on the paper. Nothing that is
uploaded is kept; the page carries what its script needs to do the same in the visitor's own browser."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gradus.formats.verification_view import EMPTY, view_of
from gradus.formats.wording import sentence, texts_of
from gradus.grading.faults import Fault, Refusal
from gradus.trust.bundle import TrustBundle, write_bundle
from gradus.trust.canonical import Json
from gradus.trust.certificate_number import read_number
from gradus.trust.instants import day_of, ends, read_day
from gradus.trust.pdf_verify import is_pdf, verify_file
from gradus.trust.records import to_json
from gradus.trust.shapes import rules
from gradus.trust.verdict import Named, Verification
from gradus.web.public.published import published, status_lists, trust
from gradus.web.ui.desk import Request, open_to_all
from gradus.web.ui.templates import language
from gradus.web.ui.views import too_large

MOST_BYTES = 6 * 2**20
"""Of one upload: a PDF certificate is at most 4 MiB."""

SAID = "verify verify_page change pdf json record number credential checkpoint receipt compact statement status".split()
"""What the page's script may have to say: sentences whose codes begin so."""


class InMemory(MemoryFileUploadHandler):
    """Keeps an upload in memory, whatever its size (which is bounded), so that it never lies on a disk."""

    def handle_raw_input(self, *_: object, **__: object) -> None:
        self.activated = True


@dataclass(frozen=True, slots=True)
class _Asked:
    """``day``: the day asked about, None for now; ``at``: the instant that stands for it."""

    day: date | None
    at: datetime
    to_come: bool


@dataclass(frozen=True, slots=True)
class _Files:
    certificate: Named
    receipt: Named | None = None


@open_to_all
@require_safe
def verify_page(request: Request) -> HttpResponseBase:
    """The page; with ``number``, the verdict on that certificate."""
    typed = request.GET.get("number", "")
    return _by_number(request, typed) if typed.strip() else _answer(request)


@open_to_all
@require_safe
def verify_number(request: Request, number: str) -> HttpResponseBase:
    """Where the code on the paper leads. What it signs stands behind # and is checked in the browser."""
    return _by_number(request, number)


@open_to_all
@csrf_exempt  # changes nothing and knows nobody; and the check would read the upload before it is bounded
@require_http_methods(["POST"])
def verify_upload(request: Request) -> HttpResponseBase:
    """The verdict on files, which are dropped afterwards."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return too_large(request, MOST_BYTES)
    request.upload_handlers = [InMemory(request)]
    given = [Named(each.name or "", each.read()) for each in request.FILES.getlist("file")]
    try:
        asked, files = _asked(request.POST.get("on", ""), request.desk.at), _sorted(given)
    except Refusal as refusal:
        return _answer(request, refusal=refusal)
    return _answer(request, _verified(files, asked, request.desk.at), asked)


@open_to_all
@require_safe
def verify_trust(request: Request) -> HttpResponseBase:
    """The trust bundle with the status lists of now, for whoever checks without a network."""
    bundle = trust(request.desk.at)
    if bundle is None:
        raise Http404
    lists = tuple(each.data.decode() for each in status_lists(request.desk.at))
    content = write_bundle(replace(bundle, status_lists=tuple(dict.fromkeys((*bundle.status_lists, *lists)))))
    headers = {"Content-Disposition": 'attachment; filename="trust.json"'}
    return HttpResponse(content, content_type="application/json", headers=headers)


def _by_number(request: Request, typed: str) -> HttpResponseBase:
    try:
        asked, number = _asked(request.GET.get("on", ""), request.desk.at), read_number(typed)
        files = _looked_up(number)
    except Refusal as refusal:
        return _answer(request, refusal=refusal, typed=typed)
    return _answer(request, _verified(files, asked, request.desk.at), asked, typed=number)


def _looked_up(number: str) -> _Files:
    files = published(number)
    if files is None:
        raise Refusal([Fault("verify_page.not_here", params={"value": number})])
    return _Files(files.credential, files.receipt)


def _asked(on: str, now: datetime) -> _Asked:
    """A day stands for its last second in China; today, which is not over, for now. Raises Refusal."""
    if not on.strip():
        return _Asked(None, now.replace(microsecond=0), to_come=False)
    try:
        day = read_day(on.strip())
    except ValueError:
        raise Refusal([Fault("verify_page.day_wrong", params={"value": on})]) from None
    if day == day_of(now):
        return _Asked(None, now.replace(microsecond=0), to_come=False)
    return _Asked(day, ends(day) - timedelta(seconds=1), to_come=day > day_of(now))


def _sorted(given: Sequence[Named]) -> _Files:
    """Which file is the certificate, and which its receipt: by what is in them, not by their names. Raises Refusal."""
    receipts = [each for each in given if not is_pdf(each.data) and b'"gradus-receipt/' in each.data]
    certificates = [each for each in given if each not in receipts]
    if not given or len(certificates) != 1 or len(receipts) > 1:
        code = "only_receipt" if receipts and not certificates else "one_certificate" if given else "no_file"
        raise Refusal([Fault(f"verify_page.{code}")])
    return _Files(certificates[0], receipts[0] if receipts else None)


def _verified(files: _Files, asked: _Asked, now: datetime) -> Verification:
    bundle = trust(now)
    return verify_file(files.certificate, files.receipt, _lists(bundle, asked.at), bundle, asked.at)


def _lists(bundle: TrustBundle | None, at: datetime) -> list[Named]:
    carried = bundle.status_lists if bundle else ()
    named = [Named(f"status_lists[{number}]", text.encode()) for number, text in enumerate(carried, 1)]
    return [*status_lists(at), *named]


def _answer(
    request: Request,
    found: Verification | None = None,
    asked: _Asked | None = None,
    *,
    refusal: Refusal | None = None,
    typed: str = "",
) -> HttpResponseBase:
    asked = asked or _Asked(None, request.desk.at.replace(microsecond=0), to_come=False)
    bundle = trust(request.desk.at)
    context = {
        "view": found and view_of(found, language(), asked.day, to_come=asked.to_come),
        "empty": EMPTY,
        "wrong": [sentence(each, language()) for each in refusal.faults] if refusal else [],
        "typed": typed,
        "day": asked.day.isoformat() if asked.day else "",
        "carried": _carried(bundle, asked),
        "issuer": bundle.issuer.name[language()] if bundle else "",
        "fingerprint": bundle.fingerprint if bundle else "",
    }
    return render(request, "public/verify.html.j2", context, status=_status(refusal))


def _status(refusal: Refusal | None) -> int:
    if refusal is None:
        return 200
    return 404 if refusal.faults[0].code == "verify_page.not_here" else 422


def _carried(bundle: TrustBundle | None, asked: _Asked) -> dict[str, Json]:
    """What the page's script needs, so that it asks nobody once the page is there."""
    texts: dict[str, Json] = dict(texts_of(SAID, language()))
    lists: list[Json] = [{"name": each.name, "text": each.data.decode()} for each in _lists(bundle, asked.at)]
    return {
        "language": language(),
        "sentences": texts,
        "rules": rules(),
        "bundle": to_json(replace(bundle, status_lists=())) if bundle else None,
        "lists": lists,
    }
