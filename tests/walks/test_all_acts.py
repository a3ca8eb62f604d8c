# SPDX-License-Identifier: Apache-2.0
"""Random walks through every act of stages 1 to 4, by everybody: no decision without every stage before it, and none
by a person who evaluated."""

import inspect
import pkgutil
import random
from importlib import import_module

import pytest
from django.db import connection

from gradus.process.states import ENDED, State, Step
from tests.applications.stage_one import completed
from tests.walks.walking import ACTS, Walk

BESIDE = {
    "applications.cases", "applications.telling",  # what every action does
    "applications.register_import", "evaluations.competence",  # no case is named
}  # fmt: skip
PART_OF_ANOTHER = {
    "ask_items", "look_for", "record_found", "look_for_team", "signed", "void_if_changed", "follow_statement",
    "enter_certificate", "enter_certificates", "declare_mark", "declare_and_look",
}  # fmt: skip
"""What other actions do within, and what fills the body's register before anybody applies."""


@pytest.fixture
def walk(submitted, world):
    """``walk(seed)``: a walk over cases of a small firm, whose papers are all there."""

    def make(seed):
        return Walk(world, completed(submitted(), world.actor("manager"), "level-3"), seed)

    return make


def actions():
    """Every function of the four stages that takes an actor and an instant."""
    for stage in ("applications", "evaluations", "visits", "decisions"):
        package = import_module(f"gradus.{stage}")
        for each in pkgutil.iter_modules(package.__path__, f"gradus.{stage}."):
            if each.name.removeprefix("gradus.") in BESIDE or each.ispkg:
                continue
            for name, found in inspect.getmembers(import_module(each.name), inspect.isfunction):
                asked = inspect.signature(found).parameters
                if found.__module__ == each.name and not name.startswith("_") and {"actor", "at"} <= set(asked):
                    yield name, found


def test_the_walk_knows_every_action():
    known = {each.action for each in ACTS.values()}
    missing = [name for name, found in actions() if found not in known and name not in PART_OF_ANOTHER]
    assert missing == []


def test_a_walk_through_every_act_never_comes_to_a_decision_by_a_shortcut(walk):
    """Until it has come to a decision at all, which is the same on every run of the same code."""
    walked, moves = walk(6), 0
    while moves < 500 or not walked.steps[Step.DECIDE]:
        walked.move()
        moves += 1
        assert moves < 20_000


@pytest.mark.long
def test_a_hundred_thousand_moves_through_every_act_never_come_to_a_decision_by_a_shortcut(walk):
    """A tenth of them on PostgreSQL, where each takes longer; too few to come to every end."""
    walked = walk(random.SystemRandom().randrange(2**32))
    moves = 100_000 if connection.vendor == "sqlite" else 10_000
    for _ in range(moves):
        walked.move()
    assert State.GRANTED in walked.ended
    if moves == 100_000:
        assert set(walked.ended) == ENDED
        assert set(walked.steps) == set(Step) - {Step.APPLY}
        assert set(ACTS) <= {name for name, count in walked.done.items() if count}
        assert set(walked.by) == {each.name for each in walked.world.people.values()} | {walked.manager_account.name}
