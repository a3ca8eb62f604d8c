# SPDX-License-Identifier: Apache-2.0
"""A folder of CSV files: encodings, separators, quotes, headers and rows, well made and otherwise."""

from datetime import date
from fractions import Fraction

import pytest

from gradus.formats.dossier import read_dossier
from gradus.formats.dossier_csv import certain_gb18030
from tests.formats.tables import EDITION, GOOD, faults_of, refused, rows_of, told, write_folder

PEOPLE = GOOD["people"]


def test_a_good_dossier(tmp_path):
    dossier, notices = read_dossier(write_folder(tmp_path / "天工"), EDITION)
    assert notices == ()
    assert dossier.name == "天工"
    assert dossier.source["people"] == "people.csv"
    assert dossier.evidence is None
    assert [row.number for row in dossier.tables["people"]] == [2, 3]
    assert rows_of(dossier, "people") == [
        ("S1", True, date(2018, 4, 25), None, Fraction(159, 2)),
        ("S2", False, date(2020, 1, 1), date(2026, 5, 31), None),
    ]
    assert rows_of(dossier, "papers")[1] == ("S2", "other", "PMP 2", "高级, 工程师")
    assert rows_of(dossier, "years")[0] == (2025, Fraction(515200000), Fraction(412160000), Fraction("-36064000.25"))


def test_a_missing_table_is_empty_and_a_missing_optional_column_too(tmp_path):
    folder = write_folder(tmp_path / "d", pools=None, papers=None, people="person,skilled,from\nS1,yes,2020-01-01\n")
    dossier, _ = read_dossier(folder, EDITION)
    assert rows_of(dossier, "pools") == []
    assert rows_of(dossier, "people") == [("S1", True, date(2020, 1, 1), None, None)]


@pytest.mark.parametrize(
    "people",
    [
        "\ufeff" + PEOPLE,
        PEOPLE.replace("\n", "\r\n"),
        PEOPLE.replace("\n", "\r"),
        PEOPLE.rstrip("\n"),
        PEOPLE + "\n\n,,,,\n \u3000,,,,\n",
        PEOPLE.replace(",", "\u00a0,  "),
        "\n".join(f'"{line.replace(",", chr(34) + "," + chr(34))}"' for line in PEOPLE.splitlines()),
        "until,hours,person,from,skilled\n,79.5,S1,2018-04-25,yes\n2026-05-31,,S2,2020-01-01,否\n",
        PEOPLE.encode("gb18030"),
    ],
    ids=["mark", "crlf", "cr", "no last line end", "blank rows", "spaces", "quotes", "moved columns", "gb18030"],
)
def test_the_same_table_written_in_other_ways(tmp_path, people):
    expected, _ = read_dossier(write_folder(tmp_path / "a"), EDITION)
    dossier, _ = read_dossier(write_folder(tmp_path / "b", people=people), EDITION)
    assert rows_of(dossier, "people") == rows_of(expected, "people")


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    papers = 'person,kind,number,title\n\nS1,pmp,1,"two\nlines"\n,,,\nS1,pmp,2,\n'
    dossier, _ = read_dossier(write_folder(tmp_path / "d", papers=papers), EDITION)
    assert [row.number for row in dossier.tables["papers"]] == [3, 5]


def test_gb18030_is_told(tmp_path):
    _, notices = read_dossier(write_folder(tmp_path / "d", firm=GOOD["firm"].encode("gb18030")), EDITION)
    assert told(notices) == [("read_as_gb18030", "", 0, "")]
    assert notices[0].place.file == "firm.csv"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Müller & Söhne,très bien", "latin-1"),
        ("Привет, мир и труд", "cp1251"),
        ("情報システムサービス株式会社", "shift_jis"),
        ("資訊系統服務股份有限公司，臺灣", "big5"),
        ("정보시스템 주식회사", "euc-kr"),
        ("x\x80\xff", "latin-1"),
    ],
)
def test_other_encodings_are_not_taken_for_gb18030(text, encoding):
    assert certain_gb18030(text.encode(encoding)) is None


@pytest.mark.parametrize(
    "text",
    [
        "天工数智技术有限公司，“系统集成”（上海）",
        "深圳市鑫喆科技有限公司·合同编号№1：①甲￥",
        "否,是,否",
        "项目,客户\nP1,水务集团",
    ],
)
def test_chinese_business_text_is_certain(text):
    assert certain_gb18030(text.encode("gb18030")) == text


def test_damaged_utf8_is_not_taken_for_gb18030():
    """The likeliest mistake: most bytes of UTF-8 decode as GB18030 into rare ideographs."""
    text = "\n".join(GOOD.values()) + "信息系统服务交付能力等级，软件开发；信息系统集成服务。" * 5
    data = text.encode()
    foreign = [at for at, byte in enumerate(data) if byte >= 0x80]
    for at in foreign[::7]:
        assert certain_gb18030(data[:at] + data[at + 1 :]) is None


def test_a_byte_that_is_no_text_is_named(tmp_path):
    people = PEOPLE.encode() + b"S3,yes,2020-01-01,,\xff\n"
    (fault,) = faults_of(write_folder(tmp_path / "d", people=people, papers=None))
    assert told([fault]) == [("not_utf8", "", 0, "")]
    assert (fault.place.file, fault.place.line, fault.place.column) == ("people.csv", 4, 20)
    assert fault.params == {"position": str(people.index(b"\xff") + 1), "value": "0xFF"}


@pytest.mark.parametrize(
    ("people", "code", "line"),
    [
        (PEOPLE.encode("utf-16"), "utf16", 0),
        (PEOPLE.encode("utf-16-le"), "nul_byte", 1),
        (b"", "empty_file", 0),
        (b"\xef\xbb\xbf \r\n", "empty_file", 0),
        (PEOPLE.replace(",", ";"), "semicolons", 1),
        (PEOPLE.replace(",", "\t"), "tabs", 1),
        (PEOPLE + 'S3,"yes,2020-01-01,,\n', "open_quote", 4),
        (PEOPLE + 'S3,"y"es,2020-01-01,,\n', "stray_quote", 4),
        (PEOPLE + f'S3,"{"y" * 200_000}",2020-01-01,,\n', "cell_too_large", 4),
        (b"\xef\xbb\xbf" + PEOPLE.encode("gb18030"), "not_utf8", 3),
        ("person,skilled,from\n" + "S1,yes,2020-01-01\n" * 20_001, "too_many_rows", 0),
        ("x" * (16 * 2**20 + 1), "file.too_large", 0),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_a_file_that_can_not_be_read(tmp_path, people, code, line):
    """Only the file is told about: who refers to its rows is not blamed for it."""
    faults = faults_of(write_folder(tmp_path / "d", people=people))
    assert told(faults) == [(code, "", 0, "")]
    assert (faults[0].place.file, faults[0].place.line) == ("people.csv", line)


def test_ragged_rows_are_told_and_the_rest_is_read(tmp_path):
    people = "person,skilled,from\nS1,yes\nS2,no,2020-01-01,\nS3,maybe,2020-01-01\n"
    assert refused(write_folder(tmp_path / "d", people=people)) == [
        ("ragged_row", "people", 2, ""),
        ("ragged_row", "people", 3, ""),
        ("bad_boolean", "people", 4, "skilled"),
    ]


@pytest.mark.parametrize(
    ("header", "faults"),
    [
        ("person,skilled,from,until,wages", [("unknown_column", "people", 1, "")]),
        (
            "Person,skilled,from,until,hours",
            [("unknown_column_like", "people", 1, ""), ("missing_column", "people", 1, "person")],
        ),
        (
            "person,skilled的名称,from,until,hours",
            [("unknown_column_like", "people", 1, ""), ("missing_column", "people", 1, "skilled")],
        ),
        ("person,skilled,from,until,person", [("duplicate_column", "people", 1, "")]),
        ("person,skilled,from,until,", [("nameless_column", "people", 2, "")]),
        ("一,二,三,四,五", [("no_header", "people", 1, "")]),
        (",,,,", [("no_header", "people", 1, "")]),
    ],
)
def test_headers(tmp_path, header, faults):
    people = PEOPLE.replace("person,skilled,from,until,hours", header)
    assert refused(write_folder(tmp_path / "d", people=people)) == faults


def test_the_labels_of_a_workbook_saved_as_csv_are_told_once(tmp_path):
    people = PEOPLE.replace("S1", '"#person的名称\nThe person *",有,自,至,时数\nS1', 1)
    assert refused(write_folder(tmp_path / "d", people=people)) == [("label_row", "people", 2, "")]


def test_unknown_files_are_told_with_the_table_that_was_probably_meant(tmp_path):
    faults = faults_of(write_folder(tmp_path / "d", Peoples="a\n1\n", zzz="a\n1\n"))
    assert told(faults) == [("unknown_table_like", "", 0, ""), ("unknown_table", "", 0, "")]
    assert faults[0].params["expected"] == "people"


def test_a_misnamed_file_is_told_once(tmp_path):
    """Neither is its table called empty, nor are those blamed who refer to it."""
    folder = write_folder(tmp_path / "d", firm=None, Firm=GOOD["firm"], people=None, peoples=PEOPLE)
    assert refused(folder) == [("unknown_table_like", "", 0, ""), ("unknown_table_like", "", 0, "")]


def test_a_required_column_without_rows_is_not_missed(tmp_path):
    dossier, _ = read_dossier(write_folder(tmp_path / "d", pools="pool\n"), EDITION)
    assert rows_of(dossier, "pools") == []
