# SPDX-License-Identifier: Apache-2.0
"""Platforms of their own for the tests of commands: a data folder, and with it SQLite or a database of PostgreSQL."""

import json
import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import surroundings
from tests.journeys import server

ROOT = Path(__file__).resolve().parents[2]
DATABASES = ("postgresql",) if surroundings.DATABASE else ("sqlite",)
"""On which the platform is tried in this run (``python -m tests.postgresql``, or plain pytest)."""

SETTINGS = "gradus.conf.settings"
# Models can be imported once Django knows its settings.
FILLED = "import django, json; django.setup(); from tests.cli import {room}; print(json.dumps({room}.{what}()))"


@dataclass
class Platform:
    """``settings`` are its environment variables."""

    data: Path
    settings: dict[str, str] = field(default_factory=dict)

    def gradus(self, *words, **options):
        """A command, in English, on this platform's data."""
        env = server.surroundings(**self.settings)
        return server.gradus(*words, "--data", self.data, "--lang", "en", env=env, **options)

    def filled(self, what, room="filled"):
        """What a function of tests/cli/filled.py, or of a room beside it, does or finds here."""
        done = subprocess.run(**self.filling(what, room), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def filling(self, what, room="filled"):
        """How a process begins that does so."""
        env = server.surroundings(**self.settings, GRADUS_DATA=str(self.data), DJANGO_SETTINGS_MODULE=SETTINGS)
        return {"args": [sys.executable, "-c", FILLED.format(what=what, room=room)], "env": env, "cwd": ROOT}


def _administer(statement):
    with psycopg.connect(surroundings.DATABASE.replace("/gradus?", "/postgres?"), autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(scope="session")
def new_database():
    """``new_database("sqlite")``: the settings of an empty database; nothing of it is left when the tests end."""
    made = []

    def make(kind):
        if kind == "sqlite":
            return {}
        name = f"gradus_{secrets.token_hex(6)}"
        _administer(f"CREATE DATABASE {name}")
        made.append(name)
        address = urlsplit(surroundings.DATABASE)
        return {"GRADUS_DATABASE_URL": address._replace(path=f"/{name}").geturl()}

    yield make
    for name in made:
        _administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def new_platform(new_database, tmp_path_factory):
    """``new_platform("sqlite")``: a platform that is not there yet."""
    return lambda kind="sqlite": Platform(tmp_path_factory.mktemp("platform") / "data", new_database(kind))


@pytest.fixture(scope="session")
def filled_platform(new_platform):
    """``filled_platform("sqlite")``: the one that tests only read, with its ids in ``ids``."""
    made = {}

    def make(kind="sqlite"):
        if kind not in made:
            made[kind] = new_platform(kind)
            made[kind].ids = made[kind].filled("build")
        return made[kind]

    return make


@pytest.fixture(scope="session")
def backup(filled_platform, tmp_path_factory):
    """A backup of a filled platform on SQLite."""
    file = tmp_path_factory.mktemp("backup") / "gradus.backup"
    done = filled_platform().gradus("backup", file)
    assert (done.returncode, done.stderr) == (0, "")
    return file
