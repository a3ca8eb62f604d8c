# SPDX-License-Identifier: Apache-2.0
"""What the platform costs with 1,000 dossiers in SQLite, through the real server. Usage: python bench/workspace.py [N]

Every dossier is as large as the largest golden case. Times are of the server's processor (which a busy machine does not
falsify) beside those on the clock.
"""

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """The server as ``serve`` starts it, and one browser that is signed in."""

    def __init__(self, cookie: str) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        words = ["-m", "gunicorn", "gradus.conf.wsgi:application", "-b", f"127.0.0.1:{self.port}", "--threads", "4"]
        quiet = ["--log-level", "error", "--no-control-socket"]
        self.process = subprocess.Popen([sys.executable, *words, *quiet])
        self.cookie = cookie
        self.token = ""
        while not self._answers():
            time.sleep(0.2)
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], check=True, capture_output=True)
        self.worker = int(listed.stdout.split()[0])

    def _answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz") == b'{"status": "ok"}'
        except OSError:
            return False

    def ask(self, method: str, path: str, said: object = None) -> bytes:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": self.cookie, "X-CSRFToken": self.token, "Accept": "application/json, text/html"}
        connection.request(method, path, json.dumps(said) if said is not None else None, headers)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (answer.status, body[:300])
        for name, value in answer.getheaders():
            if name == "Set-Cookie" and value.startswith("csrftoken"):
                self.cookie += f"; {value.split(';')[0]}"
        if token := re.search(rb'data-csrf="(\w+)"', body):
            self.token = token[1].decode()
        return body

    def processor(self) -> float:
        """Seconds that the worker has computed so far."""
        fields = Path(f"/proc/{self.worker}/stat").read_text("ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def resident(self) -> int:
        """MB that the server's processes hold."""
        sizes = [
            re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text("ascii"))
            for process in (self.process.pid, self.worker)
        ]
        return sum(int(each[1]) for each in sizes if each) // 1024

    def measure(self, name: str, limit: str, runs: int, work: Callable[[int], object]) -> None:
        """The processor's time a run (its clock is too coarse for a single one) and the median on the wall."""
        for warm in range(3):
            work(-1 - warm)
        times, before = [], self.processor()
        for run in range(runs):
            start = time.perf_counter()
            work(run)
            times.append((time.perf_counter() - start) * 1000)
        spent = (self.processor() - before) / runs * 1000
        print(f"{name:44} {spent:7.1f} ms processor, {statistics.median(times):7.1f} ms clock   (asked {limit})")


def make(count: int) -> tuple[str, str, str]:
    """Fill the database; returns the firm's id, a dossier's id and the cookie of its manager."""
    import django  # noqa: PLC0415  the data folder must be known before

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.utils.timezone import now  # noqa: PLC0415
    from tests.dossiers.fill import fill  # noqa: PLC0415
    from tests.grading.dossiers import FOLDER, edition  # noqa: PLC0415
    from tests.people.firms import make_world  # noqa: PLC0415

    from gradus.dossiers.actions import create_dossier  # noqa: PLC0415
    from gradus.dossiers.grading import grade_dossier, keep_summary  # noqa: PLC0415
    from gradus.dossiers.models import Dossier, Row  # noqa: PLC0415
    from gradus.journal.actor import system  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    at = now()
    world = make_world(at)
    first = create_dossier(world.client, "0", edition().name, system, at)
    fill(first, FOLDER / "cases" / "top", at)
    first.refresh_from_db()
    keep_summary(first, grade_dossier(first, at), at)
    first.refresh_from_db()
    rows = list(Row.objects.filter(dossier=first, removed_at__isnull=True))
    fresh = [
        Dossier(**{f.attname: getattr(first, f.attname) for f in Dossier._meta.fields if f.name not in {"id", "title"}})  # noqa: SLF001
        for _ in range(count - 1)
    ]
    for number, dossier in enumerate(fresh, 1):
        dossier.id, dossier.title = uuid.uuid4(), str(number)
    Dossier.objects.bulk_create(fresh)
    for dossier in fresh:
        for row in rows:
            row.id, row.dossier_id = None, dossier.id
            row._state.adding = True  # noqa: SLF001
        Row.objects.bulk_create(rows, batch_size=2000)
    browser = Client(headers={"host": "localhost"})
    browser.force_login(world.people["manager"], backend="allauth.account.auth_backends.AuthenticationBackend")
    return str(world.client.pk), str(first.pk), f"sessionid={browser.cookies['sessionid'].value}"


def main() -> None:
    """Measure what the workspace's issue names."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        for name in ("uploads", "files", "static", "mail"):
            (Path(folder) / name).mkdir()
        settings = {"GRADUS_DATA": folder, "DJANGO_SETTINGS_MODULE": "gradus.conf.settings"}
        os.environ.update(settings, PYTHONPATH=f"{ROOT / 'src'}:{ROOT}")
        sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
        start = time.perf_counter()
        client, dossier, cookie = make(count)
        size = (Path(folder) / "gradus.sqlite3").stat().st_size // 2**20
        print(
            f"Python {sys.version.split()[0]}, {count} dossiers, {size} MB, made in {time.perf_counter() - start:.0f} s"
        )
        server = Server(cookie)
        try:
            run(server, f"/applicant/{client}/", f"/applicant/{client}/{dossier}/tables/staff/")
        finally:
            server.process.terminate()
            server.process.wait()


def run(server: Server, firm: str, table: str) -> None:
    """Every measurement, and what the server holds afterwards."""
    page = server.ask("GET", table).decode()
    found = re.search(r'data-row="(\d+)"', page)
    assert found
    row, hours = int(found[1]), re.search(r'data-column="training_hours"[^>]* data-value="([^"]*)"', page)
    seen = [hours[1] if hours else ""]

    def save(number: int) -> None:
        wanted = str(50 + number)
        said = {"key": uuid.uuid4().hex, "changes": [{"row": row, "cells": {"training_hours": [seen[0], wanted]}}]}
        answer = json.loads(server.ask("POST", f"{table}save/", said))
        assert answer["entry"]
        assert not answer["conflicts"]
        seen[0] = wanted

    def paste(number: int) -> None:
        cells = {"technical": "yes", "key_post": "no", "employed_from": "2020-01-01", "training_hours": "50"}
        more = {"employed_until": "", "insured_by_applicant": "yes", "skill_evaluated_on": "2026-01-01"}
        changes = [
            {
                "row": 0,
                "key": str(at),
                "cells": {n: ["", v] for n, v in {"person": f"N{number}-{at}", **cells, **more}.items()},
            }
            for at in range(40)
        ]
        answer = json.loads(server.ask("POST", f"{table}save/", {"key": uuid.uuid4().hex, "changes": changes}))
        server.ask("POST", f"{table}undo/", {"entry": answer["entry"]})

    server.measure("save one fact and see the new grade", "at most 50 ms", 60, save)
    server.measure("list of all dossiers with results", "at most 200 ms", 10, lambda _: server.ask("GET", firm))
    server.measure("paste 40 rows by 8 columns, and undo", "-", 10, paste)
    server.measure("open the table of 480 rows", "-", 10, lambda _: server.ask("GET", table))
    server.measure("has anything changed?", "-", 30, lambda _: server.ask("GET", f"{table}changes/?since=99999999"))
    print(f"{'resident memory of the server':44} {server.resident():7} MB   (asked at most 300 MB)")


if __name__ == "__main__":
    main()
