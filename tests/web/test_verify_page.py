# SPDX-License-Identifier: Apache-2.0
"""The public verification page without its script: what a stranger gets for a file, a number or a mistake."""

import html
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override

from gradus.certificates.queries import publication_of
from gradus.certificates.status_lists import renew_lists
from gradus.dossiers.store import path_of
from gradus.formats.wording import sentence
from gradus.trust.bundle import read_bundle
from gradus.trust.certificate_number import certificate_number
from gradus.trust.instants import day_of, whole
from gradus.trust.statement import Change
from gradus.trust.verdict import Named, State, Verdict
from gradus.trust.verify import verify
from gradus.web.public.published import Files, Trusted
from gradus.web.public.verify import MOST_BYTES, Asked, show
from gradus.web.ui.desk import Desk
from tests.certificates.issuing import changed, equip, issued
from tests.decisions.deciding import granted
from tests.trust.museum import EXHIBITS
from tests.trust.world import GOOD, NUMBER
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db

LANGUAGES = ("zh", "en")
NO_FILE = {"zh": "它不是本平台的证书文件", "en": "it is no certificate file of ours"}
EVERY_STEP = [*(f"P{number}" for number in range(1, 9)), *map(str, range(1, 10))]


@pytest.fixture
def body_with_keys(world, settings, tmp_path):
    settings.DATA = tmp_path
    settings.KEY_PASSPHRASE = "correct horse battery staple"
    equip()
    return world


@pytest.fixture
def certificate(submitted, body_with_keys):
    """A certificate, issued by the platform the day after it was granted."""
    case = granted(submitted(), body_with_keys)
    return issued(case, body_with_keys, whole(case.changed_at) + timedelta(days=1))


def sent(*given, on=""):
    uploads = [SimpleUploadedFile(name, data) for name, data in given]
    return browser(language="en").post(reverse("verify_upload"), {"file": uploads, "on": on})


def asked(number, on=""):
    return browser(language="en").get(reverse("verify_page"), {"number": number, "on": on})


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


def issue_day(certificate):
    return day_of(certificate.at).isoformat()


def test_the_pdf_that_was_handed_out_holds_and_the_page_says_for_whom_and_what_it_means(certificate):
    data, on = path_of(publication_of(certificate).page_id).read_bytes(), issue_day(certificate)
    answer = sent(("a.pdf", data), on=on)
    assert (answer.status_code, verdict(answer)) == (200, "holds")
    assert steps(answer) == dict.fromkeys(EVERY_STEP, "passed")
    for each in (
        f"This certificate holds on {on}",
        f" · {certificate.number} Asked about",  # whose it is, beside the verdict
        "Level 1 is the highest",
        "Test Certification Ltd",
        "The status is as of",
        "proven by the log, not by the signature in a PDF",
        "Not shown: how well the firm serves",
    ):
        assert each in said(answer)
    altered = bytearray(data)
    altered[len(data) // 2] ^= 1
    answer = sent(("a.pdf", bytes(altered)), on=on)
    assert verdict(answer) == "does_not_hold"
    assert "The file was altered after it was signed" in said(answer).partition("What this proves")[0]
    assert "This file was altered, or is not the original" in said(answer)


def test_a_number_is_answered_for_any_day_and_a_credential_with_its_receipt_alike(certificate, body_with_keys):
    number, on, handed = certificate.number, issue_day(certificate), publication_of(certificate)
    for typed in (number, number.lower().replace("-", ""), f" {number} "):
        answer = asked(typed, on)
        assert (answer.status_code, verdict(answer)) == (200, "holds")
        assert f'value="{number}"' in page(answer)
    pair = [("a.json", handed.leaf.credential.encode()), ("b.json", handed.receipt.encode())]
    assert verdict(sent(*pair, on=on)) == verdict(sent(*pair[::-1], on=on)) == "holds"
    assert verdict(sent(pair[0], on=on)) == "cannot_tell"
    assert "your own file was not checked" in said(answer)
    assert "your own file was not checked" not in said(sent(*pair, on=on))
    assert browser().get(f"/v/{number}/?on={on}")["Location"] == f"/v/{number}?on={on}"
    code = browser().get(reverse("verify_number", kwargs={"number": number}))
    assert list(steps(code)) == EVERY_STEP[8:]
    before = certificate.at - timedelta(days=1)
    assert verdict(asked(number, day_of(before).isoformat())) == "does_not_hold"
    to_come = asked(number, (day_of(max(now(), certificate.at)) + timedelta(days=30)).isoformat())
    assert verdict(to_come) == "cannot_tell"
    assert "The instant asked about has not come" in said(to_come)

    later = certificate.at + timedelta(days=1)
    changed(certificate, body_with_keys, later, Change.SUSPENDED, "contract")
    suspended = asked(number, day_of(later).isoformat())
    assert verdict(suspended) == "does_not_hold"
    why = said(suspended).partition("What this proves")[0]
    assert "What the register holds under this number was issued by" in why
    assert "The certificate is suspended" in why
    assert verdict(asked(number, on)) == "holds"  # of the day before nothing else is said than before


def test_of_a_day_before_a_decision_dated_back_it_is_told_what_is_known_now(certificate, body_with_keys):
    """The signed lists of that day go on saying what they said."""
    day, at = timedelta(days=1), whole(certificate.at)
    renew_lists(at + day)
    changed(certificate, body_with_keys, at + 2 * day, Change.SUSPENDED, "accident", effective_at=at + day)
    for on, told in ((day_of(at), False), (day_of(at + day), True)):
        answer = asked(certificate.number, on.isoformat())
        assert verdict(answer) == "holds"
        found = re.search(r'<div class="said warning">(.*?)</div>', page(answer), re.DOTALL)
        assert bool(found) == told
    assert "suspended" in found[1]
    assert f'href="/register/{certificate.number}/?on={on}"' in found[1]


def register_says(certificate, on):
    answer = browser(language="en").get(f"/register/{certificate.number}/?on={on}")
    return re.sub(r"\s+", " ", re.search(r'<h2 id="verdict">(.*?)</h2>', page(answer), re.DOTALL)[1])


def test_of_a_day_without_a_signed_list_the_registers_records_are_told_above_the_verdict(certificate, body_with_keys):
    """The server was off for weeks, say."""
    day, at = timedelta(days=1), whole(certificate.at)
    changed(certificate, body_with_keys, at + 50 * day, Change.SUSPENDED, "accident")
    for on, standing in ((day_of(at + 40 * day), "valid"), (day_of(at + 90 * day), "suspended")):
        answer = asked(certificate.number, on.isoformat())
        assert verdict(answer) == "cannot_tell"
        told = said(answer).partition("It cannot be told whether this certificate holds on")[0]
        assert f"The register's records: this certificate was {standing} at {on} 23:59:59" in told
        assert ("Reason: " in told) == (standing == "suspended")
        assert "the check below still cannot tell" in told
        assert "asking again later will not change that" in said(answer)
        assert "Try again later" not in said(answer)
        assert standing in register_says(certificate, on)


def test_of_a_day_to_come_page_and_register_say_alike_that_it_cannot_be_told(certificate, body_with_keys):
    at = whole(now())
    renew_lists(at)
    on = day_of(at) + timedelta(days=1)  # which the status lists of now last into
    for standing in ("valid", "suspended"):
        answer = asked(certificate.number, on.isoformat())
        assert verdict(answer) == "cannot_tell"
        assert f"by what is decided so far this certificate will be {standing} then" in said(answer)
        assert "cannot be told yet" in register_says(certificate, on)
        if standing == "valid":
            changed(certificate, body_with_keys, at, Change.SUSPENDED, "accident")
    changed(certificate, body_with_keys, at, Change.WITHDRAWN, "fraud")
    renew_lists(at)
    answer = asked(certificate.number, on.isoformat())
    assert verdict(answer) == "does_not_hold"
    assert "withdrawn" in register_says(certificate, on)


def test_the_trust_file_to_download_carries_the_lists_of_now_and_verifies_without_us(certificate):
    at = whole(now())
    renew_lists(at)
    bundle = read_bundle(browser().get(reverse("verify_trust")).content, "trust.json")
    handed = publication_of(certificate)
    files = Named("c", handed.leaf.credential.encode()), Named("r", handed.receipt.encode())
    found = verify(*files, [Named("list", each.encode()) for each in bundle.status_lists], bundle, at)
    assert {each.state for each in found.steps if each.id != "8"} == {State.PASSED}  # 8 is the calendar's


def test_whoever_changes_the_language_of_a_files_result_is_told_to_choose_the_file_again(certificate):
    client = browser()
    answer = sent(("c", GOOD.credential), ("r", GOOD.receipt), on="2026-06-20")
    (address,) = re.findall(r'name="next" value="([^"]*)"', page(answer))
    assert address == "/verify/?again=file&amp;on=2026-06-20"
    told = client.post(reverse("set_language"), {"language": "en", "next": html.unescape(address)}, follow=True)
    assert "Your file was not kept, and so neither was its result." in said(told)
    assert 'value="2026-06-20"' in page(told)
    assert "was not kept" not in said(asked(certificate.number))
    assert 'name="next" value="/verify/?number=' in page(asked(certificate.number))


def test_before_the_body_has_keys_nothing_is_told():
    answer = sent(("a.json", GOOD.credential), ("b.json", GOOD.receipt))
    assert verdict(answer) == "cannot_tell"
    assert browser().get(reverse("verify_trust")).status_code == 404


@pytest.mark.parametrize("number", range(len(EXHIBITS)), ids=lambda number: EXHIBITS[number].defect)
def test_every_bad_asset_is_refused_on_the_page_in_our_words(number):
    case, language = EXHIBITS[number].make(), LANGUAGES[number % 2]
    request = RequestFactory().get("/verify/")
    request.desk = Desk(None, case.at)
    receipt = Named("receipt.json", case.receipt) if case.receipt else None
    known = Trusted(case.bundle, tuple(Named(f"{n}.json", each) for n, each in enumerate(case.lists)))
    with override(language):
        files = Files(Named("credential.json", case.credential), receipt)
        answer = show(request, known, Asked(None, case.at), files, {"typed": "", "wrong": []})
    found = case.verify_file()
    assert verdict(answer) == found.verdict != Verdict.HOLDS
    assert steps(answer) == {each.id: each.state for each in found.steps}
    words = [sentence(each, language) for step in found.steps for each in step.said]
    assert [each for each in words if " ".join(each.split()) not in said(answer)] == []


@pytest.mark.parametrize(
    ("number", "on", "status", "words"),
    [
        ("XA-2026-000043-" + NUMBER[-2:], "", 422, "a character is wrong, or two changed places"),
        ("no number", "", 422, "is no certificate number"),
        ("91460000MA5T000000", "", 422, "Search the register for what you typed"),
        (NUMBER.replace("0", "O"), "", 422, f"is it {NUMBER}?"),
        (f"https://certificates.example/v/{NUMBER}#x", "", 404, "not to be taken as valid"),
        (certificate_number("XA", 2026, 43), "", 404, "not to be taken as valid"),
        (NUMBER, "31 June", 422, "is no day"),
        (NUMBER, "2026-06-31", 422, "is no day"),
        (NUMBER, "9999-12-31", 422, "is no day"),
    ],
)
def test_mistakes_are_told_in_words_and_nothing_looks_valid(number, on, status, words):
    answer = asked(number, on)
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
    answer = sent(*((f"{each}.json", getattr(GOOD, each)) for each in names))
    assert answer.status_code == 422
    assert words in said(answer)


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n\xff", b"name,level\n1,2\n", b"%PDF-1.4\n% of a printer\n%%EOF\n"]
)
def test_of_a_file_that_is_no_certificate_nothing_is_said_about_one(data, body_with_keys):
    answer = sent(("a", data))
    assert verdict(answer) == "cannot_tell"
    assert NO_FILE["en"] in said(answer)
    assert "Do not rely on this certificate" not in said(answer)


def test_the_signed_page_about_a_standing_is_told_from_a_certificate(certificate):
    paper = browser().get(f"/register/{certificate.number}/standing.pdf").content
    answer = sent(("standing.pdf", paper))
    assert verdict(answer) == "cannot_tell"
    assert [number for number, state in steps(answer).items() if state == "passed"] == EVERY_STEP[:7]
    assert "This is a page that the certification body signed, and no certificate" in said(answer)
    altered = bytearray(paper)
    altered[len(paper) // 3] ^= 1
    assert verdict(sent(("standing.pdf", bytes(altered)))) == "does_not_hold"


def test_an_upload_is_bounded_needs_no_account_or_cookie_and_lies_on_no_disk(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "nowhere"  # a file written there would fail
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    large = SimpleUploadedFile("a.json", b"x" * (3 * 2**20))
    assert verdict(client.post(reverse("verify_upload"), {"file": [large]})) == "cannot_tell"
    assert sent(("a.pdf", b"%PDF-" + bytes(MOST_BYTES))).status_code == 413
