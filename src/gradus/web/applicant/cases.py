# SPDX-License-Identifier: Apache-2.0
"""A client's cases: applying, supplementing, agreeing, withdrawing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from gradus.applications.agreement import last_quotation, record_agreement
from gradus.applications.apply import apply, to_file, withdraw
from gradus.applications.cases import rules_of
from gradus.applications.clock import clock_of
from gradus.applications.facts import case_dossier
from gradus.applications.models import Agreement, Case, CaseStep, SupplementItem
from gradus.applications.supplements import answer_supplement, open_items
from gradus.applications.worklist import client_work
from gradus.certificates.queries import certificates_of, publication_of
from gradus.decisions.letters import scope_names
from gradus.decisions.notice import unannounced
from gradus.decisions.record import decision_of
from gradus.decisions.whose_turn import LATER
from gradus.dossiers.models import Submission
from gradus.formats.result_words import outcome_of
from gradus.formats.wording import sentence
from gradus.grading.faults import Fault, Refusal
from gradus.people.permissions import Permission
from gradus.process.states import ENDED, State
from gradus.visits.queries import planned_visit
from gradus.web.applicant.case_end import ending
from gradus.web.applicant.case_to_do import parts_there_are, review_answers, to_do
from gradus.web.ui.case_words import faults_words, item_words, quotation_lines, requested_words
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import Unsent
from gradus.web.ui.templates import language, t

IN_WORDS = "none"
"""What the form sends in place of a submission where the client only explains."""


@needs(Permission.CASE_READ)
@require_safe
def client_cases(request: Request) -> HttpResponseBase:
    """A client's cases, newest first."""
    cases = list(Case.objects.filter(client=request.client).order_by("-opened_at"))
    may_apply = request.desk.may(Permission.CASE_APPLY, request.client.pk)
    work = {each.case.pk: each for each in client_work(request.client.pk, request.desk.at, LATER)}
    context = {
        "client": request.client,
        "cases": [{"case": each, "requested": requested_words(each), "work": work.get(each.pk)} for each in cases],
        "may_apply": may_apply and all(each.state in ENDED for each in cases),
    }
    return render(request, "applicant/cases.html.j2", context)


@needs(Permission.CASE_APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def apply_page(request: Request) -> HttpResponseBase:
    """Choose the submission to apply with."""
    offered, told = to_file(request.client), list[str]()
    if request.method == "POST":
        try:
            case = apply(_chosen(request, offered), request.actor, request.desk.at)
        except Refusal as refusal:
            told = _told(refusal)
        else:
            messages.success(request, t("stage_one.applied", number=case.number))
            return redirect("client_case", client=request.client.pk, case=case.pk)
    context = {"client": request.client, "offered": offered, "told": told}
    return render(request, "applicant/apply.html.j2", context, status=422 if told else 200)


def _chosen(request: Request, offered: list[Submission]) -> Submission:
    wanted = request.POST.get("submission", "")
    found = next((each for each in offered if str(each.pk) == wanted), None)
    if found is None:
        raise Refusal([Fault("application.submission_needed")])
    return found


def _told(refusal: Refusal) -> list[str]:
    return [sentence(fault, language()) for fault in refusal.faults]


@needs(Permission.CASE_READ)
@require_safe
def client_case(request: Request) -> HttpResponseBase:
    """One case: where it stands, what the client is to do, and what there has been."""
    return _case_page(request)


def _too_late(request: Request, *names: str) -> HttpResponseBase:
    """The case's page for what belongs to a state that the case has left: what was sent is told there with the words
    typed under these beginnings of names."""
    if request.method != "POST":
        return redirect("client_case", client=request.client.pk, case=request.case.pk)
    words = [text.strip() for name, text in request.POST.items() if name.startswith(names)]
    return _case_page(request, Unsent([], [(t("stage_one.answer"), each) for each in words if each]))


def _case_page(request: Request, unsent: Unsent | None = None) -> HttpResponseBase:
    case, rules = request.case, rules_of(request.case)
    taken = list(CaseStep.objects.filter(case=case).order_by("-number"))
    refused = next((each for each in taken if each.after == State.NOT_ACCEPTED), None)
    reason = rules.procedure.reason("refuse_application", str(refused.said.get("reason"))) if refused else None
    items = SupplementItem.objects.filter(case=case).select_related("answer").order_by("step__number", "number")
    quoted = last_quotation(case)
    context = {
        "client": request.client,
        "case": case,
        "edition": rules.edition,
        "requested": requested_words(case),
        "granted": _granted(case) if case.state == State.GRANTED else None,
        "clock": None if unannounced(case) else clock_of(case),
        "steps": taken,
        "reason": reason,
        "refused": refused,
        "terminated": next((each for each in taken if each.after == State.TERMINATED), None),
        "items": [item_words(each, case) for each in items],
        "review_answers": review_answers(case),
        "quotation": quoted,
        "lines": quotation_lines(quoted) if quoted else [],
        "agreement": Agreement.objects.filter(case=case).first(),
        "differences": faults_words(case_dossier(case)[2], rules.edition),
        "may_act": request.desk.may(Permission.CASE_APPLY, request.client.pk),
        "to_do": to_do(case, request.desk.at),
        "unannounced": unannounced(case),
        "parts": parts_there_are(case),
        "visit": planned_visit(case),
        "ended": case.state in ENDED,
        "ending": ending(case, taken),
        "day": localdate(request.desk.at),
        "unsent": unsent,
    }
    return render(request, "applicant/case.html.j2", context, status=422 if unsent else 200)


def _granted(case: Case) -> dict[str, Any] | None:
    """What was granted, in words, and the certificates that say so and are public."""
    decision, edition = decision_of(case), rules_of(case).edition
    if decision is None:
        return None
    return {
        "outcome": outcome_of(edition, decision.outcome).text[language()],
        "scope": scope_names(edition, decision.scope, language()),
        "certificates": [each for each in certificates_of(case) if publication_of(each)],
    }


@needs(Permission.CASE_APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def supplement_page(request: Request) -> HttpResponseBase:
    """Answer the open items, all of them, with a new submission or with explanations alone."""
    case = request.case
    if case.state != State.SUPPLEMENT:
        return _too_late(request, "note_")
    offered, items, told = to_file(request.client), list(open_items(case)), list[str]()
    if request.method == "POST":
        notes = {
            each.pk: request.POST.get(f"note_{each.pk}", "") for each in items if f"done_{each.pk}" in request.POST
        }
        try:
            filed = None if request.POST.get("submission") == IN_WORDS else _chosen(request, offered)
            answer_supplement(case, filed, notes, request.actor, request.desk.at)
        except Refusal as refusal:
            told = _told(refusal)
        else:
            messages.success(request, t("stage_one.answered"))
            return redirect("client_case", client=request.client.pk, case=case.pk)
    context = {
        "client": request.client,
        "case": case,
        "offered": offered,
        "items": [item_words(each, case) for each in items],
        "typed": request.POST,
        "told": told,
    }
    return render(request, "applicant/supplement.html.j2", context, status=422 if told else 200)


@needs(Permission.CASE_APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_page(request: Request) -> HttpResponseBase:
    """Read quotation and duties, and agree to them."""
    case, quoted, told = request.case, last_quotation(request.case), list[str]()
    if case.state != State.QUOTED or quoted is None:
        return _too_late(request, "signatory", "position")
    duties, typed = rules_of(case).procedure.duties, request.POST
    if request.method == "POST":
        ticked = [each.id for each in duties if f"duty_{each.id}" in typed]
        signed = (typed.get("signatory", ""), typed.get("position", ""))
        try:
            record_agreement(case, _number(typed.get("quotation", "")), ticked, signed, request.actor, request.desk.at)
        except Refusal as refusal:
            told = _told(refusal)
        else:
            messages.success(request, t("stage_one.agreed"))
            return redirect("client_case", client=request.client.pk, case=case.pk)
    context: dict[str, Any] = {
        "client": request.client,
        "case": case,
        "requested": requested_words(case),
        "quotation": quoted,
        "lines": quotation_lines(quoted),
        "duties": duties,
        "typed": typed,
        "told": told,
    }
    return render(request, "applicant/agreement.html.j2", context, status=422 if told else 200)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


@needs(Permission.CASE_APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_page(request: Request) -> HttpResponseBase:
    """Take the application back, once asked whether that is meant."""
    case, told = request.case, list[str]()
    if request.method == "POST":
        try:
            withdraw(case, request.POST.get("reason", ""), request.actor, request.desk.at)
        except Refusal as refusal:
            told = _told(refusal)
        else:
            messages.success(request, t("stage_one.withdrawn"))
            return redirect("client_case", client=request.client.pk, case=case.pk)
    context = {"client": request.client, "case": case, "told": told, "reason": request.POST.get("reason", "")}
    return render(request, "applicant/withdraw.html.j2", context, status=422 if told else 200)
