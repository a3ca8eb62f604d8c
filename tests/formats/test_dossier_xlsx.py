# SPDX-License-Identifier: Apache-2.0
"""A workbook as its user sees it: real numbers and dates, labels, formulas, merged and hidden cells, hostile files."""

import csv
import io
import zipfile
import zlib
from datetime import date, timedelta
from fractions import Fraction

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from gradus.formats.dossier import read_dossier
from tests.formats.tables import (
    EDITION,
    GOOD,
    TABLES,
    faults_of,
    moment,
    refused,
    rows_of,
    told,
    write_folder,
    write_workbook,
)

HEAD = ["person", "skilled", "from", "until", "hours"]
S1 = ["S1", "yes", "2018-04-25", None, 79.5]
READ_S1 = ("S1", True, date(2018, 4, 25), None, Fraction(159, 2))


def people(*rows):
    """A workbook's sheet of people."""
    return {"people": [HEAD, *rows]}


def changed(path, change):
    """The workbook after a change by openpyxl."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def patched(path, *replacements, part="xl/worksheets/sheet2.xml"):
    """The workbook with other bytes in one of its parts (sheet2 is the first after the firm's)."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for old, new in replacements:
        assert old in parts[part], parts[part]
        parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_workbook_holds_what_the_csv_files_hold(tmp_path):
    sheets = {name: list(csv.reader(text.splitlines())) for name, text in GOOD.items()}
    dossier, notices = read_dossier(write_workbook(tmp_path / "a.xlsx", **sheets), EDITION)
    expected, _ = read_dossier(write_folder(tmp_path / "d"), EDITION)
    assert dossier.tables == expected.tables
    assert notices == ()


def test_real_numbers_dates_and_booleans(tmp_path):
    rows = [
        ["S1", True, date(2018, 4, 25), moment(2026, 5, 31), 0.1 + 0.2],
        [1001, False, 43215, "2026/5/31", "７９．５"],
        [" S3\u3000", "是", "2018年4月25日", None, -0.0],
    ]
    dossier, _ = read_dossier(write_workbook(tmp_path / "a.xlsx", **people(*rows)), EDITION)
    assert rows_of(dossier, "people") == [
        ("S1", True, date(2018, 4, 25), date(2026, 5, 31), Fraction(3, 10)),
        ("1001", False, date(2018, 4, 25), date(2026, 5, 31), Fraction(159, 2)),
        ("S3", True, date(2018, 4, 25), None, Fraction(0)),
    ]


@pytest.mark.parametrize("day", [date(2018, 4, 25), 43215 - 1462])
def test_a_workbook_that_counts_days_from_1904(tmp_path, day):
    path = write_workbook(tmp_path / "a.xlsx", **people(["S1", "yes", day]))
    changed(path, lambda book: setattr(book, "epoch", CALENDAR_MAC_1904))
    dossier, _ = read_dossier(path, EDITION)
    assert rows_of(dossier, "people")[0][2] == date(2018, 4, 25)


def test_words_of_closed_lists(tmp_path):
    firm = [["name", "asked_on", "kind", "held"], ["甲", date(2026, 6, 30), "maker类 maker", None]]
    dossier, _ = read_dossier(write_workbook(tmp_path / "a.xlsx", firm=firm), EDITION)
    assert rows_of(dossier, "firm")[0][2] == "maker"


def test_sheets_headers_and_labels_may_be_untidy(tmp_path):
    sheets = {
        " people ": [
            [None, "hours ", "\u3000person", "from", "skilled"],
            [None, "时数", "#person的名称\nThe person *", "自", "有"],
            [],
            [None, 79.5, "S1", "2018-04-25", "yes"],
            [None, " ", None, None, "\u3000"],
            [None, None, "S2", "2018-04-25", "no"],
        ],
        "#说明 Guide": [["anything", "at all"]],
        "Sheet3": [],
    }
    dossier, notices = read_dossier(write_workbook(tmp_path / "a.xlsx", **sheets), EDITION)
    assert notices == ()
    assert [row.number for row in dossier.tables["people"]] == [4, 6]
    assert rows_of(dossier, "people")[0] == READ_S1


def test_a_row_that_only_looks_like_labels_is_told(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", **people(["#7", *S1[1:]], S1))
    dossier, notices = read_dossier(path, EDITION)
    assert rows_of(dossier, "people") == [READ_S1]
    assert told(notices) == [("row_two_skipped", "people", 2, "")]


def test_a_later_row_is_data_whatever_it_begins_with(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", **people(S1, ["#7", *S1[1:]]))
    assert [cells[0] for cells in rows_of(read_dossier(path, EDITION)[0], "people")] == ["S1", "#7"]


def test_unknown_sheets_are_told(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", Peoples=[["a"]], 工作表=[["a"]], people表格=[["a"]])
    faults = faults_of(path)
    assert told(faults) == [
        ("unknown_sheet_like", "", 0, ""),
        ("unknown_sheet", "", 0, ""),
        ("unknown_sheet_like", "", 0, ""),
    ]
    assert [each.params.get("expected") for each in faults] == ["people", None, "people"]


DOUBTFUL = [(60, "no_such_leap_day"), (0, "no_day_number"), (-5, "no_day_number")]


@pytest.mark.parametrize(("number", "code"), DOUBTFUL, ids=str)
def test_a_day_number_that_is_no_day_is_refused(tmp_path, number, code):
    path = write_workbook(tmp_path / "a.xlsx", **people(["S1", "yes", number]))

    def as_date(book):
        for row in book["people"].iter_rows():
            for cell in row:
                if cell.value == number:
                    cell.number_format = "yyyy-mm-dd"

    changed(path, as_date)
    assert [each.code for each in faults_of(path)] == [f"dossier.{code}"]


def test_a_workbook_of_another_scheme_is_refused_in_one_sentence(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", attributes=[["a"]], processes=[["a"]], ratings=[["a"]])
    (fault,) = faults_of(path)
    assert fault.code == "dossier.other_scheme"
    assert fault.params["value"] == "attributes, processes, ratings"


def test_labels_anywhere_but_in_row_two_are_refused_once(tmp_path):
    labels = ["#person的名称", "skilled的名称", "from的名称", "until的名称", "hours的名称"]
    (fault,) = faults_of(write_workbook(tmp_path / "a.xlsx", **people(S1, labels)))
    assert (fault.code, fault.place.row) == ("dossier.labels_elsewhere", 3)


@pytest.mark.parametrize("again", ["people ", "people表", "PEOPLE "])
def test_two_sheets_of_one_table(tmp_path, again):
    assert refused(write_workbook(tmp_path / "a.xlsx", **people(S1), **{again: [HEAD]})) == [
        ("table_twice", "people", 0, "")
    ]


def test_sheets_and_headings_are_read_by_their_labels(tmp_path):
    """In either language, beside ids, and with the template's labels as the only header."""
    firm = [["name的名称", "Asked_on"], ["天工公司", "2026-06-30"]]
    labels = ["#person的名称 *\nThe person", "skilled的名称*", "from", "The until", "hours的名称（小时）"]
    book = write_workbook(tmp_path / "a.xlsx", firm=firm, people表=[labels, S1])
    dossier, notices = read_dossier(book, EDITION)
    assert rows_of(dossier, "people") == [READ_S1]
    assert [row.number for row in dossier.tables["people"]] == [2]
    assert rows_of(dossier, "firm")[0][:2] == ("天工公司", date(2026, 6, 30))
    assert dossier.source["people"] == "people表"
    assert notices == ()


def test_the_cells_below_a_label_are_looked_at_like_those_below_an_id(tmp_path):
    """Merged cells and hidden columns are told with the id of their column."""
    path = write_workbook(tmp_path / "a.xlsx", people=[["person", "skilled的名称", *HEAD[2:]], S1, ["S2", *S1[1:]]])

    def change(book):
        book["people"].merge_cells("B2:B3")
        book["people"].column_dimensions["B"].hidden = True

    assert refused(changed(path, change)) == [("merged_cells", "people", 2, "skilled")]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([["S1", "yes"], HEAD], ("no_header", "people", 1, "")),
        ([[], HEAD, S1], ("no_header", "people", 1, "")),
        ([["人员一览"], HEAD, S1], ("no_header", "people", 1, "")),
        ([[*HEAD, None], [*S1, "x"]], ("nameless_column", "people", 2, "")),
        ([[*HEAD, "person"], [*S1, "x"]], ("duplicate_column", "people", 1, "")),
        ([[*HEAD, 2026], S1], ("unknown_column", "people", 1, "")),
        ([HEAD[1:], S1[1:]], ("missing_column", "people", 1, "person")),
    ],
)
def test_headers(tmp_path, rows, fault):
    assert refused(write_workbook(tmp_path / "a.xlsx", people=rows)) == [fault]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"hours": moment(2026, 1, 1, 3)}, ("date_in_number", "hours")),
        ({"hours": timedelta(hours=79, minutes=30)}, ("date_in_number", "hours")),
        ({"hours": "1,200"}, ("separators", "hours")),
        ({"from": moment(2018, 4, 25, 10)}, ("date_with_time", "from")),
        ({"from": 2018}, ("bad_date", "from")),
        ({"person": date(2018, 4, 25)}, ("date_in_text", "person")),
        ({"person": 123456789012345678}, ("long_number", "person")),
        ({"skilled": 1}, ("bad_boolean", "skilled")),
        ({"hours": "=1+1"}, ("formula_without_value", "hours")),
        ({"person": "=1+1"}, ("formula_without_value", "person")),
        ({"until": "=1+1"}, ("formula_without_value", "until")),
        ({"hours": "#N/A"}, ("error_value", "hours")),
        ({"person": "#REF!"}, ("error_value", "person")),
    ],
)
def test_cells_that_can_not_be_read_are_told_once(tmp_path, cells, fault):
    row = [cells.get(name, value) for name, value in zip(HEAD, S1, strict=True)]
    path = write_workbook(tmp_path / "a.xlsx", **people(S1[:1] + S1[1:], row) if "person" in cells else people(row))
    number = 3 if "person" in cells else 2
    assert refused(path) == [(fault[0], "people", number, fault[1])]


def test_a_formulas_stored_value_is_read(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", **people(["S1", "yes", "2018-04-25", "=A1", "=1+1"]))
    patched(
        path, (b"<f>1+1</f><v />", b"<f>1+1</f><v>2.5</v>"), (b'"D2"><f>A1</f><v />', b'"D2" t="str"><f>A1</f><v></v>')
    )
    dossier, _ = read_dossier(path, EDITION)
    assert rows_of(dossier, "people")[0] == (*READ_S1[:4], Fraction(5, 2))


def test_formulas_beside_the_table_do_not_matter(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", **people(S1), **{"#notes": [["=1+1"]]})
    assert refused(path) == []


def test_merged_cells_are_told_once_a_range(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", **people(S1, ["S2", *S1[1:]], ["S3", *S1[1:]]))
    changed(path, lambda book: book["people"].merge_cells("B2:C4"))
    faults = faults_of(path)
    assert told(faults) == [("merged_cells", "people", 2, "skilled")]
    assert faults[0].params == {"value": "B2:C4"}


@pytest.mark.parametrize("merged", ["F2:F9", "A5:B9", "F1:H1"])
def test_merged_cells_without_data_do_not_matter(tmp_path, merged):
    path = write_workbook(tmp_path / "a.xlsx", **people(S1))
    assert refused(changed(path, lambda book: book["people"].merge_cells(merged))) == []


def test_what_is_hidden_is_read_and_told(tmp_path):
    def hide(book):
        book["people"].sheet_state = "hidden"
        for row in (3, 4, 6, 900):
            book["people"].row_dimensions[row].hidden = True
        book["people"].column_dimensions["E"].hidden = True

    path = write_workbook(tmp_path / "a.xlsx", **people(*([f"S{number}", *S1[1:]] for number in range(6))))
    dossier, notices = read_dossier(changed(path, hide), EDITION)
    assert len(dossier.tables["people"]) == 6
    assert told(notices) == [
        ("hidden_sheet", "people", 0, ""),
        ("hidden_rows", "people", 0, ""),
        ("hidden_column", "people", 0, "hours"),
    ]
    assert notices[1].params == {"value": "3-4, 6", "count": "3"}


@pytest.mark.parametrize(
    ("cell", "code"), [("A20003", "too_many_rows"), ("XFD1048576", "too_many_rows"), ("IR9", "too_many_columns")]
)
def test_a_stray_cell_far_away_is_refused_before_it_takes_memory(tmp_path, cell, code):
    path = write_workbook(tmp_path / "a.xlsx", **people(S1))
    assert refused(changed(path, lambda book: book["people"].__setitem__(cell, "x"))) == [(code, "people", 0, "")]


def test_empty_formatted_cells_far_away_do_not_matter(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", **people(S1))
    changed(path, lambda book: setattr(book["people"]["XFD1048576"], "number_format", "0.00"))
    assert refused(path) == []


@pytest.mark.parametrize("empty", [b' t="str"><v></v></c>', b' t="inlineStr"><is><t></t></is></c>', b"><v/></c>"])
def test_a_cell_with_an_empty_value_takes_room_and_is_bounded_as_others(tmp_path, empty):
    """The cell reader would make room for every cell up to it: 17 thousand million."""
    for row, cell, faults in (
        (b"1048576", b"XFD1048576", [("too_many_rows", "people", 0, "")]),
        (b"3", b"E3", []),
    ):
        path = write_workbook(tmp_path / "a.xlsx", **people(S1))
        stray = b'<row r="' + row + b'"><c r="' + cell + b'"' + empty + b"</row></sheetData>"
        assert refused(patched(path, (b"</sheetData>", stray))) == faults


def test_two_parts_of_one_name_are_refused(tmp_path):
    """The one that was looked at need not be the one that is read."""
    path = write_workbook(tmp_path / "a.xlsx", **people(S1))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL/Worksheets/sheet2.xml", archive.read("xl/worksheets/sheet2.xml"))
    assert refused(path) == [("damaged_workbook", "", 0, "")]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_workbook"),
        (b"person,skilled\n", "not_a_workbook"),
        (b"PK\x03\x04" + b"x" * 99, "damaged_workbook"),
        (OLE + b"\0" * 600, "old_workbook"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted_workbook"),
    ],
)
def test_files_that_are_no_workbook(tmp_path, content, code):
    (tmp_path / "a.xlsx").write_bytes(content)
    assert refused(tmp_path / "a.xlsx") == [(code, "", 0, "")]


def archive_of(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), part)
    return content.getvalue()


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"word__document_xml": "<w/>"}, "not_a_workbook"),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "old_workbook"),
        ({"xl__workbook_bin": "x"}, "old_workbook"),
        ({"xl__workbook_xml": "<workbook/>", "xl__vbaProject_bin": "x"}, "macros"),
        ({"xl__workbook_xml": "<workbook/>"}, "damaged_workbook"),
        ({"xl__workbook_xml": "<workbook"}, "damaged_workbook"),
        ({"xl__workbook_xml": "<a>" + " " * 10_000_000 + "</a>"}, "workbook_too_large"),
    ],
)
def test_archives_that_are_no_workbook(tmp_path, parts, code):
    (tmp_path / "a.xlsx").write_bytes(archive_of(**parts))
    assert refused(tmp_path / "a.xlsx") == [(code, "", 0, "")]


def test_macros_are_refused_by_their_content_type_too(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx")
    kind = (b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")
    assert refused(patched(path, kind, part="[Content_Types].xml")) == [("macros", "", 0, "")]


@pytest.mark.parametrize(
    "replacement",
    [
        (b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet"),
        (b'r="A2"', b'r="2A"'),
        (b'<row r="2"', b'<row r="x"'),
        (b"</sheetData>", b""),
    ],
)
def test_damaged_sheets(tmp_path, replacement):
    path = write_workbook(tmp_path / "a.xlsx", **people(S1))
    assert refused(patched(path, replacement)) == [("damaged_workbook", "", 0, "")]


def test_an_archive_that_lies_about_a_size(tmp_path):
    """The directory says 10 bytes; the packed part is far longer."""
    path = write_workbook(tmp_path / "a.xlsx", **people(S1))
    content = b"<worksheet>" + b" " * 1_000_000
    patched(path, (b"<worksheet", content + b"<worksheet"))
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet2.xml"))
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    data[at + 16 : at + 20] = zlib.crc32(content[:10]).to_bytes(4, "little")
    path.write_bytes(data)
    assert refused(path) == [("damaged_workbook", "", 0, "")]


def test_a_long_text_in_very_many_cells_is_refused(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", **people(*([f"S{at}", *S1[1:]] for at in range(40))))
    shared = b"<sst><si><t>" + b"x" * 60_000_000 + b"</t></si></sst>"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(zipfile.ZipInfo("xl/sharedStrings.xml"), shared)
    patched(path, (b't="inlineStr"', b't="s"'), (b"<is><t>", b"<v>"), (b"</t></is>", b"</v>"))
    assert refused(path)[0][0] == "workbook_too_large"


def test_every_sheet_of_the_edition_may_be_there_and_empty(tmp_path):
    sheets = {name: [[column.id for column in table.columns]] for name, table in TABLES.items() if name != "firm"}
    dossier, _ = read_dossier(write_workbook(tmp_path / "a.xlsx", **sheets), EDITION)
    assert {name: len(rows) for name, rows in dossier.tables.items()} == {**dict.fromkeys(TABLES, 0), "firm": 1}
