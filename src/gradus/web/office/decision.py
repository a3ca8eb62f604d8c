# SPDX-License-Identifier: Apache-2.0
"""The decision desk: the file, what the public and the client said, the decision, and its two signatures."""

from datetime import UTC, datetime
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from gradus.applications.models import Case
from gradus.applications.timeline import steps_of
from gradus.decisions.anew import return_to_review
from gradus.decisions.decide import (
    Verdict,
    ask_consent,
    bounds_of,
    conditions_of,
    consented,
    decide,
    return_from_decision,
)
from gradus.decisions.models import Voided
from gradus.decisions.sign import Proof, decline_to_sign, sign_second
from gradus.journal.kinds import Kind
from gradus.journal.queries import entries_of
from gradus.people.permissions import Permission
from gradus.process.parts import Part
from gradus.process.states import State, Step
from gradus.web.office.decision_forms import (
    OutcomeForm,
    ReasonForm,
    ReasonsForm,
    SignForm,
    anew_form,
    answer_form,
    carried_out,
    objection_form,
)
from gradus.web.office.file_words import (
    case_words,
    hides_votes,
    outcome_choices,
    reason_choices,
    scope_choices,
    what_bars,
)
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import unsent
from gradus.web.ui.journal_words import entries_words
from gradus.web.ui.templates import t

_DECIDED = ("grant", "refuse", "return", "consent")
_MOST_CHANGES = 20
_SIGNED = ("sign", "decline")
_IN_NOTICE = ("objection", "answer")
"""The forms of the desk, by the state in which it shows them."""


@needs(Permission.FILE_READ)
@require_safe
def decision_desk(request: Request) -> HttpResponseBase:
    """The file from the notice to the end."""
    return desk_page(request, {})


def desk_page(request: Request, bound: dict[str, forms.Form]) -> HttpResponseBase:
    """The desk, with forms that came back refused."""
    words, case, desk = case_words(request.case, localdate(request.desk.at)), request.case, request.desk
    bounds = bounds_of(case, words["file"])
    decides = case.state == State.DECISION.value and desk.may(Permission.CASE_DECIDE)
    signs = case.state == State.SIGNATURE.value and desk.may(Permission.CASE_SIGN)
    bars = what_bars(request, Part.DECISION_MAKER if decides else Part.SECOND_SIGNATORY) if decides or signs else []
    decides, signs = decides and not bars, signs and not bars
    notice_runs = case.state == State.NOTICE.value
    last = steps_of(case)[-1]
    anew = anew_form(request, bound.get("anew"))
    shown = {*(_DECIDED if decides else ()), *(_SIGNED if signs else ()), *(_IN_NOTICE if notice_runs else ())}
    shown |= {"anew"} if anew else set()
    context = {
        **words,
        "grant": bound.get("grant") or _outcome_form("grant", words, _grantable(request, bounds)),
        "refuse": bound.get("refuse") or _reason_form(request, "refuse", words),
        "give_back": bound.get("return") or _reason_form(request, "return", words),
        "consent": bound.get("consent") or _outcome_form("consent", words, (1, bounds.rank)),
        "sign": bound.get("sign") or SignForm(prefix="sign", initial={"seen": words["file"].digest}),
        "decline": bound.get("decline") or ReasonsForm(prefix="decline"),
        "declined": last if last.step == Step.VOID_DECISION and last.said.get("reasons") else None,
        "objection": bound.get("objection") or objection_form(localdate(desk.at)),
        "answer": bound.get("answer") or answer_form(),
        "answering": request.resolver_match.kwargs.get("objection"),
        "anew": anew,
        "bounds": bounds,
        "bars": bars,
        "hides_votes": hides_votes(request),
        "decides": decides,
        "signs": signs,
        "in_notice": notice_runs,
        "changes": _changes(case, words) if signs else [],
        "unsent": next((unsent(form) for name, form in bound.items() if name not in shown), None),
        "notice_over": words["notice"] is None or localdate(desk.at) > words["notice"].last_day,
    }
    return render(request, "office/decision.html.j2", context, status=422 if bound else 200)


_CHANGING = ("register.", "tie.", "finding.", "panel.", "certificate.")
"""The kinds of entries, by how they begin, by which the file of a decided case can change."""


def _changes(case: Case, words: dict[str, Any]) -> list[dict[str, Any]]:
    """What was recorded of the client since the decision that changed the file; nothing where it stands as it was."""
    decision = words["decision"]
    if decision is None or decision.file_digest == words["file"].digest:
        return []
    kinds = [each.value for each in Kind if each.startswith(_CHANGING)]
    since = entries_of(case.client_id).filter(at__gte=decision.at, kind__in=kinds)
    return entries_words(list(since[:_MOST_CHANGES]), contents=False)


def _grantable(request: Request, bounds: Any) -> tuple[int, int]:
    """The ranks that may be granted now: those applied for, and the one that the client agreed to."""
    agreed = consented(request.case)
    return (agreed[0] if agreed else bounds.asked, bounds.rank)


def _outcome_form(name: str, words: dict[str, Any], ranks: tuple[int, int], data: object = None) -> OutcomeForm:
    form = OutcomeForm(data, prefix=name, initial={"seen": words["file"].digest})
    least, most = ranks
    outcomes = [each for each in words["edition"].outcomes if least <= each.rank <= most]
    every = dict(outcome_choices(words["edition"], most)) if most else {}
    review = words["review"]
    scope = set(words["file"].verified.scope) & set(review.scope if review else [])
    form.choose([(each.id, every[each.id]) for each in reversed(outcomes)], scope_choices(words["edition"], scope))
    return form


def _reason_form(request: Request, name: str, words: dict[str, Any], data: object = None) -> ReasonForm:
    form = ReasonForm(data, prefix=name, initial={"seen": words["file"].digest})
    true = conditions_of(request.case, words["file"], localdate(request.desk.at))
    form.choose(reason_choices(request.case, name, true))
    return form


def proof_of(request: Request) -> Proof:
    """How and when the person last proved to be who they are. Who is asked for it on the way proves it within this very
    request, a moment after its instant."""
    last = max(get_authentication_records(request, request.user), key=lambda each: each["at"], default=None)
    if last is None:
        return Proof("", None)
    return Proof(last["method"], min(datetime.fromtimestamp(last["at"], UTC), request.desk.at))


@needs(Permission.CASE_DECIDE)
@require_POST
@reauthentication_required
def grant_case(request: Request) -> HttpResponseBase:
    """Decide to grant. Who has not given the password of late is asked for it first, and then comes back here."""
    words = case_words(request.case, localdate(request.desk.at))
    bounds = bounds_of(request.case, words["file"])
    form = _outcome_form("grant", words, _grantable(request, bounds), request.POST)

    def action(said: dict[str, Any]) -> None:
        verdict = Verdict(said["reasons"], said["outcome"], tuple(said["scope"]))
        decide(request.case, verdict, proof_of(request), said["seen"], request.actor, request.desk.at)

    return _done(request, "grant", form, action, "decisions.said_decided")


@needs(Permission.CASE_DECIDE)
@require_POST
@reauthentication_required
def refuse_case(request: Request) -> HttpResponseBase:
    """Decide to refuse."""
    form = _reason_form(request, "refuse", case_words(request.case, localdate(request.desk.at)), request.POST)

    def action(said: dict[str, Any]) -> None:
        verdict = Verdict(said["reasons"], refused_for=said["reason"])
        decide(request.case, verdict, proof_of(request), said["seen"], request.actor, request.desk.at)

    return _done(request, "refuse", form, action, "decisions.said_decided")


@needs(Permission.CASE_DECIDE)
@require_POST
def return_decision(request: Request) -> HttpResponseBase:
    """Send the case back to its evaluation."""
    form = _reason_form(request, "return", case_words(request.case, localdate(request.desk.at)), request.POST)

    def action(said: dict[str, Any]) -> None:
        return_from_decision(
            request.case, said["reason"], said["reasons"], said["seen"], request.actor, request.desk.at
        )

    return _done(request, "return", form, action, "decisions.said_returned")


@needs(Permission.CASE_DECIDE)
@require_POST
def ask_for_consent(request: Request) -> HttpResponseBase:
    """Ask the client whether it wants less than it applied for."""
    words = case_words(request.case, localdate(request.desk.at))
    bounds = bounds_of(request.case, words["file"])
    form = _outcome_form("consent", words, (1, bounds.rank), request.POST)

    def action(said: dict[str, Any]) -> None:
        verdict = Verdict(said["reasons"], said["outcome"], tuple(said["scope"]))
        ask_consent(request.case, verdict, said["seen"], request.actor, request.desk.at)

    return _done(request, "consent", form, action, "decisions.said_asked")


@needs(Permission.FILE_READ)
@require_POST
def review_anew(request: Request) -> HttpResponseBase:
    """Have the review made anew by another reviewer; for who decides, and for the office."""
    office = request.desk.may(Permission.PANEL_CONVENE)
    part = Part.PANEL_OFFICER if office else Part.DECISION_MAKER
    request.actor = request.desk.actor_for(Permission.PANEL_CONVENE if office else Permission.CASE_DECIDE)
    form = ReasonsForm(request.POST, prefix="anew")

    def action(said: dict[str, Any]) -> None:
        return_to_review(request.case, said["reasons"], part, request.actor, request.desk.at)

    return _done(request, "anew", form, action, "decisions.said_anew")


@needs(Permission.CASE_SIGN)
@require_POST
@reauthentication_required
def sign_case(request: Request) -> HttpResponseBase:
    """Sign as the second person; or be told that the decision is void, because the file has changed."""
    form, signed = SignForm(request.POST, prefix="sign"), []

    def action(said: dict[str, Any]) -> None:
        at = request.desk.at
        signed.append(sign_second(request.case, proof_of(request), said["seen"], request.actor, at))

    if not carried_out(form, action):
        return desk_page(request, {"sign": form})
    if isinstance(signed[0], Voided):
        messages.warning(request, t("decisions.said_void"))
    else:
        messages.success(request, t("decisions.said_signed"))
    return redirect("decision_desk", case=request.case.pk)


@needs(Permission.CASE_SIGN)
@require_POST
def decline_signature(request: Request) -> HttpResponseBase:
    """Not sign as the second person, and say why."""
    form = ReasonsForm(request.POST, prefix="decline")

    def action(said: dict[str, Any]) -> None:
        decline_to_sign(request.case, said["reasons"], request.actor, request.desk.at)

    return _done(request, "decline", form, action, "decisions.said_declined")


def _done(request: Request, name: str, form: forms.Form, action: Any, said: str) -> HttpResponseBase:
    if not carried_out(form, action):
        return desk_page(request, {name: form})
    messages.success(request, t(said))
    return redirect("decision_desk", case=request.case.pk)
