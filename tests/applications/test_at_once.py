# SPDX-License-Identifier: Apache-2.0
"""Two people acting on one case at once, and the power gone in the middle of a step; on a database on the disk, and on
the tests' PostgreSQL when there is one (tests/applications/at_once.py)."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.surroundings import DATABASE

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "tests.applications.at_once"]


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory):
    """A platform with one case, in a data folder and a database of its own."""
    data = tmp_path_factory.mktemp("at-once") / "data"
    data.mkdir()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GRADUS_", "DJANGO_"))}
    env |= {"GRADUS_DATA": str(data), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    name = f"gradus_at_once_{os.getpid()}"
    if DATABASE:
        with psycopg.connect(DATABASE, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
        env["GRADUS_DATABASE_URL"] = urlunsplit(urlsplit(DATABASE)._replace(path=f"/{name}"))
    run("make", env)
    yield env
    if DATABASE:
        with psycopg.connect(DATABASE, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(mode, env):
    done = subprocess.run([*COMMAND, mode], cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


def test_nobody_comes_to_two_forbidden_parts_by_taking_both_at_once(surroundings):
    run("parts", surroundings)


def test_a_process_killed_in_the_middle_of_steps_leaves_nothing_half_done(surroundings):
    chance = random.Random(7)  # noqa: S311  moments
    for _ in range(3):
        process = subprocess.Popen([*COMMAND, "endless"], cwd=ROOT, env=surroundings, stdout=subprocess.PIPE)
        assert process.stdout.readline() == b"going\n"
        time.sleep(chance.uniform(0.05, 0.7))
        process.kill()
        process.wait(30)
        process.stdout.close()
        run("whole", surroundings)


def test_of_two_steps_at_once_one_wins_the_other_is_told_and_nothing_is_half_done(surroundings):
    run("steps", surroundings)
