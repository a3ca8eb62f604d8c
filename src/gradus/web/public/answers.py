# SPDX-License-Identifier: Apache-2.0
"""What every answer of the public register keeps to: how often it is given to one address, how long it may be kept, and
that what a crash kept from being told is told first.

An answer about standing is kept at most STALE seconds by whoever kept it, and less where a change is due sooner.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from gradus.certificates.recover import recover_when_asked
from gradus.register.limits import address_of, seconds_to_wait
from gradus.web.ui.desk import Request
from gradus.web.ui.views import too_often

STALE = 60

NOW = {"Cache-Control": "no-cache"}
"""Nothing that is asked once more may be answered by a copy that somebody kept."""

View = Callable[..., HttpResponseBase]


def limited(cost: int = 1) -> Callable[[View], View]:
    """Answers with 429 and words where an address has asked too often; else of what was decided, all of it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, **kwargs: Any) -> HttpResponseBase:
            wait = seconds_to_wait(address_of(request.META), request.desk.at, cost)
            if wait:
                return too_often(request, wait)
            recover_when_asked(request.desk.at, lists=False)
            return view(request, **kwargs)

        return guarded

    return decorate


def kept(response: HttpResponse, *, due: datetime | None = None, at: datetime | None = None) -> HttpResponse:
    """A page that its reader's browser may show again for a while."""
    response["Cache-Control"] = f"private, max-age={_seconds(due, at)}"
    return response


def conditional(
    request: HttpRequest, response: HttpResponse, *, due: datetime | None = None, at: datetime | None = None
) -> HttpResponse:
    """A file that anybody may keep for a while, and ask again whether it has changed."""
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={_seconds(due, at)}"
    answer: HttpResponse = get_conditional_response(request, etag=etag, response=response)
    return answer


def _seconds(due: datetime | None, at: datetime | None) -> int:
    return max(0, min(STALE, int((due - at).total_seconds()))) if due and at else STALE
