# SPDX-License-Identifier: Apache-2.0
"""What is in an evidence file, its pages as pictures and their text, kept on the disk once they were made.

All files are opened by :mod:`gradus.dossiers.page_reader`, each in a process of its own and one at a time, so that a
hostile file costs a few seconds and nothing else.
"""

import atexit
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from gradus.dossiers import store
from gradus.dossiers.models import File
from gradus.grading.faults import Fault, Refusal

most_pages = 2000
widths = (600, 1200, 2400)
"""The widths in which pages are drawn: a telephone's, a column's, enlarged."""
turns = (0, 90, 180, 270)

_READER = Path(__file__).with_name("page_reader.py")
_SECONDS = 20
_END = "\0\n"
_TOGETHER = 4
"""Pages drawn at a time: whoever looks at one goes on to the next."""
_MOST_KEPT = 6000
_one_at_a_time = threading.BoundedSemaphore(1)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file is."""

    media_type: str
    pages: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page's size (0 when unknown) and text."""

    number: int
    width: int = 0
    height: int = 0
    text: str = ""


def look_into(path: Path) -> Looked:
    """Open a file and say what it is. Raises Refusal for what is no PDF, PNG or JPEG, is damaged, locked or too large
    inside."""
    answer = _read("look", str(path), str(most_pages))
    found = json.loads(answer or '{"fault": "breaks_the_reader"}')
    if "fault" in found:
        raise Refusal([Fault(f"evidence.{found['fault']}", params={"limit": str(most_pages)})])
    return Looked(found["media_type"], found["pages"])


def outline(file: File, first: int, last: int) -> list[Page]:
    """The sizes and texts of a file's pages; what can not be told is left empty."""
    kept = _cache("outlines") / f"{file.digest}-{first}-{last}"
    if kept.is_file():
        lines = kept.read_text("utf-8")
    else:
        lines = _read("outline", str(store.path_of(file.digest)), str(first), str(last))
        if lines:
            _make_room(kept.parent)
            _keep_text(kept, lines)
    known = {page.number: page for page in _pages(lines)}
    return [known.get(number, Page(number)) for number in range(first, last + 1)]


def picture(file: File, page: int, width: int, turn: int) -> bytes | None:
    """A page drawn as PNG or JPEG; None when it can not be drawn."""
    kept = _cache("pages")
    name = f"{file.digest}-{width}-{turn}-{{}}"
    mine = kept / name.format(page)
    if not mine.is_file():
        with _one_at_a_time:
            if not mine.is_file():  # somebody else's page may have brought mine along
                _draw(file, page, width, turn, kept, name)
    try:
        return mine.read_bytes() or None
    except FileNotFoundError:
        return None


def _draw(file: File, page: int, width: int, turn: int, kept: Path, name: str) -> None:
    _make_room(kept)
    last = min(page + _TOGETHER - 1, file.pages)
    source = str(store.path_of(file.digest))
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        _run("draw", source, str(page), str(last), str(width), str(turn), folder)
        for number in range(page, last + 1):
            with suppress(FileNotFoundError):
                (Path(folder) / str(number)).replace(kept / name.format(number))
    mine = kept / name.format(page)
    if not mine.exists() and store.is_whole(file.digest):
        mine.touch()  # it can not be drawn, and whoever asks again does not hold up the others again


def _make_room(kept: Path) -> None:
    """What was drawn can be drawn again: the oldest go when there is very much of it."""
    with os.scandir(kept) as there:
        ages = sorted((each.stat().st_mtime_ns, each.path) for each in there)
    if len(ages) > _MOST_KEPT:
        for _, path in ages[: len(ages) - _MOST_KEPT * 9 // 10]:
            Path(path).unlink(missing_ok=True)


def _read(*arguments: str) -> str:
    with _one_at_a_time:
        return _run(*arguments)


def _run(*arguments: str) -> str:
    """What the reader prints, also when it was stopped before its end."""
    reader = _reader(os.getpid())
    if reader.poll() is not None:  # whatever ended it
        _reader.cache_clear()
        reader = _reader(os.getpid())
    assert reader.stdin is not None and reader.stdout is not None  # noqa: PT018  both are pipes
    reader.stdin.write(json.dumps([_SECONDS, *arguments]) + "\n")
    reader.stdin.flush()
    said = []
    for line in reader.stdout:
        said.append(line.removesuffix(_END))
        if line.endswith(_END):
            break
    return "".join(said)


@cache
def _reader(_process: int) -> "subprocess.Popen[str]":
    """The reader of a process, which ends with it."""
    command = [sys.executable, "-I", str(_READER)]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    reader = subprocess.Popen(  # noqa: S603
        command, stdin=pipe, stdout=pipe, stderr=nowhere, encoding="utf-8", errors="replace", start_new_session=True
    )
    atexit.register(reader.communicate)
    return reader


def _pages(lines: str) -> Iterator[Page]:
    for line in lines.splitlines():
        with suppress(json.JSONDecodeError):  # the last line of a reader that was stopped
            said = json.loads(line)
            yield Page(said["page"], said["width"], said["height"], said["text"])


def _keep_text(file: Path, text: str) -> None:
    part = file.with_name(f"{file.name}.{threading.get_ident()}.part")
    part.write_text(text, "utf-8")
    part.replace(file)


def _cache(kind: str) -> Path:
    folder = Path(settings.DATA) / "cache" / kind
    folder.mkdir(parents=True, exist_ok=True)
    return folder
