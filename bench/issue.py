# SPDX-License-Identifier: Apache-2.0
"""What issuing a certificate costs, from the officer's click to what is handed out. Usage: python bench/issue.py
A busy machine falsifies the clock, not the processor's time.

Each run issues a case's certificate (assertions, number, statement, credential, leaf, checkpoint, receipt, page,
signature, status lists, register) on SQLite in a folder of its own, and takes it back. The first also reads the fonts.
"""

import os
import statistics
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
_RUNS = 15


def main() -> None:
    """Measure whole issues, and their last two steps alone."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "uploads").mkdir()
        os.environ |= {
            "GRADUS_DATA": folder,
            "GRADUS_NO_RATE_LIMITS": "1",
            "DJANGO_SETTINGS_MODULE": "gradus.conf.settings",
        }
        os.environ["GRADUS_KEY_PASSPHRASE"] = "correct horse battery staple"  # noqa: S105  of nobody
        import django  # noqa: PLC0415  after the surroundings

        django.setup()
        _measure()


def _measure() -> None:
    from django.db import transaction  # noqa: PLC0415
    from tests.certificates.issuing import ADDRESSES  # noqa: PLC0415
    from tests.cli import issue_killed  # noqa: PLC0415

    from gradus.applications.models import Case  # noqa: PLC0415
    from gradus.certificates.issue import stage  # noqa: PLC0415
    from gradus.certificates.recover import recover  # noqa: PLC0415
    from gradus.journal.actor import Actor  # noqa: PLC0415
    from gradus.people.models import Account  # noqa: PLC0415

    issue_killed.build()
    case, officer = Case.objects.get(), Account.objects.get(email="certificate_officer@example.com")
    actor, at = Actor(str(officer.pk), officer.name, "certificate_officer"), case.changed_at + timedelta(minutes=1)
    whole, steps = [], []
    for _ in range(_RUNS + 1):
        with transaction.atomic():
            begun = perf_counter(), process_time()
            recover(at)
            stage(case, ADDRESSES, actor, at)
            staged = perf_counter(), process_time()
            recover(at)
            done = perf_counter(), process_time()
            transaction.set_rollback(True)
        whole.append(_spent(begun, done))
        steps.append(_spent(staged, done))
    print(f"Python {sys.version.split()[0]}")
    print(_line("issue, assertions and all", whole[1:]))
    print(_line("credential, leaf, page, signature", steps[1:]))


def _spent(begun: tuple[float, float], done: tuple[float, float]) -> tuple[float, float]:
    """Milliseconds on the clock, and of the processor."""
    return (done[0] - begun[0]) * 1000, (done[1] - begun[1]) * 1000


def _line(name: str, runs: list[tuple[float, float]]) -> str:
    clock, processor = zip(*runs, strict=True)
    medians = f"{statistics.median(clock):8.1f} ms, processor {statistics.median(processor):8.1f} ms"
    return f"{name:36} {medians}   ({min(clock):.1f} to {max(clock):.1f}, {len(runs)} runs; asked at most 150 ms)"


if __name__ == "__main__":
    main()
