# SPDX-License-Identifier: Apache-2.0
"""What every request passes: a bound on its size and on its signs, and the desk of the person who sent it."""

import re
from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import is_valid_path
from django.utils.timezone import now

from gradus.grading.faults import Refusal
from gradus.people.models import Account
from gradus.web.ui import desk
from gradus.web.ui.views import not_understood, refused, too_large

Answer = Callable[[HttpRequest], HttpResponseBase]

most_bytes = 120 * 2**20
"""Of one request: several evidence files at once."""

_without_second_factor = frozenset(
    ["account_logout", "account_reauthenticate", "mfa_activate_totp", "set_language", "health"]
)
"""The only addresses, by name, that are open to somebody who must set up a second factor first."""


class BoundedBody:
    """Refuses a request whose body says it is too large, before a byte of it is read."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if "HTTP_TRANSFER_ENCODING" in request.META:  # a body that does not say how long it is
            length = "unknown"
        if not length.isdecimal() or len(length) > len(str(most_bytes)) or int(length) > most_bytes:
            response: HttpResponse = too_large(request, most_bytes)
            response["Connection"] = "close"
            return response
        return self.get_response(request)


class Storable:
    """Refuses an address, a query and the fields of a form with what no database could keep (NUL, half a surrogate
    pair): no keyboard types them. What nobody sees and a copied table or page brings along (the marks of Word's cells,
    turns of the direction of writing) is a space. The bytes of files are not looked at."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_: object) -> HttpResponseBase | None:
        """Of a form only when it has been read already, for its token: others are read by their views in their way. The
        API answers in its own."""
        if request.path_info.startswith("/api/"):
            return None
        form_is_read = not getattr(view, "csrf_exempt", False)
        read = [request.GET, request.POST] if form_is_read else [request.GET]
        texts = [text for fields in read for name, values in fields.lists() for text in (name, *values)]
        if any(_UNKEPT.search(text) for text in (request.path_info, *texts)):
            return not_understood(request)
        if form_is_read and any(map(_UNSEEN.search, texts)):
            seen = request.POST.copy()
            for name, values in request.POST.lists():
                seen.setlist(name, [_UNSEEN.sub(" ", each) for each in values])
            request.POST = seen
        return None


_UNKEPT = re.compile("[\0\ud800-\udfff]")
_UNSEEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_FORM_STANDS_ON = {
    "close_notice": "decision_desk",
    "record_notice_objection": "decision_desk",
    "answer_notice_objection": "decision_desk",
}
"""The pages of forms, by the names of their addresses, that do not stand above the address that the form is sent to."""


class FormAddresses:
    """Leads who opens an address that only takes a form to the page of the form: after a refused form the browser shows
    such an address, and opens it to reload, to sign in again or to change the language. A script is told 405."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        reads = request.method in ("GET", "HEAD") and "application/json" not in request.headers.get("Accept", "")
        if response.status_code != 405 or not reads or request.path.startswith("/api/"):
            return response
        match = request.resolver_match
        if match and match.url_name in _FORM_STANDS_ON:
            return redirect(_FORM_STANDS_ON[match.url_name], case=match.kwargs["case"])
        return redirect(_page_above(request.path_info))


def _page_above(path: str) -> str:
    """The nearest address above one; where that takes only a form too, it leads further up."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(path):
            break
    return path


class Desk:
    """Puts the desk on the request, and sends staff without a second factor to set one up first."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        account = request.user if isinstance(request.user, Account) else None
        request.desk = desk.Desk(account, now())
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponseBase | None:
        """Everywhere else they are sent to set it up."""
        account = request.desk.account
        if account is None or request.resolver_match.url_name in _without_second_factor:
            return None
        if request.desk.needs_second_factor and not is_mfa_enabled(account, [Authenticator.Type.TOTP]):
            return redirect("mfa_activate_totp")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What an action refuses and its page does not show itself: a page that says so, or JSON for a script."""
        return refused(request, exception) if isinstance(exception, Refusal) else None
