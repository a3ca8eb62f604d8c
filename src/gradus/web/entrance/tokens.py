# SPDX-License-Identifier: Apache-2.0
"""Somebody's own access tokens: made, shown once, ended."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gradus.grading.faults import Refusal
from gradus.people.models import AccessToken
from gradus.people.tokens import end_token, fewest_days, longest_name, make_token, most_days, open_tokens
from gradus.web.entrance.views import acting_for_oneself
from gradus.web.ui.desk import Request, signed_in
from gradus.web.ui.forms import LineField, said, tell
from gradus.web.ui.templates import t


class TokenForm(forms.Form):
    """What a token is for, and how long it is good."""

    token_name = LineField("token.name_label", max_length=longest_name)
    days = forms.IntegerField(label=said("token.days_label"), min_value=fewest_days, max_value=most_days, initial=90)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def access_tokens(request: Request) -> HttpResponseBase:
    """One's tokens that are good, and making another."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return _make(request, form)
    return _page(request, form)


@reauthentication_required
def _make(request: Request, form: TokenForm) -> HttpResponseBase:
    """Who has not given the password of late is asked for it first. The secret is in this one answer."""
    account, typed = request.desk.account, form.cleaned_data
    assert account is not None
    try:
        made, secret = make_token(
            account, typed["token_name"], typed["days"], acting_for_oneself(request), request.desk.at
        )
    except Refusal as refusal:
        tell(form, refusal)
        return _page(request, form)
    return _page(request, TokenForm(), made=made, secret=secret)


@signed_in
@require_POST
def end_access_token(request: Request, token: str) -> HttpResponseBase:
    """Nobody reads with it any more."""
    found = get_object_or_404(AccessToken, pk=token, account=request.desk.account)
    end_token(found, acting_for_oneself(request), request.desk.at)
    messages.success(request, t("token.said_ended", name=found.name))
    return redirect("access_tokens")


def _page(request: Request, form: TokenForm, **more: object) -> HttpResponseBase:
    account = request.desk.account
    assert account is not None
    context = {"form": form, "secret": "", "tokens": open_tokens(account, request.desk.at), **more}
    return render(request, "entrance/tokens.html.j2", context, status=422 if form.errors else 200)
