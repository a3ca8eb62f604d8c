# SPDX-License-Identifier: Apache-2.0
"""The order in which an applicant is told what stands in the way: the one that the page says above the list."""

from fractions import Fraction

import pytest

from gradus.formats.wording import words
from gradus.grading.cost import cheapest_first
from gradus.grading.result import Block, Change, Reach, Status


def block(name: str, kind: str = "requirement", amount: int | None = 1, unit: str = "count", asked: int = 10) -> Block:
    """Something not met, by its name."""
    distance = Change(None if amount is None else Fraction(amount), unit, {}, next(iter(Reach)))
    return Block(kind, name, Status.NOT_MET, Fraction(0), Fraction(asked), distance, ())


IN_ORDER = [
    block("one row of ten"),
    block("nine rows of ten", amount=9),
    block("a tenth of the money", unit="CNY"),
    block("nine tenths of the money", amount=9, unit="CNY"),
    block("45 days", amount=45, unit="days", asked=1000),
    block("two months", amount=2, unit="months", asked=2),
    block("a year", amount=1, unit="year"),
    block("no distance", amount=None),
    block("a score", kind="dimension", unit="points"),
    block("what rules out", kind="veto"),
]


@pytest.mark.parametrize("given", [IN_ORDER, IN_ORDER[::-1], IN_ORDER[5:] + IN_ORDER[:5]])
def test_what_stands_in_the_way_comes_by_kind_of_effort_and_then_by_how_much_is_lacking(given: list[Block]) -> None:
    assert [each.id for each in cheapest_first(given)] == [each.id for each in IN_ORDER]


@pytest.mark.parametrize(
    ("language", "kinds"),
    [("zh", ("几行", "金额", "时间", "得分", "否决")), ("en", ("rows", "money", "months", "scores", "rules out"))],
)
def test_the_page_says_the_rule_of_the_order(language: str, kinds: tuple[str, ...]) -> None:
    said = words("panel.cheapest_first", language)
    places = [said.find(kind) for kind in kinds]
    assert -1 not in places
    assert places == sorted(places)
