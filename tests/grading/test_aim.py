# SPDX-License-Identifier: Apache-2.0
"""The plan to the outcome aimed at, which may lie several steps above what is reached."""

from itertools import pairwise

import pytest

from gradus.grading.assess import assess_draft
from gradus.grading.result import Status
from tests.grading.dossiers import case, edition

SMALL = case("first-application-small")


def plan(aim):
    """The rank that the plan leads to, and its blocks by kind and id."""
    result, _ = assess_draft(edition(), SMALL, aim)
    return result.next_rank, {(each.kind, each.id): each for each in result.blocking}


def test_without_an_aim_or_with_one_that_is_reached_the_plan_leads_to_the_next_outcome():
    capability = assess_draft(edition(), SMALL)[0].capability
    assert capability > 0
    assert plan(0) == plan(capability) == plan(capability + 1)
    assert plan(0)[0] == capability + 1


def test_a_plan_for_a_higher_outcome_has_everything_in_the_way_of_the_lower_ones_too():
    plans = [plan(each.rank) for each in edition().outcomes]
    assert plans[-1][0] == len(edition().outcomes)
    for (_, lower), (_, higher) in pairwise(plans):
        assert set(lower) <= set(higher)
    assert len(plans[0][1]) < len(plans[-1][1])


@pytest.mark.parametrize("outcome", edition().outcomes, ids=lambda each: each.id)
def test_the_plan_names_exactly_the_requirements_that_keep_the_outcome_away(outcome):
    result, _ = assess_draft(edition(), SMALL, outcome.rank)
    if outcome.rank <= result.capability:
        return
    unmet = {
        each.id
        for each in edition().requirements
        if result.requirements[each.id].status[outcome.id] not in (Status.MET, Status.NOT_ASKED)
    }
    blocks = {each.id: each for each in result.blocking if each.kind == "requirement"}
    assert set(blocks) >= unmet
    for id_ in unmet:
        requirement = next(each for each in edition().requirements if each.id == id_)
        assert blocks[id_].asked == requirement.asks[outcome.id].value
