# SPDX-License-Identifier: Apache-2.0
import pytest

from gradus.formats.procedures import find_procedure
from gradus.grading.faults import Refusal
from gradus.process.panel import Opinion, Voice, needs_panel, opinion
from gradus.process.verdict import Bounds, asked_ranks, ceiling, grant_faults
from tests.grading.dossiers import edition

F, A, O = Voice.FOR, Voice.AGAINST, Voice.ABSTAIN  # noqa: E741  as on a ballot


@pytest.fixture(scope="module")
def rules():
    return find_procedure(edition())


@pytest.fixture(scope="module")
def rule(rules):
    assert (rules.procedure.panel.least.value, float(rules.procedure.panel.share.value)) == (3, 0.5)
    return rules.procedure.panel


@pytest.mark.parametrize(
    ("voices", "said"),
    [
        ([F, F, F], Opinion.FOR),
        ([F, F, A], Opinion.FOR),
        ([F, F, A, A], Opinion.AGAINST),  # exactly half is not more than half
        ([F, F, O, O], Opinion.AGAINST),  # who abstains helps nobody
        ([F, F, A, O, F], Opinion.FOR),
        ([F, A, O], Opinion.AGAINST),
        ([O, O, O], Opinion.AGAINST),
    ],
)
def test_more_than_the_share_of_all_votes_is_for(rule, voices, said):
    assert opinion(rule, len(voices), voices) is said


@pytest.mark.parametrize(
    ("members", "voices", "codes"),
    [
        (2, [F, F], ["panel.too_few"]),
        (0, [], ["panel.too_few"]),
        (3, [F, F], ["panel.votes_out"]),
        (2, [F], ["panel.too_few", "panel.votes_out"]),
    ],
)
def test_nothing_is_counted_with_too_few_members_or_votes(rule, members, voices, codes):
    with pytest.raises(Refusal) as refused:
        opinion(rule, members, voices)
    assert [fault.code for fault in refused.value.faults] == codes


@pytest.mark.parametrize(
    ("level", "by_exception", "needed"),
    [("level-4", False, False), ("level-3", False, False), ("level-2", False, True), ("level-1", False, True),
     ("level-4", True, True), ("", False, False), ("", True, True)],
)  # fmt: skip
def test_experts_vote_by_the_level_or_on_the_exception(rule, level, by_exception, needed):
    assert needs_panel(rule, level, by_exception=by_exception) is needed


@pytest.mark.parametrize(
    ("verified", "recommended", "said", "by_exception", "rank"),
    [
        (5, 5, Opinion.FOR, False, 5),
        (3, 5, Opinion.FOR, False, 3),  # never above what was verified
        (5, 3, None, False, 3),  # nor above what was recommended
        (5, 5, Opinion.AGAINST, False, 2),  # level 3 is the highest that no panel is asked about
        (1, 5, Opinion.AGAINST, False, 1),
        (5, 5, Opinion.AGAINST, True, 0),
        (0, 5, Opinion.FOR, False, 0),
    ],
)
def test_nothing_lies_above_verified_recommended_and_what_experts_leave(
    rules, verified, recommended, said, by_exception, rank
):
    assert ceiling(rules, verified, recommended, said, by_exception=by_exception) == rank


def test_an_application_for_a_level_is_satisfied_by_its_lowest_outcome_and_asks_for_its_highest():
    ranks = [asked_ranks(edition(), each) for each in ("level-4", "level-2", "level-2-star-4", "unknown")]
    assert ranks == [(1, 1), (3, 5), (4, 4), (len(edition().outcomes), 0)]


@pytest.mark.parametrize(
    ("rank", "scope", "consented", "codes"),
    [
        (3, {"a"}, None, []),
        (4, {"a"}, None, ["decision.above_bounds"]),
        (0, {"a"}, None, ["decision.above_bounds"]),
        (2, {"a"}, None, ["decision.no_consent"]),
        (2, {"a"}, (1, {"a"}), ["decision.no_consent"]),  # agreed to something else
        (2, {"a"}, (2, {"a", "b"}), ["decision.no_consent"]),  # agreed to more fields
        (2, {"a", "b"}, (2, {"a"}), ["decision.no_consent"]),
        (2, {"a"}, (2, {"a"}), []),
        (3, set(), None, ["decision.no_scope"]),
        (3, {"a", "c"}, None, ["decision.scope_beyond"]),
    ],
)
def test_a_grant_stays_within_its_bounds(rank, scope, consented, codes):
    bounds = Bounds(rank=3, scope=frozenset({"a", "b"}), asked=3)
    assert [fault.code for fault in grant_faults(bounds, rank, scope, consented)] == codes


def test_a_grant_without_a_field_that_was_applied_for_is_a_lesser_one():
    bounds = Bounds(rank=3, scope=frozenset({"a", "b"}), asked=3, asked_scope=frozenset({"a", "b"}))
    assert [fault.code for fault in grant_faults(bounds, 3, {"a"}, None)] == ["decision.no_consent"]
    assert grant_faults(bounds, 3, {"a"}, (3, frozenset({"a"}))) == []
    assert grant_faults(bounds, 3, {"a", "b"}, None) == []
