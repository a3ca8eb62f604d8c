# SPDX-License-Identifier: Apache-2.0
"""``gradus demo-certificate``: what it writes is verified by the command for strangers, and by no other trust file."""

from pathlib import Path

import pytest

from gradus.cli.main import main
from tests.grading.dossiers import FOLDER


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    assert main(["demo-certificate", str(folder), "--lang", "en"]) == 0
    return folder


@pytest.mark.parametrize("file", ["certificate.pdf", "credential.json"])
def test_what_is_written_holds_by_its_own_trust_file(folder, capsys, file):
    assert main(["verify", str(folder / file), "--trust", str(folder / "trust.json"), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("It holds")
    assert "Level 1 is the highest level" in said


def test_the_page_carries_the_very_files_that_lie_beside_it(folder):
    assert {each.name for each in folder.iterdir()} == {
        "certificate.pdf",
        "credential.json",
        "receipt.json",
        "trust.json",
    }


def test_another_demonstrations_trust_file_does_not_know_its_key(folder, tmp_path):
    assert main(["demo-certificate", str(tmp_path), "--dossier", str(FOLDER / "cases" / "top")]) == 0
    for file in ("certificate.pdf", "credential.json"):
        assert main(["verify", str(folder / file), "--trust", str(tmp_path / "trust.json")]) == 1


def test_where_nothing_can_be_granted_there_is_no_certificate(tmp_path, capsys):
    assert (
        main(["demo-certificate", str(tmp_path), "--dossier", str(FOLDER / "cases" / "veto-fraud"), "--lang", "en"])
        == 2
    )
    assert "Nothing can be granted" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
