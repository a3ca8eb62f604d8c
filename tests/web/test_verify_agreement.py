# SPDX-License-Identifier: Apache-2.0
"""The script that checks in the visitor's browser shows what the server shows, step by step and word by word, for every
bad asset of both museums. It runs under Node, which has the same WebCrypto."""

import json
import re
import subprocess
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from gradus.formats.certificate_pdf import render_certificate
from gradus.formats.certificate_signature import sign_certificate
from gradus.formats.verification_view import view_of
from gradus.formats.wording import texts_of
from gradus.trust.bundle import PdfChain, TrustBundle
from gradus.trust.credential import sign_statement
from gradus.trust.encodings import to_base64
from gradus.trust.instants import day_of, write_instant
from gradus.trust.pdf_verify import verify_file
from gradus.trust.records import to_json
from gradus.trust.shapes import rules
from gradus.trust.statement import Change, Purpose
from gradus.trust.verdict import Named, Verdict
from gradus.web.public.verify import SAID
from tests.formats.certificate_faces import AT, numbered
from tests.formats.certificate_keys import CERTIFICATE, ROOT, SIGNER
from tests.trust.museum import EXHIBITS, logged
from tests.trust.test_pdf_check import MUSEUM
from tests.trust.world import (
    BUNDLE,
    GOOD,
    HOST,
    INDEX,
    ISSUER_KEY,
    NUMBER,
    TODAY,
    WITNESSED,
    Case,
    change,
    receipt_of,
    status_lists,
)

NODE = Path(__file__).resolve().parents[1] / "node"
LANGUAGES = ("zh", "en")

CASES = {
    "the good one": GOOD,
    "with a witness": replace(GOOD, bundle=WITNESSED, receipt=receipt_of(GOOD.credential, witness=True)),
    "a change of status": logged(sign_statement(change(Change.SUSPENDED, TODAY), ISSUER_KEY), at=TODAY),
    **{exhibit.defect: exhibit.make() for exhibit in EXHIBITS},
}
GOOD_FILES = (
    Named("credential.json", GOOD.credential),
    Named("receipt.json", GOOD.receipt or b""),
    [Named(f"status-{n}.json", each) for n, each in enumerate(GOOD.lists, 1)],
)
CHAIN = PdfChain(tuple(to_base64(each) for each in (CERTIFICATE, ROOT)), None)
TRUSTED = replace(BUNDLE, pdf=(CHAIN,))
REAL = sign_certificate(
    render_certificate(numbered(NUMBER, f"{HOST}/v/{NUMBER}"), GOOD.credential, GOOD.receipt, AT), SIGNER, AT
)
PDFS = {
    "a real certificate": TRUSTED,
    "whose signing key was stolen": replace(BUNDLE, pdf=(replace(CHAIN, compromised_at=TODAY),)),
    "without a trust file": None,
    "without a root": BUNDLE,
    **dict.fromkeys(MUSEUM, TRUSTED),
}
"""The trust file that each is tried with."""


@cache
def pdf(name: str) -> bytes:
    """Made when it is tried: each process of the tests reads this module, and few try it."""
    return MUSEUM[name][0]() if name in MUSEUM else REAL


def given(case: Case, language: str, **more: object) -> dict:
    """A case as the page gets it."""
    return {
        "certificate": packed("credential.json", case.credential),
        "receipt": packed("receipt.json", case.receipt),
        "lists": [{"name": f"status-{n}.json", "text": each.decode()} for n, each in enumerate(case.lists, 1)],
        "bundle": to_json(case.bundle),
        "now": write_instant(case.at),
        "day": None,
        "language": language,
        **more,
    }


def packed(name: str, data: bytes | None) -> dict | None:
    return None if data is None else {"name": name, "data": b64encode(data).decode()}


def given_pdf(data: bytes, bundle: TrustBundle | None, language: str) -> dict:
    return given(GOOD, language, certificate=packed("a.pdf", data), receipt=None, bundle=to_json(bundle))


def on_server(data: bytes, bundle: TrustBundle | None, language: str) -> dict:
    lists = [Named(f"status-{n}.json", each) for n, each in enumerate(GOOD.lists, 1)]
    return without_places(view_of(verify_file(Named("a.pdf", data), None, lists, bundle, GOOD.at), language))


def in_node(cases: list[dict]) -> list[dict]:
    said = {each: dict(texts_of(SAID, each)) for each in LANGUAGES}
    told = json.dumps({"rules": rules(), "sentences": said, "cases": cases})
    done = subprocess.run(["node", "views.mjs"], cwd=NODE, input=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def without_places(view: dict) -> dict:
    """Where in a file JSON breaks off is told by the server alone."""
    text = json.dumps(view, ensure_ascii=False)
    return json.loads(re.sub(r"(json|pdf)(?: line \d+, column \d+| 第 \d+ 行第 \d+ 列):", r"\1:", text))


def numbered(cases: dict) -> list[tuple[str, str]]:
    """Each case by its name, in one of the two languages."""
    return [(name, LANGUAGES[number % 2]) for number, name in enumerate(cases)]


@pytest.fixture(scope="module")
def shown() -> dict[str, dict]:
    return dict(zip(CASES, in_node([given(CASES[name], language) for name, language in numbered(CASES)]), strict=True))


@pytest.fixture(scope="module")
def shown_pdfs() -> dict[str, dict]:
    return dict(
        zip(
            PDFS,
            in_node([given_pdf(pdf(name), PDFS[name], language) for name, language in numbered(PDFS)]),
            strict=True,
        )
    )


@pytest.mark.parametrize(("name", "language"), numbered(CASES))
def test_browser_and_server_show_the_same(shown, name, language):
    assert shown[name] == without_places(view_of(CASES[name].verify_file(), language))


@pytest.mark.parametrize(("name", "language"), numbered(PDFS))
def test_browser_and_server_show_the_same_of_a_pdf(shown_pdfs, name, language):
    assert shown_pdfs[name] == on_server(pdf(name), PDFS[name], language)


def test_only_what_is_good_holds_in_the_browser(shown, shown_pdfs):
    holding = [name for name, view in (shown | shown_pdfs).items() if view["state"] == "holds"]
    assert holding == [*list(CASES)[:3], "a real certificate"]


def test_no_sampled_flipped_bit_of_a_pdf_is_valid_in_the_browser_and_both_say_why():
    places = range(3, len(REAL), len(REAL) // 60)
    altered = [REAL[:at] + bytes([REAL[at] ^ 1 << at % 8]) + REAL[at + 1 :] for at in places]
    views = in_node([given_pdf(each, TRUSTED, "zh") for each in altered])
    assert {view["state"] for view in views} == {"does_not_hold"}
    assert views == [on_server(each, TRUSTED, "zh") for each in altered]


@pytest.mark.parametrize(
    ("day", "at", "state"),
    [
        (date(2026, 6, 19), datetime(2026, 6, 19, 15, 59, 59, tzinfo=UTC), "cannot_tell"),
        (date(2026, 7, 1), datetime(2026, 7, 1, 15, 59, 59, tzinfo=UTC), "cannot_tell"),
        (date(2029, 6, 2), datetime(2029, 6, 2, 15, 59, 59, tzinfo=UTC), "does_not_hold"),
    ],
)
def test_browser_and_server_answer_alike_for_another_day(day, at, state):
    (view,) = in_node([given(GOOD, "en", day=day.isoformat())])
    assert view["state"] == state
    found = verify_file(*GOOD_FILES, BUNDLE, at, GOOD.at)
    assert view == view_of(found, "en", day, to_come=day > day_of(GOOD.at))


def test_of_what_was_decided_since_the_lists_were_signed_the_browser_does_not_ask_them():
    (view,) = in_node([given(GOOD, "en", overtaken=[NUMBER])])
    assert view == view_of(verify_file(*GOOD_FILES[:2], [], BUNDLE, GOOD.at), "en")
    assert view["state"] == "cannot_tell"


def test_a_list_that_is_to_last_into_a_day_to_come_does_not_tell_its_status_but_that_it_has_ended():
    tomorrow = date(2026, 6, 21)
    at = datetime(2026, 6, 21, 15, 59, 59, tzinfo=UTC)
    for purpose, state in (
        (None, "cannot_tell"),
        (Purpose.SUSPENSION, "cannot_tell"),
        (Purpose.REVOCATION, "does_not_hold"),
    ):
        lists = tuple(status_lists(set_bits={purpose: {INDEX}} if purpose else {}, lasts=timedelta(days=2)))
        case = replace(GOOD, lists=lists)
        named = [Named(f"status-{n}.json", each) for n, each in enumerate(lists, 1)]
        found = verify_file(GOOD_FILES[0], GOOD_FILES[1], named, BUNDLE, at, GOOD.at)
        (view,) = in_node([given(case, "zh", day=tomorrow.isoformat())])
        assert view == view_of(found, "zh", tomorrow, to_come=True)
        assert view["state"] == state
        assert verify_file(GOOD_FILES[0], GOOD_FILES[1], named, BUNDLE, at).verdict != Verdict.CANNOT_TELL
