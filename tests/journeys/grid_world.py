# SPDX-License-Identifier: Apache-2.0
"""Run as a program in a data folder of its own: two people of one firm and a dossier, for the journeys in the grid."""

import json
import sys
from pathlib import Path

import django

django.setup()

from django.utils.timezone import now  # noqa: E402

from gradus.dossiers.actions import create_dossier  # noqa: E402
from gradus.journal.actor import system  # noqa: E402
from tests.dossiers.fill import fill  # noqa: E402
from tests.grading.dossiers import FOLDER, edition  # noqa: E402
from tests.people.firms import PASSWORD, make_world  # noqa: E402


def main(out: Path) -> None:
    at = now()
    world = make_world(at)
    dossier = create_dossier(world.client, "2026", edition().name, system, at)
    fill(dossier, FOLDER / "cases" / "first-application-small", at)
    addresses = {who: world.people[who].email for who in ("manager", "member")}
    path = f"/applicant/{world.client.pk}/{dossier.pk}/tables/"
    out.write_text(json.dumps({"people": addresses, "password": PASSWORD, "tables": path}), "utf-8")


main(Path(sys.argv[1]))
