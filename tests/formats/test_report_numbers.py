# SPDX-License-Identifier: Apache-2.0
"""Numbers and sentences: cut, never rounded; a distance rounded up; units and forms as people write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.formats.blanks import fill
from gradus.formats.numbers import in_unit, number, percent, row_ranges, score, short
from gradus.grading.scheme import Text


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (Fraction(182, 190), "95.78%", "95.78 %"),
        (Fraction(94999, 100000), "94.99%", "94.99 %"),
        (Fraction(1), "100%", "100 %"),
        (Fraction(1, 3), "33.33%", "33.33 %"),
        (Fraction(-1, 8), "-12.5%", "-12.5 %"),
    ],
)
def test_a_ratio_is_a_percentage_cut_to_two_decimals(value, zh, en):
    assert (percent(value, "zh"), percent(value, "en")) == (zh, en)


def test_points_have_two_decimals_and_what_is_not_scored_has_none():
    assert (score(Fraction(100)), score(Fraction(2357, 25)), score(None)) == ("100.00", "94.28", "–")


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (Fraction(1234), "count", "1,234", "1,234"),
        (Fraction(1), "months", "1个月", "1 month"),
        (Fraction(24), "months", "24个月", "24 months"),
        (Fraction(733, 10), "h", "73.3小时", "73.3 h"),
        (Fraction(5), "km", "5公里", "5 km"),
        (Fraction(31, 2), "percent", "15.5%", "15.5 %"),
        (Fraction(1), "boolean", "是", "yes"),
        (Fraction(4), "0-5", "4", "4"),
        (Fraction(5), "furlongs", "5 furlongs", "5 furlongs"),
        (Fraction(135, 2), "percent", "67.5%", "67.5 %"),
        (Fraction(132790000), "CNY", "132,790,000元（1.32亿元）", "132,790,000 CNY (132.79 million)"),
        (Fraction(99999), "CNY", "99,999元", "99,999 CNY"),
        (Fraction(500000), "CNY", "500,000元（50万元）", "500,000 CNY"),
        (Fraction(10866490), "CNY", "10,866,490元（1,086.64万元）", "10,866,490 CNY (10.86 million)"),
        (Fraction(130000000), "CNY", "130,000,000元（1.3亿元）", "130,000,000 CNY (130 million)"),
        (Fraction(2000000), "EUR", "2,000,000 EUR（200万EUR）", "2,000,000 EUR (2 million)"),
    ],
)
def test_a_value_has_its_unit(value, unit, zh, en):
    assert (in_unit(value, unit, "zh"), in_unit(value, unit, "en")) == (zh, en)


def test_large_money_is_short_where_there_is_little_room():
    assert short(Fraction(15000000), "CNY", "zh") == "1,500万元"
    assert short(Fraction(15000000), "CNY", "en") == "15 million CNY"


@given(st.fractions(min_value=-(10**9), max_value=10**9))
def test_a_number_is_cut_towards_zero_and_a_distance_away_from_it(value):
    cut, up = (Fraction(number(value, up=up).replace(",", "")) for up in (False, True))
    assert abs(cut) <= abs(value) <= abs(up)
    assert abs(value) - abs(cut) < Fraction(1, 100)
    assert abs(up) - abs(value) < Fraction(1, 100)


@pytest.mark.parametrize(
    ("rows", "most", "words"),
    [
        ((2, 3, 4, 5, 6, 7, 8, 9, 12), 0, "2-9, 12"),
        ((12, 2, 3), 0, "2-3, 12"),
        ((), 0, ""),
        ((7,), 0, "7"),
        ((2, 4, 6, 8), 2, "2, 4, …"),
    ],
)
def test_rows_are_told_as_ranges(rows, most, words):
    assert row_ranges(rows, most) == words


@given(st.sets(st.integers(2, 400)))
def test_ranges_name_every_row_once(rows):
    spans = [each.split("-") for each in row_ranges(list(rows)).split(", ") if each]
    told = [row for span in spans for row in range(int(span[0]), int(span[-1]) + 1)]
    assert told == sorted(rows)


def test_a_sentence_picks_the_form_that_fits_the_number():
    text = Text("再有{k}个节点按期", "{k} more {k:milestone|milestones} on time")
    assert fill(text, {"k": Fraction(1)}, "en") == "1 more milestone on time"
    assert fill(text, {"k": Fraction(2)}, "en") == "2 more milestones on time"
    assert fill(text, {"k": Fraction(2)}, "zh") == "再有2个节点按期"


def test_a_distance_in_a_sentence_is_rounded_up_and_a_value_is_cut():
    blanks = {"v": Fraction(949999, 1000000), "t": Fraction(19, 20), "k": Fraction(10001, 1000)}
    assert fill("{v} of {t}, {k} more", blanks, "en", "ratio") == "94.99 % of 95 %, 10.01 more"
    assert fill("{k} more", {"k": Fraction(1, 3)}, "en", distance_unit="ratio") == "33.34 % more"


def test_a_number_that_is_not_known_is_a_question_mark():
    assert fill("{n} of {d} milestones on time", {"d": Fraction(235)}, "en") == "? of 235 milestones on time"
