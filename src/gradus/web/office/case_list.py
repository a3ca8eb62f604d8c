# SPDX-License-Identifier: Apache-2.0
"""All cases, those that ended among them: found by number, client and state, a page at a time."""

from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from gradus.applications.clock import clocks
from gradus.applications.models import Case
from gradus.applications.worklist import WorkItem
from gradus.certificates.queries import waiting_cases
from gradus.people.permissions import Permission, roles_that_may
from gradus.process.states import State
from gradus.web.ui.desk import Request, needs

_ON_A_PAGE = 50
STATES = tuple(each for each in State if each is not State.NEW)


@needs(Permission.CASE_LIST)
@require_safe
def case_list(request: Request) -> HttpResponseBase:
    """The newest cases first; ``q`` is part of a number or of a client's name, ``state`` where they stand."""
    wanted, state = request.GET.get("q", "").strip()[:100], request.GET.get("state", "")
    found = _found(wanted, state)
    page = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "pages": list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)),
        "q": wanted,
        "state": state,
        "states": STATES,
        "query": urlencode({"q": wanted, "state": state}),
    }
    return render(request, "office/case_list.html.j2", context)


def _found(wanted: str, state: str) -> QuerySet[Case]:
    found = Case.objects.select_related("client").order_by("-opened_at", "number")
    if state in STATES:
        found = found.filter(state=state)
    if wanted:
        named = Q(client__name__icontains=wanted) | Q(client__name_en__icontains=wanted)
        found = found.filter(Q(number__icontains=wanted) | named)
    return found


def to_issue(at: datetime) -> list[WorkItem]:
    """The granted cases that await their certificate, as the board shows a case."""
    waiting, day = list(waiting_cases()), localdate(at)
    running = clocks(waiting)
    dues = {case.pk: clock.due if (clock := running[case.pk]) else None for case in waiting}
    return [
        WorkItem(
            case=case,
            state=State.GRANTED,
            stands_still=False,
            last_day=due.on if (due := dues[case.pk]) else None,
            provisional=due is not None and due.provisional,
            overdue=due is not None and due.overdue(day),
            client_awaited=False,
            office_awaited=False,
            players=(),
            roles=tuple(roles_that_may(Permission.CERTIFICATE_ISSUE)),
            task="",
        )
        for case in waiting
    ]
