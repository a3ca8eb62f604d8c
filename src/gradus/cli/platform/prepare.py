# SPDX-License-Identifier: Apache-2.0
"""Getting a data folder ready: its folders, its tables, its styles and scripts; and putting one in its place."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from gradus.grading.faults import Fault, Place, Refusal

_FOLDERS = ("files", "static", "uploads")


def prepare() -> None:
    """Make what is missing, and bring tables, styles and scripts up to this version."""
    for name in _FOLDERS:
        (settings.DATA / name).mkdir(parents=True, exist_ok=True)
    close_to_others()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def close_to_others() -> None:
    """Nobody but its owner reads the data folder, the keys in it, or the database: its file is made before SQLite would
    make it for everybody (what SQLite puts beside it has the same mode)."""
    for folder in (settings.DATA, settings.DATA / "keys"):
        if folder.is_dir():
            folder.chmod(0o700)
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        file.touch(mode=0o600)
        file.chmod(0o600)


def refuse_unless_empty(folder: Path) -> None:
    """Raises Refusal when something lies where a data folder is to be made."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal([Fault("platform.not_empty", Place(str(folder)))])


def require_tables() -> None:
    """Raises Refusal when no platform has been made in the data folder or database yet."""
    if "journal_entry" not in connection.introspection.table_names():
        raise Refusal([Fault("platform.no_data", Place(str(settings.DATA)))])


def start_over(unfinished: Path) -> None:
    """What an interrupted run left is thrown away."""
    for each in unfinished.iterdir() if unfinished.is_dir() else ():
        if each.name != "secret.key":  # Django has read it already
            shutil.rmtree(each) if each.is_dir() else each.unlink()


def take_place(unfinished: Path, folder: Path) -> None:
    """Give a finished data folder its name."""
    connection.close()
    if folder.is_dir():
        folder.rmdir()
    unfinished.rename(folder)
