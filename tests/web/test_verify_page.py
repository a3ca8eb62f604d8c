# SPDX-License-Identifier: Apache-2.0
"""The public verification page without its script: what a stranger gets for a file, a number or a mistake."""

import html
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from gradus.cli.demonstration import certificate_of
from gradus.formats.wording import sentence
from gradus.trust.bundle import read_bundle, write_bundle
from gradus.trust.certificate_number import certificate_number
from gradus.trust.instants import day_of, ends
from gradus.trust.statement import Purpose
from gradus.trust.verdict import Named, Verdict
from gradus.trust.verify import verify
from gradus.web.public.published import FOLDER
from gradus.web.public.verify import MOST_BYTES
from tests.test_examples import EXAMPLES
from tests.trust.museum import EXHIBITS, listed
from tests.trust.world import GOOD, INDEX, NUMBER, TODAY
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db

TONGUES = ("zh-hans", "en")
EVERY_STEP = [*(f"P{number}" for number in range(1, 9)), *map(str, range(1, 10))]
ON = day_of(TODAY).isoformat()


@pytest.fixture(scope="module")
def issued():
    """A certificate issued a minute ago, and the trust file that knows it."""
    return certificate_of(EXAMPLES / "tiangong", now().replace(microsecond=0) - timedelta(minutes=1))


@pytest.fixture
def publish(settings, tmp_path):
    """``publish({"trust.json": ...})``: files for the folder of what is published."""
    settings.DATA = tmp_path

    def write(files):
        for name, data in files.items():
            file = tmp_path / FOLDER / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)

    return write


def case_published(case):
    """What the certification body of a case publishes."""
    lists = {f"status/{number}.json": data for number, data in enumerate(case.lists)}
    bundle = {"trust.json": write_bundle(case.bundle)} if case.bundle else {}
    own = {f"certificates/{NUMBER}/credential.json": case.credential}
    return lists | bundle | own | ({f"certificates/{NUMBER}/receipt.json": case.receipt} if case.receipt else {})


def sent(*given, language="zh-hans", on=""):
    uploads = [SimpleUploadedFile(name, data) for name, data in given]
    return browser(language=language).post(reverse("verify_upload"), {"file": uploads, "on": on})


def asked(number, on="", language="zh-hans"):
    return browser(language=language).get(reverse("verify_page"), {"number": number, "on": on})


def page(response):
    """The page as it is without its script: what the script would fill is not shown."""
    return re.sub(r"<(script|template)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)


def said(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page(response))))


def verdict(response):
    return re.search(r'class="verdict (\w+)"', page(response))[1]


def steps(response):
    found = re.findall(r'<li class="(\w+)" data-state><span class="id" data-fill="id">(\w+)<', page(response))
    return {number: state for state, number in found}


def test_a_pdf_holds_and_the_page_says_for_whom_what_it_means_and_how_old_the_status_is(publish, issued):
    publish({"trust.json": issued["trust.json"]})
    answer = sent(("certificate.pdf", issued["certificate.pdf"]), language="en")
    assert (answer.status_code, verdict(answer)) == (200, "holds")
    assert steps(answer) == dict.fromkeys(EVERY_STEP, "passed")
    statement = json.loads(issued["credential.json"])["credentialSubject"]["statement"]
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
        assert each in said(answer)


@pytest.mark.parametrize("order", [1, -1])
def test_a_credential_with_its_receipt_holds_in_whatever_order_they_are_chosen(publish, issued, order):
    publish({"trust.json": issued["trust.json"]})
    pair = [("a.json", issued["credential.json"]), ("b.json", issued["receipt.json"])]
    answer = sent(*pair[::order])
    assert verdict(answer) == "holds"
    assert list(steps(answer)) == EVERY_STEP[8:]


def test_a_flipped_byte_is_refused_at_the_step_that_finds_it(publish, issued):
    publish({"trust.json": issued["trust.json"]})
    data = bytearray(issued["certificate.pdf"])
    data[len(data) // 2] ^= 1
    answer = sent(("certificate.pdf", bytes(data)), language="en")
    assert verdict(answer) == "does_not_hold"
    assert steps(answer)["P5"] == "failed"
    assert "The file was altered after it was signed" in said(answer)


@pytest.mark.parametrize("number", range(len(EXHIBITS)), ids=lambda number: EXHIBITS[number].defect)
def test_every_bad_asset_is_refused_on_the_page_in_our_words(publish, number):
    case, tongue = EXHIBITS[number].make(), TONGUES[number % 2]
    publish(case_published(case))
    given = [("a.json", case.credential), *([("b.json", case.receipt)] if case.receipt else [])]
    answer = sent(*given, language=tongue, on=day_of(case.at).isoformat())
    if case.receipt == b"receipt":  # nobody can tell that this is one
        assert answer.status_code == 422
        return
    found = replace(case, at=ends(day_of(case.at)) - timedelta(seconds=1)).verify()
    assert verdict(answer) == found.verdict != Verdict.HOLDS
    assert steps(answer) == {each.id: each.state for each in found.steps}
    words = [sentence(each, tongue[:2]) for step in found.steps for each in step.said]
    assert [each for each in words if " ".join(each.split()) not in said(answer)] == []


@pytest.mark.parametrize("typed", [NUMBER, NUMBER.lower().replace("-", ""), f" {NUMBER} "])
def test_a_number_is_looked_up_however_it_is_typed_and_answers_for_a_day(publish, typed):
    publish(case_published(GOOD))
    answer = asked(typed, ON, "en")
    assert (answer.status_code, verdict(answer)) == (200, "holds")
    assert f"This certificate holds on {ON}" in said(answer)
    assert f'value="{NUMBER}"' in page(answer)


def test_where_the_code_on_the_paper_leads_is_the_verdict_on_its_number(publish):
    publish(case_published(GOOD))
    address = reverse("verify_number", kwargs={"number": NUMBER})
    assert address == f"/v/{NUMBER}"
    assert list(steps(browser().get(address))) == EVERY_STEP[8:]


@pytest.mark.parametrize("bit", Purpose)
def test_a_genuine_certificate_that_was_suspended_or_withdrawn_is_told_so_first(publish, bit):
    publish(case_published(listed(set_bits={bit: {INDEX}})))
    answer = asked(NUMBER, ON, "en")
    assert verdict(answer) == "does_not_hold"
    why = said(answer).partition("What this proves")[0]
    assert "The document itself is genuine" in why
    assert "The certificate is suspended" in why or "The certificate was withdrawn" in why


def test_a_status_that_cannot_be_reached_is_not_called_valid(publish):
    publish(case_published(replace(GOOD, lists=())))
    answer = asked(NUMBER, ON, "en")
    assert verdict(answer) == "cannot_tell"
    assert "It cannot be told whether" in said(answer)


def test_a_day_to_come_is_not_promised(publish, issued):
    publish({"trust.json": issued["trust.json"]})
    later = day_of(now()) + timedelta(days=30)
    answer = sent(("a.pdf", issued["certificate.pdf"]), language="en", on=later.isoformat())
    assert verdict(answer) == "cannot_tell"
    assert "That day has not come" in said(answer)


def test_without_a_trust_file_nothing_is_told(publish, issued):
    publish({})
    answer = sent(("a.pdf", issued["certificate.pdf"]), language="en")
    assert verdict(answer) == "cannot_tell"
    assert browser().get(reverse("verify_trust")).status_code == 404


@pytest.mark.parametrize(
    ("number", "on", "status", "words"),
    [
        ("XA-2026-000043-" + NUMBER[-2:], "", 422, "a character is wrong, or two changed places"),
        ("no number", "", 422, "is no certificate number"),
        (certificate_number("XA", 2026, 43), "", 404, "not to be taken as valid"),
        (NUMBER, "31 June", 422, "is no day"),
        (NUMBER, "2026-06-31", 422, "is no day"),
        (NUMBER, "9999-12-31", 422, "is no day"),
    ],
)
def test_mistakes_are_told_in_words_and_nothing_looks_valid(publish, number, on, status, words):
    publish(case_published(GOOD))
    answer = asked(number, on, "en")
    assert answer.status_code == status
    assert words in said(answer)
    assert 'class="verdict' not in page(answer)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], "Choose the certificate's file"),
        (["credential", "credential"], "One certificate at a time"),
        (["credential", "receipt", "receipt"], "One certificate at a time"),
        (["receipt"], "This is a receipt without its certificate"),
    ],
)
def test_files_that_are_no_one_certificate_are_refused(names, words):
    answer = sent(*((f"{each}.json", getattr(GOOD, each)) for each in names), language="en")
    assert answer.status_code == 422
    assert words in said(answer)


def test_an_upload_is_bounded_needs_no_account_or_cookie_and_lies_on_no_disk(settings, tmp_path, publish):
    publish(case_published(GOOD))
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "nowhere"  # a file written there would fail
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    large = SimpleUploadedFile("a.json", b"x" * (3 * 2**20))
    assert verdict(client.post(reverse("verify_upload"), {"file": [large]})) == "does_not_hold"
    assert sent(("a.pdf", b"%PDF-" + bytes(MOST_BYTES))).status_code == 413


def test_the_trust_file_to_download_carries_the_status_lists_and_verifies_without_us(publish):
    publish(case_published(GOOD))
    bundle = read_bundle(browser().get(reverse("verify_trust")).content, "trust.json")
    lists = [Named("list", each.encode()) for each in bundle.status_lists]
    files = Named("credential.json", GOOD.credential), Named("receipt.json", GOOD.receipt)
    assert verify(*files, lists, bundle, TODAY).verdict is Verdict.HOLDS
