# SPDX-License-Identifier: Apache-2.0
"""Submitting a dossier: the check, the declaration, what was submitted, and what differs between two submissions."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gradus.applications.apply import is_spent, to_file
from gradus.applications.models import Case
from gradus.dossiers.frozen import freeze
from gradus.dossiers.grading import Graded, edition_of, grade_dossier
from gradus.dossiers.models import Dossier, Submission
from gradus.dossiers.readiness import Finding, readiness
from gradus.dossiers.submission_differences import State, compare, state_now, state_of
from gradus.dossiers.submit import Signature, changed_since, declarations, longest_name, submissions_of, submit_dossier
from gradus.grading.faults import Fault, Refusal
from gradus.people.permissions import Permission
from gradus.process.states import ENDED
from gradus.web.applicant.submission_files import kinds, submission_file
from gradus.web.applicant.submission_words import comparison_words, findings_words, frozen_words, submission_words
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.forms import LineField, said, tell
from gradus.web.ui.templates import language, t

NOW = "now"


class DeclarationForm(forms.Form):
    """The signature. ``seen`` is the digest of what the signer looked at, ``text`` the language of the declaration."""

    text = forms.ChoiceField(choices=[("zh", "zh"), ("en", "en")], widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    read = forms.BooleanField(
        label=said("submission.read"), required=False, error_messages={"required": said("submission.not_read")}
    )
    declared_by = LineField("submission.declared_by", autocomplete="name", max_length=longest_name)
    declared_as = LineField("submission.declared_as", autocomplete="organization-title", max_length=longest_name)


@needs(Permission.DOSSIER_READ)
@require_safe
def submit_page(request: Request) -> HttpResponseBase:
    """The check: what prevents submitting, and what the certification body would send back."""
    dossier, at = request.dossier, request.desk.at
    graded = grade_dossier(dossier, at)
    findings = readiness(dossier, at, graded)
    context = {
        **_about(request),
        "prevents": findings_words([each for each in findings if each.prevents], dossier, graded.edition),
        "returned": findings_words([each for each in findings if not each.prevents], dossier, graded.edition),
        "last": submissions_of(dossier).first(),
        "nothing_new": _nothing_new(dossier),
        "may_submit": request.desk.may(Permission.DOSSIER_SUBMIT, request.client.pk),
    }
    return render(request, "applicant/submission_check.html.j2", context)


def _nothing_new(dossier: Dossier) -> bool:
    last = submissions_of(dossier).first()
    return last is not None and not is_spent(last) and not changed_since(dossier)


def _about(request: Request) -> dict[str, object]:
    return {"client": request.client, "dossier": request.dossier}


@needs(Permission.DOSSIER_SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def declare_page(request: Request) -> HttpResponseBase:
    """The declaration, to be signed by a named person who gives the password again."""
    dossier = request.dossier
    graded = grade_dossier(dossier, request.desk.at)
    findings = readiness(dossier, request.desk.at, graded)
    if any(each.prevents for each in findings) or _nothing_new(dossier):
        return redirect("submit", client=request.client.pk, dossier=dossier.pk)
    given = {"declared_by": request.desk.account.name if request.desk.account else ""}
    form = DeclarationForm(request.POST if request.method == "POST" else None, initial=given)
    form.fields["read"].required = bool(findings)
    if form.is_bound and form.is_valid():
        if form.cleaned_data["seen"] == freeze(dossier).digest:
            return _sign(request, form)
        tell(form, Refusal([Fault("submission.changed_since_shown")]))
    return _declaration(request, form, findings, graded)


def _declaration(request: Request, form: DeclarationForm, findings: list[Finding], graded: Graded) -> HttpResponseBase:
    dossier, frozen = request.dossier, freeze(request.dossier)
    context = {
        **_about(request),
        "form": form,
        "seen": frozen.digest,
        "what": frozen_words(frozen, graded),
        "paragraphs": declarations(dossier)[language()].split("\n\n"),
        "returned": findings_words(findings, dossier, edition_of(dossier)),
        "count": len(findings),
    }
    return render(request, "applicant/submission_declare.html.j2", context, status=422 if form.errors else 200)


@reauthentication_required
def _sign(request: Request, form: DeclarationForm) -> HttpResponseBase:
    """Submit. Who has not given the password of late is asked for it first, and then comes back here."""
    dossier, typed = request.dossier, form.cleaned_data
    text = declarations(dossier)[typed["text"]]
    signature = Signature(text, typed["declared_by"], typed["declared_as"], typed["seen"])
    last = submissions_of(dossier).first()
    spent = last is not None and is_spent(last)
    try:
        submission = submit_dossier(dossier, signature, request.actor, request.desk.at, spent=spent)
    except Refusal as refusal:
        tell(form, refusal)
        graded = grade_dossier(dossier, request.desk.at)
        return _declaration(request, form, readiness(dossier, request.desk.at, graded), graded)
    messages.success(request, t("submission.done", number=submission.number))
    return redirect("submission", client=request.client.pk, dossier=dossier.pk, number=submission.number)


@needs(Permission.DOSSIER_READ)
@require_safe
def submissions_page(request: Request) -> HttpResponseBase:
    """A dossier's submissions, newest first."""
    dossier = request.dossier
    context = {**_about(request), "submissions": submissions_of(dossier), "changed_since": changed_since(dossier)}
    return render(request, "applicant/submissions.html.j2", context)


def _submission(dossier: Dossier, number: int) -> Submission:
    found = Submission.objects.select_related("dossier__client")
    return get_object_or_404(found, dossier=dossier, number=number)


@needs(Permission.DOSSIER_READ)
@require_safe
def submission_page(request: Request, number: int) -> HttpResponseBase:
    """One submission, as it was signed."""
    submission = _submission(request.dossier, number)
    edition = edition_of(request.dossier)
    context = {
        **_about(request),
        "submission": submission,
        "edition": edition,
        "shown": submission_words(submission, edition),
        "kinds": kinds,
        "changed_since": changed_since(request.dossier) == number,
        "next": _next_step(request, submission),
    }
    return render(request, "applicant/submission.html.j2", context)


def _next_step(request: Request, submission: Submission) -> str:
    """What comes after a submission that no case has: to apply with it, who can, or the case that is open already."""
    client = request.client.pk
    if not request.desk.may(Permission.CASE_READ, client) or submission.pk not in {each.pk for each in to_file(client)}:
        return ""
    if Case.objects.filter(client=client).exclude(state__in=[each.value for each in ENDED]).exists():
        return "case"
    return "apply" if request.desk.may(Permission.CASE_APPLY, client) else "manager"


@needs(Permission.DOSSIER_READ)
@require_safe
def submission_download(request: Request, number: int, kind: str) -> HttpResponseBase:
    """The sealed submission, its result, or its report."""
    return submission_file(_submission(request.dossier, number), kind)


@needs(Permission.DOSSIER_READ)
@require_safe
def submission_difference(request: Request) -> HttpResponseBase:
    """What differs between two submissions, or between one and the dossier now."""
    dossier = request.dossier
    every = list(submissions_of(dossier))
    if not every:
        raise Http404
    before, after = request.GET.get("from", str(every[0].number)), request.GET.get("to", NOW)
    states = [_state(request, each) for each in (before, after)]
    edition = edition_of(dossier)
    context = {
        **_about(request),
        "numbers": [str(each.number) for each in every],
        "before": before,
        "after": after,
        "found": comparison_words(edition, compare(edition, *states), *states),
    }
    return render(request, "applicant/submission_difference.html.j2", context)


def _state(request: Request, which: str) -> State:
    if which == NOW:
        return state_now(request.dossier, request.desk.at)
    if not (which.isascii() and which.isdigit() and len(which) < 10):
        raise Http404
    return state_of(_submission(request.dossier, int(which)))
