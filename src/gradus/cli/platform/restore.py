# SPDX-License-Identifier: Apache-2.0
"""``gradus restore FILE``: a platform from a backup, in an empty folder and an empty database; whole, or not at all."""

import shutil
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.utils.timezone import localtime, now

from gradus.cli.platform.archive import Reader, opened, table_name
from gradus.cli.platform.options import marker
from gradus.cli.platform.prepare import close_to_others, prepare, refuse_unless_empty, start_over, take_place
from gradus.cli.platform.tables import clear, count_on, lines, load, migrate_to, tables, unguarded, unknown
from gradus.cli.streams import tell, warn
from gradus.dossiers.store import examine
from gradus.formats.files import problem
from gradus.formats.wording import sentence, words
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actions import record
from gradus.journal.actor import system
from gradus.journal.kinds import Kind
from gradus.journal.queries import faults
from gradus.register.enter import reindex


def run(options: Namespace) -> int:
    """0 when all is there and whole; 1, with words, when the backup was made of something that was not."""
    with _thrown_away_unless_finished(settings.DATA):
        refuse_unless_empty(options.data)
        with opened(options.file, lambda manifest: _refuse(manifest, options)) as backup:
            start_over(settings.DATA)
            try:
                found = _build(backup)
            except OSError as error:
                raise Refusal([Fault("file.not_written", Place(str(settings.DATA)), problem(error))]) from None
            manifest = backup.manifest
        take_place(settings.DATA, options.data)
    for fault in found:
        warn(f"  {sentence(fault, options.lang)}")
    blanks = {"rows": sum(each["rows"] for each in manifest["tables"].values()), "files": len(manifest["files"])}
    told = {name: str(count) for name, count in blanks.items()}
    tell(words("restore.done", options.lang, data=str(options.data), made_at=_minute(manifest["made_at"]), **told))
    if not manifest["secret_key"]:
        tell(words("restore.no_secret_key", options.lang))
    return 1 if found else 0


def _minute(instant: str) -> str:
    """An instant of the manifest as a clock here shows it."""
    return localtime(datetime.fromisoformat(instant)).strftime("%Y-%m-%d %H:%M")


@contextmanager
def _thrown_away_unless_finished(folder: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _refuse(manifest: dict[str, Any], options: Namespace) -> None:
    """Raises Refusal when the backup is of a version to come, or the database is no place for it."""
    here = Place(str(options.file))
    if unknown(_migrations(manifest)):
        raise Refusal([Fault("backup.newer", here)])
    if manifest["tables"].keys() != tables(_migrations(manifest)).keys():
        raise Refusal([Fault("backup.damaged", here)])  # its migrations make others than those it holds
    if connection.vendor == "postgresql":
        if marker in manifest["files"]:
            raise Refusal([Fault("restore.demonstration", here)])
        if connection.introspection.table_names():
            raise Refusal([Fault("restore.database_not_empty", params={"name": connection.settings_dict["NAME"]})])


def _migrations(manifest: dict[str, Any]) -> frozenset[tuple[str, str]]:
    return frozenset((app, name) for app, name in manifest["migrations"])


def _build(backup: Reader) -> list[Fault]:
    """Everything of the backup, brought up to this version, and in the journal's next entry that it was restored.

    Returns what was not whole when the backup was made. PostgreSQL does all of it in one transaction; SQLite's file
    lies in a folder that has not taken its place yet.
    """
    for name in backup.manifest["files"]:
        backup.write_file(name, settings.DATA / name)
    close_to_others()
    with transaction.atomic() if connection.vendor == "postgresql" else nullcontext():
        migrations = _migrations(backup.manifest)
        migrate_to(migrations)
        with transaction.atomic():
            _load(backup, migrations)
        prepare()
        reindex()
        found = [*faults(), *_evidence_faults()]
        with transaction.atomic():
            kept = {"made_at": backup.manifest["made_at"], "gradus": backup.manifest["gradus"]}
            record(Kind.BACKUP_RESTORED, system, now(), kept)
    return found


def _load(backup: Reader, migrations: frozenset[tuple[str, str]]) -> None:
    """Every row, read back from the new table and compared. Raises Refusal when it is not what the backup says, or none
    that the table could hold."""
    models, label = tables(migrations), ""
    try:
        with unguarded(models.values()):
            clear(models.values())
            for label, model in models.items():
                with backup.table(label) as rows:
                    load(model, rows)
            label = ""  # what follows looks at all of them
    except (ValidationError, ValueError, TypeError, LookupError, DataError, IntegrityError):
        part = Fault("backup.damaged_part", params={"part": table_name(label)})
        raise Refusal([part if label else Fault("backup.damaged")]) from None
    count_on(models.values())
    for label, model in models.items():
        digest = sha256()
        for line in lines(model):
            digest.update(line)
        if digest.hexdigest() != backup.manifest["tables"][label]["sha256"]:
            raise Refusal([Fault("restore.differs", params={"table": label})])


def _evidence_faults() -> list[Fault]:
    examined = examine()
    return [Fault("backup.evidence_lost", params={"digest": each}) for each in examined.missing + examined.damaged]
