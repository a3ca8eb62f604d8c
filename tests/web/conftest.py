# SPDX-License-Identifier: Apache-2.0
"""What tests of pages share beside tests/platform_fixtures.py: somebody's browser."""

from functools import cache

from django.conf import settings
from django.test import Client
from django.test.client import ClientHandler


@cache
def _server():
    """One server for every browser: its middleware reads the list of static files when it is made."""
    return ClientHandler(enforce_csrf_checks=False)


def browser(account=None, language="zh-hans", session=""):
    """A browser, signed in as somebody, or with the session of somebody who signed in before, or as nobody."""
    client = Client(headers={"host": "localhost"})
    client.handler = _server()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if account is not None:
        client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def session_of(account):
    """What a browser needs to be somebody; signing in for every request takes longer than most requests."""
    return browser(account).cookies[settings.SESSION_COOKIE_NAME].value
