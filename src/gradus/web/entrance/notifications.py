# SPDX-License-Identifier: Apache-2.0
"""What one was told, newest first; having read it is a button, not a side effect of looking."""

from collections.abc import Iterable

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gradus.people.models import Notification
from gradus.people.notifications import mark_read, notifications_of, said_as
from gradus.web.ui.desk import Request, signed_in
from gradus.web.ui.templates import language

_NEWEST = 500
_LINES = 100


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: Request) -> HttpResponseBase:
    """The newest notifications of the account, one line for each case and kind."""
    account = request.desk.account
    assert account is not None
    if request.method == "POST":
        mark_read(account, request.desk.at)
        return redirect("notifications")
    return render(request, "entrance/notifications.html.j2", {"shown": _lines(notifications_of(account)[:_NEWEST])})


def _lines(told: Iterable[Notification]) -> list[dict[str, object]]:
    """What was told of one thing again and again is one line, as it was told last."""
    lines: dict[tuple[str, ...], list[Notification]] = {}
    for each in told:
        lines.setdefault((each.code, each.address, each.blanks.get("state", "")), []).append(each)
    return [
        {
            "said": said_as(same[0].code, same[0].blanks, language()),
            "told": same[0],
            "count": len(same),
            "unread": any(each.read_at is None for each in same),
        }
        for same in list(lines.values())[:_LINES]
    ]
