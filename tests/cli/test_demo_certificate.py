# SPDX-License-Identifier: Apache-2.0
"""``gradus demo-certificate``: what it writes is verified by the command for strangers, and by no other trust file."""

import json
import subprocess
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from gradus.cli.main import main
from gradus.trust.bundle import read_bundle
from gradus.trust.compact import check_compact, read_compact
from gradus.trust.verdict import State
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


def test_the_code_on_the_page_is_signed_and_read_by_another_program(folder):
    """150 dpi, by zxing."""
    page = folder.parent / "page"
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", folder / "certificate.pdf", page], check=True)
    (code,) = zxingcpp.read_barcodes(Image.open(page.with_suffix(".png")))
    address, _, compact = code.text.partition("#")
    bundle = read_bundle((folder / "trust.json").read_bytes(), "trust.json")
    assert check_compact(read_compact(compact), bundle)[0] is State.PASSED
    assert address == json.loads((folder / "credential.json").read_bytes())["id"]


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
