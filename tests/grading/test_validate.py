# SPDX-License-Identifier: Apache-2.0
"""What the tables ask of rows: one test a rule, each with the case that only just holds."""

from datetime import date
from fractions import Fraction

import pytest

from gradus.grading.dossier import Row
from gradus.grading.validate import WHOLE_TABLE, validate, written
from tests.formats.tables import EDITION

DAY = date(2026, 6, 30)
FIRM = ("甲", DAY, None, None, None, None, None)


def check(broken=frozenset(), **tables):
    """Codes and places of the faults; rows are numbered from 2. The firm is there unless given."""
    given = {"firm": [FIRM], **tables}
    rows = {name: tuple(Row(number, cells) for number, cells in enumerate(each, 2)) for name, each in given.items()}
    faults = validate(EDITION, rows, frozenset(broken))
    return [(each.code.removeprefix("dossier."), each.place.table, each.place.row, each.place.field) for each in faults]


def test_nothing_is_wrong_with_the_least_dossier():
    assert check() == []


def test_exactly_one_row():
    assert check(firm=[]) == [("no_row", "firm", 0, "")]
    assert check(firm=[FIRM, FIRM, FIRM]) == [("second_row", "firm", 3, ""), ("second_row", "firm", 4, "")]


def test_a_table_that_could_not_be_read_is_not_called_empty():
    assert check({("firm", *WHOLE_TABLE)}, firm=[]) == []


def test_required_cells():
    assert check(pools=[("a", None, Fraction(1), None)]) == [("empty_cell", "pools", 2, "elastic")]
    assert check({("pools", 2, "elastic")}, pools=[("a", None, Fraction(1), None)]) == []


@pytest.mark.parametrize(
    ("mark", "fault"), [(0, "below_minimum"), (1, None), (5, None), (6, "above_maximum"), (None, None)]
)
def test_minimum_and_maximum_are_inclusive(mark, fault):
    assert [each[0] for each in check(months=[(date(2026, 6, 1), 1, 1, mark)])] == [fault] * bool(fault)


def test_amounts_and_counts_are_not_negative_unless_they_may_be():
    least = Fraction(-1, 100)
    assert check(years=[(2025, Fraction(0), None, least)]) == []
    assert check(years=[(2025, least, None, None)]) == [("negative", "years", 2, "revenue")]


def test_above_is_exclusive():
    assert check(pools=[("a", True, Fraction(0), None)]) == [("not_above", "pools", 2, "installed")]
    assert check(pools=[("a", True, Fraction(1, 1000), None)]) == []


def test_closed_lists():
    assert check(firm=[("甲", DAY, "baker", *FIRM[3:])]) == [("not_in_list", "firm", 2, "kind")]


def test_first_of_month():
    assert check(months=[(date(2026, 6, 2), 0, 0, None)]) == [("not_first_of_month", "months", 2, "month")]


def test_duplicate_keys_name_both_rows():
    rows = [(2025, Fraction(1), None, None), (2024, Fraction(1), None, None), (2025, Fraction(1), None, None)]
    assert check(years=rows) == [("duplicate_key", "years", 4, "year")]
    faults = validate(
        EDITION, {"firm": (Row(2, FIRM),), "years": tuple(Row(at, row) for at, row in enumerate(rows, 7))}
    )
    assert (faults[0].place.row, faults[0].params["other_row"]) == (9, "7")


def test_references():
    people = [("S1", True, DAY, None, None)]
    papers = [("S1", "pmp", "1", None), ("S2", "pmp", "2", None)]
    assert check(people=people, papers=papers) == [("no_such_row", "papers", 3, "person")]
    assert check({("people", *WHOLE_TABLE)}, people=people, papers=papers) == []
    assert check({("people", 3, "person")}, people=people, papers=papers) == []


def test_a_part_is_not_above_its_whole():
    month = date(2026, 6, 1)
    assert check(months=[(month, 5, 5, None)]) == []
    assert check(months=[(month, 5, 6, None)]) == [("part_above_whole", "months", 2, "met")]
    assert check({("months", 2, "events")}, months=[(month, None, 6, None)]) == []
    assert check(years=[(2025, Fraction(1), Fraction(3, 2), None)]) == [("part_above_whole", "years", 2, "part")]


def test_a_cell_that_another_one_asks_for():
    held = ("甲", DAY, None, None, "low", None, None)
    assert check(firm=[held]) == [("needed_with", "firm", 2, "held_since")]
    assert check({("firm", 2, "held_since")}, firm=[held]) == []
    assert check({("firm", 2, "held")}, firm=[FIRM]) == [("needed_with", "firm", 2, "held_since")]


def test_dates_not_after_another():
    def firm(since):
        return [("甲", DAY, None, None, "low", since, None)]

    assert check(firm=firm(DAY)) == []
    assert check(firm=firm(date(2026, 7, 1))) == [("too_late", "firm", 2, "held_since")]
    late = [("S1", True, DAY, date(2026, 7, 1), None)]
    assert check(people=late) == [("too_late", "people", 2, "until")]
    assert check({("firm", 2, "asked_on")}, people=late) == []
    assert check(firm=[], people=late) == [("no_row", "firm", 0, "")]


def test_the_order_is_that_of_tables_rows_and_columns():
    faults = check(
        months=[(date(2026, 6, 2), -1, None, None), (date(2026, 6, 2), 0, 0, None)],
        years=[(2025, None, None, None)],
    )
    assert faults == [
        ("empty_cell", "years", 2, "revenue"),
        ("not_first_of_month", "months", 2, "month"),
        ("negative", "months", 2, "events"),
        ("empty_cell", "months", 2, "met"),
        ("not_first_of_month", "months", 3, "month"),
        ("duplicate_key", "months", 3, "month"),
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (-3, "-3"),
        (Fraction(3), "3"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(159, 2), "79.5"),
        (Fraction(1, 3), "1/3"),
        (DAY, "2026-06-30"),
        ("甲", "甲"),
    ],
)
def test_a_cell_is_written_as_a_dossier_holds_it(cell, text):
    assert written(cell) == text
