# SPDX-License-Identifier: Apache-2.0
"""The certificate officer's desk for one case: what must be true, preview, issue, and every change afterwards."""

from datetime import datetime
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from gradus.certificates.assertions import assertions_of
from gradus.certificates.changes import Proposed, decide_change, open_proposal, propose_change, reason_ids
from gradus.certificates.convert import certificate_statement, holder_of
from gradus.certificates.issue import draft, issue_certificate
from gradus.certificates.models import Certificate, ChangeProposal
from gradus.certificates.publish import face
from gradus.certificates.queries import certificates_of, history_of, publication_of, standing_of
from gradus.certificates.stage import REASONS
from gradus.decisions.file import case_file
from gradus.formats.certificate_pdf import render_preview
from gradus.formats.wording import sentence
from gradus.grading.faults import Fault, Refusal
from gradus.people.permissions import Permission
from gradus.trust.instants import begins, whole
from gradus.trust.statement import Change, Name
from gradus.web.office.certificate_forms import (
    AddressesForm,
    ChangeForm,
    DecideForm,
    ReplaceForm,
    chosen,
    holder_initial,
)
from gradus.web.office.decision import proof_of
from gradus.web.office.decision_forms import carried_out
from gradus.web.office.file_words import Choices, reason_choices, reason_words
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import unsent
from gradus.web.ui.templates import language, t

_VERBS = {
    Change.SUSPENDED: ("valid",),
    Change.RESTORED: ("suspended",),
    Change.WITHDRAWN: ("valid", "suspended"),
    Change.CANCELLED: ("valid", "suspended"),
    Change.SUPERSEDED: ("valid",),
}
"""The changes that can be proposed, by the standing from which they lead."""


@needs(Permission.CERTIFICATE_LIST)
@require_safe
def certificate_desk(request: Request) -> HttpResponseBase:
    """What awaits the certificate of a case, or what it is worth."""
    return _desk_page(request, {})


@needs(Permission.CERTIFICATE_ISSUE)
@require_POST
def preview(request: Request) -> HttpResponseBase:
    """The page as it would be issued now, saying that it is none."""
    form, made = AddressesForm(request.POST, prefix="issue"), []

    def action(_: dict[str, Any]) -> None:
        made.append(draft(request.case, form.addresses(), request.actor, request.desk.at))

    if not carried_out(form, action):
        return _desk_page(request, {"issue": form})
    certificate, statement = made[0]
    shown = face(certificate, statement, statement.verification_url)
    return HttpResponse(render_preview(shown, whole(request.desk.at)), "application/pdf")


@needs(Permission.CERTIFICATE_ISSUE)
@require_POST
def issue(request: Request) -> HttpResponseBase:
    """Issue the certificate."""
    form = AddressesForm(request.POST, prefix="issue")

    def action(_: dict[str, Any]) -> None:
        issue_certificate(request.case, form.addresses(), request.actor, request.desk.at)

    return _done(request, "issue", form, action, "certificates.said_issued")


@needs(Permission.CERTIFICATE_PROPOSE)
@require_POST
def propose(request: Request, change: str) -> HttpResponseBase:
    """Propose a change of the newest certificate."""
    certificate, kind = _newest(request), _change(change)
    form = _proposal_form(certificate, kind, request.POST)

    def action(said: dict[str, Any]) -> None:
        more: dict[str, Any] = {}
        if isinstance(form, ReplaceForm):
            more = {"name": Name(said["name"], said["name_en"]), "addresses": form.addresses()}
        elif said["effective_on"]:
            more = {"effective_at": begins(said["effective_on"])}
        proposed = Proposed(kind, said["reason"], said["reasons"], **more)
        propose_change(certificate, proposed, request.actor, request.desk.at)

    return _done(request, kind.value, form, action, "certificates.said_proposed")


@needs(Permission.CERTIFICATE_DECIDE)
@require_POST
@reauthentication_required
def decide(request: Request) -> HttpResponseBase:
    """Decide on the open proposal, and sign. Who has not given the password of late is asked for it first."""
    proposal, form = open_proposal(_newest(request)), _decide_form(request.POST)
    seen = proposal is not None and request.POST.get("decide-seen") == str(proposal.pk)

    def action(said: dict[str, Any]) -> None:
        if proposal is None or not seen:  # decided meanwhile; what is proposed now was not shown
            raise Refusal([Fault("change.decided_already")])
        yes = said["accepted"] == "yes"
        decide_change(
            proposal, proof_of(request), request.actor, request.desk.at, accepted=yes, reasons=said["reasons"]
        )

    return _done(request, "decide" if seen else "decide_another", form, action, "certificates.said_decided")


def _desk_page(request: Request, bound: dict[str, forms.Form]) -> HttpResponseBase:
    """The desk, with a form that came back refused; one that has no place there any more comes back as it was typed."""
    case, at, shown = request.case, request.desk.at, set[str]()
    made = certificates_of(case)
    context: dict[str, Any] = {"case": case, "certificates": [_shown(each, at) for each in made]}
    if made:
        newest, proposal = made[0], open_proposal(made[0])
        standing = standing_of(newest.number, at).standing
        context["proposal"] = _proposal(proposal) if proposal else None
        context["decide"] = bound.get("decide") or _decide_form(seen=str(proposal.pk) if proposal else "")
        context["proposals"] = [
            (kind.value, bound.get(kind.value) or _proposal_form(newest, kind))
            for kind, froms in _VERBS.items()
            if standing in froms and not proposal
        ]
        shown = {"decide"} if proposal else {kind for kind, _ in context["proposals"]}
    else:
        asserted = assertions_of(case, case_file(case), at)
        context["assertions"] = [
            (each.code, [sentence(fault, language()) for fault in each.faults]) for each in asserted
        ]
        context["ready"] = all(each.holds for each in asserted)
        context["issue"] = bound.get("issue") or AddressesForm(prefix="issue")
        shown = {"issue"}
    context["unsent"] = next((unsent(form) for name, form in bound.items() if name not in shown), None)
    return render(request, "office/certificate.html.j2", context, status=422 if bound else 200)


def _shown(row: Certificate, at: datetime) -> dict[str, Any]:
    """A certificate in words."""
    return {
        "number": row.number,
        "statement": certificate_statement(row),
        "standing": standing_of(row.number, at),
        "history": history_of(row),
        "published": publication_of(row),
    }


def _proposal(row: ChangeProposal) -> dict[str, Any]:
    """An open proposal in words."""
    kind = Change(row.change)
    replaces = kind is Change.SUPERSEDED
    words = t(f"replacement.{row.reason}") if replaces else reason_words(row.case, REASONS[kind], row.reason)
    return {"row": row, "reason": words, "holder": holder_of(row.holder) if replaces else None}


def _proposal_form(certificate: Certificate, kind: Change, data: Any = None) -> forms.Form:
    if kind is Change.SUPERSEDED:
        initial = holder_initial(certificate_statement(certificate).holder)
        named = [(each, t(f"replacement.{each}")) for each in reason_ids(certificate, kind)]
        return chosen(ReplaceForm(data, prefix=kind.value, initial=initial), "reason", _with_none(named))
    return chosen(ChangeForm(data, prefix=kind.value), "reason", reason_choices(certificate.case, REASONS[kind]))


def _decide_form(data: Any = None, seen: str = "") -> forms.Form:
    answers = [(each, t(f"certificates.verdict.{each}")) for each in ("yes", "no")]
    return chosen(DecideForm(data, prefix="decide", initial={"seen": seen}), "accepted", answers)


def _with_none(choices: Choices) -> Choices:
    return [("", t("decisions.choose")), *choices]


def _newest(request: Request) -> Certificate:
    found = certificates_of(request.case)
    return get_object_or_404(Certificate, pk=found[0].pk if found else "")


def _change(text: str) -> Change:
    if text not in {each.value for each in _VERBS}:
        raise Http404
    return Change(text)


def _done(request: Request, name: str, form: forms.Form, action: Any, said: str) -> HttpResponseBase:
    if not carried_out(form, action):
        return _desk_page(request, {name: form})
    messages.success(request, t(said))
    return redirect("certificate_desk", case=request.case.pk)
