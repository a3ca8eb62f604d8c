# SPDX-License-Identifier: Apache-2.0
"""What tests of pages share: the small world of tests/people as of now, and somebody's browser."""

from functools import cache

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core import cache as caches
from django.core.management import call_command
from django.test import Client
from django.test.client import ClientHandler
from django.utils.timezone import now

from tests.people.firms import make_world

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True, scope="session")
def static_files():
    """Pages name their styles and scripts by content, as in the real server."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def forget_attempts():
    caches.cache.clear()


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def at():
    return now()


@pytest.fixture
def world(db, at):
    """Everybody who must have a second factor has one."""
    made = make_world(at)
    for who, seat in made.seats.items():
        if seat.value().role.second_factor:
            with_second_factor(made.people[who])
    return made


def with_second_factor(account):
    if not Authenticator.objects.filter(user=account).exists():
        TOTP.activate(account, SECRET)


@cache
def _server():
    """One server for every browser: its middleware reads the list of static files when it is made."""
    return ClientHandler(enforce_csrf_checks=False)


def browser(account=None, language="zh-hans"):
    """A browser, signed in as somebody or as nobody."""
    client = Client(headers={"host": "localhost"})
    client.handler = _server()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if account is not None:
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
