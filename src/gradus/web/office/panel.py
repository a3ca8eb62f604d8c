# SPDX-License-Identifier: Apache-2.0
"""The expert panel: convened and counted by the office, heard one by one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from gradus.applications.cases import rules_of
from gradus.decisions.models import Seat
from gradus.decisions.panel import candidates, close_panel, convene, vote, withdraw_member
from gradus.decisions.record import members_of
from gradus.formats.wording import sentence
from gradus.people.models import Account
from gradus.people.permissions import Permission
from gradus.process.panel import may_vote
from gradus.process.parts import Part
from gradus.process.states import State
from gradus.web.office.decision_forms import MembersForm, ReasonsForm, VoteForm, anew_form, carried_out
from gradus.web.office.file_words import case_words, hides_votes, what_bars
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import unsent
from gradus.web.ui.templates import language, t


@needs(Permission.FILE_READ)
@require_safe
def panel(request: Request) -> HttpResponseBase:
    """The file, the members and their votes; with it what the reader can do."""
    return _page(request, {})


def _page(request: Request, bound: dict[str, forms.Form]) -> HttpResponseBase:
    desk, case = request.desk, request.case
    open_now = case.state == State.PANEL.value
    convenes = desk.may(Permission.PANEL_CONVENE)
    found = candidates(case, desk.at) if open_now and convenes else []
    members = members_of(case)
    mine = next((each for each in members if each.account == desk.account), None)
    rule = rules_of(case).procedure.panel
    votes_open = open_now and not may_vote(rule, len(members))
    votes = votes_open and mine is not None and not hasattr(mine, "vote")
    bars = what_bars(request, Part.PANEL_MEMBER) if votes else []
    votes = votes and not bars
    shown = {"withdraw", *(["vote"] if votes else ()), *(["convene", "close"] if open_now else ())}
    context = {
        **case_words(case, localdate(desk.at)),
        "convene": bound.get("convene") or _members_form(found),
        "hindered": [(each, [sentence(one, language()) for one in faults]) for each, faults in found if faults],
        "vote": (bound.get("vote") or VoteForm(prefix="vote")) if votes else None,
        "unsent": next((unsent(form) for name, form in bound.items() if name not in shown), None),
        "bars": bars,
        "hides_votes": hides_votes(request),
        "close": bound.get("close") or ReasonsForm(prefix="close"),
        "withdraw": bound.get("withdraw") or ReasonsForm(prefix="withdraw"),
        "leaving": request.resolver_match.kwargs.get("seat"),
        "anew": anew_form(request),
        "convenes": convenes,
        "open_now": open_now,
        "votes_open": votes_open,
        "least": int(rule.least.value),
        "members": len(members),
        "votes_out": sum(not hasattr(each, "vote") for each in members),
    }
    return render(request, "office/panel.html.j2", context, status=422 if bound else 200)


def _members_form(found: list[Any], data: object = None) -> MembersForm:
    form = MembersForm(data, prefix="convene")
    form.fields["members"].choices = [(str(each.pk), each.name) for each, faults in found if not faults]
    return form


@needs(Permission.PANEL_CONVENE)
@require_POST
def convene_panel(request: Request) -> HttpResponseBase:
    """Convene the experts chosen."""
    form = _members_form(candidates(request.case, request.desk.at), request.POST)

    def action(said: dict[str, Any]) -> None:
        chosen = list(Account.objects.filter(pk__in=said["members"]))
        convene(request.case, chosen, request.actor, request.desk.at)

    if not carried_out(form, action):
        return _page(request, {"convene": form})
    messages.success(request, t("decisions.said_convened"))
    return redirect("panel", case=request.case.pk)


@needs(Permission.PANEL_CONVENE)
@require_POST
def withdraw_panel_member(request: Request, seat: int) -> HttpResponseBase:
    """Withdraw a member of the panel."""
    found = get_object_or_404(Seat.objects.select_related("account", "case"), pk=seat, case=request.case)
    form = ReasonsForm(request.POST, prefix="withdraw")

    def action(said: dict[str, Any]) -> None:
        withdraw_member(found, said["reasons"], request.actor, request.desk.at)

    if not carried_out(form, action):
        return _page(request, {"withdraw": form})
    messages.success(request, t("decisions.said_withdrawn", name=found.account.name))
    return redirect("panel", case=request.case.pk)


@needs(Permission.PANEL_VOTE)
@require_POST
def cast_vote(request: Request) -> HttpResponseBase:
    """Give one's vote."""
    form = VoteForm(request.POST, prefix="vote")

    def action(said: dict[str, Any]) -> None:
        vote(request.case, said["voice"], said["reasons"], request.actor, request.desk.at)

    if not carried_out(form, action):
        return _page(request, {"vote": form})
    messages.success(request, t("decisions.said_voted"))
    return redirect("panel", case=request.case.pk)


@needs(Permission.PANEL_CONVENE)
@require_POST
def close_panel_page(request: Request) -> HttpResponseBase:
    """Count, and open the notice."""
    form = ReasonsForm(request.POST, prefix="close")

    def action(said: dict[str, Any]) -> None:
        close_panel(request.case, said["reasons"], request.actor, request.desk.at)

    if not carried_out(form, action):
        return _page(request, {"close": form})
    messages.success(request, t("decisions.said_counted"))
    return redirect("decision_desk", case=request.case.pk)
