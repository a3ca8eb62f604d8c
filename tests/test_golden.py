# SPDX-License-Identifier: Apache-2.0
"""The golden cases beside every edition: each dossier gets exactly its expected result, from CSV and from XLSX."""

import json
from pathlib import Path
from typing import Any

import pytest

from gradus.formats.dossier import read_dossier
from gradus.formats.editions import edition_folders, load_edition
from gradus.formats.result_json import result_to_json
from gradus.formats.template_xlsx import write_template
from gradus.grading.assess import assess

CASES = [case for folder in edition_folders() for case in sorted((folder / "cases").iterdir())]
NAMES = [f"{case.parents[2].name}-{case.name}" for case in CASES]


def compare(expected: Any, found: Any, path: str = "") -> list[str]:
    """Every expected value that is not found; the result may hold more than is expected."""
    if isinstance(expected, dict):
        lines = (compare(value, found.get(key, "nothing"), f"{path}.{key}") for key, value in expected.items())
        return [line for each in lines for line in each]
    same = expected == found and isinstance(expected, bool) == isinstance(found, bool)
    return [] if same else [f"{path}: {expected} {found}"]


def graded(path: Path, folder: Path) -> Any:
    """The result as JSON data, after a round trip through text."""
    edition = load_edition(folder)
    dossier, notices = read_dossier(path, edition)
    return json.loads(json.dumps(result_to_json(assess(edition, dossier, notices=notices))))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_case_is_graded_to_the_last_digit_from_csv(case: Path) -> None:
    """Values, points, statuses, scores, outcomes, vetoes and scope."""
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert compare(expected, graded(case, case.parents[1])) == []


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_case_is_graded_to_the_last_digit_from_a_workbook(case: Path, tmp_path: Path) -> None:
    """The same data as a filled template."""
    edition = load_edition(case.parents[1])
    workbook = tmp_path / f"{case.name}.xlsx"
    write_template(edition, workbook, read_dossier(case, edition)[0])
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert compare(expected, graded(workbook, case.parents[1])) == []


def test_a_wrong_value_would_be_seen() -> None:
    """The comparison itself can fail: one hundredth of a point is a difference."""
    case = CASES[0]
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    expected["overall"] = 12.34
    assert len(compare(expected, graded(case, case.parents[1]))) == 1
