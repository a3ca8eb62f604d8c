# SPDX-License-Identifier: Apache-2.0
"""Standard output that is full, closed, or read by nobody: no traceback, and what was asked for is done."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.grading.dossiers import FOLDER

TOP = shlex.quote(str(FOLDER / "cases" / "top"))
GRADUS = f"{shlex.quote(sys.executable)} -m gradus"
COMMANDS = [f"grade {TOP} --json", f"grade {TOP}", "scheme list", "scheme show", f"dossier check {TOP}", "--help"]


def shell(command: str) -> subprocess.CompletedProcess[str]:
    """Run it in a shell whose exit code is that of gradus, not that of the reader behind the pipe."""
    script = f"set -o pipefail; {command}"
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_told_in_one_sentence(command: str) -> None:
    """Exit 2."""
    done = shell(f"{GRADUS} {command} > /dev/full")
    assert done.returncode == 2
    assert "输出写不进去：磁盘已满" in done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_who_has_gone_is_no_fault(command: str) -> None:
    """Quiet, exit 0, also when standard output was closed from the start."""
    for way in (" | true", " >&-"):
        done = shell(f"{GRADUS} {command}{way}")
        assert (done.returncode, done.stderr) == (0, "")


def test_what_was_refused_still_decides_the_exit_code(tmp_path: Path) -> None:
    """The reader left after the first result; the second dossier does not exist."""
    done = shell(f"{GRADUS} grade {TOP} {tmp_path}/none --json --lang en | true")
    assert done.returncode == 2
    assert "There is no such file or folder" in done.stderr


@pytest.mark.parametrize("way", ["| true", "| head -1", ">&-"])
def test_the_report_is_written_whole_whoever_listens(way: str, tmp_path: Path) -> None:
    """The PDF ends as a PDF does."""
    done = shell(f"{GRADUS} grade {TOP} --pdf {tmp_path}/r.pdf {way}")
    assert done.returncode == 0
    assert (tmp_path / "r.pdf").read_bytes().rstrip().endswith(b"%%EOF")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("way", ["2> /dev/full", "2>&-"])
def test_a_refusal_that_nobody_can_read_is_still_a_refusal(way: str, tmp_path: Path) -> None:
    """Exit 2, and nothing of it strays into standard output."""
    done = shell(f"{GRADUS} grade {tmp_path}/none {way}")
    assert (done.returncode, done.stdout) == (2, "")
