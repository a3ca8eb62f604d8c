# SPDX-License-Identifier: Apache-2.0
"""The commands as a user types them: output, exit codes, refusals in words."""

import io
import json
import shutil
from pathlib import Path

import pytest

from gradus.cli.main import main
from tests.grading.dossiers import FOLDER, edition

TOP = str(FOLDER / "cases" / "top")
SMALL = str(FOLDER / "cases" / "first-application-small")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A dossier with two faults."""
    folder = tmp_path / "broken"
    shutil.copytree(TOP, folder)
    staff = (folder / "staff.csv").read_text(encoding="utf-8")
    (folder / "staff.csv").write_text(staff.replace("2018-04-25", "25/04/2018", 1), encoding="utf-8")
    (folder / "surprise.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    return folder


def test_json_is_one_line_a_dossier(capsys: pytest.CaptureFixture[str]) -> None:
    """Several dossiers, several lines, exit 0."""
    assert main(["grade", TOP, SMALL, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["capability"]["rank"] for line in lines] == [8, 1]
    assert {"dossier", "edition", "bounds", "blocking", "documents", "warnings"} <= set(lines[0])
    assert lines[0]["edition"]["hash"] == edition().hash


def test_a_refused_dossier_does_not_stop_the_others(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Reasons on stderr, the others' lines on stdout, exit 2."""
    assert main(["grade", str(broken), TOP, "--json", "--lang", "en"]) == 2
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 1
    assert "staff (Staff) row 2, employed_from" in said.err
    assert "25/04/2018" in said.err
    assert "surprise" in said.err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_terminal_says_every_item(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Outcome, bars, what stands in the way, every indicator and requirement, in both languages."""
    assert main(["grade", SMALL, "--lang", language]) == 0
    said = capsys.readouterr().out
    for each in (*edition().indicators, *edition().requirements):
        assert each.text[language] in said
    assert "?份" not in said
    assert "? of" not in said
    assert "{" not in said


@pytest.mark.parametrize(("language", "rejected"), [("zh", "评审剔除的行：项目第 2 行"), ("en", "Projects row 2")])
def test_the_terminal_tells_what_is_owed_and_what_was_rejected(
    language: str, rejected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line for each group of documents that owes something, and the rows rejected."""
    assert main(["grade", TOP, "--lang", language, "--reject", "projects:2"]) == 0
    said = capsys.readouterr().out
    for group in ("basic", "other"):
        name = next(each.text for each in edition().document_groups if each.id == group)
        assert any(line.startswith(("  ✓ ", "  × ")) and name[language] in line for line in said.splitlines())
    assert rejected in said


def test_the_terminal_tells_which_event_is_a_veto_and_when_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    """Beside the result, and again in the way of the next outcome."""
    assert main(["grade", str(FOLDER / "cases" / "veto-fraud"), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert said.count("Events row 2 (2026-01-05): it no longer counts from 2029-01-05 on") == 2


def test_check_names_the_rule_of_every_warning(capsys: pytest.CaptureFixture[str]) -> None:
    """So that a rule can be looked up in the edition."""
    assert main(["dossier", "check", TOP, "--lang", "en"]) == 0
    *warnings, last = capsys.readouterr().out.splitlines()
    assert warnings
    assert all(line.startswith("[") and "] " in line for line in warnings)
    assert last.startswith("Ready to be graded")


def test_page_and_report_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--html and --pdf write whole files."""
    page, report = tmp_path / "new" / "r.html", tmp_path / "new" / "r.pdf"
    assert main(["grade", SMALL, "--html", str(page), "--pdf", str(report), "--lang", "en"]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert report.read_bytes().startswith(b"%PDF-")
    assert sorted(each.name for each in page.parent.iterdir()) == ["r.html", "r.pdf"]
    assert "r.pdf" in capsys.readouterr().err


def test_one_report_takes_one_dossier(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written when two dossiers are named."""
    assert main(["grade", SMALL, TOP, "--pdf", str(tmp_path / "r.pdf")]) == 2
    assert "一次只写一份" in capsys.readouterr().err
    assert not (tmp_path / "r.pdf").exists()


def test_an_as_of_date_changes_the_windows_and_is_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    """The declared date is another: a warning with a rule id."""
    assert main(["grade", TOP, "--json", "--as-of", "2026-07-31"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["as_of"] == "2026-07-31"
    assert "check.as_of_differs" in {each["rule"] for each in found["warnings"]}


@pytest.mark.parametrize("bad", ["2026-13-01", "0001-01-01", "9999-12-31", "tomorrow", "30.6.2026"])
def test_a_bad_date_is_refused_in_words(bad: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback, exit 2."""
    with pytest.raises(SystemExit) as stopped:
        main(["grade", TOP, "--as-of", bad])
    assert stopped.value.code == 2
    assert "2026-06-30" in capsys.readouterr().err


def test_an_edition_is_found_by_name_hash_and_folder(capsys: pytest.CaptureFixture[str]) -> None:
    """All three mean the same edition; an unknown one is refused with what there is, and with what would be known."""
    for name in (edition().name, edition().hash, edition().hash[7:13], str(FOLDER)):
        assert main(["grade", TOP, "--json", "--edition", name]) == 0
        assert json.loads(capsys.readouterr().out)["edition"]["hash"] == edition().hash
    for name in ("no/such", edition().hash[7:12]):
        assert main(["grade", TOP, "--edition", name, "--lang", "en"]) == 2
        said = capsys.readouterr().err
        assert f"{edition().name}, " in said
        assert "its hash, 6 digits or more" in said
    assert main(["grade", TOP, "--edition", "x" * 300, "--lang", "en"]) == 2
    assert "the name is too long" in capsys.readouterr().err


def test_rejecting_a_row_lowers_its_credit(capsys: pytest.CaptureFixture[str]) -> None:
    """--reject names a row as the file shows it; a row that is not there is refused."""
    assert main(["grade", TOP, "--json", "--reject", "projects:2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["requirements"]["experience.projects"]["value"] == 23
    assert found["rejected"] == [["projects", 2]]
    for wrong in ("projects:9999", "events:2", "nothing:1", "projects"):
        assert main(["grade", TOP, "--reject", wrong]) == 2
        assert wrong in capsys.readouterr().err


def test_recheck_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What grade wrote is graded again; what is no result is refused."""
    main(["grade", TOP, SMALL, "--json"])
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(capsys.readouterr().out.encode())))
    assert main(["recheck", "-"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    for content in ("", "{}", "[1]", "not json"):
        (tmp_path / "r.json").write_text(content, encoding="utf-8")
        assert main(["recheck", str(tmp_path / "r.json")]) == 2
        assert "./run grade --json" in capsys.readouterr().err
    assert main(["recheck", str(tmp_path / "none.json")]) == 2


def test_recheck_takes_several_results(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The worst of them decides; one that is no result keeps no other from being checked."""
    main(["grade", SMALL, "--json"])
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(capsys.readouterr().out, encoding="utf-8")
    bad.write_text("", encoding="utf-8")
    assert main(["recheck", str(good), str(good)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert main(["recheck", str(bad), str(good)]) == 2
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_command_that_is_not_there_is_told_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody knows yet which language is wanted."""
    assert main(["grde", "x"]) == 2
    said = capsys.readouterr().err
    assert "没有命令“grde”" in said
    assert "There is no command “grde”" in said


def test_the_template_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A workbook that is there is never overwritten unasked; a filled one reads back."""
    out = tmp_path / "a.xlsx"
    assert main(["dossier", "template", str(out), "--from", TOP]) == 0
    assert main(["dossier", "template", str(out)]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["dossier", "check", str(out)]) == 0
    assert main(["dossier", "template", str(tmp_path / "a.ods")]) == 2
    assert main(["grade", str(out), "--json"]) == 0


def test_scheme_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Check, show and diff; a published edition that was changed in place is told so."""
    changed = tmp_path / "2019-a1"
    shutil.copytree(FOLDER, changed)
    text = (changed / "requirements.yaml").read_text(encoding="utf-8")
    assert "level-2: {value: 150" in text
    (changed / "requirements.yaml").write_text(text.replace("level-2: {value: 150", "level-2: {value: 200"), "utf-8")
    assert main(["scheme", "check", str(changed), "--lang", "en"]) == 0
    assert "A published edition never changes" in capsys.readouterr().out
    assert main(["scheme", "diff", str(FOLDER), str(changed), "--lang", "en"]) == 0
    assert "requirement “Technical staff” [scale.staff], Level 2: 150 → 200" in capsys.readouterr().out
    assert main(["scheme", "diff", str(FOLDER), str(FOLDER)]) == 0
    for language in ("zh", "en"):
        assert main(["scheme", "show", "--lang", language]) == 0
        shown = capsys.readouterr().out
        assert all(f"[{each.id}]" in shown for each in (*edition().indicators, *edition().requirements))
    assert main(["scheme", "check", str(tmp_path / "nothing")]) == 1
    assert main(["scheme", "list"]) == 0


def test_a_result_tells_that_its_edition_only_calls_itself_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An edition changed in place: in the JSON, on the terminal, in the report, when rechecked; never of a true one."""
    changed = tmp_path / "2019-a1"
    shutil.copytree(FOLDER, changed)
    text = (changed / "requirements.yaml").read_text(encoding="utf-8")
    (changed / "requirements.yaml").write_text(text.replace("level-2: {value: 150", "level-2: {value: 200"), "utf-8")
    told = f"This edition calls itself {edition().name} but differs from the published one"
    page, result = tmp_path / "r.html", tmp_path / "r.json"
    wanted = ["--edition", str(changed), "--lang", "en"]
    assert main(["grade", TOP, *wanted, "--html", str(page)]) == 0
    assert told in capsys.readouterr().out
    assert told in page.read_text(encoding="utf-8")
    assert main(["dossier", "check", TOP, *wanted]) == 0
    assert told in capsys.readouterr().out
    assert main(["grade", TOP, *wanted, "--json"]) == 0
    result.write_text(capsys.readouterr().out, encoding="utf-8")
    assert "edition.altered" in {each["rule"] for each in json.loads(result.read_text("utf-8"))["warnings"]}
    assert main(["recheck", str(result), "--lang", "en"]) == 0
    assert told in capsys.readouterr().out
    (changed / "edition.yaml").write_text((changed / "edition.yaml").read_text("utf-8").replace("2019-a1", "2019-a2"))
    for other in (str(FOLDER), str(changed)):
        assert main(["grade", TOP, "--edition", other, "--json"]) == 0
        assert "edition.altered" not in capsys.readouterr().out
