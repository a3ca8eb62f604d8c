# SPDX-License-Identifier: Apache-2.0
"""A person's own account, and the door through which invited people come in."""

from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gradus.grading.faults import Refusal
from gradus.journal.actor import Actor
from gradus.people.actions import rename_account
from gradus.people.invitations import accept_as_new, accept_signed_in, open_invitation
from gradus.people.models import Account, Appointment, Invitation
from gradus.people.permissions import roles
from gradus.people.queries import actor_in
from gradus.web.entrance.forms import NameForm, SignUpForm
from gradus.web.ui.desk import Request, View, open_to_all, signed_in
from gradus.web.ui.forms import tell
from gradus.web.ui.templates import t
from gradus.web.ui.views import refused


def with_status(view: View) -> View:
    """One of allauth's form pages; a form that comes back with faults has status 422, as everywhere."""

    @wraps(view)
    def answered(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        response = view(request, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if request.method == "POST" and isinstance(form, forms.BaseForm) and form.errors:
            response.status_code = 422
        return response

    return answered


@signed_in
@require_http_methods(["GET", "POST"])
def my_account(request: Request) -> HttpResponseBase:
    """Name, language, second factor, and what one is appointed to."""
    account = request.desk.account
    assert account is not None
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": account.name})
    if form.is_bound and form.is_valid():
        try:
            rename_account(account, form.cleaned_data["name"], acting_for_oneself(request), request.desk.at)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, t("enter.said_saved"))
            return redirect("my_account")
    factors = set(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    held = Appointment.objects.select_related("organisation").filter(account=account).order_by("-starts_on", "id")
    context = {
        "form": form,
        "second_factor": Authenticator.Type.TOTP in factors,
        "recovery_codes": Authenticator.Type.RECOVERY_CODES in factors,
        "appointments": held,
        "roles": roles(),
        "today": localdate(request.desk.at),
    }
    return render(request, "entrance/account.html.j2", context, status=422 if form.errors else 200)


@signed_in
@require_safe
def to_my_account(request: Request) -> HttpResponseBase:
    """Where allauth sends people when they are done with their second factor."""
    return redirect("my_account")


def acting_for_oneself(request: Request) -> Actor:
    """A person acting for themselves, in their first appointment if they have one."""
    account, held = request.desk.account, request.desk.appointments
    assert account is not None
    return actor_in(account, held[0]) if held else Actor(str(account.pk), account.name, "")


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: Request, secret: str) -> HttpResponseBase:
    """Accept an invitation: with a new account, or signed in with the one that the e-mail address has."""
    at, account = request.desk.at, request.desk.account
    try:
        found = open_invitation(secret, at)
    except Refusal as refusal:
        return refused(request, refusal)
    if account is not None and account.email == found.email:
        if request.method == "POST":
            accept_signed_in(secret, account, at)
            return redirect("home")
        return _invitation_page(request, found, "accept")
    if account is not None:
        return _invitation_page(request, found, "other", 422 if request.method == "POST" else 200)
    if Account.objects.filter(email=found.email).exists():
        return _invitation_page(request, found, "sign_in", 422 if request.method == "POST" else 200)
    form = SignUpForm(found.email, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = accept_as_new(secret, form.cleaned_data["name"], form.cleaned_data["password1"], at)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            # The password has been given this very moment: nobody is asked for it again to set up a second factor.
            record_authentication(request, made, method="password", email=made.email, reauthenticated=True)
            return perform_login(request, made, email=made.email)
    return _invitation_page(request, found, "sign_up", 422 if form.errors else 200, form=form)


def _invitation_page(
    request: Request, found: Invitation, what: str, status: int = 200, **more: object
) -> HttpResponseBase:
    context = {"invitation": found, "role": roles()[found.role], "what": what, **more}
    return render(request, "entrance/invitation.html.j2", context, status=status)
