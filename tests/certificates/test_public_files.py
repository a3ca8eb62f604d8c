# SPDX-License-Identifier: Apache-2.0
"""What strangers download is what was signed, at the addresses that stand in it."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from gradus.certificates.bundle import bundle_at
from gradus.certificates.keys import note_theft, rotate_key
from gradus.certificates.models import Key, KeyPurpose, LogHead, StatusListIssue
from gradus.certificates.status_lists import renew_lists
from gradus.certificates.tiles import Tile, read_tile, tile_content, tile_path
from gradus.journal.actor import system
from gradus.trust.bundle import write_bundle
from gradus.trust.checkpoint import read_checkpoint, signed_by
from gradus.trust.instants import day_of, ends, whole
from gradus.trust.log import leaf_hash, node_hash
from gradus.trust.statement import Change
from gradus.trust.verdict import Named, Verdict
from gradus.trust.verify import verify
from tests.certificates.issuing import changed, issued

DAY = timedelta(days=1)


@pytest.fixture
def certificate(case, equipped):
    made = issued(case, equipped, whole(case.changed_at) + DAY)
    changed(made, equipped, made.at + DAY, Change.SUSPENDED, "contract")
    return made


@pytest.mark.parametrize(
    "address",
    [
        "/certificates/{number}/certificate.pdf",
        "/certificates/{number}/credential.json",
        "/certificates/{number}/receipt.json",
        "/status/revocation/1",
        "/issuer",
        "/log/checkpoint",
        "/log/tile/0/000.p/2",
    ],
)
def test_whoever_downloads_too_often_is_told_to_wait(certificate, sign_in, settings, address):
    settings.PUBLIC_REQUESTS_A_MINUTE = 3
    cache.clear()
    browser = sign_in(language="en")
    got = [browser.get(address.format(number=certificate.number)) for _ in range(8)]
    assert {each.status_code for each in got} == {200, 429}
    refused = next(each for each in got if each.status_code == 429)
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "Asked too often" in refused.text


def test_a_stranger_downloads_everything_and_verifies_it(certificate, sign_in, at):
    browser = sign_in()
    page = {
        name: browser.get(reverse(f"certificate_{name}", kwargs={"number": certificate.number}))
        for name in ("pdf", "credential", "receipt")
    }
    assert {name: each.headers["Content-Type"] for name, each in page.items()} == {
        "pdf": "application/pdf", "credential": "application/vc", "receipt": "application/json",
    }  # fmt: skip
    assert page["pdf"].content.startswith(b"%PDF-")
    credential = json.loads(page["credential"].content)
    lists = []
    for entry in credential["credentialStatus"]:
        address = entry["statusListCredential"].removeprefix("http://localhost:8000")
        day = whole(certificate.at + DAY).date().isoformat()
        assert browser.get(address, {"on": "someday"}).status_code == 404
        lists.append(Named(address, browser.get(address, {"on": day}).content))
    files = [Named(name, page[name].content) for name in ("credential", "receipt")]
    bundle = bundle_at(certificate.at + DAY)
    found = verify(*files, lists, bundle, certificate.at + DAY + timedelta(hours=8))
    assert found.verdict is Verdict.DOES_NOT_HOLD
    assert [each.id for each in found.steps if each.state != "passed"] == ["9"]
    keys = browser.get("/issuer").json()
    assert credential["proof"]["verificationMethod"] in [each["id"] for each in keys["assertionMethod"]]


def test_the_list_of_a_day_is_the_one_of_its_last_second(case, equipped, sign_in):
    """Though it ended at midnight, with a change, and nobody asked for another in time."""
    made = issued(case, equipped, whole(case.changed_at) + DAY)
    day = day_of(made.at + DAY)
    changed(made, equipped, made.at + DAY, Change.CANCELLED, "own-request", effective_at=ends(day))
    newest = StatusListIssue.objects.order_by("-id").first()
    assert (newest.purpose, newest.valid_until) == ("suspension", ends(day))
    asked = sign_in().get(f"/status/suspension/{newest.number}", {"on": day.isoformat()})
    assert asked.content.decode() == newest.content


def test_the_trust_file_stays_the_same_bytes_while_nothing_in_it_changes(certificate):
    at = certificate.at + 2 * DAY
    before = bundle_at(at)
    assert write_bundle(bundle_at(at + timedelta(hours=5))) == write_bundle(before)
    for change, later in (
        (lambda then: rotate_key(KeyPurpose.LOG, system, then), at + timedelta(hours=6)),
        (lambda then: note_theft(Key.objects.get(purpose=KeyPurpose.PDF), at, system, then), at + timedelta(hours=7)),
        (renew_lists, at + timedelta(hours=25)),
    ):
        change(later)
        assert bundle_at(later + timedelta(hours=1)).made_at >= later > before.made_at
        before = bundle_at(later)


def test_the_logs_tiles_lead_to_its_checkpoint(certificate, sign_in):
    browser = sign_in()
    checkpoint = read_checkpoint(browser.get("/log/checkpoint").content.decode(), "checkpoint")
    bundle = bundle_at(certificate.at + DAY)
    assert (checkpoint.size, signed_by(checkpoint, bundle.log.keys[0].key)) == (2, True)
    entries = browser.get("/log/tile/entries/000.p/2").content
    first = int.from_bytes(entries[:2], "big")
    leaves = [entries[2 : 2 + first], entries[4 + first :]]
    hashes = browser.get("/log/tile/0/000.p/2").content
    assert hashes == b"".join(leaf_hash(each) for each in leaves)
    assert node_hash(hashes[:32], hashes[32:]) == checkpoint.root
    for path in ("0/000", "0/000.p/3", "0/001.p/1", "1/000.p/1", "0/0", "entries/000.p/0", "64/000", "../settings"):
        assert browser.get(f"/log/tile/{path}").status_code == 404


@pytest.mark.parametrize(("index", "path"), [(0, "000"), (67, "067"), (1067, "x001/067"), (1234067, "x001/x234/067")])
def test_a_tile_has_one_path(index, path):
    assert tile_path(index) == path
    assert read_tile(f"3/{path}.p/7") == Tile(3, index, 7)
    assert read_tile(f"entries/{path}") == Tile(None, index, 256)
    assert read_tile(f"3/x000/{path}") is None


def test_an_empty_log_and_an_unknown_number_are_not_found(equipped, sign_in):
    browser = sign_in()
    for address in ("/log/checkpoint", "/certificates/TC-2026-000001-00/certificate.pdf", "/status/revocation/1"):
        assert browser.get(address).status_code == 404
    assert tile_content(Tile(0, 0, 1)) is None
    assert LogHead.objects.get().size == 0
