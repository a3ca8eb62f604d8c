# SPDX-License-Identifier: Apache-2.0
"""Stage 1 at the body: the application review with its three ways out, and the quotation."""

from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradus.applications.agreement import amounts, last_quotation, most_sites, quote
from gradus.applications.cases import rules_of
from gradus.applications.clock import completeness_due
from gradus.applications.models import ApplicationReview, Case, SupplementItem
from gradus.applications.review import (
    Answer,
    Found,
    accept_application,
    ask_supplement,
    findings,
    refuse_application,
)
from gradus.applications.supplements import Wanted
from gradus.formats.numbers import in_unit
from gradus.formats.result_words import outcome_name, path_sentence
from gradus.grading.faults import Fault, Refusal
from gradus.people.permissions import Permission
from gradus.process.states import State
from gradus.web.office.supplement_changes import answered_items
from gradus.web.ui.case_words import faults_words, quotation_lines, requested_words, wanted_words
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import LineField, Unsent, said, tell, unsent
from gradus.web.ui.templates import language, t

_BLANK_ITEMS = 3
_MOST_ITEMS = 40

Typed = dict[str, Any]


@needs(Permission.FILE_READ)
@require_safe
def application_review(request: Request) -> HttpResponseBase:
    """What was applied for, what is computed, and the reviews there have been; the form for who reviews."""
    return _review_page(request, {}, [], [])


@needs(Permission.APPLICATION_REVIEW)
@require_POST
def review_application(request: Request) -> HttpResponseBase:
    """Accept, ask for supplements or refuse, as the button says."""
    case, typed, actor, at = request.case, request.POST, request.actor, request.desk.at
    answers = {
        each.id: Answer(
            {"yes": True, "no": False}.get(typed.get(f"met_{each.id}", "")), typed.get(f"note_{each.id}", "")
        )
        for each in rules_of(case).procedure.questions
    }
    lines = _typed_items(request)
    try:
        match typed.get("verdict"):
            case "accept":
                accept_application(case, answers, actor, at)
            case "ask":
                ask_supplement(case, answers, [_wanted(each) for each in lines if each["ticked"]], actor, at)
            case "refuse":
                reason, text = typed.get("reason", ""), typed.get("text", "")
                refuse_application(case, answers, reason, text, actor, at)
            case _:
                faults = faults_words([Fault("application.verdict_needed")], rules_of(case).edition)
                return _review_page(request, typed.dict(), lines, faults)
    except Refusal as refusal:
        return _review_page(request, typed.dict(), lines, faults_words(refusal.faults, rules_of(case).edition))
    messages.success(request, t("stage_one.reviewed"))
    return redirect("application_review", case=case.pk)


def _typed_items(request: Request) -> list[Typed]:
    """The lines of the form in which items are asked for, as they were typed."""
    lines = []
    for number in range(1, _MOST_ITEMS + 1):
        names = ("reason", "wanted", "row", "text")
        values = {name: request.POST.get(f"item_{number}_{name}", "") for name in names}
        if any(values.values()):
            lines.append({**values, "ticked": f"item_{number}_ticked" in request.POST})
    return lines


def _wanted(line: Typed) -> Wanted:
    kind, _, name = line["wanted"].partition(":")
    typed = line["row"].strip()
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0  # no row has that number
    row = number if typed else None
    document, table = (name, "") if kind == "document" else ("", name)
    return Wanted(line["reason"], document, table, row, line["text"])


def _review_page(
    request: Request, typed: Typed, lines: list[Typed], faults: list[Any], lost: Unsent | None = None
) -> HttpResponseBase:
    case, at = request.case, request.desk.at
    rules, found = rules_of(case), findings(case, at)
    edition, result = rules.edition, found.result
    vetoed = bool(result.vetoed)
    open_now = case.state in {State.APPLIED, State.SUPPLEMENT}
    context = {
        "case": case,
        "requested": requested_words(case),
        "edition": edition,
        "procedure": rules.procedure,
        "refusals": rules.procedure.reasons_where("refuse_application", found.conditions),
        "capability": outcome_name(edition, result.capability, language()),
        "path": [path_sentence(edition, step, language(), vetoed=vetoed) for step in result.path],
        "prevents": faults_words(found.prevents, edition),
        "differences": faults_words(found.differences, edition),
        "reviews": _reviews(case),
        "items": answered_items(case, _items(case)),
        "may_review": open_now and request.desk.may(Permission.APPLICATION_REVIEW),
        "completeness": completeness_due(case),
        "day": localdate(request.desk.at),
        "in_supplement": case.state == State.SUPPLEMENT,
        "may_quote": case.state in {State.ACCEPTED, State.QUOTED} and request.desk.may(Permission.CASE_QUOTE),
        "unsent": lost or (_unsent(request, typed, lines, faults) if faults and not open_now else None),
        "typed": typed,
        "lines": _lines(case, found, lines),
        "faults": faults if open_now else [],
        "wanted": _choices(case),
    }
    return render(request, "office/application.html.j2", context, status=422 if faults or lost else 200)


def _unsent(request: Request, typed: Typed, lines: list[Typed], faults: list[Any]) -> Unsent:
    """What was written in a review that came too late: notes, items and the text of a refusal."""
    questions = rules_of(request.case).procedure.questions
    words = [(each.text[language()], typed.get(f"note_{each.id}", "")) for each in questions]
    words += [(t("stage_one.item", number=number), each["text"]) for number, each in enumerate(lines, 1)]
    words.append((t("stage_one.refuse_text"), typed.get("text", "")))
    return Unsent([each["text"] for each in faults], [(label, text) for label, text in words if text.strip()])


def _items(case: Case) -> Any:
    found = SupplementItem.objects.filter(case=case).select_related("answer__filing", "step")
    return found.order_by("step__number", "number")


def _reviews(case: Case) -> Any:
    return ApplicationReview.objects.filter(case=case).select_related("account").order_by("-at", "-id")


def _lines(case: Case, found: Found, typed: list[Typed]) -> list[Typed]:
    """What was typed, or a line for each document that is missing; then blank ones."""
    blank = {"ticked": False, "reason": "", "wanted": "", "row": "", "text": ""}
    lines = list(typed)
    if not typed:
        edition, missing = found.result.edition, dict[str, list[str]]()
        for line in found.result.documents:
            if case.requested in line.owed_by and not line.present:
                missing.setdefault(line.kind, []).append(line.subject)
        for kind, subjects in missing.items():
            named = t("report.comma").join(each for each in subjects if each)
            text = t("stage_one.please_bring", document=wanted_words(edition, kind, "", None), subjects=named)
            lines.append({**blank, "reason": "missing", "wanted": f"document:{kind}", "text": text})
    return [*lines[: _MOST_ITEMS - _BLANK_ITEMS], *(dict(blank) for _ in range(_BLANK_ITEMS))]


def _choices(case: Case) -> list[tuple[str, list[tuple[str, str]]]]:
    edition = rules_of(case).edition
    return [
        (t("stage_one.documents"), [(f"document:{each.id}", each.text[language()]) for each in edition.documents]),
        (t("stage_one.tables"), [(f"table:{each.id}", each.text[language()]) for each in edition.tables.values()]),
    ]


class QuotationForm(forms.Form):
    """How many sites beyond the first, and the certification plan."""

    extra_sites = forms.IntegerField(
        label=said("stage_one.extra_sites"),
        initial=0,
        widget=forms.NumberInput({"min": 0, "max": most_sites}),
        error_messages={"invalid": said("stage_one.a_number"), "required": said("stage_one.a_number")},
    )
    plan = LineField("stage_one.plan", widget=forms.Textarea({"rows": 6}), help_text=said("stage_one.plan_help"))


@needs(Permission.CASE_QUOTE)
@require_http_methods(["GET", "HEAD", "POST"])
def quotation(request: Request) -> HttpResponseBase:
    """What the certification costs by the edition's table of man-days; quoting, also anew until the client agrees."""
    case = request.case
    form = QuotationForm(request.POST if request.method == "POST" else None)
    if case.state not in {State.ACCEPTED, State.QUOTED}:
        if form.is_bound:
            return _review_page(request, {}, [], [], unsent(form))
        return redirect("application_review", case=case.pk)
    if form.is_bound and form.is_valid():
        try:
            given, seen = form.cleaned_data, request.POST.get("seen", "")
            number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 7 else 0
            quote(case, given["extra_sites"], given["plan"], request.actor, request.desk.at, seen=number)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, t("stage_one.quoted"))
            return redirect("application_review", case=case.pk)
    last = last_quotation(case)
    none, one = amounts(case, 0), amounts(case, 1)
    context = {
        "case": case,
        "requested": requested_words(case),
        "form": form,
        "last": last,
        "lines": quotation_lines(last) if last else [],
        "man_days": none.man_days,
        "each_site": one.man_days - none.man_days,
        "total": in_unit(Fraction(none.total), none.currency, language()),
    }
    return render(request, "office/quotation.html.j2", context, status=422 if form.errors else 200)
