# SPDX-License-Identifier: Apache-2.0
"""What allauth asks us: nobody signs up without an invitation, its words are ours, and secrets are kept encrypted."""

import base64
import hashlib
import secrets
from pathlib import PurePosixPath
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime, now

from gradus.formats.wording import known
from gradus.people.letters import send_letter
from gradus.register.limits import address_of
from gradus.web.ui.forms import said
from gradus.web.ui.templates import t


def _in_our_words(theirs: dict[str, Any]) -> dict[str, Any]:
    """Allauth's refusals, ours where we have a sentence ``enter.<code>``."""
    return {code: said(f"enter.{code}") if known(f"enter.{code}") else words for code, words in theirs.items()}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = _in_our_words(DefaultAccountAdapter.error_messages)

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (the name is allauth's)
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Behind a proxy guesses are counted by whom the proxy saw; else one stranger would lock out everybody."""
        return address_of(request.META)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("my_account")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        return [{**each, "description": t(f"enter.by_{each['id']}")} for each in methods]

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *_: Any,
        **__: Any,
    ) -> None:
        """What allauth would say, where we have a sentence for it; that somebody signed in goes without saying."""
        code = f"enter.said_{PurePosixPath(message_template or '').stem}"
        if known(code):
            messages.add_message(request, level, t(code))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One of our letters in place of allauth's template of the same name."""
        blanks = {"email": email, "at": localtime(now()).strftime("%Y-%m-%d %H:%M")}
        blanks["address"] = str(context.get("password_reset_url", ""))
        send_letter(PurePosixPath(template_prefix).name, email, **blanks)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = _in_our_words(DefaultMFAAdapter.error_messages)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:  # noqa: ARG002 (it is the reader's own)
        return not current.request.desk.needs_second_factor

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Text that another key encrypted stands for a secret that nobody knows: no code fits, and the holder asks for
        a reset. An empty one would fit codes that anybody can compute."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def _cipher() -> Fernet:
    key = hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
