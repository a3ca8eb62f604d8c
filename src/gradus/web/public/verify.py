# SPDX-License-Identifier: Apache-2.0
"""Whether a certificate holds, for anybody: by its number, by its file, or by the code on the paper. Nothing that is
uploaded is kept; the page carries what its script needs to do the same in the visitor's own browser."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gradus.formats.verification import only_status_unknown
from gradus.formats.verification_view import EMPTY, view_of
from gradus.formats.wording import sentence, texts_of, words
from gradus.grading.faults import Fault, Refusal
from gradus.register.standings import known
from gradus.trust.bundle import write_bundle
from gradus.trust.canonical import Json
from gradus.trust.certificate_number import number_meant, number_within, read_number
from gradus.trust.instants import day_of, ends, read_day, shown, whole
from gradus.trust.pdf_verify import is_pdf, verify_file
from gradus.trust.records import to_json
from gradus.trust.shapes import rules
from gradus.trust.standing import Standing
from gradus.trust.statement import CertificateStatement
from gradus.trust.verdict import Named, Verdict, Verification
from gradus.web.public.answers import NOW, limited
from gradus.web.public.published import Files, Trusted, published, trusted
from gradus.web.ui.desk import Request, open_to_all
from gradus.web.ui.templates import language
from gradus.web.ui.views import too_large

MOST_BYTES = 6 * 2**20
"""Of one upload: a PDF certificate is at most 4 MiB."""

MOST_TYPED = 400
"""Signs in the field for the number: an address may be pasted there."""

UNFOUND = ("number.form", "number.check", "verify_page.number_meant", "verify_page.not_here")
"""Why a number is not answered; what was typed may be found in the register."""

SAID = "verify verify_page change pdf json record number credential checkpoint receipt compact statement status".split()
"""What the page's script may have to say: sentences whose codes begin so."""


class InMemory(MemoryFileUploadHandler):
    """Keeps an upload in memory, whatever its size (which is bounded), so that it never lies on a disk."""

    def handle_raw_input(self, *_: object, **__: object) -> None:
        self.activated = True


@dataclass(frozen=True, slots=True)
class Asked:
    """``day``: the day asked about, None for now; ``at``: the instant that stands for it."""

    day: date | None
    at: datetime
    to_come: bool = False


@open_to_all
@require_safe
@limited()
def verify_page(request: Request) -> HttpResponseBase:
    """The page; with ``number``, the verdict on that certificate; with ``on``, for another day than today."""
    return _by_number(request, request.GET.get("number", ""))


@open_to_all
@require_safe
@limited()
def verify_number(request: Request, number: str) -> HttpResponseBase:
    """Where the code on the paper leads. What it signs stands behind # and is checked in the browser."""
    return _by_number(request, number)


@open_to_all
@require_safe
def verify_number_slash(request: Request, number: str) -> HttpResponseBase:
    """The same address, typed with a slash behind it."""
    asked = f"?{query}" if (query := request.META.get("QUERY_STRING", "")) else ""
    return redirect(reverse("verify_number", kwargs={"number": number}) + asked)


@open_to_all
@csrf_exempt  # changes nothing and knows nobody; and the check would read the upload before it is bounded
@require_http_methods(["POST"])
@limited()
def verify_upload(request: Request) -> HttpResponseBase:
    """The verdict on files, which are dropped afterwards."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return too_large(request, MOST_BYTES)
    request.upload_handlers = [InMemory(request)]
    given = [Named(each.name or "", each.read()) for each in request.FILES.getlist("file")]
    try:
        asked = _asked(request.POST.get("on", ""), request.desk.at)
        return _answer(request, asked, files=_sorted(given))
    except Refusal as refusal:
        return _answer(request, refusal=refusal)


@open_to_all
@require_safe
@limited()
def verify_trust(request: Request) -> HttpResponseBase:
    """The trust bundle with the status lists of now, for whoever checks without a network."""
    known = trusted(request.desk.at, request.desk.at)
    if known.bundle is None:
        raise Http404
    content = write_bundle(replace(known.bundle, status_lists=tuple(each.data.decode() for each in known.lists)))
    headers = {"Content-Disposition": 'attachment; filename="trust.json"', **NOW}
    return HttpResponse(content, content_type="application/json", headers=headers)


def _by_number(request: Request, typed: str) -> HttpResponseBase:
    try:
        asked = _asked(request.GET.get("on", ""), request.desk.at)
        if not typed.strip():
            return _answer(request, asked)
        number = _number(typed)
        return _answer(request, asked, files=_looked_up(number), typed=number)
    except Refusal as refusal:
        return _answer(request, refusal=refusal, typed=typed)


def _number(typed: str) -> str:
    """The number that was typed, or that stands in what was pasted, as an address. Raises Refusal."""
    try:
        return read_number(typed)
    except Refusal:
        if within := number_within(typed[:MOST_TYPED]):
            return within
        if meant := number_meant(typed):
            raise Refusal([Fault("verify_page.number_meant", params={"value": typed, "said": meant})]) from None
        raise


def _looked_up(number: str) -> Files:
    files = published(number)
    if files is None:
        raise Refusal([Fault("verify_page.not_here", params={"value": number})])
    return files


def _asked(on: str, now: datetime) -> Asked:
    """A day stands for its last second in China; today, which is not over, for now. Raises Refusal."""
    if not on.strip():
        return Asked(None, whole(now))
    try:
        day = read_day(on.strip())
    except ValueError:
        raise Refusal([Fault("verify_page.day_wrong", params={"value": on})]) from None
    if day == day_of(now):
        return Asked(None, whole(now))
    return Asked(day, ends(day) - timedelta(seconds=1), to_come=day > day_of(now))


def _sorted(given: Sequence[Named]) -> Files:
    """Which file is the certificate, and which its receipt: by what is in them, not by their names. Raises Refusal."""
    receipts = [each for each in given if not is_pdf(each.data) and b'"gradus-receipt/' in each.data]
    certificates = [each for each in given if each not in receipts]
    if not given or len(certificates) != 1 or len(receipts) > 1:
        code = "only_receipt" if receipts and not certificates else "one_certificate" if given else "no_file"
        raise Refusal([Fault(f"verify_page.{code}")])
    return Files(certificates[0], receipts[0] if receipts else None)


def _answer(
    request: Request,
    asked: Asked | None = None,
    *,
    files: Files | None = None,
    refusal: Refusal | None = None,
    typed: str = "",
) -> HttpResponseBase:
    asked = asked or Asked(None, whole(request.desk.at))
    known = trusted(asked.at, request.desk.at)
    wrong = [sentence(each, language()) for each in refusal.faults] if refusal else []
    unfound = refusal is not None and refusal.faults[0].code in UNFOUND
    more: dict[str, object] = {"typed": typed, "wrong": wrong, "search": typed[:MOST_TYPED] if unfound else ""}
    return show(request, known, asked, files, more, _status(refusal))


def show(
    request: Request, known: Trusted, asked: Asked, files: Files | None, more: dict[str, object], status: int = 200
) -> HttpResponse:
    """The page, with the verdict on files where there are any."""
    bundle = known.bundle
    found = files and _verified(files, known, asked, request.desk.at)
    looked_up = bool(files and more["typed"])
    context = {
        "known_now": _known_now(found, request.desk.at) if found else None,
        "view": found and view_of(found, language(), asked.day, to_come=asked.to_come, looked_up=looked_up),
        "looked_up": looked_up,
        "most": MOST_BYTES // 2**20,
        "empty": EMPTY,
        "again": _again(),
        "asked_again": "again" in request.GET and not found,
        "day": asked.day.isoformat() if asked.day else "",
        "carried": _carried(known),
        "issuer": bundle.issuer.name[language()] if bundle else "",
        "fingerprint": bundle.fingerprint if bundle else "",
        **more,
    }
    response = render(request, "public/verify.html.j2", context, status=status)
    response["Cache-Control"] = NOW["Cache-Control"]
    return response


def _verified(files: Files, known: Trusted, asked: Asked, now: datetime) -> Verification:
    found = verify_file(files.certificate, files.receipt, known.lists, known.bundle, asked.at, now)
    if found.statement and found.statement.number in known.overtaken:
        return verify_file(files.certificate, files.receipt, (), known.bundle, asked.at, now)
    return found


def _again() -> str:
    """The page to which the change of the language leads from a result on a file, which nobody keeps."""
    return f"{reverse('verify_page')}?again=file"


def _known_now(found: Verification, now: datetime) -> dict[str, str] | None:
    """What the register says besides, where it knows more than signed lists tell: of a certificate that held as far as
    its day's lists knew, what was decided later and dated back; of one whose status no list tells, what its records
    say."""
    statement, untold = found.statement, only_status_unknown(found)
    entered = known(statement.number) if isinstance(statement, CertificateStatement) else None
    if entered is None or entered.certificate != statement or not (untold or found.verdict is Verdict.HOLDS):
        return None
    answer = entered.standing(found.at, now)
    if answer.standing is Standing.VALID and not untold:
        return None
    code = "register_expects" if answer.so_far else "register_says" if untold else "known_now"
    blanks = {"at": shown(found.at), "standing": words(f"standing.{answer.so_far or answer.standing}", language())}
    reason = answer.because.reason.text[language()] if answer.because else ""
    if untold and reason:
        reason = words("public_register.reason", language(), reason=reason) + (" " if language() == "en" else "")
    said = words(f"verify_page.{code}", language(), reason=reason, **blanks)
    return {"number": entered.certificate.number, "said": said}


def _status(refusal: Refusal | None) -> int:
    if refusal is None:
        return 200
    return 404 if refusal.faults[0].code == "verify_page.not_here" else 422


def _carried(known: Trusted) -> dict[str, Json]:
    """What the page's script needs, so that it asks nobody once the page is there."""
    texts: dict[str, Json] = dict(texts_of(SAID, language()))
    lists: list[Json] = [{"name": each.name, "text": each.data.decode()} for each in known.lists]
    bundle = to_json(known.bundle) if known.bundle else None
    entry = reverse("register_entry", kwargs={"certificate_no": "-"})
    return {
        "language": language(),
        "sentences": texts,
        "rules": rules(),
        "bundle": bundle,
        "lists": lists,
        "overtaken": sorted(known.overtaken),
        "most": MOST_BYTES,
        "entry": entry,
        "again": _again(),
    }
