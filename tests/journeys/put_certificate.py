# SPDX-License-Identifier: Apache-2.0
"""Run as a program beside a server without anything in it: brings a case to its certificate, writes what its holder
gets into a folder, and prints the number and the day of issue."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

django.setup()  # what follows knows Django's models

from gradus.certificates.queries import publication_of
from gradus.dossiers.actions import create_dossier
from gradus.dossiers.store import path_of
from gradus.journal.actor import system
from gradus.trust.instants import day_of, whole
from tests.certificates.issuing import equip, issued
from tests.decisions.deciding import granted
from tests.dossiers.fill import fill
from tests.dossiers.submitting import submit_ready
from tests.grading.dossiers import FOLDER, edition
from tests.people.firms import make_world


def main(folder):
    at = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
    world = make_world(at)
    equip(at)
    dossier = create_dossier(world.client, "2026", edition().name, system, at)
    fill(dossier, FOLDER / "cases" / "first-application-small", at)
    case = granted(submit_ready(dossier, world.actor("manager")), world)
    certificate = issued(case, world, whole(case.changed_at) + timedelta(days=1))
    handed = publication_of(certificate)
    (folder / "certificate.pdf").write_bytes(path_of(handed.page_id).read_bytes())
    (folder / "credential.json").write_text(handed.leaf.credential, "utf-8")
    (folder / "receipt.json").write_text(handed.receipt, "utf-8")
    print(certificate.number, day_of(certificate.at))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
