# SPDX-License-Identifier: Apache-2.0
"""The demonstration has cases in every state, work for every role, and no page of them that does not open."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gradus.people.permissions import Kind, roles_for
from gradus.process.states import State
from gradus.trust.standing import Standing
from tests.journeys.server import gradus, surroundings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def walked(demonstration, tmp_path_factory):
    """What a walk through all cases found."""
    folder = tmp_path_factory.mktemp("walked") / "data"
    shutil.copytree(demonstration, folder)
    known = surroundings(DJANGO_SETTINGS_MODULE="gradus.conf.settings", GRADUS_DATA=str(folder), GRADUS_DEMO="1")
    command = [sys.executable, "-m", "tests.journeys.walk_demonstration"]
    done = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.long
def test_a_case_stands_in_every_state(walked):
    assert walked["states"] == sorted(each.value for each in State if each is not State.NEW)


@pytest.mark.long
def test_certificates_are_there_in_every_standing(walked):
    """But for one that is issued before its first day; here that is the day of the issue."""
    assert walked["standings"] == sorted(set(Standing) - {Standing.UNKNOWN, Standing.NOT_YET_VALID})


@pytest.mark.long
def test_every_page_of_every_case_opens_to_those_in_charge_and_to_the_firm(walked):
    assert walked["refused"] == []
    assert walked["pages"] > 300


@pytest.mark.long
def test_everybody_who_has_work_has_something_due_and_something_overdue(walked):
    working = {email.split("@")[0]: {overdue for _, overdue in items} for email, items in walked["work"].items()}
    assert working.pop("administrator") == set()  # no state of a case awaits it
    roles = {role.id for role in roles_for(Kind.BODY)}
    assert roles - {"administrator", "panel_member"} <= set(working)
    assert working == {who: {True, False} for who in working}


def test_its_journal_is_whole(demonstration):
    done = gradus("journal", "check", "--data", demonstration)
    assert done.returncode == 0, done.stdout
