# SPDX-License-Identifier: Apache-2.0
"""Fixtures for tests of the platform: organisations, somebody's browser, a dossier filled from a golden case.

``world`` (tests/people/firms.py) is a certification body with one holder of each of its roles, and two client firms.
"""

import fcntl

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from gradus.dossiers.actions import create_dossier
from gradus.dossiers.models import Submission
from gradus.journal.actor import system
from tests import surroundings
from tests.dossiers.fill import fill
from tests.dossiers.submitting import submit_ready
from tests.grading.dossiers import FOLDER, edition
from tests.people.firms import make_world


@pytest.fixture(scope="session")
def made_once(tmp_path_factory, request):
    """``made_once("name", make)``: a folder that ``make(folder)`` makes, once for all processes of a run."""

    def folder(name, make):
        beside = hasattr(request.config, "workerinput")  # processes have folders beside one another
        place = tmp_path_factory.getbasetemp().parent if beside else tmp_path_factory.getbasetemp()
        made = place / f"once-{name}"
        with (place / f"once-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                make(place / f"{name}.unfinished")
                (place / f"{name}.unfinished").rename(made)
        return made

    return folder


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""The second factor of everybody in ``world`` who must have one."""


@pytest.fixture(autouse=True)
def quick_platform(settings):
    """Passwords are hashed quickly, styles and scripts served as they are, and nobody has tried to sign in yet."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    cache.clear()


LOCKED_BEFORE = ("applications_case",)
"""What an action that records twice has locked at its beginning."""


@pytest.fixture(autouse=True)
def journal_last(request):
    """An action changes nothing any more once it has locked the journal: two of them could wait for each other."""
    if not surroundings.touches_database(request.node):
        yield
        return
    late, state = [], {"recorded": False}

    def watch(execute, sql, params, many, context):
        if sql.startswith(("RELEASE SAVEPOINT", "ROLLBACK")):
            state["recorded"] = False
        elif sql.startswith('UPDATE "journal_head"'):
            state["recorded"] = True
        elif state["recorded"] and (sql.startswith(("UPDATE", "DELETE")) or "FOR NO KEY UPDATE" in sql):
            late.extend([] if any(each in sql for each in ("journal_head", *LOCKED_BEFORE)) else [sql])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert late == []


@pytest.fixture
def at():
    return now()


@pytest.fixture
def world(db, at):
    made = make_world(at)
    for who, seat in made.seats.items():
        if seat.value().role.second_factor and not Authenticator.objects.filter(user=made.people[who]).exists():
            TOTP.activate(made.people[who], SECRET)
    return made


@pytest.fixture
def body(world):
    return world.body


@pytest.fixture
def client_firm(world):
    return world.client


@pytest.fixture
def sign_in(world):
    """``sign_in("manager")``: a browser of somebody in the world; ``sign_in()``: a visitor's."""

    def browser(who: str = "", language: str = "zh-hans") -> Client:
        client = Client(headers={"host": "localhost"})
        client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
        if who:
            client.force_login(world.people[who], backend=django_settings.AUTHENTICATION_BACKENDS[0])
        return client

    return browser


@pytest.fixture
def golden_dossier(client_firm, at):
    """``golden_dossier("top")``: a dossier of the client firm, filled from a golden case of the edition."""

    def make(case: str = "top", title: str = "2026"):
        dossier = create_dossier(client_firm, title, edition().name, system, at)
        fill(dossier, FOLDER / "cases" / case, at)
        return dossier

    return make


@pytest.fixture
def submitted(golden_dossier, world):
    """``submitted("top")``: a submission of the client firm, frozen from a golden case on the day it declares."""

    def make(case: str = "first-application-small", title: str = "2026", requested: str = "level-4") -> Submission:
        return submit_ready(golden_dossier(case, title), world.actor("manager"), requested)

    return make
