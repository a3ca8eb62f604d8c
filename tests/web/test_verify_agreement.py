# SPDX-License-Identifier: Apache-2.0
"""The script that checks in the visitor's browser shows what the server shows, for every bad asset of the museum, step by
step and word by word. It runs under Node, which has the same WebCrypto."""

import json
import re
import subprocess
from base64 import b64encode
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gradus.formats.verification_view import view_of
from gradus.formats.wording import texts_of
from gradus.trust.credential import sign_statement
from gradus.trust.instants import write_instant
from gradus.trust.records import to_json
from gradus.trust.shapes import rules
from gradus.trust.statement import Change
from gradus.web.public.verify import _SAID
from tests.trust.museum import EXHIBITS, logged
from tests.trust.world import GOOD, ISSUER_KEY, TODAY, WITNESSED, change, receipt_of

NODE = Path(__file__).resolve().parents[1] / "node"
LANGUAGES = ("zh", "en")

CASES = {
    "the good one": GOOD,
    "with a witness": replace(GOOD, bundle=WITNESSED, receipt=receipt_of(GOOD.credential, witness=True)),
    "a change of status": logged(sign_statement(change(Change.SUSPENDED, TODAY), ISSUER_KEY), at=TODAY),
    **{exhibit.defect: exhibit.make() for exhibit in EXHIBITS},
}


def file(name: str, data: bytes | None) -> dict | None:
    return None if data is None else {"name": name, "data": b64encode(data).decode()}


def asked(case, language: str) -> dict:
    """A case as the page gets it. A status list that is no text cannot be in a page."""
    return {
        "certificate": file("credential.json", case.credential),
        "receipt": file("receipt.json", case.receipt),
        "lists": [{"name": f"status-{n}.json", "text": each.decode()} for n, each in enumerate(case.lists, 1)],
        "bundle": to_json(case.bundle),
        "now": write_instant(case.at),
        "day": None,
        "language": language,
    }


def in_node(cases: list[dict]) -> list[dict]:
    given = {"rules": rules(), "sentences": {each: texts_of(_SAID, each) for each in LANGUAGES}, "cases": cases}
    done = subprocess.run(
        ["node", "views.mjs"], cwd=NODE, input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def without_places(view: dict) -> dict:
    """Where in a file JSON breaks off is told by the server alone."""
    text = json.dumps(view, ensure_ascii=False)
    return json.loads(re.sub(r"(json|pdf)(?: line \d+, column \d+| 第 \d+ 行第 \d+ 列):", r"\1:", text))


def language_of(number: int) -> str:
    return LANGUAGES[number % 2]


@pytest.fixture(scope="module")
def shown() -> dict[str, dict]:
    cases = [asked(case, language_of(number)) for number, case in enumerate(CASES.values())]
    return dict(zip(CASES, in_node(cases), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_browser_and_server_show_the_same(shown, name):
    number = list(CASES).index(name)
    expected = view_of(CASES[name].verify(), language_of(number))
    assert shown[name] == without_places(expected)


def test_only_what_is_good_holds_in_the_browser(shown):
    assert [name for name, view in shown.items() if view["state"] == "holds"] == list(CASES)[:3]


@pytest.mark.parametrize(
    ("day", "state"), [("2026-06-19", "cannot_tell"), ("2026-06-20", "holds"), ("2026-07-01", "cannot_tell")]
)
def test_browser_and_server_answer_alike_for_another_day(day, state):
    (view,) = in_node([asked(GOOD, "en") | {"day": day}])
    assert view["state"] == state
    if day > "2026-06-20":
        at = replace(GOOD, at=TODAY.replace(month=7, day=1, hour=15, minute=59, second=59))
        assert view == view_of(at.verify(), "en", date(2026, 7, 1), to_come=True)
