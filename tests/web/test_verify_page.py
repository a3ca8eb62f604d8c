# SPDX-License-Identifier: Apache-2.0
"""The public verification page: what a stranger gets for a file, a number, a code or a mistake; nothing stays."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import now

from gradus.cli.demonstration import certificate_of
from gradus.formats.verification import step_sentences
from gradus.formats.wording import words
from gradus.trust.bundle import write_bundle
from gradus.trust.certificate_number import certificate_number
from gradus.trust.instants import day_of
from gradus.web.public.published import FOLDER
from tests.test_examples import EXAMPLES
from tests.trust.museum import EXHIBITS
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db

NUMBER = certificate_number("DEMO", day_of(now()).year, 42)


@pytest.fixture(scope="module")
def files():
    """A certificate issued a minute ago, and the trust file."""
    return certificate_of(EXAMPLES / "tiangong", now().replace(microsecond=0) - timedelta(minutes=1))


@pytest.fixture
def published(files, settings, tmp_path):
    """The folder of what is published, with that certificate in it."""
    settings.DATA = tmp_path
    folder = tmp_path / FOLDER
    (folder / "certificates" / NUMBER).mkdir(parents=True)
    (folder / "status").mkdir()
    (folder / "trust.json").write_bytes(files["trust.json"])
    for name in ("credential.json", "receipt.json"):
        (folder / "certificates" / NUMBER / name).write_bytes(files[name])
    return folder


def sent(*given, language="zh-hans", on=""):
    uploads = [SimpleUploadedFile(name, data) for name, data in given]
    return browser(language=language).post(reverse("verify_upload"), {"file": uploads, "on": on})


def got(address, language="zh-hans"):
    return browser(language=language).get(address)


def said(response):
    """What the page says to a reader who has no script."""
    page = re.sub(r"<(script|template)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def verdict(response):
    return re.search(r'class="verdict (\w+)"', response.content.decode())[1]


def steps(response):
    page = re.sub(r"<template\b.*?</template>", "", response.content.decode(), flags=re.DOTALL)
    return dict(
        re.findall(r'<li class="(\w+)" data-state><span class="id" data-fill="id">(\w+)<', page, re.DOTALL)[::-1]
    ) and {
        number: state
        for state, number in re.findall(r'<li class="(\w+)" data-state><span class="id" data-fill="id">(\w+)<', page)
    }


EVERY_STEP = [f"P{n}" for n in range(1, 9)] + [str(n) for n in range(1, 10)]


def test_a_pdf_holds_and_the_page_says_for_whom_what_and_how_old_the_status_is(published, files):
    answer = sent(("certificate.pdf", files["certificate.pdf"]), language="en")
    assert (answer.status_code, verdict(answer)) == (200, "holds")
    assert steps(answer) == dict.fromkeys(EVERY_STEP, "passed")
    text = said(answer)
    statement = json.loads(files["credential.json"])["credentialSubject"]["statement"]
    for each in (
        "This certificate holds today",
        statement["holder"]["uscc"],
        statement["outcome"]["text"]["en"],
        statement["outcome"]["order"]["en"],
        statement["issuer"]["name"]["en"],
        "The status is as of",
        "proven by the log, not by the signature in a PDF",
        "Not shown: how well the firm serves",
    ):
        assert each in text


@pytest.mark.parametrize("order", [1, -1])
def test_a_credential_with_its_receipt_holds_in_whatever_order_they_are_chosen(published, files, order):
    pair = [("credential.json", files["credential.json"]), ("r.json", files["receipt.json"])]
    answer = sent(*pair[::order])
    assert verdict(answer) == "holds"
    assert list(steps(answer)) == EVERY_STEP[8:]


def test_a_credential_alone_is_not_called_valid(published, files):
    answer = sent(("credential.json", files["credential.json"]))
    assert verdict(answer) == "cannot_tell"
    assert "receipt.json" in said(answer)


def test_a_flipped_byte_is_refused_with_the_step_that_found_it(published, files):
    data = bytearray(files["certificate.pdf"])
    data[len(data) // 2] ^= 1
    answer = sent(("certificate.pdf", bytes(data)), language="en")
    assert verdict(answer) == "does_not_hold"
    assert "failed" in steps(answer).values()
    assert "This certificate does not hold today" in said(answer)


@pytest.mark.parametrize(
    "exhibit", [each for each in EXHIBITS if not each.cannot_tell or each.step != "9"], ids=lambda e: e.defect
)
def test_every_bad_asset_is_refused_on_the_page_in_words(exhibit, published):
    case = exhibit.make()
    if case.bundle is None:
        (published / "trust.json").unlink()
    else:
        (published / "trust.json").write_bytes(write_bundle(case.bundle))
    for number, data in enumerate(case.lists):
        (published / "status" / f"{number}.json").write_bytes(data)
    number = EXHIBITS.index(exhibit)
    language = ("zh", "en")[number % 2]
    given = [("credential.json", case.credential)] + ([("receipt.json", case.receipt)] if case.receipt else [])
    answer = sent(*given, language={"zh": "zh-hans", "en": "en"}[language], on=day_of(case.at).isoformat())
    if answer.status_code == 422:  # without the receipt's own name nobody can tell which of two files is the receipt
        assert words("verify_page.one_certificate", language) in said(answer)
        return
    assert verdict(answer) != "holds"
    if exhibit.step not in ("8", "9"):
        step = next(each for each in case.verify().steps if each.id == exhibit.step)
        for each in step_sentences(step, language):
            assert html.escape(each)[:40] in answer.content.decode() or each in said(answer)
