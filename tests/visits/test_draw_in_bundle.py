# SPDX-License-Identifier: Apache-2.0
"""The draw of a visit is in the bundle of its case, and is drawn again from it alone."""

import json
import zipfile

import pytest

from gradus.applications.belongings import belongings
from gradus.cli.bundle import _regrade
from gradus.cli.main import main
from gradus.formats.case_bundle import check_bundle, write_bundle
from gradus.visits.draws import draw_files, drawn_in
from tests.surroundings import DATA
from tests.visits import on_site


@pytest.fixture
def bundle(case, visit, world, tmp_path):
    on_site.draw_and_trace(case, world)
    file = tmp_path / "case.zip"
    assert main(["case", "bundle", case.number, str(file), "--data", str(DATA)]) == 0
    return file


def test_a_draw_is_drawn_again_from_the_bundle(case, visit, bundle, tmp_path, capsys):
    with zipfile.ZipFile(bundle) as archive:
        archive.extract("draws/1.json", tmp_path)
    assert main(["draw", "check", str(tmp_path / "draws/1.json"), "--lang", "en"]) == 0
    assert ", ".join(drawn_in(visit)) in capsys.readouterr().out
    assert main(["bundle", "check", str(bundle)]) == 0


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"client_text": "另一段"}, "bundle.draw_differs"),
        ({"case": "2026-9999"}, "bundle.draw_differs"),
        ({"seed": "ab" * 32}, "bundle.draw_differs"),
        (None, "bundle.missing"),
    ],
    ids=str,
)
def test_a_draw_that_was_altered_or_left_out_is_found(case, visit, world, tmp_path, change, found):
    """Also when the manifest was written anew for it."""
    on_site.draw_and_trace(case, world)
    altered = {name: json.dumps({**json.loads(text), **(change or {})}) for name, text in draw_files(case).items()}
    kept = belongings(case, altered if change else None)
    write_bundle(tmp_path / "case.zip", kept.head, kept.files)
    assert found in {each.code for each in check_bundle(tmp_path / "case.zip", _regrade).faults}


def test_a_draw_that_is_not_opened_is_in_no_bundle(case, visit):
    assert draw_files(case) == {}
