# SPDX-License-Identifier: Apache-2.0
"""Journeys go through the real server with a real browser, the system's own Chromium.

The browser lives as long as the tests of this folder, not longer: Playwright keeps an event loop, under which Django
would refuse to touch its database in the tests that follow.
"""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from tests.journeys.server import gradus, running

# A slow machine is no defect: what does not come at all is found all the same.
expect.set_options(timeout=20_000)

_CHROMIUM = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def demonstration(made_once):
    """The data folder of a demonstration, to be copied."""

    def make(folder):
        done = gradus("demo", "--build-only", "--data", folder)
        assert done.returncode == 0, done.stderr

    return made_once("demonstration", make)


@pytest.fixture(scope="package")
def server(demonstration, tmp_path_factory):
    """The demonstration, served. Journeys share it: each makes what it changes."""
    with running(shutil.copytree(demonstration, tmp_path_factory.mktemp("server") / "data")) as served:
        yield served


@pytest.fixture(scope="package")
def browser():
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=shutil.which("chromium-headless-shell"), args=_CHROMIUM)
        yield found
        found.close()


@pytest.fixture
def visitor(browser, server):
    """``visitor("en", 380)``: a fresh page of a visitor, in a language and at a width.

    Every page must load without an error in the browser's console, a refused script or style among them.
    """
    contexts, errors = [], []

    def page(language="zh-hans", width=1440, height=900):
        context = browser.new_context(
            base_url=server.url, viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion="reduce"
        )
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": "gradus_language", "value": language, "url": server.url}])
        contexts.append(context)
        made = context.new_page()
        made.on("pageerror", lambda error: errors.append(str(error)))
        made.on("console", lambda said: errors.append(said.text) if _is_error(said) else None)
        return made

    yield page
    for each in contexts:
        each.close()
    assert errors == []


def _is_error(said):
    """What a browser says of an answer with a status of refusal, or of a server that a test has stopped, is no error of
    the page."""
    told = ("the server responded with a status of 4", "ERR_CONNECTION_REFUSED")
    return said.type == "error" and not any(each in said.text for each in told)


@pytest.fixture
def page(visitor):
    """A visitor's page, in Chinese, on a desk."""
    return visitor()


@pytest.fixture(scope="package")
def sessions():
    """The cookies of those who have signed in: a second factor's code is good for once."""
    return {}


@pytest.fixture
def sign_in(visitor, server, sessions):
    """``sign_in("manager@tiangong.example", "en", 380)``: somebody in the demonstration, signed in, on their first
    page."""

    def signed_in(email, language="zh-hans", width=1440):
        account = server.accounts[email]
        page = visitor(language, width)
        if email in sessions:
            page.context.add_cookies(sessions[email])
            page.goto("/")
            if page.locator(f"text={account['name']}").count():
                return page
        page.goto("/enter/sign-in/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", account["password"])
        page.press("input[name=password]", "Enter")
        if account["secret"]:
            page.wait_for_url("**/enter/code/**")
            page.fill("input[name=code]", server.code(email))
            page.press("input[name=code]", "Enter")
        page.wait_for_url(lambda url: "/enter/" not in url)
        sessions[email] = [each for each in page.context.cookies() if each["name"] == "sessionid"]
        return page

    return signed_in


@pytest.fixture
def axe():
    """``axe(page)``: nothing on the page keeps people out.

    A click returns once the next page has begun; only a page that has loaded can be looked at.
    """
    checker = Axe()

    def check(page):
        page.wait_for_load_state()
        found = checker.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        told = [f"{each['id']}: {each['help']}: {node['html'][:200]}" for each in found for node in each["nodes"]]
        assert told == [], "\n".join(told)

    return check
