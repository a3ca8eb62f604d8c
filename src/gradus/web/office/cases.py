# SPDX-License-Identifier: Apache-2.0
"""The body's staff at work: one's own list, all cases as a board and by day, and one case with its whole timeline."""

from datetime import date
from functools import partial
from itertools import chain

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from gradus.applications.clock import clock_of
from gradus.applications.models import Case, Involvement
from gradus.applications.timeline import last_return, stations, steps_of
from gradus.applications.worklist import WorkItem, board, whole, work_of
from gradus.certificates.worklist import certificate_work
from gradus.decisions.notice import unannounced
from gradus.decisions.readers import reads_file
from gradus.decisions.terminate import client_until, terminate
from gradus.decisions.whose_turn import LATER
from gradus.journal.queries import entries_about
from gradus.people.permissions import Permission
from gradus.people.queries import own_access
from gradus.process.states import STAGES, State
from gradus.schemes.queries import edition_named
from gradus.web.office.case_list import to_issue
from gradus.web.office.case_papers import papers_of
from gradus.web.office.decision_forms import carried_out
from gradus.web.ui.case_words import step_reasons
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import LineField, unsent
from gradus.web.ui.journal_page import journal_page
from gradus.web.ui.templates import t

NEXT = {
    State.APPLIED: "application_review",
    State.ACCEPTED: "quotation",
    State.AGREED: "team",
    State.OBJECTION: "assessor_workbook",
    State.DOCUMENT_REVIEW: "assessor_workbook",
    State.PLANNING: "visit",
    State.ON_SITE: "visit",
    State.CORRECTION: "visit",
    State.REPORTING: "visit",
    State.TECHNICAL_REVIEW: "technical_review",
    State.PANEL: "panel",
    State.NOTICE: "decision_desk",
    State.DECISION: "decision_desk",
    State.CONSENT: "decision_desk",
    State.SIGNATURE: "decision_desk",
}
"""The address where the work of a state is done. Objections to a team are answered where it was appointed."""

_ON_A_PAGE = 50


def act_of(item: WorkItem, permits: frozenset[Permission]) -> str:
    """The code of what the reader is to do in a case that is on the reader's list; of one that awaits its client alone,
    of where it stands."""
    if ends(item, permits):
        return "cases.act.terminate"
    if item.task and Permission.TEAM_APPOINT in permits:
        return f"cases.act.{item.task}"
    if item.client_awaited and not item.players:
        return f"state.{item.state}"
    if item.state is State.OBJECTION:
        return "cases.act.settle_team" if item.office_awaited else "cases.act.objection"
    if item.state is State.ON_SITE and Permission.CASE_EVALUATE not in permits:
        return "cases.act.explain"
    if item.state is State.PANEL and Permission.PANEL_CONVENE not in permits:
        return "cases.act.vote"
    if item.state is State.NOTICE and not item.office_awaited:
        return "cases.act.answer_notice"
    return f"cases.act.{item.state}"


def ends(item: WorkItem, permits: frozenset[Permission]) -> bool:
    """Whether the client let its time pass, and the reader may terminate the case."""
    return item.client_awaited and item.office_awaited and item.overdue and Permission.CASE_QUOTE in permits


def next_page(case: Case, *, appoints: bool, task: str = "") -> str:
    """Where to go on with a case: the page of its state, else the case itself; for who ``appoints`` teams theirs,
    before the review and where that is the ``task``."""
    name = NEXT.get(State(case.state), "case_page")
    if appoints and (task or case.state == State.OBJECTION):
        name = "team"
    try:
        return reverse(name, kwargs={"case": case.pk})
    except NoReverseMatch:
        return reverse("case_page", kwargs={"case": case.pk})


@needs(Permission.OFFICE_ENTER)
@require_safe
def own_work(request: Request) -> HttpResponseBase:
    """What awaits the reader, the most pressing first, a page at a time; one's own access to clients' data."""
    desk = request.desk
    assert desk.account is not None
    items = work_of(desk.account, desk.appointments, desk.at, LATER)
    access = own_access(desk.account, desk.at) if desk.may(Permission.ACCESS_ASK) else []
    permits = frozenset(each for one in desk.appointments for each in one.role.permits)
    others = [each.case.pk for each in items if act_of(each, permits) == f"state.{each.state}"]
    page = Paginator(items, _ON_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = whole(page)
    context = {
        "page": page,
        "pages": list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)),
        "late": sum(each.overdue for each in items if each.case.pk not in others),
        "mine": len(items) - len(others),
        "others": others,
        "access": access,
        "roles": desk.appointments,
        "next_page": partial(next_page, appoints=desk.may(Permission.TEAM_APPOINT)),
        "act_of": partial(act_of, permits=permits),
        "ends": partial(ends, permits=permits),
    }
    tasks = certificate_work(permits, desk.at)
    context["tasks"], context["tasks_left"] = tasks[:_ON_A_PAGE], len(tasks) - _ON_A_PAGE
    return render(request, "office/work.html.j2", context)


@needs(Permission.CASE_LIST)
@require_safe
def case_board(request: Request) -> HttpResponseBase:
    """Every open case, a column a stage, and those granted that await their certificate."""
    columns = board(request.desk.at, LATER)
    columns[STAGES[State.GRANTED]] = to_issue(request.desk.at)
    stages = list(zip(sorted(columns), _stage_names(columns), strict=True))
    return render(request, "office/board.html.j2", {"columns": columns, "stages": stages})


@needs(Permission.CASE_LIST)
@require_safe
def case_calendar(request: Request) -> HttpResponseBase:
    """The same cases where they have a last day or that of a visit, by that day."""
    by_day: dict[date, list[WorkItem]] = {}
    for item in [*chain.from_iterable(board(request.desk.at, LATER).values()), *to_issue(request.desk.at)]:
        for day in {each for each in (item.last_day, item.visit_on) if each is not None}:
            by_day.setdefault(day, []).append(item)
    days = [(day, by_day[day]) for day in sorted(by_day)]
    return render(request, "office/case_calendar.html.j2", {"days": days})


@needs(Permission.CASE_READ)
@require_safe
def case_page(request: Request) -> HttpResponseBase:
    """One case: where it stands, who is awaited until when, who plays which part, and everything that happened."""
    return _case_page(request)


class TerminationForm(forms.Form):
    """Why a case is terminated."""

    reason = LineField("cases.terminate_reason", widget=forms.Textarea({"rows": 3}))


@needs(Permission.CASE_QUOTE)
@require_POST
def terminate_case(request: Request) -> HttpResponseBase:
    """End a case whose client let its time pass."""
    form = TerminationForm(request.POST)
    if not carried_out(form, lambda told: terminate(request.case, told["reason"], request.actor, request.desk.at)):
        return _case_page(request, form)
    messages.success(request, t("cases.terminated"))
    return redirect("case_page", case=request.case.pk)


def _case_page(request: Request, form: TerminationForm | None = None) -> HttpResponseBase:
    """The page; ``form`` came back refused. It is shown only where a case may be terminated now."""
    case, desk, day = request.case, request.desk, localdate(request.desk.at)
    assert desk.account is not None
    reads = reads_file(desk.account, desk.at_body, case, desk.at)
    further = next_page(case, appoints=desk.may(Permission.TEAM_APPOINT)) if reads else None
    workbook = reverse("assessor_workbook", kwargs={"case": case.pk})
    until = client_until(case)
    terminable = until is not None and until.overdue(day) and request.desk.may(Permission.CASE_QUOTE)
    taken = steps_of(case)
    edition = edition_named(case.edition_hash)
    context = {
        "case": case,
        "edition": edition,
        "requested": next((each.text for each in edition.outcomes if each.id == case.requested), None),
        "stations": list(zip(stations(case, taken), edition.stages, strict=False)),
        "clock": None if unannounced(case) else clock_of(case, taken),
        "steps": [(each, step_reasons(case, each, asked=reads is not None)) for each in taken[::-1]],
        "returned": (returned := last_return(taken)),
        "returned_for": step_reasons(case, returned) if returned else [],
        "involved": Involvement.objects.filter(case=case).select_related("account", "relief").order_by("since"),
        "journal": journal_page(request, entries_about(f"case:{case.pk}"), contents=True),
        "next": further if further != workbook or desk.may(Permission.WORKBOOK_READ) else None,
        "papers": papers_of(case, taken, desk, reads=reads is not None),
        "day": day,
        "until": until,
        "unannounced": unannounced(case),
        "termination": (form or TerminationForm()) if terminable else None,
        "unsent": unsent(form) if form and not terminable else None,
    }
    return render(request, "office/case.html.j2", context, status=422 if form else 200)


def _stage_names(columns: dict[int, list[WorkItem]]) -> list[object]:
    """The stages' names as the edition of any open case has them; their numbers where there is none."""
    first = next((item.case for items in columns.values() for item in items), None)
    if first is None:
        return [None] * len(columns)
    names = [each.text for each in edition_named(first.edition_hash).stages]
    return [names[number - 1] if number <= len(names) else None for number in sorted(set(STAGES.values()))]
