# SPDX-License-Identifier: Apache-2.0
"""A folder of CSV files: encodings, separators, quotes, headers and rows, well made and otherwise."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from gradus.formats.dossier import read_dossier
from gradus.formats.dossier_csv import certain_gb18030
from gradus.formats.wording import sentence
from gradus.grading.texts import Text
from tests.formats.tables import (
    EDITION,
    GOOD,
    TABLES,
    column,
    edition_of,
    faults_of,
    refused,
    rows_of,
    table,
    told,
    write_folder,
)

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


def test_dates_written_otherwise_are_read_and_told_once_a_column(tmp_path):
    """The first of them is shown as it stands and as it was read; the other rows of the column count."""
    people = (
        "until,hours,person,The from,skilled\n\n"
        "2026-05-31,1,S1,2018/4/5,yes\n"
        "２０２６－０６－３０,1,S2,2020-01-01,yes\n"
        ",1,S3, 2018年4月25日 ,yes\n"
    )
    dossier, notices = read_dossier(write_folder(tmp_path / "d", people=people, papers=None), EDITION)
    assert [(cells[2], cells[3]) for cells in rows_of(dossier, "people")] == [
        (date(2018, 4, 5), date(2026, 5, 31)),
        (date(2020, 1, 1), date(2026, 6, 30)),
        (date(2018, 4, 25), None),
    ]
    assert told(notices) == [("dates_read", "people", 0, "from")]
    assert notices[0].params == {"value": "2018/4/5", "expected": "2018-04-05", "count": "2"}


@pytest.mark.parametrize("day", ["5/4/2018", "18/4/5", "2018/4", "20180405", "2018/4-5"])
def test_dates_that_could_be_meant_otherwise_are_refused_in_csv(tmp_path, day):
    (fault,) = refused(write_folder(tmp_path / "d", people=PEOPLE.replace("2018-04-25", day)))
    assert (fault[0] in ("bad_date", "date_form"), fault[1:]) == (True, ("people", 2, "from"))


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
        ("정보시스템 주식회사, 데이터 센터 운영", "euc-kr"),
        ("é", "latin-1"),
        ("ñandú", "latin-1"),
        ("мир", "cp1251"),
        ("труд", "cp1251"),
        ("株式会社", "shift_jis"),
        ("北京市", "big5"),
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
        "P1,北京",
        "S1,否",
        "公司（广东）",
        "编号,客户\n" + "P1,北京广播公司\n" * 200,
        "鑫科技",
    ],
)
def test_chinese_business_text_is_certain(text):
    assert certain_gb18030(text.encode("gb18030")) == text


def test_a_few_words_that_korean_writes_alike_are_taken_for_chinese():
    """The price of reading a small table; the notice asks to look at it. Eleven different signs are not taken."""
    assert certain_gb18030("주식회사".encode("euc-kr")) == "林侥雀荤"
    assert certain_gb18030("가나다라마바사아자차".encode("euc-kr")) is not None
    assert certain_gb18030("가나다라마바사아자차카".encode("euc-kr")) is None


@pytest.mark.parametrize("text", ["喆", "P1,淼", "℃", "（）"])
def test_rare_ideographs_or_signs_alone_are_not_certain(text):
    """Damaged UTF-8 looks like them."""
    assert certain_gb18030(text.encode("gb18030")) is None


@pytest.mark.parametrize("text", ["北京", "公司", "是", "项目经理", "系统集成", "智慧城市", "广东省", "云计算"])
def test_a_small_file_of_damaged_utf8_is_not_taken_for_gb18030(text):
    """Wherever a byte is missing or the text is cut off."""
    data = text.encode()
    for at in range(len(data)):
        for damaged in (data[:at] + data[at + 1 :], data[:at] + b"?" + data[at + 1 :], data[: at + 1]):
            if damaged.decode("utf-8", "replace").count("\ufffd"):
                assert certain_gb18030(damaged) is None


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
            "persons,skilled,from,until,hours",
            [("unknown_column_like", "people", 1, ""), ("missing_column", "people", 1, "person")],
        ),
        ("person,skilled,from,until,person", [("duplicate_column", "people", 1, "")]),
        ("person,skilled,from,until,person的名称", [("duplicate_column", "people", 1, "")]),
        ("person,skilled,from,until,", [("nameless_column", "people", 2, "")]),
        ("一,二,三,四,五", [("no_header", "people", 1, "")]),
        (",,,,", [("no_header", "people", 1, "")]),
    ],
)
def test_headers(tmp_path, header, faults):
    people = PEOPLE.replace("person,skilled,from,until,hours", header)
    assert refused(write_folder(tmp_path / "d", people=people)) == faults


def test_the_labels_of_a_workbook_saved_as_csv_are_skipped(tmp_path):
    """Also where columns were moved, so that the marked label is not the first."""
    first, others = '"#person的名称 *\nThe person"', "from的名称,until的名称,hours的名称（小时）"
    for name, header, labels in (
        ("a", "person,skilled,from,until,hours", f"{first},skilled的名称,{others}"),
        ("b", "skilled,person,from,until,hours", f"skilled的名称,{first},{others}"),
    ):
        rows = {"a": "S1,yes,2018-04-25,,79.5\nS2,no,2018-04-25,,", "b": "yes,S1,2018-04-25,,79.5\nno,S2,2018-04-25,,"}
        dossier, notices = read_dossier(
            write_folder(tmp_path / name, people=f"{header}\n{labels}\n{rows[name]}\n"), EDITION
        )
        assert [cells[0] for cells in rows_of(dossier, "people")] == ["S1", "S2"]
        assert [row.number for row in dossier.tables["people"]] == [3, 4]
        assert notices == ()


def test_a_second_row_with_a_number_sign_that_is_no_label_is_data(tmp_path):
    for code in ("#7", "#person的名称A"):
        people = PEOPLE.replace("S1", code)
        papers = GOOD["papers"].replace("S1", code)
        dossier, _ = read_dossier(write_folder(tmp_path / code[1:], people=people, papers=papers), EDITION)
        assert rows_of(dossier, "people")[0][0] == code


@pytest.mark.parametrize(
    "header",
    [
        "person的名称,skilled的名称,from的名称,until的名称,hours的名称",
        "The person,The skilled,The from,The until,The hours (hours)",
        "PERSON,the  skilled,From的名称,until,hours的名称（小时）",
        '"#person的名称 *\nThe person","skilled的名称 *\nThe skilled",from的名称*,until,hours',
    ],
    ids=["Chinese", "English", "mixed", "the template's labels"],
)
def test_labels_are_read_as_the_ids_they_stand_for(tmp_path, header):
    people = PEOPLE.replace("person,skilled,from,until,hours", header)
    expected, _ = read_dossier(write_folder(tmp_path / "a"), EDITION)
    dossier, notices = read_dossier(write_folder(tmp_path / "b", people=None, people表=people), EDITION)
    assert rows_of(dossier, "people") == rows_of(expected, "people")
    assert dossier.source["people"] == "people表.csv"
    assert notices == ()


def test_a_label_that_columns_share_is_refused_and_their_ids_are_read(tmp_path):
    """Nobody may guess which is meant, and both are named."""
    text = Text("金额", "Amount")
    sums = table("sums", column("asked", "integer"), column("paid", "integer"))
    sums = replace(sums, columns=tuple(replace(each, text=text) for each in sums.columns))
    edition = edition_of({**TABLES, "sums": sums})
    faults = faults_of(write_folder(tmp_path / "a", sums="asked,金额\n1,2\n"), edition)
    assert [each.code for each in faults] == ["dossier.ambiguous_name", "dossier.missing_column"]
    assert sentence(faults[0], "zh").startswith("“金额”是 asked、paid 共有的名称")
    dossier, _ = read_dossier(write_folder(tmp_path / "b", sums="asked,paid\n1,2\n"), edition)
    assert rows_of(dossier, "sums") == [(1, 2)]


def test_a_file_whose_name_tables_share_is_refused_and_neither_is_called_empty(tmp_path):
    twin = replace(TABLES["firm"], id="branch")
    edition = edition_of({**TABLES, "branch": twin})
    folder = write_folder(tmp_path / "d", firm=None, firm表=GOOD["firm"])
    faults = faults_of(folder, edition)
    assert [(each.code, each.params["expected_en"]) for each in faults] == [("dossier.ambiguous_name", "firm, branch")]


def test_two_files_of_one_table_are_refused(tmp_path):
    """The id and a label, and ids that differ in case."""
    assert refused(write_folder(tmp_path / "a", people表=PEOPLE)) == [("table_twice", "people", 0, "")]
    faults = faults_of(write_folder(tmp_path / "b", People=PEOPLE))
    assert told(faults) == [("table_twice", "people", 0, "")]
    assert faults[0].params == {"value": "People", "other": "people"}


def test_unknown_files_are_told_with_the_table_that_was_probably_meant(tmp_path):
    faults = faults_of(write_folder(tmp_path / "d", Peoples="a\n1\n", zzz="a\n1\n"))
    assert told(faults) == [("unknown_table_like", "", 0, ""), ("unknown_table", "", 0, "")]
    assert faults[0].params["expected"] == "people"


def test_a_misnamed_file_is_told_once(tmp_path):
    """Neither is its table called empty, nor are those blamed who refer to it."""
    folder = write_folder(tmp_path / "d", firm=None, firms=GOOD["firm"], people=None, peoples=PEOPLE)
    assert refused(folder) == [("unknown_table_like", "", 0, ""), ("unknown_table_like", "", 0, "")]


def test_a_required_column_without_rows_is_not_missed(tmp_path):
    dossier, _ = read_dossier(write_folder(tmp_path / "d", pools="pool\n"), EDITION)
    assert rows_of(dossier, "pools") == []
