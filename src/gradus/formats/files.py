# SPDX-License-Identifier: Apache-2.0
"""Reading and writing whole files, and what is said when that can not be."""

import errno
import os
import secrets
import shutil
import stat
from pathlib import Path

from gradus.formats.wording import known, say
from gradus.grading.faults import Fault, Place, Refusal

_KINDS = {
    stat.S_IFDIR: "file.folder",
    stat.S_IFLNK: "file.dead_link",
    stat.S_IFIFO: "file.pipe",
    stat.S_IFCHR: "file.device",
    stat.S_IFBLK: "file.device",
    stat.S_IFSOCK: "file.socket",
}
_ANYONE_WRITES = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def read_file(file: Path, most: int = 2**30) -> bytes:
    """A file's content. Raises Refusal when it is no regular file (a pipe would never end), too large or unreadable."""
    here = Place(file.name)
    try:
        refuse_other_kinds(file, here)
        if file.stat().st_size > most:
            raise Refusal([Fault("file.too_large", here, {"limit": str(most // 2**20)})])
        return file.read_bytes()
    except OSError as error:
        raise Refusal([Fault("file.not_read", here, problem(error))]) from None


def write_file(file: Path, data: bytes) -> None:
    """Write a file so that it is never seen half written; a link stays, and what it leads to is written.

    Raises Refusal when it can not be written.
    """
    here = Place(str(file))
    part = None
    try:
        target = Path(os.path.realpath(file))
        target.parent.mkdir(parents=True, exist_ok=True)
        there = os.path.lexists(target)
        if there:
            refuse_other_kinds(target, here)
            # The mode counts for the superuser too: whoever took the right to write away meant the file to stay.
            if not target.stat().st_mode & _ANYONE_WRITES or not os.access(target, os.W_OK):
                raise Refusal([Fault("file.protected", here)])
        unfinished = target.with_name(f".gradus-{secrets.token_hex(4)}.part")
        with unfinished.open("xb") as stream:
            part = unfinished
            stream.write(data)
        if there:
            shutil.copymode(target, part)
        part.replace(target)
    except OSError as error:
        raise Refusal([Fault("file.not_written", here, problem(error))]) from None
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def problem(error: OSError) -> dict[str, str]:
    """The blanks of a sentence that gives the operating system's reason, in our words where we have them."""
    code = f"file.{errno.errorcode.get(error.errno or 0, '')}"
    if not known(code):
        return {"problem": error.strerror or str(error)}
    return {f"problem_{language}": say(code, language) for language in ("zh", "en")}


def refuse_other_kinds(file: Path, here: Place) -> None:
    """Raise Refusal unless it is a regular file, or a link to one."""
    kind = file.stat().st_mode if file.exists() else file.lstat().st_mode
    if not stat.S_ISREG(kind):
        code = _KINDS.get(stat.S_IFMT(kind), "file.device")
        words = {f"kind_{language}": say(code, language) for language in ("zh", "en")}
        raise Refusal([Fault("file.not_regular", here, words)])
