# SPDX-License-Identifier: Apache-2.0
"""What the workbook costs for the largest golden case: its pages, and a verdict with the new grade. Usage: python
bench/workbook.py

Processor time of the server's code alone, in SQLite, through Django's own request handling; the limits are 60 ms a page
and 50 ms a verdict.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from tests import surroundings
from tests.dossiers.fill import fill
from tests.dossiers.submitting import submit_ready
from tests.evaluations.review import LEADER, reviewed_case
from tests.grading.dossiers import FOLDER, edition
from tests.people.firms import make_world

from gradus.dossiers.actions import create_dossier
from gradus.evaluations.rows import submitted
from gradus.evaluations.verdicts import accept_rows
from gradus.journal.actor import system


def measure(name: str, limit: str, work: Callable[[int], object], runs: int = 20) -> None:
    for warm in range(3):
        work(-1 - warm)
    times = []
    for run in range(runs):
        before = time.process_time()
        work(run)
        times.append(time.process_time() - before)
    print(f"{name:40} {statistics.median(times) * 1000:7.1f} ms   (limit {limit})")


def main() -> None:
    call_command("migrate", verbosity=0)
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    world = make_world(now())
    dossier = create_dossier(world.client, "2026", edition().name, system, now())
    fill(dossier, FOLDER / "cases" / "top", now())
    case = reviewed_case(world, submit_ready(dossier, world.actor("manager")))
    browser = Client(headers={"host": "localhost"})
    browser.force_login(world.people[LEADER], backend=settings.AUTHENTICATION_BACKENDS[0])
    from_two_factors(world)
    claimed = submitted(case).rows
    for table in ("staff", "person_certificates", "documents"):
        accept_rows(case, table, [row.id for row in claimed[table]], world.actor(LEADER), case.changed_at)

    def page(name: str, **more: object) -> Callable[[int], object]:
        address = reverse(name, kwargs={"case": case.pk, **more})

        def load(_run: int) -> None:
            answer = browser.get(address)
            assert answer.status_code == 200, answer.status_code

        return load

    rows = claimed["projects"]
    said = {"opinion": "reject", "reason": "not-proven", "text": "x"}

    def verdict(run: int) -> None:
        row = rows[run % len(rows)]
        address = reverse("judge_row", kwargs={"case": case.pk, "table": "projects", "row": row.id})
        assert browser.post(address, said, headers={"HX-Request": "true"}).status_code == 200

    measure("workbook, overview", "60 ms", page("assessor_workbook"))
    measure("workbook, a table of 480 rows", "60 ms", page("assessor_table", table="staff"))
    measure("workbook, an item", "60 ms", page("assessor_item", item=edition().indicators[3].id))
    measure("a verdict and the new grade", "50 ms", verdict)


def from_two_factors(world: object) -> None:
    """The team's members have their second factor."""
    from allauth.mfa.totp.internal.auth import TOTP  # noqa: PLC0415

    TOTP.activate(world.people[LEADER], "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")  # type: ignore[attr-defined]


if __name__ == "__main__":
    try:
        main()
    finally:
        surroundings.remove()
