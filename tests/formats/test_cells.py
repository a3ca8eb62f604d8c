# SPDX-License-Identifier: Apache-2.0
"""One cell at a time: what is read, and what is refused with which words."""

from datetime import date, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.formats.cells import PAGE, TEXT_FILE, WORKBOOK, WORKBOOK_1904, option_words, read_cell, trim
from gradus.formats.wording import sentence
from gradus.grading.faults import Fault
from gradus.grading.validate import written
from tests.formats.tables import column, moment, options

TEXT = column("c")
LISTED = column("c", options=options("pmp", "cisp"))
NUMBER = column("c", "decimal")
WHOLE = column("c", "integer")
YES_NO = column("c", "boolean")
DAY = column("c", "date")
MONTH = column("c", "date", first_of_month=True)
COLUMNS = [TEXT, LISTED, NUMBER, WHOLE, YES_NO, DAY, MONTH]


def code(value):
    assert isinstance(value, Fault), value
    return value.code.removeprefix("dossier.")


@pytest.mark.parametrize("space", [" ", "\t", "\n", "\r\n", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u200e", "\u202d"])
@pytest.mark.parametrize(("kind", "text", "value"), [(TEXT, "甲 乙", "甲 乙"), (WHOLE, "12", 12), (YES_NO, "是", True)])
def test_what_no_one_sees_around_a_cell_is_trimmed(space, kind, text, value):
    assert read_cell(f"{space}{text}{space}{space}", kind) == value
    assert read_cell(space, kind) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", Fraction(0)),
        ("-12.50", Fraction(-25, 2)),
        ("007", Fraction(7)),
        ("１２３．５", Fraction(247, 2)),
        ("−5", Fraction(-5)),
        ("123456789012345678.000000000000000001", Fraction("123456789012345678.000000000000000001")),
    ],
)
def test_numbers_are_exact(text, value):
    assert read_cell(text, NUMBER) == value
    assert isinstance(read_cell(text, NUMBER), Fraction)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234,567.5", ("separators", "1234567.5")),
        ("1，234", ("separators", "1234")),
        ("1 234", ("separators", "1234")),
        ("120万", ("number_with_unit", "1200000")),
        ("1.2亿元", ("number_with_unit", "120000000")),
        ("￥1,200", ("number_with_unit", "1200")),
        ("500元", ("number_with_unit", "500")),
        ("1,5", ("bad_number", None)),
        ("1e5", ("bad_number", None)),
        (".5", ("bad_number", None)),
        ("5.", ("bad_number", None)),
        ("+5", ("bad_number", None)),
        ("5%", ("bad_number", None)),
        ("10²", ("bad_number", None)),
        ("٣", ("bad_number", None)),
        ("nan", ("bad_number", None)),
        ("9" * 5000, ("bad_number", None)),
        ("无", ("placeholder", None)),
        ("N/A", ("placeholder", None)),
        ("—", ("placeholder", None)),
    ],
)
@pytest.mark.parametrize("kind", [NUMBER, WHOLE])
def test_other_ways_of_writing_a_number_are_refused_with_what_to_type(kind, text, expected):
    fault = read_cell(text, kind)
    assert (code(fault), fault.params.get("expected")) == expected


def test_a_whole_number_has_no_point_in_text_but_may_come_from_a_spreadsheet():
    assert read_cell("3", WHOLE) == 3
    assert code(read_cell("3.5", WHOLE)) == "not_whole"
    assert code(read_cell("3.0", WHOLE)) == "not_whole"
    assert read_cell(3.0, WHOLE, WORKBOOK) == 3
    assert type(read_cell(3.0, WHOLE, WORKBOOK)) is int
    assert code(read_cell(3.5, WHOLE, WORKBOOK)) == "not_whole"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (79.5, "159/2"),
        (0.1 + 0.2, "3/10"),
        (0.1, "1/10"),
        (1e20, str(10**20)),
        (189.10000000000002, "1891/10"),
        (5, "5"),
    ],
)
def test_a_spreadsheets_number_is_the_decimal_that_it_shows(raw, value):
    assert read_cell(raw, NUMBER, WORKBOOK) == Fraction(value)


@pytest.mark.parametrize("raw", [float("inf"), float("nan"), 1e300, True])
def test_a_number_that_is_none(raw):
    assert code(read_cell(raw, NUMBER, WORKBOOK)) == "bad_number"


@pytest.mark.parametrize("raw", [date(2026, 6, 30), moment(2026, 6, 30, 1), time(1), timedelta(hours=30)])
def test_a_date_or_a_duration_is_no_number_and_no_text(raw):
    assert code(read_cell(raw, NUMBER, WORKBOOK)) == "date_in_number"
    assert code(read_cell(raw, TEXT, WORKBOOK)) == "date_in_text"
    assert code(read_cell(raw, YES_NO, WORKBOOK)) == "bad_boolean"


@pytest.mark.parametrize("text", ["yes", "YES", "是", "true", "True", "ｙｅｓ"])
def test_yes(text):
    assert read_cell(text, YES_NO) is True


@pytest.mark.parametrize("text", ["no", "No", "否", "FALSE"])
def test_no(text):
    assert read_cell(text, YES_NO) is False


@pytest.mark.parametrize("raw", ["1", "0", "y", "√", "有", 1.0, 0.0])
def test_neither_yes_nor_no(raw):
    assert code(read_cell(raw, YES_NO, WORKBOOK)) == "bad_boolean"


def test_a_spreadsheets_booleans():
    assert read_cell(True, YES_NO, WORKBOOK) is True
    assert read_cell(True, TEXT, WORKBOOK) == "TRUE"


@pytest.mark.parametrize("text", ["2026-06-30", " 2026-06-30", "２０２６-０６-３０", "２０２６－０６－３０"])
@pytest.mark.parametrize("dialect", [TEXT_FILE, WORKBOOK])
def test_iso_dates_are_read_everywhere(text, dialect):
    assert read_cell(text, DAY, dialect) == date(2026, 6, 30)


@pytest.mark.parametrize(
    "text",
    [
        "2026/6/30",
        "2026.6.30",
        "2026-6-30",
        "2026年6月30日",
        "2026年06月30日",
        "2026 年 6 月 30 日",
        "2026-06-30 00:00:00",
    ],
)
@pytest.mark.parametrize("dialect", [TEXT_FILE, WORKBOOK])
def test_other_ways_of_writing_a_date_with_the_year_first_are_read_everywhere(text, dialect):
    assert read_cell(text, DAY, dialect) == date(2026, 6, 30)


@pytest.mark.parametrize("text", ["9999-12-31", "2201-01-01", "1899-12-31", "0001-01-01"])
@pytest.mark.parametrize("dialect", [TEXT_FILE, WORKBOOK])
def test_any_day_of_the_calendar_is_read(text, dialect):
    """Registers write 9999-12-31 for no end."""
    assert read_cell(text, DAY, dialect) == date.fromisoformat(text)


@pytest.mark.parametrize("text", ["20260630", "30/6/2026", "6/30/2026", "30.06.2026"])
@pytest.mark.parametrize("dialect", [TEXT_FILE, WORKBOOK])
def test_a_date_that_has_to_be_guessed_is_refused_with_the_guess(text, dialect):
    fault = read_cell(text, DAY, dialect)
    assert (code(fault), fault.params["expected"]) == ("date_form", "2026-06-30")


def test_the_number_that_a_spreadsheet_gives_a_day_is_refused_with_that_day():
    fault = read_cell("45000", DAY)
    assert (code(fault), fault.params["expected"]) == ("date_serial", "2023-03-15")
    assert "2023-03-15" in sentence(fault, "zh")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,200", 1200),
        ("-12，345,678.5", Fraction("-12345678.5")),
        ("0,500", "bad_number"),
        ("12,34", "bad_number"),
        ("1 200", "separators"),
        ("1,200'000", "separators"),
        ("1,200元", "number_with_unit"),
    ],
)
def test_on_a_page_thousands_may_be_parted_by_commas_and_by_nothing_else(text, value):
    read = read_cell(text, NUMBER, PAGE)
    assert (code(read) if isinstance(read, Fault) else read) == value


@pytest.mark.parametrize("text", ["2026-06", "2026年6月", "2026/6"])
def test_a_month_is_refused_with_its_first_day_where_that_is_asked(text):
    assert read_cell(text, MONTH).params["expected"] == "2026-06-01"
    assert code(read_cell(text, DAY)) == "bad_date"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("6/7/2026", "bad_date"),
        ("2026/6-30", "bad_date"),
        ("2026-06-30 10:30", "bad_date"),
        ("昨天", "bad_date"),
        ("2026-02-30", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("0000-01-01", "no_such_day"),
        ("-", "placeholder"),
        (2026, "bad_date"),
        (2026.0, "bad_date"),
        (1e9, "bad_date"),
        (20260630.0, "date_form"),
        (46203.5, "date_with_time"),
        (moment(2026, 6, 30, 10, 5), "date_with_time"),
        (date(1905, 7, 18), "year_for_date"),
        (time(1, 2), "bad_date"),
        (True, "bad_date"),
    ],
)
def test_no_date(raw, expected):
    assert code(read_cell(raw, DAY, WORKBOOK)) == expected


def test_a_spreadsheets_dates():
    assert read_cell(date(2026, 6, 30), DAY, WORKBOOK) == date(2026, 6, 30)
    assert read_cell(moment(2026, 6, 30), DAY, WORKBOOK) == date(2026, 6, 30)
    assert type(read_cell(moment(2026, 6, 30), DAY, WORKBOOK)) is date
    assert read_cell(46203.0, DAY, WORKBOOK) == date(2026, 6, 30)
    assert read_cell(46203.0 - 1462, DAY, WORKBOOK_1904) == date(2026, 6, 30)


@pytest.mark.parametrize("text", ["pmp类", "Kind pmp", "kind PMP", "PMP", option_words(LISTED.options[0])])
def test_the_words_of_a_closed_list_are_read_in_a_workbook_and_named_in_a_text_file(text):
    assert read_cell(text, LISTED, WORKBOOK) == "pmp"
    fault = read_cell(text, LISTED, TEXT_FILE)
    assert (code(fault), fault.params["expected"]) == ("not_in_list_like", "pmp")


def test_a_closed_list_is_closed():
    assert read_cell("pmp", LISTED) == "pmp"
    fault = read_cell("itil", LISTED, WORKBOOK)
    assert code(fault) == "not_in_list"
    assert fault.params["expected_zh"] == "pmp(pmp类)、cisp(cisp类)"


def test_words_that_two_values_share_name_neither():
    both = column("c", options=(options("a")[0], options("a")[0].__class__("b", options("a")[0].text)))
    assert code(read_cell("a类", both, WORKBOOK)) == "not_in_list"
    assert read_cell("b", both, WORKBOOK) == "b"


@pytest.mark.parametrize(("raw", "text"), [(2024.0, "2024"), (3.14, "3.14"), (1e-7, "0.0000001"), (-5, "-5")])
def test_a_number_where_text_belongs_is_its_digits(raw, text):
    assert read_cell(raw, TEXT, WORKBOOK) == text


def test_a_number_too_long_for_a_spreadsheet_is_not_guessed():
    assert code(read_cell(123456789012345678.0, TEXT, WORKBOOK)) == "long_number"


def test_text_keeps_its_inside():
    assert read_cell(" 甲\r\n乙  丙 ", TEXT) == "甲\n乙  丙"
    assert read_cell("-", TEXT) == "-"


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\x7f", "\x85", "\u202e", "\ufffe"])
def test_text_that_would_act_on_a_screen_is_refused(mark):
    assert code(read_cell(f"a{mark}b", TEXT)) == "control_character"


def test_text_has_an_end():
    assert code(read_cell("x" * 32_768, TEXT)) == "too_long"


def test_a_fault_that_stands_for_a_cell_is_passed_on():
    fault = Fault("dossier.error_value")
    assert read_cell(fault, DAY, WORKBOOK) is fault


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.timedeltas()))
def test_anything_is_read_or_refused(raw):
    for kind in COLUMNS:
        for dialect in (TEXT_FILE, WORKBOOK, WORKBOOK_1904):
            value = read_cell(raw, kind, dialect)
            assert value is None or isinstance(value, Fault | str | bool | int | Fraction | date)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_what_is_written_is_read_back(number):
    exact = Fraction(number)
    assert read_cell(written(exact), NUMBER) == exact


@given(st.text())
def test_trimming_twice_is_trimming_once(text):
    assert trim(trim(text)) == trim(text)
