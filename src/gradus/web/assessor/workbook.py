# SPDX-License-Identifier: Apache-2.0
"""The assessor's workbook: item by item, what is claimed beside its evidence, and what the assessor says of it. Who
reviews, votes, decides or signs reads it, as that rests on it; only the case's team writes in it."""

from collections.abc import Sequence
from itertools import zip_longest
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradus.applications.cases import leads, rules_of
from gradus.applications.timeline import last_return, steps_of
from gradus.evaluations.review import Wanted, ask_review_supplement, finish_document_review, what_is_open
from gradus.evaluations.rows import judged_tables, submitted
from gradus.evaluations.team import current_team, start_document_review, what_delays
from gradus.evaluations.verdicts import (
    Opinion,
    Rated,
    accept_rows,
    item_texts,
    judge_row,
    may_judge,
    note_finding,
    rate_item,
)
from gradus.formats.wording import sentence
from gradus.grading.faults import Fault, Refusal
from gradus.people.permissions import Permission
from gradus.process.states import State
from gradus.web.assessor.workbook_words import Refused, Workbook
from gradus.web.ui.case_words import step_reasons
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import one_of
from gradus.web.ui.templates import language, t

_FIRST_CHANGES = 30


@needs(Permission.WORKBOOK_READ)
@require_safe
def assessor_workbook(request: Request) -> HttpResponseBase:
    """The case under review: claimed against verified, why they differ, and what is left to do."""
    return _overview(request, [])


def _overview(request: Request, refused: list[str]) -> HttpResponseBase:
    """The overview; what was asked for comes back with what is ``refused``."""
    case, account = request.case, request.actor.account
    book = Workbook(case)
    team = current_team(case)
    at_start = case.state == State.OBJECTION
    edition, returned = book.found.edition, last_return(steps_of(case))
    context = {
        **_around(request, book),
        "returned": returned,
        "returned_for": step_reasons(case, returned) if returned else [],
        "differences": book.differences(),
        "answers": book.answers(),
        "changes": book.changes()[:_FIRST_CHANGES],
        "open": [sentence(each, language()) for each in what_is_open(case, book.said, book.verified)],
        "delays": [sentence(each, language()) for each in what_delays(case, request.desk.at)] if at_start else [],
        "may_start": at_start and team is not None and book.is_leader(team, account),
        "leads": leads(case, account),
        "team": team.members.select_related("account") if team else [],
        "abouts": [(each.id, each.text) for each in judged_tables(edition)] + list(item_texts(edition).items()),
        "supplement_reasons": rules_of(case).procedure.reasons["supplement"],
        "lines": list(zip_longest(range(1, 4), _typed_lines(request), fillvalue=("", "", "")))[:3],
        "refused": refused,
    }
    return render(request, "assessor/workbook.html.j2", context, status=422 if refused else 200)


def _typed_lines(request: Request) -> list[tuple[str, ...]]:
    """What the leader asks the client for, line by line, as it was typed: about what, why, and what is wanted."""
    columns = [request.POST.getlist(each) for each in ("about", "reason", "wanted")]
    return list(zip(*columns, strict=False))


@needs(Permission.WORKBOOK_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def assessor_item(request: Request, item: str) -> HttpResponseBase:
    """An indicator or a requirement with its rows; POST, by who evaluates, rates it or notes a question for the
    visit."""
    case = request.case
    if request.method == "POST":
        request.actor = request.desk.actor_for(Permission.CASE_EVALUATE)
    if item not in item_texts(rules_of(case).edition):
        raise Http404
    if request.method == "POST":
        does = "rating" if "value" in request.POST else "finding"
        try:
            _rate(request, item) if does == "rating" else note_finding(
                case, item, request.POST.get("text", ""), request.actor, request.desk.at
            )
        except Refusal as refusal:
            return _item_page(request, Workbook(case), item, {does: _sentences(refusal)})
        messages.success(request, t("workbook.rated" if does == "rating" else "workbook.noted"))
        return redirect("assessor_item", case=case.pk, item=item)
    return _item_page(request, Workbook(case), item, {})


def _rate(request: Request, item: str) -> None:
    value, text = request.POST["value"], request.POST.get("text", "")
    rating = -1 if _number(value) is None else int(value)
    rate_item(request.case, item, Rated(rating, text, _seen(request)), request.actor, request.desk.at)


def _item_page(request: Request, book: Workbook, item: str, refused: dict[str, list[str]]) -> HttpResponseBase:
    """An item; what was typed comes back with what is ``refused``, by form."""
    status = 422 if refused or book.refused else 200
    context = {
        **_around(request, book),
        **book.item(item, request.GET.get("page", "")),
        "refused": {"rating": [], "finding": [], **refused},
        "typed": request.POST,
    }
    return render(request, "assessor/item.html.j2", context, status=status)


def _sentences(refusal: Refusal) -> list[str]:
    return [sentence(fault, language()) for fault in refusal.faults]


def _seen(request: Request) -> int:
    """The id of what the person saw standing, from the form; 0 for nothing."""
    return _number(request.POST.get("seen", "")) or 0


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@needs(Permission.WORKBOOK_READ)
@require_safe
def assessor_table(request: Request, table: str) -> HttpResponseBase:
    """The rows of a table, those without a verdict first; of very many a page at a time."""
    return _table_page(request, Workbook(request.case), table)


def _table_page(request: Request, book: Workbook, table: str, told: Sequence[str] = ()) -> HttpResponseBase:
    if table not in book.judged:
        raise Http404
    shown = book.table(table, request.GET.get("page", ""), request.GET.get("show", ""))
    context = {**_around(request, book), **shown, "told": told}
    return render(request, "assessor/table.html.j2", context, status=422 if book.refused or told else 200)


@needs(Permission.CASE_EVALUATE)
@require_POST
def judge(request: Request, table: str, row: int) -> HttpResponseBase:
    """Accept or reject a row. To htmx the row comes back with the new grade, to others the page they came from."""
    said = request.POST
    reason, text = said.get("reason", ""), said.get("text", "")
    item, case, refused = said.get("item", ""), request.case, None
    try:
        accepted = one_of(said, "opinion", {"accept": True, "reject": False})
        opinion = Opinion(accepted, reason, text, _seen(request))
        judge_row(case, table, row, opinion, request.actor, request.desk.at)
    except Refusal as refusal:
        if submitted(case).row(table, row) is None:
            raise
        refused = Refused(table, row, _sentences(refusal), reason, text)
    if not request.htmx:
        return _judged_page(request, table, item, refused)
    book = Workbook(case)
    book.refused = refused
    found = book.found.row(table, row)
    if found is None:
        raise Refusal([Fault("verdict.no_such_row")])
    context = {
        "case": case,
        "grade": book.grade(),
        "row": book.row(found),
        "item": item,
        "may_judge": may_judge(case, request.actor.account),
        "reasons": rules_of(case).procedure.reasons["reject_row"],
    }
    return render(request, "assessor/judged.html.j2", context)


def _judged_page(request: Request, table: str, item: str, refused: Refused | None) -> HttpResponseBase:
    """Without scripts: back to the page of the form, or that page with what was refused."""
    of_item = item in item_texts(rules_of(request.case).edition)
    if refused is None:
        if of_item:
            return redirect("assessor_item", case=request.case.pk, item=item)
        return redirect("assessor_table", case=request.case.pk, table=table)
    book = Workbook(request.case)
    book.refused = refused
    return _item_page(request, book, item, {}) if of_item else _table_page(request, book, table)


@needs(Permission.CASE_EVALUATE)
@require_POST
def accept_table(request: Request, table: str) -> HttpResponseBase:
    """Accept the rows that stood on the page and have no verdict; those that cite no paper only when that is said."""
    sent = {_number(each) for each in request.POST.getlist("row")}
    book = Workbook(request.case)
    rows = [each for each in book.found.rows.get(table, ()) if each.id in sent and not book.was_rejected(each)]
    meant = [each.id for each in rows if each.papers or "bare" in request.POST]
    if rows and not meant:
        return _table_page(request, Workbook(request.case), table, [t("workbook.only_bare")])
    try:
        count = accept_rows(request.case, table, meant, request.actor, request.desk.at)
    except Refusal as refusal:
        return _table_page(request, Workbook(request.case), table, _sentences(refusal))
    messages.success(request, t("workbook.accepted_rows", count=count))
    query = {"show": request.POST["show"]} if request.POST.get("show") in ("open", "bare", "changed") else {}
    address = reverse("assessor_table", kwargs={"case": request.case.pk, "table": table})
    return redirect(f"{address}?{urlencode(query)}" if query else address)


@needs(Permission.CASE_LEAD)
@require_POST
def start_review(request: Request) -> HttpResponseBase:
    """The leader begins the document review."""
    try:
        start_document_review(request.case, request.actor, request.desk.at)
    except Refusal as refusal:
        return _overview(request, _sentences(refusal))
    return redirect("assessor_workbook", case=request.case.pk)


@needs(Permission.CASE_LEAD)
@require_POST
def finish_review(request: Request) -> HttpResponseBase:
    """The leader ends the document review."""
    try:
        finish_document_review(request.case, request.actor, request.desk.at)
    except Refusal as refusal:
        return _overview(request, _sentences(refusal))
    messages.success(request, t("workbook.finished"))
    return redirect("assessor_workbook", case=request.case.pk)


@needs(Permission.CASE_LEAD)
@require_POST
def ask_supplement(request: Request) -> HttpResponseBase:
    """The leader asks the client for more material."""
    items = [Wanted(*each) for each in _typed_lines(request) if any(each)]
    try:
        ask_review_supplement(request.case, items, request.actor, request.desk.at)
    except Refusal as refusal:
        return _overview(request, _sentences(refusal))
    messages.success(request, t("workbook.asked"))
    return redirect("assessor_workbook", case=request.case.pk)


def _around(request: Request, book: Workbook) -> dict[str, object]:
    """What every page of the workbook has: the grade, the tree, the tables."""
    return {
        "case": request.case,
        "item": "",
        "table": "",
        "grade": book.grade(),
        "tree": book.tree(),
        "tables": book.tables(),
        "may_judge": may_judge(request.case, request.actor.account),
        "reasons": rules_of(request.case).procedure.reasons["reject_row"],
    }
