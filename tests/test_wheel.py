# SPDX-License-Identifier: Apache-2.0
"""What a stranger gets from ``pip install gradus``: the package with the schemes, the sentences and the fonts."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.long
def test_the_wheel_holds_every_file_of_the_package_and_of_the_schemes(tmp_path):
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())

    package = {p.relative_to(ROOT / "src").as_posix() for p in (ROOT / "src").rglob("*") if p.is_file()}
    schemes = {f"gradus/_{p.relative_to(ROOT).as_posix()}" for p in (ROOT / "schemes").rglob("*") if p.is_file()}
    wanted = {name for name in package | schemes if not name.endswith(".pyc")}
    assert schemes
    assert wanted - packed == set()
    assert any(name.endswith("/licenses/LICENSE") for name in packed)
