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


def browser(account=None, language="zh-hans"):
    """A browser, signed in as somebody or as nobody."""
    client = Client(headers={"host": "localhost"})
    client.handler = _server()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if account is not None:
        client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client
