# SPDX-License-Identifier: Apache-2.0
"""What the body's pages cost with 1,000 cases in SQLite. Usage: python bench/cases.py [N]

The cases stand in every state that is not an end, each with the steps that lead there; one assessor leads them all.
Times are the processor's for one request through every middleware (which a busy machine does not falsify), the median
of several, in this process.
"""

import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

STEP_RULES = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'applications_casestep'"


def make(count: int) -> dict[str, object]:
    """Fill the database; returns a browser for each role that is measured, by its name, and one case."""
    import django  # noqa: PLC0415  the data folder must be known before

    django.setup()
    from allauth.mfa.totp.internal.auth import TOTP  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.utils.timezone import now  # noqa: PLC0415
    from tests.applications.walk import way  # noqa: PLC0415
    from tests.dossiers.fill import fill  # noqa: PLC0415
    from tests.dossiers.submitting import submit_ready  # noqa: PLC0415
    from tests.grading.dossiers import FOLDER, edition  # noqa: PLC0415
    from tests.people.firms import make_world  # noqa: PLC0415

    from gradus.applications.cases import keep_procedure  # noqa: PLC0415
    from gradus.applications.models import Case, CaseStep, Involvement  # noqa: PLC0415
    from gradus.dossiers.actions import create_dossier  # noqa: PLC0415
    from gradus.formats.procedures import find_procedure  # noqa: PLC0415
    from gradus.journal.actor import system  # noqa: PLC0415
    from gradus.people.models import Organisation  # noqa: PLC0415
    from gradus.process.states import ENDED, State, after  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with connection.cursor() as cursor:  # the cases have their steps alone, without the records that they rest on
        for (each,) in list(cursor.execute(STEP_RULES)):
            cursor.execute(f"DROP TRIGGER {each}")
    at = now()
    world = make_world(at)
    dossier = create_dossier(world.client, "2026", edition().name, system, at)
    fill(dossier, FOLDER / "cases" / "first-application-small", at)
    submission = submit_ready(dossier, world.actor("manager"))
    states = [each for each in State if each not in ENDED and each is not State.NEW]
    procedure = keep_procedure(find_procedure(edition()), at)
    case = None
    with transaction.atomic():
        for number in range(count):
            client = Organisation.objects.create(kind="client", name=f"企业{number}", created_at=at)
            opened = submission.submitted_at + timedelta(minutes=number)
            case = Case.objects.create(
                number=f"B-{number:05}", client=client, edition=submission.edition,
                edition_hash=submission.edition_hash, procedure=procedure, submission=submission, requested="level-4",
                state="new", steps=0, opened_at=opened, changed_at=opened,
            )  # fmt: skip
            here, taken = State.NEW, []
            for n, step in enumerate(way(State.NEW, states[number % len(states)]), 1):
                there = after(here, step)
                when = opened + timedelta(hours=n)
                taken.append(CaseStep(case=case, number=n, step=step, before=here, after=there, at=when))
                here = there
            CaseStep.objects.bulk_create(taken)
            parts = [("assessor", "lead_assessor"), ("technical_reviewer", "technical_reviewer")]
            Involvement.objects.bulk_create(
                Involvement(case=case, account=world.people[who], part=part, since=opened) for who, part in parts
            )
            Case.objects.filter(pk=case.pk).update(state=here, steps=len(taken), changed_at=taken[-1].at)
    browsers: dict[str, object] = {}
    for who in ("assessor", "office", "application_reviewer", "decision_maker"):
        TOTP.activate(world.people[who], "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        browser = Client(headers={"host": "localhost"})
        browser.force_login(world.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        browsers[who] = browser
    return browsers | {"case": case.pk if case else ""}


def measure(name: str, browser: object, address: str, limit: str, runs: int = 7) -> None:
    """The median processor time of a request, and how many queries it asks."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    times = []
    for _ in range(runs + 2):
        start = time.process_time()
        answer = browser.get(address)  # type: ignore[attr-defined]
        times.append((time.process_time() - start) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
    with CaptureQueriesContext(connection) as asked:
        browser.get(address)  # type: ignore[attr-defined]
    size = len(answer.content) // 1024
    print(f"{name:36} {statistics.median(times[2:]):7.1f} ms, {len(asked):3} queries, {size:5} kB   (asked {limit})")


def main() -> None:
    """Measure what the issue of cases names."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        for name in ("uploads", "files", "static", "mail"):
            (Path(folder) / name).mkdir()
        os.environ.update(GRADUS_DATA=folder, DJANGO_SETTINGS_MODULE="gradus.conf.settings")
        sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
        start = time.perf_counter()
        made = make(count)
        print(f"Python {sys.version.split()[0]}, {count} open cases, made in {time.perf_counter() - start:.0f} s")
        measure("case page", made["office"], f"/office/cases/{made['case']}/", "at most 60 ms")
        for who in ("assessor", "office", "application_reviewer", "decision_maker"):
            measure(f"work list of the {who}", made[who], "/office/work/", "at most 60 ms")
        measure("board", made["office"], "/office/cases/", "-")
        measure("list of all cases", made["office"], "/office/cases/list/", "-")
        measure("calendar", made["office"], "/office/cases/calendar/", "-")
        measure("API: 50 cases", made["office"], "/api/cases/", "-")


if __name__ == "__main__":
    main()
