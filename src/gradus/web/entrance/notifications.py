# SPDX-License-Identifier: Apache-2.0
"""What one was told, newest first; having read it is a button, not a side effect of looking."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gradus.people.notifications import mark_read, notifications_of, said_as
from gradus.web.ui.desk import Request, signed_in
from gradus.web.ui.templates import language

_NEWEST = 100


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: Request) -> HttpResponseBase:
    """The newest notifications of the account."""
    account = request.desk.account
    assert account is not None
    if request.method == "POST":
        mark_read(account, request.desk.at)
        return redirect("notifications")
    shown = [
        {"said": said_as(each.code, each.blanks, language()), "told": each}
        for each in notifications_of(account)[:_NEWEST]
    ]
    return render(request, "entrance/notifications.html.j2", {"shown": shown})
