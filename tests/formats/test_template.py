# SPDX-License-Identifier: Apache-2.0
"""The workbook that is filled in: what it says, offers and accepts, and that it is read back as it was written."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gradus.formats.cells import TEXT_FILE, read_cell, trim
from gradus.formats.dossier import read_dossier
from gradus.formats.dossier_rows import Reading
from gradus.formats.dossier_xlsx import read_workbook
from gradus.formats.template_rules import last_row
from gradus.formats.template_xlsx import write_template
from gradus.grading.dossier import Dossier, Row
from gradus.grading.faults import Fault
from tests.formats.tables import EDITION, TABLES, refused, write_folder


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("t") / "template.xlsx"
    write_template(EDITION, path)
    return openpyxl.load_workbook(path)


def read_back(dossier):
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.xlsx")
        write_template(EDITION, path, dossier)
        reading = Reading()
        read_workbook(path, TABLES, reading)
    return reading


def validations(sheet):
    return {str(each.sqref): each for each in sheet.data_validations.dataValidation}


def test_the_sheets_are_the_guide_the_tables_and_the_lists(book):
    assert book.sheetnames == ["#说明 Guide", *TABLES, "#选项 Lists"]
    assert book["#选项 Lists"].sheet_state == "hidden"


def test_the_first_rows_are_ids_and_labels(book):
    sheet = book["years"]
    assert [cell.value for cell in sheet[1]] == ["year", "revenue", "part", "profit"]
    assert sheet["A2"].value == "#year的名称 *\nThe year"
    assert sheet["C2"].value == "part的名称 (元)\nThe part (CNY)"
    assert sheet.freeze_panes == "A3"
    assert sheet.print_title_rows == "$1:$2"


def test_every_column_has_a_note_in_both_languages(book):
    for table in TABLES.values():
        for at, column in enumerate(table.columns, 1):
            note = book[table.id].cell(2, at).comment.text
            assert column.id in note
            assert column.text.zh in note
            assert column.text.en in note
    assert "不大于同一行的“revenue的名称”" in book["years"]["C2"].comment.text
    assert "Asked only where “The elastic” is yes" in book["pools"]["D2"].comment.text
    assert "- pmp  Kind pmp" in book["papers"]["B2"].comment.text


def test_what_cells_accept(book):
    firm, people, papers = (validations(book[name]) for name in ("firm", "people", "papers"))
    pools, months = (validations(book[name]) for name in ("pools", "months"))
    assert firm["C3"].formula1 == "'#选项 Lists'!$A$1:$A$3"
    assert people[f"B3:B{last_row}"].formula1 == '"是,否,yes,no"'
    assert people[f"C3:C{last_row}"].type == "date"
    assert papers[f"A3:A{last_row}"].formula1.startswith("OFFSET('people'!$A$3")
    assert papers[f"A3:A{last_row}"].errorStyle == "warning"
    assert (pools[f"C3:C{last_row}"].operator, pools[f"C3:C{last_row}"].formula1) == ("greaterThan", "0")
    assert months[f"A3:A{last_row}"].formula1 == "AND(ISNUMBER(A3),DAY(A3)=1)"
    assert (months[f"D3:D{last_row}"].formula1, months[f"D3:D{last_row}"].formula2) == ("1", "5")
    for name in TABLES:
        for each in validations(book[name]).values():
            assert each.showErrorMessage
            assert 0 < len(each.error) <= 225
            assert len(each.errorTitle) <= 32


def test_lists_offer_words_that_are_read_back(book):
    assert [book["#选项 Lists"].cell(row, 1).value for row in (1, 2, 3)] == [
        "maker类 maker",
        "trader类 trader",
        "both-1类 both-1",
    ]


def test_amounts_that_look_like_ten_thousands_are_pointed_out(book):
    rules = {
        str(cells.sqref): [rule.formula[0] for rule in cells.rules] for cells in book["years"].conditional_formatting
    }
    assert "AND(ISNUMBER(C3),C3>0,C3<100000)" in rules[f"C3:C{last_row}"]


def test_numbers_show_as_people_read_them(book):
    formats = {name: book["years"].column_dimensions[name].number_format for name in "ABCD"}
    assert formats == {"A": "General", "B": "#,##0.00", "C": "#,##0.00", "D": "#,##0.00"}
    assert book["papers"].column_dimensions["C"].number_format == "@"
    assert book["people"].column_dimensions["C"].number_format == "yyyy-mm-dd"


def test_the_guide_names_the_edition_and_links_every_table(book):
    guide = book["#说明 Guide"]
    words = " ".join(str(cell.value) for row in guide for cell in row)
    assert "small/1" in words
    assert [cell.hyperlink.location for cell in guide["A"] if cell.hyperlink] == [f"'{name}'!A1" for name in TABLES]


def test_the_guide_holds_the_rubric_by_which_ratings_are_typed(book):
    """Number, Chinese and English, under the rubric's name; a scale whose number is computed is not there."""
    rows = list(book["#说明 Guide"].iter_rows(max_col=3, values_only=True))
    at = rows.index((None, "评分标准", "Rubric"))
    assert rows[at + 1 : at + 4] == [
        ("0", "absent类", "Kind absent"),
        ("1", "partial类", "Kind partial"),
        ("2", "whole类", "Kind whole"),
    ]
    assert not any("档次" in row for row in rows)


def test_an_empty_template_lacks_only_its_single_rows(tmp_path):
    write_template(EDITION, tmp_path / "a.xlsx")
    assert refused(tmp_path / "a.xlsx") == [("no_row", "firm", 0, "")]


def test_a_filled_template_is_the_same_dossier(tmp_path):
    dossier, _ = read_dossier(write_folder(tmp_path / "d"), EDITION)
    write_template(EDITION, tmp_path / "a.xlsx", dossier)
    again, notices = read_dossier(tmp_path / "a.xlsx", EDITION)
    assert notices == ()
    for name in TABLES:
        assert [row.cells for row in again.tables[name]] == [row.cells for row in dossier.tables[name]]
        assert [row.number for row in again.tables[name]] == [row.number + 1 for row in dossier.tables[name]]


def readable(text):
    return not isinstance(read_cell(text, TABLES["papers"].column("number"), TEXT_FILE), Fault)


TEXTS = st.text(min_size=1, max_size=40).map(trim).filter(lambda text: text and readable(text))
NUMBERS = st.decimals(-(10**18), 10**18, allow_nan=False, allow_infinity=False, places=6).map(Fraction)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
BY_TYPE = {
    "text": TEXTS,
    "decimal": NUMBERS,
    "integer": st.integers(-(10**18), 10**18),
    "boolean": st.booleans(),
    "date": DAYS,
}


def cells_of(table):
    def one(column):
        if column.options:
            return st.sampled_from([option.id for option in column.options])
        return BY_TYPE[column.type]

    # The first column is always given: a row of nothing is no row.
    return st.tuples(one(table.columns[0]), *(st.none() | one(column) for column in table.columns[1:]))


DOSSIERS = st.fixed_dictionaries({name: st.lists(cells_of(table), max_size=4) for name, table in TABLES.items()})


def a_paper(number):
    return {"papers": [("S1", "pmp", number, None)]}


@settings(max_examples=40)
@given(DOSSIERS)
@example(a_paper("=1+1"))
@example(a_paper("#N/A"))
@example(a_paper("_x000D_x0041_"))
@example(a_paper("'0012"))
@example(a_paper("1e5"))
@example(a_paper("a\n b\tc"))
@example({"people": [("S1", True, date(1905, 7, 18), date(1900, 1, 1), Fraction("123456789012345.678901"))]})
def test_what_is_written_is_read_back(tables):
    rows = {name: tuple(Row(at, cells) for at, cells in enumerate(each, 3)) for name, each in tables.items()}
    reading = read_back(Dossier("a", rows))
    assert reading.faults == reading.notices == []
    assert {name: each for name, each in reading.tables.items() if each} == {
        name: each for name, each in rows.items() if each
    }
