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
SERVER = urlunsplit(urlsplit(DATABASE)._replace(path="/postgres"))
COMMAND = [sys.executable, "-m", "tests.applications.at_once"]


@pytest.fixture(scope="module")
def own_database(tmp_path_factory):
    """A platform with one case, in a data folder and a database of its own."""
    data = tmp_path_factory.mktemp("at-once") / "data"
    data.mkdir()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GRADUS_", "DJANGO_"))}
    env |= {"GRADUS_DATA": str(data), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    name = f"gradus_at_once_{os.getpid()}"
    if DATABASE:
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
        env["GRADUS_DATABASE_URL"] = urlunsplit(urlsplit(DATABASE)._replace(path=f"/{name}"))
    run("make", env)
    yield env
    if DATABASE:
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(mode, env):
    done = subprocess.run([*COMMAND, mode], cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


def test_nobody_comes_to_two_forbidden_parts_by_taking_both_at_once(own_database):
    run("parts", own_database)


def test_a_form_that_is_sent_twice_at_once_opens_one_dossier(own_database):
    run("form", own_database)


@pytest.mark.parametrize("times", [2, pytest.param(40, marks=pytest.mark.long)])
def test_a_process_killed_in_the_middle_of_any_act_of_four_stages_leaves_nothing_half_done(own_database, times):
    """Each goes on with the case at which the one before was killed."""
    chance = random.Random(times)  # noqa: S311  moments
    for seed in range(times):
        command = [*COMMAND, "wander", str(seed)]
        process = subprocess.Popen(command, cwd=ROOT, env=own_database, stdout=subprocess.PIPE)
        while line := process.stdout.readline():  # after the letters that are sent
            if line == b"going\n":
                break
        time.sleep(chance.uniform(0.5, 4))
        assert process.poll() is None
        process.kill()
        process.wait(30)
        process.stdout.close()
        if seed % 10 == 1 or seed == times - 1:  # nothing mends what is broken, so looking now and then finds it too
            run("whole", own_database)


def test_of_two_people_at_one_act_of_any_stage_one_wins_the_other_is_told_and_nothing_is_half_done(own_database):
    run("acts", own_database)


def test_of_two_steps_at_once_one_wins_the_other_is_told_and_nothing_is_half_done(own_database):
    run("steps", own_database)
