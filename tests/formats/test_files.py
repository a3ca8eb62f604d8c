# SPDX-License-Identifier: Apache-2.0
"""What is no regular file, or may not be replaced: refused in words, never replaced, waited for or half written."""

import errno
import os
import stat
from pathlib import Path

import pytest

from gradus.formats.editions import load_edition
from gradus.formats.files import problem, read_file, write_file
from gradus.formats.wording import sentence
from gradus.grading.faults import Refusal
from tests.formats.tables import refused
from tests.formats.test_dossier_reading import write_folder

KINDS = {
    "folder": (lambda path: path.mkdir(), "This is a folder,"),
    "pipe": (os.mkfifo, "This is a pipe,"),
    "dead link": (lambda path: path.symlink_to("nowhere"), "This is a link that leads nowhere,"),
    "circle": (lambda path: path.symlink_to(path.name), "This is a link that leads nowhere,"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "This is a device,"),
}


def said(call, *arguments) -> str:
    """The English sentence with which it is refused."""
    with pytest.raises(Refusal) as caught:
        call(*arguments)
    (fault,) = caught.value.faults
    assert sentence(fault, "zh") != sentence(fault, "en")
    return sentence(fault, "en")


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_regular_file_is_read(tmp_path, kind):
    make, words = KINDS[kind]
    path = tmp_path / "a.yaml"
    make(path)
    assert said(read_file, path).startswith(words)


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_that_is_no_file_is_not_an_empty_table(tmp_path, kind):
    folder = write_folder(tmp_path / "d")
    (folder / "people.csv").unlink()
    KINDS[kind][0](folder / "people.csv")
    assert refused(folder) == [("file.not_regular", "", 0, "")]


@pytest.mark.parametrize("name", ["x.xlsx", "x"])
def test_a_pipe_is_neither_a_dossier_nor_an_edition(tmp_path, name):
    os.mkfifo(tmp_path / name)
    assert refused(tmp_path / name) == [("file.not_regular", "", 0, "")]
    assert said(load_edition, tmp_path / name).startswith("This is a pipe,")


def test_a_name_that_is_too_long_is_refused_in_words(tmp_path):
    assert refused(tmp_path / ("x" * 300)) == [("file.not_read", "", 0, "")]


@pytest.mark.parametrize("kind", ["folder", "pipe", "circle", "device"])
def test_what_is_no_regular_file_is_not_replaced(tmp_path, kind):
    make, words = KINDS[kind]
    path = tmp_path / "r.pdf"
    make(path)
    before = path.lstat()
    assert said(write_file, path, b"new").startswith(words)
    assert path.lstat() == before
    assert [each.name for each in tmp_path.iterdir()] == ["r.pdf"]


def test_a_link_stays_and_its_target_is_written(tmp_path):
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "r.pdf", tmp_path / "r.pdf"
    link.symlink_to(Path("far") / "r.pdf")
    for data in (b"first", b"second"):
        write_file(link, data)
        assert link.is_symlink()
        assert target.read_bytes() == data
    assert [each.name for each in target.parent.iterdir()] == ["r.pdf"]


def test_a_write_protected_file_is_left_as_it_is(tmp_path):
    path = tmp_path / "r.pdf"
    path.write_bytes(b"old")
    path.chmod(0o444)
    assert said(write_file, path, b"new").startswith("The file is write-protected")
    assert path.read_bytes() == b"old"


def test_a_replaced_file_keeps_its_mode_and_neighbours(tmp_path):
    path, neighbour = tmp_path / "r.pdf", tmp_path / "r.pdf.part"
    for each in (path, neighbour):
        each.write_bytes(b"old")
    path.chmod(0o640)
    write_file(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert (path.read_bytes(), neighbour.read_bytes()) == (b"new", b"old")


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "r.pdf"
    path.write_bytes(b"old")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("shutil.copymode", full)
    assert "the disk is full" in said(write_file, path, b"new")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("r.pdf", b"old")]


def test_a_path_through_a_file_is_refused(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    assert "a part of the path is no folder" in said(write_file, tmp_path / "a" / "r.pdf", b"new")


def test_a_reason_without_words_of_ours_is_the_systems():
    assert problem(OSError(errno.EIO, "Input/output error")) == {"problem": "Input/output error"}
    assert problem(OSError("odd")) == {"problem": "odd"}
