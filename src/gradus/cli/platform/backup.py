# SPDX-License-Identifier: Apache-2.0
"""``gradus backup FILE``: everything of the platform, as of one moment, in one file."""

import os
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.timezone import now

from gradus import __version__
from gradus.cli.platform.archive import Entry, Writer, file_name, left_out, table_name, written
from gradus.cli.platform.prepare import require_tables
from gradus.cli.platform.tables import applied, lines, snapshot, tables, unknown
from gradus.cli.streams import tell, warn
from gradus.dossiers.models import File
from gradus.formats.wording import sentence, words
from gradus.grading.faults import Fault, Place, Refusal

_SECRET = "secret.key"  # noqa: S105  the name of a file


def run(options: Namespace) -> int:
    """0 when all is kept; 1, with names, when evidence that the database speaks of is lost or damaged already."""
    file = Path(os.path.abspath(options.file))  # noqa: PTH100  resolve() would follow a link
    if file.is_relative_to(options.data):
        raise Refusal([Fault("backup.inside", Place(str(file)))])
    require_tables()
    with written(file) as out:
        manifest, evidence = _tables(out)
        manifest["secret_key"] = _secret_in_folder()
        manifest["files"] = {name: _file(out, name) for name in _files() if name != _SECRET or manifest["secret_key"]}
        out.finish(manifest)
    kept = {entry["sha256"] for entry in manifest["files"].values()}
    lost = sorted(evidence - kept)
    for digest in lost:
        warn(f"  {sentence(Fault('backup.evidence_lost', params={'digest': digest}), options.lang)}")
    blanks = {"rows": sum(each["rows"] for each in manifest["tables"].values()), "files": len(manifest["files"])}
    tell(words("backup.done", options.lang, file=str(file), **{name: str(count) for name, count in blanks.items()}))
    return 1 if lost else 0


def _tables(out: Writer) -> tuple[dict[str, Any], set[str]]:
    """Write every table; returns the manifest so far, and the digests of the evidence that the database speaks of.

    Files are read afterwards: each was there before the database spoke of it, and none is ever removed.
    """
    with snapshot():
        migrations = applied()
        if unknown(migrations):
            raise Refusal([Fault("backup.newer_data", Place(str(settings.DATA)))])
        found = {}
        for label, model in sorted(tables(migrations).items()):
            counted = _Counted(lines(model))
            found[label] = out.add(table_name(label), counted, squeeze=True) | {"rows": counted.count}
        evidence = set(File.objects.values_list("digest", flat=True))
    manifest = {"gradus": __version__, "made_at": now().isoformat(), "migrations": sorted(migrations), "tables": found}
    return manifest, evidence


class _Counted:
    """Lines that are counted as they pass."""

    def __init__(self, rows: Iterator[bytes]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[bytes]:
        for row in self._rows:
            self.count += 1
            yield row


def _files() -> list[str]:
    """Every file of the data folder that is not made anew, an app's that comes later too."""
    found = (
        Path(folder, name).relative_to(settings.DATA).as_posix()
        for folder, _, names in os.walk(settings.DATA, followlinks=True)
        for name in names
    )
    return sorted(name for name in found if not name.startswith(left_out))


def _file(out: Writer, name: str) -> Entry:
    path = settings.DATA / name
    with path.open("rb") as source:
        entry = out.add(file_name(name), iter(lambda: source.read(2**20), b""), squeeze=False)
    return entry | {"mode": path.stat().st_mode & 0o700}


def _secret_in_folder() -> bool:
    """Whether the key that second factors are encrypted with is the data folder's own, not given from outside."""
    file = settings.DATA / _SECRET
    return file.exists() and file.read_text("ascii") == settings.SECRET_KEY
