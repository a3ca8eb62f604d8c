# SPDX-License-Identifier: Apache-2.0
"""What a dossier is on disk; everything wrong with it in one pass; nothing but a refusal, whatever the bytes."""

import csv
import io
import shutil
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.formats.cells import TEXT_FILE, read_cell
from gradus.formats.dossier import read_dossier
from gradus.grading.faults import Fault
from tests.formats.tables import EDITION, GOOD, TABLES, faults_of, refused, told, write_folder, write_workbook

FIRM = [["name", "asked_on"], ["天工公司", "2026-06-30"]]


def test_a_folder_with_one_workbook_is_that_workbook(tmp_path):
    write_workbook(tmp_path / "甲.xlsx")
    (tmp_path / "~$甲.xlsx").write_bytes(b"a lock file")
    (tmp_path / "notes.txt").write_text("not read", encoding="utf-8")
    dossier, notices = read_dossier(tmp_path, EDITION)
    assert dossier.source == {"firm": "firm"}
    assert notices == ()


@pytest.mark.parametrize(
    ("names", "code"), [([], "nothing_here"), (["a.txt"], "nothing_here"), (["a.xlsx", "b.xlsx"], "several_workbooks")]
)
def test_a_folder_that_is_no_dossier(tmp_path, names, code):
    for name in names:
        (tmp_path / name).touch()
    assert refused(tmp_path) == [(code, "", 0, "")]


def test_csv_files_come_before_a_workbook_beside_them(tmp_path):
    folder = write_folder(tmp_path / "d")
    (folder / "template.xlsx").touch()
    _, notices = read_dossier(folder, EDITION)
    assert told(notices) == [("workbook_ignored", "", 0, "")]


def test_paths_that_are_no_dossier(tmp_path):
    folder = write_folder(tmp_path / "d")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    assert refused(tmp_path / "none") == [("not_found", "", 0, "")]
    assert refused(folder / "people.csv") == [("single_csv", "", 0, "")]
    assert refused(tmp_path / "a.pdf") == [("not_a_workbook", "", 0, "")]


def test_evidence_is_listed_but_for_hidden_files(tmp_path):
    folder = write_folder(tmp_path / "d")
    for name in ("P1/contract.pdf", "P1/cafe\u0301.pdf", "a.pdf", ".hidden", ".git/x", "Thumbs.db", "~$a.docx"):
        path = folder / "evidence" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    dossier, _ = read_dossier(folder, EDITION)
    assert dossier.evidence == {"P1/contract.pdf", "P1/caf\u00e9.pdf", "a.pdf"}


def test_evidence_beside_a_workbook(tmp_path):
    (tmp_path / "evidence").mkdir()
    dossier, _ = read_dossier(write_workbook(tmp_path / "a.xlsx"), EDITION)
    assert dossier.evidence == frozenset()


def test_everything_is_found_in_one_pass_and_in_the_readers_order(tmp_path):
    folder = write_folder(
        tmp_path / "d",
        other="x\n",
        firm=GOOD["firm"].replace("maker", "baker") + "乙,2026-06-30,,,,,\n",
        years="year,revenue,part\n2025,-1,\n2025,5,6\n",
        people=GOOD["people"].replace("2018-04-25", "25/4/2018").replace("79.5", "-1"),
        papers=GOOD["papers"].replace("S2", "S9").replace("0012", ""),
        pools="pool,elastic\na,yes\nb,no\n",
        months=b"\xff\xfe",
    )
    assert refused(folder) == [
        ("utf16", "", 0, ""),
        ("unknown_table", "", 0, ""),
        ("not_in_list", "firm", 2, "kind"),
        ("second_row", "firm", 3, ""),
        ("negative", "years", 2, "revenue"),
        ("duplicate_key", "years", 3, "year"),
        ("part_above_whole", "years", 3, "part"),
        ("date_form", "people", 2, "from"),
        ("negative", "people", 2, "hours"),
        ("empty_cell", "papers", 2, "number"),
        ("no_such_row", "papers", 3, "person"),
        ("missing_column", "pools", 1, "installed"),
    ]


# What may be done to a single cell of the good dossier, and whether it is then wrong.
CELLS = [(name, row, at) for name, text in GOOD.items() for row in (1, 2) for at in range(4) if row < text.count("\n")]
WRONG = st.sampled_from(["错", "1,2", "2026-02-30", "-3", "\x07", "无", "99999999999999999999999999", "￥"])


@given(st.dictionaries(st.sampled_from(CELLS), WRONG, min_size=1, max_size=8))
def test_every_wrong_cell_is_told_however_many_there_are(changes):
    lines = {name: list(csv.reader(text.splitlines())) for name, text in GOOD.items()}
    expected = set()
    for (name, row, at), value in changes.items():
        lines[name][row][at] = value
        column = next(each for each in TABLES[name].columns if each.id == lines[name][0][at])
        if isinstance(read_cell(value, column, TEXT_FILE), Fault):
            expected.add((name, row + 1, column.id))
    files = {
        name: "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows) for name, rows in lines.items()
    }
    with TemporaryDirectory() as folder:
        faults = told(faults_of(write_folder(Path(folder), **files)))
    assert expected <= {fault[1:] for fault in faults}
    assert len(faults) == len(set(faults))


def mutated(data, cuts):
    for place, length, new in cuts:
        at = place % (len(data) + 1)
        data = data[:at] + new + data[at + length :]
    return data


CUTS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 8), st.binary(max_size=6)), min_size=1, max_size=6)


@given(st.sampled_from(sorted(GOOD)), CUTS)
def test_damaged_csv_is_read_or_refused(name, cuts):
    with TemporaryDirectory() as folder:
        told(faults_of(write_folder(Path(folder), **{name: mutated(GOOD[name].encode(), cuts)})))


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    rows = [line.split(",") for line in GOOD["people"].splitlines()]
    return write_workbook(tmp_path_factory.mktemp("w") / "a.xlsx", people=rows).read_bytes()


@given(cuts=CUTS)
def test_a_damaged_workbook_is_read_or_refused(workbook, cuts):
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.xlsx")
        path.write_bytes(mutated(workbook, cuts))
        told(faults_of(path))


@given(part=st.integers(0, 20), cuts=CUTS)
def test_a_workbook_with_damaged_parts_is_read_or_refused(workbook, part, cuts):
    """The archive is sound, and what is in it is not."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = sorted(parts)[part % len(parts)]
    parts[name] = mutated(parts[name], cuts)
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.xlsx")
        with zipfile.ZipFile(path, "w") as archive:
            for each, content in parts.items():
                archive.writestr(each, content)
        told(faults_of(path))


def test_a_file_that_can_not_be_opened_is_told(tmp_path, monkeypatch):
    folder = write_folder(tmp_path / "d")

    def locked(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", locked)
    faults = faults_of(folder)
    assert {each[0] for each in told(faults)} == {"file.not_read"}
    assert len(faults) == len(GOOD)


def test_the_name_is_that_of_the_folder_or_of_the_file(tmp_path, monkeypatch):
    folder = write_folder(tmp_path / "天工")
    monkeypatch.chdir(folder)
    assert read_dossier(Path(), EDITION)[0].name == "天工"
    shutil.rmtree(folder)
    assert read_dossier(write_workbook(tmp_path / "乙.xlsx"), EDITION)[0].name == "乙"
