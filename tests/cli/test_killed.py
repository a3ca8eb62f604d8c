# SPDX-License-Identifier: Apache-2.0
"""The server killed while people save, upload and submit: what it acknowledged is there once, and nothing by half."""

import http.client
import json
import random
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass, field

import pytest

from gradus.formats.wording import sentence
from gradus.grading.faults import Fault
from tests.cli.conftest import DATABASES
from tests.dossiers import papers
from tests.journeys.server import Server

TOKEN = "x" * 32
_FORM = "application/x-www-form-urlencoded"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


@dataclass
class Person:
    """Somebody signed in, who notes what was answered. ``unsure`` is what was sent when the server went."""

    url: str
    session: str
    ids: dict
    saved: list = field(default_factory=list)
    uploaded: list = field(default_factory=list)
    submitted: list = field(default_factory=list)
    wrong: list = field(default_factory=list)
    unsure: dict | None = None
    hours: str = "60"

    @property
    def done(self):
        return len(self.saved) + len(self.uploaded) + len(self.submitted)

    def ask(self, path, body=None, kind=_FORM):
        """Status, address led to, and text of an answer; raises OSError when there is none."""
        headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": kind,
            "Accept": "application/json, text/html",
        }
        request = urllib.request.Request(f"{self.url}/applicant/{self.ids['client']}/{path}", body, headers)  # noqa: S310
        opener = urllib.request.build_opener(_Stay)
        try:
            with opener.open(request, timeout=20) as answer:
                return answer.status, "", answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers.get("Location", ""), answer.read().decode()

    def save(self, said=None):
        """A new row of its own name, or one that was sent before, under the same key."""
        name = f"K{uuid.uuid4().hex[:12]}"
        change = {"row": 0, "cells": {"person": ["", name]}, "key": "n"}
        self.unsure = said or {"key": f"save-{name}", "changes": [change]}
        status, _, _ = self.ask(
            f"{self.ids['dossier']}/tables/staff/save/", json.dumps(self.unsure).encode(), "application/json"
        )
        if status != 200:
            self.wrong.append(("save", status))
        self.saved.append(self.unsure["changes"][0]["cells"]["person"][1])
        self.unsure = None

    def upload(self):
        name = f"{uuid.uuid4().hex}.pdf"
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        body = head.encode() + papers.pdf(says=name) + f"\r\n--{edge}--\r\n".encode()
        status, _, _ = self.ask(f"{self.ids['dossier']}/evidence/", body, f"multipart/form-data; boundary={edge}")
        if status != 200:
            self.wrong.append(("upload", status))
        self.uploaded.append(name)
        time.sleep(2)  # each outdates what whoever signs has seen, and without a pause nobody could sign

    def submit(self):
        """Change what was submitted, look at it, and sign it."""
        self.change()
        path = f"{self.ids['ready']}/submit/declaration/"
        _, _, page = self.ask(path)
        (seen,) = re.findall(r'name="seen" value="(\w{64})"', page)
        signed = {"text": "zh", "seen": seen, "read": "on", "declared_by": "王法定", "declared_as": "法定代表人"}
        status, led, page = self.ask(path, urllib.parse.urlencode(signed).encode())
        number = re.search(r"/submissions/(\d+)/$", led)
        if status == 302 and number:
            self.submitted.append(int(number[1]))
        elif sentence(Fault("submission.changed_since_shown"), "zh") not in page:  # an upload came between
            self.wrong.append(("submit", status, led))

    def change(self):
        """Change a cell of what was submitted; an earlier change may stand there without our knowing."""
        wanted = str(int(float(self.hours)) % 200 + 1)
        cells = {"training_hours": [self.hours, wanted]}
        said = json.dumps({"changes": [{"row": self.ids["row"], "cells": cells}]}).encode()
        _, _, answer = self.ask(f"{self.ids['ready']}/tables/staff/save/", said, "application/json")
        conflicts = json.loads(answer)["conflicts"]
        self.hours = conflicts[0]["theirs"] if conflicts else wanted
        if conflicts:
            self.change()

    def until_it_is_gone(self, work):
        try:
            while not self.wrong:
                work()
        except (OSError, http.client.HTTPException):
            pass  # the server has been killed
        except Exception as error:  # noqa: BLE001  whatever it is, the test must see it
            self.wrong.append(repr(error))


def killed_at_random(platform, times, chance):
    """Kill the server again and again under three people, and look at what it has left."""
    server = Server(platform.data, platform.settings)
    server.start("serve")
    session = platform.filled("session")
    people = [Person(server.url, session, platform.ids) for _ in range(3)]
    for round_ in range(times):
        works = [people[0].save, people[1].upload, people[2].submit]
        threads = [
            threading.Thread(target=who.until_it_is_gone, args=[work]) for who, work in zip(people, works, strict=True)
        ]
        for each in threads:
            each.start()
        watched = people[2 if round_ % 5 == 2 else 0]  # who submits takes the longest
        done = watched.done
        while watched.done == done and not watched.wrong:  # the first of them wait for a cold start
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 0.5))
        server.kill()
        for each in threads:
            each.join(60)
        if round_ % 10 == 9:  # nothing mends what is broken, so looking now and then finds it too
            look(platform, people)
        server.start("serve")
        if people[0].unsure:  # the page sends again what it has no answer to
            people[0].save(people[0].unsure)
    assert server.stop() == 0
    return look(platform, people)


def look(platform, people):
    found = platform.filled("check")
    assert [who.wrong for who in people] == [[], [], []]
    assert (found["journal"], found["submissions"], found["lost"]) == ([], [], [])
    assert len(found["rows"]) == len(set(found["rows"])) == found["changes"]
    assert set(people[0].saved) <= set(found["rows"])
    assert len(found["evidence"]) == len(set(found["evidence"]))
    assert set(people[1].uploaded) <= set(found["evidence"])
    assert found["files"] == found["added"]
    assert found["numbers"] == list(range(1, found["submitted"] + 1))
    assert len(people[2].submitted) == len(set(people[2].submitted))
    assert set(people[2].submitted) <= set(found["numbers"])
    return [who.done for who in people]


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("times", [3, pytest.param(200, marks=pytest.mark.long)])
def test_what_was_acknowledged_is_there_once_and_nothing_by_half(times, database, new_platform):
    platform = new_platform(database)
    platform.ids = platform.filled("build")
    done = killed_at_random(platform, times, random.Random(times))  # noqa: S311
    assert all(done), done
