# SPDX-License-Identifier: Apache-2.0
"""A result as JSON: it grades again to itself, an altered one is found out, and a broken one is refused in words."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.cli.main import main
from gradus.formats.result_json import dumps, result_to_json
from gradus.formats.result_reader import read_result
from gradus.grading.assess import assess
from gradus.grading.faults import Refusal
from tests.grading.dossiers import CASES, case, edition, perturbed


def line(name: str) -> str:
    """A golden case's result."""
    return dumps(result_to_json(assess(edition(), case(name))))


@pytest.mark.parametrize("name", CASES)
def test_a_result_grades_again_to_itself(name: str) -> None:
    """From the file alone: edition, facts, date and rejected rows are all in it."""
    text = line(name)
    again_edition, dossier, as_of, rejected, notices, _ = read_result(text)
    assert again_edition.hash == edition().hash
    assert dumps(result_to_json(assess(again_edition, dossier, as_of, rejected, notices))) == text


@settings(max_examples=settings.default.max_examples // 4)  # each is graded twice, bounds and all
@given(perturbed())
def test_any_result_survives_the_round_trip(dossier: object) -> None:
    """Also of incomplete dossiers, with unknown facts and bounds."""
    text = dumps(result_to_json(assess(edition(), dossier)))  # type: ignore[arg-type]
    again_edition, again, as_of, rejected, notices, _ = read_result(text)
    assert dumps(result_to_json(assess(again_edition, again, as_of, rejected, notices))) == text


def test_an_altered_value_is_found(tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    """recheck names the path, what is stated and what is found."""
    data = json.loads(line("top"))
    data["indicators"]["process.milestones"]["points"] = 12.5
    file = tmp_path / "result.json"
    file.write_text(dumps(data), encoding="utf-8")
    assert main(["recheck", str(file), "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert "indicators.process.milestones.points: 12.5 is stated, 100.0 is found" in said


def test_an_altered_edition_is_refused(tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    """The content must match the hash that names it."""
    data = json.loads(line("top"))
    data["edition"]["content"]["edition"]["en"] = "Another scheme"
    file = tmp_path / "result.json"
    file.write_text(dumps(data), encoding="utf-8")
    assert main(["recheck", str(file), "--lang", "en"]) == 2
    assert "does not match its hash" in capsys.readouterr().err


def paths(data: object, at: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Every place in a JSON value."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [at, *(path for key, each in inner for path in paths(each, (*at, key)))]


SMALL = json.loads(line("first-application-small"))
PLACES = [path for path in paths(SMALL) if path and path[0] in ("dossier", "as_of", "rejected", "format", "warnings")]
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.integers(), max_size=2)
)


@given(st.sampled_from(PLACES), JUNK)
def test_a_broken_result_is_refused_and_never_crashes(path: tuple[object, ...], junk: object) -> None:
    """Whatever stands in a result, it is graded or refused."""
    data = json.loads(json.dumps(SMALL))
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = junk
    faults = None
    try:
        again_edition, dossier, as_of, rejected, notices, _ = read_result(json.dumps(data))
        assess(again_edition, dossier, as_of, rejected, notices)
    except Refusal as refusal:
        faults = refusal.faults
    assert faults is None or faults


def altered(path: str, value: object) -> str:
    """The small result with another value at a path; None takes the key away."""
    data = json.loads(json.dumps(SMALL))
    *way, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
    inner = data
    for key in way:
        inner = inner[key]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return json.dumps(data)


BROKEN = {
    "cut short": (line("top")[:5000], "From character "),
    "a long number": ('{"format": ' + "9" * 5000 + "}", "a number too long"),
    "deep": ("[" * 100_000, "nested too deep"),
    "another format": (altered("format", "gradus-result/9"), "its format is to be gradus-result/1"),
    "no edition": (altered("edition", None), "edition is missing."),
    "an edition that is a text": (altered("edition/content", "x"), 'edition.content: here stands "x", where a set of'),
    "no columns": (altered("dossier/tables/staff/columns", None), "dossier.tables.staff.columns is missing."),
    "another column": (altered("dossier/tables/goals/columns/0", "gaol"), "where this list in this order, "),
    "an unknown table": (altered("dossier/tables/stuff", {}), 'dossier.tables: here stands "stuff", where one of '),
    "a short row": (altered("dossier/tables/staff/rows/1", [3]), "rows[1]: here stands [3], where a row number and "),
    "rows that are a text": (altered("dossier/tables/staff/rows", "x"), "where a list in square brackets is expected"),
    "a row twice": (altered("dossier/tables/staff/rows/1/0", 2), "where a list of rows whose numbers rise is"),
    "a number for a date": (altered("dossier/tables/staff/rows/1/4", 20260630), "where a date such as "),
    "an endless decimal": (altered("dossier/tables/finance/rows/1/2", "1e999999999"), "where a number in quotation"),
    "a quotient by nothing": (altered("dossier/tables/finance/rows/1/2", "1/0"), "where a number in quotation"),
    "a huge year": (altered("dossier/tables/finance/rows/1/1", 10**30), "where a whole number of 24 digits"),
    "a date far away": (altered("as_of", "9999-12-31"), "where a date of 1950-2150 "),
    "a date of another form": (altered("as_of", "20260630"), "where a date of 1950-2150 "),
    "a rejected row that is not there": (altered("rejected", [["projects", 9999]]), 'stands ["projects", 9999], where'),
    "a rejected row of an unknown table": (altered("rejected", [["stuff", 2]]), 'here stands ["stuff", 2], where'),
    "evidence that is a number": (altered("dossier/evidence", 1), "dossier.evidence: here stands 1, where a list"),
    "an unknown notice": (altered("warnings/0/code", "dossier.nonsense"), "where the code of a notice is expected"),
    "a value outside its list": (
        altered("dossier/tables/documents/rows/0/1", "x"),
        "documents (Documents) row 2, kind",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_said_with_its_path(name, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    """In both languages, with nothing of the program's insides; the line before it is rechecked all the same."""
    text, words = BROKEN[name]
    file = tmp_path / "results.jsonl"
    file.write_text(f"{dumps(SMALL)}\n{text}\n", encoding="utf-8")
    for language in ("zh", "en"):
        assert main(["recheck", str(file), "--lang", language]) == 2
        said = capsys.readouterr()
        assert said.out.startswith(("一致", "The same"))
        assert f"{file}:2" in said.err
        assert not {each for each in ("Error", "object", "None", "True", "{", "invalid") if each in said.err}
    assert words in said.err


def test_a_file_of_other_bytes_is_refused(tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    """Not UTF-8, or empty; a byte order mark, a blank line and a line separator in a text are no harm."""
    file = tmp_path / "result.json"
    for data, words in ((b"\xff\xfe{", "Byte 1 is not UTF-8"), (b" \n", "The file is empty")):
        file.write_bytes(data)
        assert main(["recheck", str(file), "--lang", "en"]) == 2
        assert words in capsys.readouterr().err
    renamed = dumps({**SMALL, "dossier": {**SMALL["dossier"], "name": "a\u2028b\x85c"}})
    file.write_bytes(b"\xef\xbb\xbf" + renamed.encode() + b"\r\n\n")
    assert main(["recheck", str(file)]) == 0


def test_differences_are_shown_as_they_stand_in_the_file(tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    """A number of another kind, a key too few and one too many."""
    data = json.loads(json.dumps(SMALL))
    data["capability"]["rank"] = True
    data["claimed"] = 1
    data["extra"] = None
    del data["overall"]
    file = tmp_path / "result.json"
    file.write_text(dumps(data), encoding="utf-8")
    assert main(["recheck", str(file), "--lang", "en"]) == 1
    told = capsys.readouterr().out.splitlines()[1:]
    assert told == [
        "  capability.rank: true is stated, 1 is found",
        f"  overall: nothing is stated, {dumps(SMALL['overall'])} is found",
        "  claimed: 1 is stated, " + dumps(SMALL["claimed"]) + " is found",
        "  extra: null is stated, nothing is found",
    ]
