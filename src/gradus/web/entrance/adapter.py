# SPDX-License-Identifier: Apache-2.0
"""What allauth asks us: nobody signs up without an invitation, and where people go after they have signed in."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (the name is allauth's)
        return False


class MFAAdapter(DefaultMFAAdapter):
    pass
