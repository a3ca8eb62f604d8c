# SPDX-License-Identifier: Apache-2.0
"""What the body issues is in the public register and on the verification page at once, and so is every change of it."""

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils.timezone import now

from gradus.certificates.models import StatusChange, StatusListIssue, Unfinished
from gradus.certificates.queries import lists_in_force
from gradus.certificates.status_lists import lists_due, renew_lists
from gradus.register.standings import known
from gradus.trust.instants import day_of, whole
from gradus.trust.standing import Standing
from gradus.trust.statement import Change
from gradus.trust.verdict import Verdict
from tests.certificates.conftest import case, equipped
from tests.certificates.issuing import changed, issued, verified

__all__ = ["case", "equipped"]


@pytest.fixture
def certificate(case, equipped, at):
    return issued(case, equipped, at - timedelta(hours=1))


def test_strangers_find_it_and_can_check_it(certificate, sign_in, at):
    visitor = sign_in(language="en")
    assert certificate.number in visitor.get("/register/", {"q": "天工"}).content.decode()
    page = visitor.get(f"/v/{certificate.number}").content.decode()
    assert '<section class="verdict holds"' in page
    assert f'href="/register/{certificate.number}/"' in page


def test_a_suspension_is_told_by_both_at_once(certificate, equipped, sign_in, at):
    changed(certificate, equipped, at, Change.SUSPENDED, "accident")
    renew_lists(at)
    visitor = sign_in(language="en")
    assert "suspended" in visitor.get(f"/register/{certificate.number}/").content.decode()
    page = visitor.get(f"/v/{certificate.number}").content.decode()
    assert '<section class="verdict does_not_hold"' in page
    assert "suspended" in page


def asked(visitor, number):
    """The answers for the list of what has ended, and to whether a certificate holds now."""
    page = visitor.get(f"/v/{number}").content.decode()
    return visitor.get("/status/revocation/1"), re.search(r'<section class="verdict (\w+)"', page)[1]


def test_lists_that_have_run_out_are_signed_anew_for_whoever_asks(case, equipped, sign_in):
    made, visitor = issued(case, equipped, whole(case.changed_at)), sign_in()
    newest = StatusListIssue.objects.order_by("-id").first()
    listed, verdict = asked(visitor, made.number)
    fresh = StatusListIssue.objects.order_by("-id").first()
    assert (listed.content.decode(), verdict) == (StatusListIssue.objects.get(pk=fresh.pk - 1).content, "holds")
    assert (fresh.valid_from > newest.valid_until, fresh.valid_until > now()) == (True, True)
    asked(visitor, made.number)
    assert StatusListIssue.objects.order_by("-id").first() == fresh


def test_lists_that_end_at_a_change_to_come_are_signed_once(certificate, equipped, sign_in, at):
    changed(certificate, equipped, at, Change.CANCELLED, "own-request", effective_at=at + timedelta(hours=5))
    visitor, there = sign_in(), StatusListIssue.objects.count()
    for _ in range(2):
        listed, verdict = asked(visitor, certificate.number)
        assert (listed.status_code, verdict) == (200, "holds")
    assert StatusListIssue.objects.count() == there
    before, after = at + timedelta(hours=4), at + timedelta(hours=6)
    assert [lists_due(each) for each in (before, after)] == [False, True]
    assert lists_in_force(after) == []  # those from before the decision were to last longer, and do not come back
    assert verified(certificate, after).verdict is Verdict.CANNOT_TELL
    renew_lists(after)
    assert verified(certificate, after).verdict is Verdict.DOES_NOT_HOLD


def test_where_the_keys_do_not_open_stale_lists_are_never_taken_for_valid(case, equipped, sign_in, settings):
    made, visitor = issued(case, equipped, whole(case.changed_at)), sign_in()
    settings.KEY_PASSPHRASE = "another horse battery staple"
    for _ in range(2):
        listed, verdict = asked(visitor, made.number)
        assert (listed.status_code, verdict) == (404, "cannot_tell")
    cache.clear()
    settings.KEY_PASSPHRASE = "correct horse battery staple"
    assert asked(visitor, made.number)[1] == "holds"


class Killed(Exception):
    """A process ended here."""


def killed_at(table):
    """Dies where the first row is written to a table."""

    def watch(execute, sql, params, many, context):
        if sql.startswith(f'INSERT INTO "certificates_{table}"'):
            raise Killed
        return execute(sql, params, many, context)

    return watch


@pytest.mark.parametrize("table", ["leaf", "publication"])
def test_what_a_crash_left_is_finished_for_whoever_asks(case, equipped, sign_in, table):
    """A withdrawal that is decided and, its process killed, in no list."""
    certificate = issued(case, equipped, whole(case.changed_at))
    visitor = sign_in(language="en")
    with connection.execute_wrapper(killed_at(table)), pytest.raises(Killed):
        changed(certificate, equipped, now() - timedelta(minutes=2), Change.WITHDRAWN, "fraud")
    assert StatusChange.objects.exists()
    page = visitor.get(f"/v/{certificate.number}").content.decode()
    assert '<section class="verdict does_not_hold"' in page
    assert "withdrawn" in visitor.get(f"/register/{certificate.number}/").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/register/{number}/",
        "/register/{number}/badge.svg",
        "/register/register.csv?q={number}",
        "/register/{number}/standing.pdf",
        "/api/register/{number}",
        "/api/register/?q={number}",
        "/v/{number}",
    ],
)
def test_a_suspension_that_a_crash_kept_from_the_log_is_logged_a_minute_later_by_whatever_is_asked_first(
    certificate, equipped, sign_in, at, address
):
    with connection.execute_wrapper(killed_at("leaf")), pytest.raises(Killed):
        changed(certificate, equipped, at - timedelta(minutes=2), Change.SUSPENDED, "accident")
    assert Unfinished.objects.exists()
    assert sign_in(language="en").get(address.format(number=certificate.number)).status_code == 200
    assert not Unfinished.objects.exists()
    assert known(certificate.number).standing(at, at).standing is Standing.SUSPENDED


WITHOUT_KEYS = {
    "/register/{number}/": "Today: withdrawn",
    "/register/{number}/badge.svg?lang=en": "withdrawn",
    "/register/register.csv?q={number}": "withdrawn",
    "/api/register/{number}": '"standing": "withdrawn"',
    "/api/register/?q={number}&standing=valid": '"count": 0',
    "/register/?q={number}&standing=withdrawn": "{number}",
    "/v/{number}": '<section class="verdict cannot_tell"',
}
"""What is told of a withdrawal that was decided and can not be logged."""


@pytest.mark.parametrize("address", WITHOUT_KEYS)
def test_what_was_decided_is_not_called_valid_though_no_key_opens_to_log_it(
    certificate, equipped, sign_in, at, settings, address
):
    with connection.execute_wrapper(killed_at("leaf")), pytest.raises(Killed):
        changed(certificate, equipped, at - timedelta(minutes=2), Change.WITHDRAWN, "fraud")
    settings.KEY_PASSPHRASE = "another horse battery staple"
    answer = sign_in(language="en").get(address.format(number=certificate.number)).content.decode()
    assert WITHOUT_KEYS[address].format(number=certificate.number) in answer
    assert '<section class="verdict holds"' not in answer


def test_a_file_of_what_was_withdrawn_and_is_in_no_list_yet_can_not_be_told(
    certificate, equipped, sign_in, at, settings
):
    visitor = sign_in(language="en")
    files = [
        visitor.get(f"/certificates/{certificate.number}/{name}.json").content for name in ("credential", "receipt")
    ]
    with connection.execute_wrapper(killed_at("leaf")), pytest.raises(Killed):
        changed(certificate, equipped, at - timedelta(minutes=2), Change.WITHDRAWN, "fraud")
    settings.KEY_PASSPHRASE = "another horse battery staple"
    given = [SimpleUploadedFile(f"{at}.json", each) for at, each in enumerate(files)]
    page = visitor.post("/verify/file/", {"file": given}).content.decode()
    assert '<section class="verdict cannot_tell"' in page
    assert "withdrawn" in page
    carried = json.loads(re.search(r'id="carried"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    assert carried["overtaken"] == [certificate.number]  # for the browser, which has the lists of before


def test_a_restoration_is_told_once_it_is_published(certificate, equipped, sign_in, at, settings):
    changed(certificate, equipped, at - timedelta(minutes=9), Change.SUSPENDED, "contract")
    with connection.execute_wrapper(killed_at("leaf")), pytest.raises(Killed):
        changed(certificate, equipped, at - timedelta(minutes=2), Change.RESTORED, "cause-removed")
    settings.KEY_PASSPHRASE = "another horse battery staple"
    visitor, address = sign_in(language="en"), f"/api/register/{certificate.number}"
    assert visitor.get(address).json()["standing"]["standing"] == "suspended"
    cache.clear()
    settings.KEY_PASSPHRASE = "correct horse battery staple"
    assert visitor.get(address).json()["standing"]["standing"] == "valid"


def test_register_and_credential_say_the_same_on_every_day(case, equipped, sign_in):
    """The register answers from statements, the verification page from the credential and that day's status lists."""
    day, begun = timedelta(days=1), whole(case.changed_at)
    certificate = issued(case, equipped, begun)
    for after, change, reason in (
        (2, Change.SUSPENDED, "contract"),
        (4, Change.RESTORED, "cause-removed"),
        (6, Change.WITHDRAWN, "fraud"),
    ):
        changed(certificate, equipped, begun + after * day, change, reason)
        renew_lists(begun + (after + 1) * day)
    visitor, stood = sign_in(language="en"), []
    for after in range(-1, 8):
        on = day_of(begun + after * day).isoformat()
        said = visitor.get(f"/api/register/{certificate.number}", {"on": on}).json()
        page = visitor.get("/verify/", {"number": certificate.number, "on": on}).content.decode()
        stood.append(said["standing"]["standing"])
        found = re.search(r'<section class="verdict (\w+)"', page)[1]
        assert found == ("holds" if stood[-1] == "valid" else "does_not_hold"), (on, stood[-1])
    assert stood == ["not_yet_valid", *["valid"] * 2, *["suspended"] * 2, *["valid"] * 2, *["withdrawn"] * 2]
    credential = json.loads(visitor.get(f"/certificates/{certificate.number}/credential.json").content)
    signed, page = credential["credentialSubject"]["statement"], f"/register/{certificate.number}/"
    for key, value in (
        ("holder", signed["holder"]["name"]),
        ("credit_code", signed["holder"]["uscc"]),
        ("outcome", signed["outcome"]["text"]),
        ("level", signed["outcome"]["level"]),
        ("stars", signed["outcome"]["stars"]),
        ("meaning", signed["outcome"]["meaning"]),
        ("scope", [each["id"] for each in signed["scope"]]),
        ("valid_from", signed["valid_from"]),
        ("last_valid_on", signed["last_valid_on"]),
        ("issuer", signed["issuer"]["name"]),
    ):
        assert said[key] == value, key
    assert signed["outcome"]["text"]["en"] in visitor.get(page).content.decode()
