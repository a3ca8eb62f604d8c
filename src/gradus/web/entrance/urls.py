# SPDX-License-Identifier: Apache-2.0
"""Signing in and out, passwords and the second factor. Of allauth's addresses only those that are used are here."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path

from gradus.web.entrance import views
from gradus.web.ui.desk import open_to_all, signed_in

urlpatterns = [
    path("sign-in/", open_to_all(account.login), name="account_login"),
    path("sign-out/", open_to_all(account.logout), name="account_logout"),
    path("code/", open_to_all(mfa.authenticate), name="mfa_authenticate"),
    path("again/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("again/code/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("password/change/", signed_in(account.password_change), name="account_change_password"),
    path("password/set/", signed_in(account.password_set), name="account_set_password"),
    path("password/reset/", open_to_all(account.password_reset), name="account_reset_password"),
    path("password/reset/sent/", open_to_all(account.password_reset_done), name="account_reset_password_done"),
    path(
        "password/reset/<uidb36>-<key>/",
        open_to_all(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        open_to_all(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("closed/", open_to_all(account.account_inactive), name="account_inactive"),
    path("second-factor/set-up/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/remove/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-factor/codes/", signed_in(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", signed_in(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/", views.my_account, name="my_account"),
]
