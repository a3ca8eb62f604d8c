# SPDX-License-Identifier: Apache-2.0
"""Signing in and out, passwords and the second factor. Of allauth's addresses only those that are used are here."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from gradus.web.entrance import notifications, tokens, views
from gradus.web.entrance.views import with_status
from gradus.web.ui.desk import View, open_to_all, signed_in


def _open(view: View) -> View:
    return open_to_all(with_status(view))


def _own(view: View) -> View:
    return signed_in(with_status(view))


urlpatterns = [
    path("sign-in/", _open(account.login), name="account_login"),
    path("sign-out/", _open(account.logout), name="account_logout"),
    path("code/", _open(mfa.authenticate), name="mfa_authenticate"),
    path("again/", _own(account.reauthenticate), name="account_reauthenticate"),
    path("again/code/", _own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("password/change/", _own(account.password_change), name="account_change_password"),
    path("password/reset/", _open(account.password_reset), name="account_reset_password"),
    path("password/reset/sent/", _open(account.password_reset_done), name="account_reset_password_done"),
    # Not a path(): the key has hyphens itself, and the account's part ends at the first.
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        _open(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        _open(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("closed/", _open(account.account_inactive), name="account_inactive"),
    path("second-factor/", views.to_my_account, name="mfa_index"),
    path("second-factor/set-up/", _own(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/remove/", _own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-factor/codes/", _own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", _own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("invitation/<str:secret>/", views.invitation, name="invitation"),
    path("account/", views.my_account, name="my_account"),
    path("tokens/", tokens.access_tokens, name="access_tokens"),
    path("tokens/<uuid:token>/end/", tokens.end_access_token, name="end_access_token"),
    path("notifications/", notifications.notifications, name="notifications"),
]
