# SPDX-License-Identifier: Apache-2.0
"""The first page, the choice of language, the health check, and the pages for what went wrong."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from gradus.dossiers.telling import tell_when_asked
from gradus.formats.wording import sentence
from gradus.grading.faults import Refusal
from gradus.web.ui.desk import Request, open_to_all
from gradus.web.ui.templates import language


@open_to_all
@require_safe
def home(request: Request) -> HttpResponseBase:
    """The three doors for a visitor; their own first page for everybody who is signed in."""
    tell_when_asked(request.desk.at)
    if request.desk.account is None:
        return render(request, "ui/home.html.j2")
    if request.desk.works_for_body:
        return redirect("own_work")
    clients = request.desk.clients
    if len(clients) == 1:
        return redirect("applicant_home", client=clients[0])
    return redirect("applicant_firms")


@open_to_all
@require_safe
def health(request: Request) -> HttpResponseBase:
    """For a load balancer: the server answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@open_to_all
@require_POST
def set_language(request: Request) -> HttpResponseBase:
    """Keep the reader's language, for the account too."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = redirect(back)
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86400, samesite="Lax")
        if request.desk.account is not None:
            request.desk.account.language = chosen
            request.desk.account.save(update_fields=["language"])
    return response


def _wrong(request: HttpRequest, code: str, status: int, **blanks: object) -> HttpResponse:
    context = {"code": code, "blanks": {name: str(value) for name, value in blanks.items()}, "status": status}
    return render(request, "ui/wrong.html.j2", context, status=status)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Every sentence of a refusal, as a page or, to a script that takes JSON, as JSON."""
    sentences = [sentence(fault, language()) for fault in refusal.faults]
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"refused": sentences}, status=422)
    return render(request, "ui/refused.html.j2", {"sentences": sentences}, status=422)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _wrong(request, "wrong.forbidden", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _wrong(request, "wrong.not_found", 404)


def defect(request: HttpRequest) -> HttpResponse:
    return _wrong(request, "wrong.defect", 500)


def too_large(request: HttpRequest, most_bytes: int) -> HttpResponse:
    return _wrong(request, "wrong.too_large", 413, limit=most_bytes // 2**20)


def not_understood(request: HttpRequest) -> HttpResponse:
    return _wrong(request, "wrong.not_understood", 400)


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    response = _wrong(request, "wrong.too_often", 429, seconds=seconds)
    response["Retry-After"] = str(seconds)
    return response
