# SPDX-License-Identifier: Apache-2.0
"""What a level asks, in one line: what it asks more than the level below, from the edition alone."""

from dataclasses import replace

import pytest

from gradus.formats.editions import find_edition
from gradus.formats.level_words import MOST, asks_of
from tests.grading.dossiers import edition

SECOND_SCHEME = find_edition("iso33020/2019-a1")


@pytest.mark.parametrize("scheme", [edition(), SECOND_SCHEME], ids=["first", "second"])
def test_each_outcome_names_only_what_it_asks_and_the_level_below_does_not(scheme):
    for outcome in scheme.outcomes:
        said = asks_of(scheme, outcome.rank)
        below = [each for each in scheme.outcomes if each.rank < outcome.rank and each.level != outcome.level]
        named = [
            each for each in scheme.requirements if f"：{each.text.zh}" in said.zh or f"；{each.text.zh}" in said.zh
        ]
        assert len(named) >= 1
        assert said.zh.count("；") <= MOST
        asked = sum(outcome.id in each.asks for each in scheme.requirements)
        assert f"须满足 {asked} 项要求" in said.zh
        assert f"It asks {asked} requirement" in said.en
        for each in named:
            lower = each.asks.get(below[-1].id) if below else None
            assert lower is None or lower.value < each.asks[outcome.id].value


def test_the_line_says_figures_with_their_units_and_the_score_and_which_are_assumed():
    assert asks_of(edition(), 4).zh == (
        "须满足 24 项要求，其中高于下一级别的如：已验收项目数 ≥\u00a06（假定）；技术人员数 ≥\u00a0150（假定）；"
        "技术能力证明；核心岗位持证率 ≥\u00a050%（假定）；总分 ≥ 80（满分 100）（假定）"
    )
    assert "Technical staff ≥\u00a0150 (assumed); Proof of technical ability; " in asks_of(edition(), 4).en
    assert asks_of(edition(), 1).en.startswith("It asks 16 requirements to be met, such as: Registered in")
    assert asks_of(SECOND_SCHEME, 1).en == (
        "It asks 1 requirement to be met, such as: PA 1.1 Process performance ≥\u00a0L (largely achieved)"
    )


def test_where_nothing_is_asked_nothing_is_said():
    said = asks_of(replace(edition(), requirements=()), 8)
    assert (said.zh, said.en) == ("", "")
