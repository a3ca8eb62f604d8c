# SPDX-License-Identifier: Apache-2.0
"""A result as JSON: it grades again to itself, an altered one is found out, and a broken one is refused in words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.cli.main import main
from gradus.formats.result_json import dumps, read_result, result_to_json
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
