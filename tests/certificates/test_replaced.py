# SPDX-License-Identifier: Apache-2.0
"""A certificate takes the place of another, after a lawful change or a later grant; and stated anew after a theft."""

from argparse import Namespace
from datetime import timedelta

import pytest
from django.utils.timezone import now

from gradus.certificates.bundle import bundle_at
from gradus.certificates.issue import Addresses
from gradus.certificates.keys import current, note_theft
from gradus.certificates.models import Certificate, ChangeDecision, KeyPurpose, Leaf
from gradus.certificates.queries import publication_of, standing_of
from gradus.certificates.recover import restate
from gradus.cli.platform.keys import run as keys_command
from gradus.dossiers.store import path_of
from gradus.grading.faults import Refusal
from gradus.journal.actor import system
from gradus.trust.instants import whole
from gradus.trust.pdf_verify import open_pdf
from gradus.trust.statement import Change, Name
from gradus.trust.verdict import State, Verdict
from tests.applications.walk import open_case
from tests.certificates.issuing import changed, issued, proposed, verified
from tests.decisions.deciding import brought_to_grant, evaluated

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
MOVED = Addresses(Name("上海市浦东新区天工路3号", ""), (Name("上海市浦东新区天工路3号", ""),))


@pytest.fixture
def when(case):
    return whole(case.changed_at) + DAY


@pytest.fixture
def certificate(case, equipped, when):
    return issued(case, equipped, when)


def around(number, at):
    return [standing_of(number, each).standing.value for each in (at - SECOND, at, at + SECOND)]


def test_a_lawful_change_gives_a_new_certificate_for_the_rest_of_the_period(certificate, equipped, when):
    later = when + 100 * DAY
    name = Name("天工数智集团有限公司", "")
    changed(certificate, equipped, later, Change.SUPERSEDED, "name-changed", name=name, addresses=MOVED)
    new = Certificate.objects.get(supersedes=certificate.number)
    assert new.replacement == ChangeDecision.objects.get()
    assert (around(certificate.number, later)[1:], around(new.number, later)[1:]) == (["superseded"] * 2, ["valid"] * 2)
    old, found = verified(certificate, later), verified(new, later)
    assert (old.verdict, found.verdict) == (Verdict.DOES_NOT_HOLD, Verdict.HOLDS)
    before, after = old.statement, found.statement
    assert (after.holder.name, after.holder.registered_address) == (name, MOVED.registered)
    assert (after.last_valid_on, after.first_issued_on) == (before.last_valid_on, before.first_issued_on)
    assert after.outcome == before.outcome
    with pytest.raises(Refusal) as refused:
        proposed(certificate, equipped, later + DAY, Change.SUPERSEDED, "name-changed", name=Name("又改名", ""))
    assert [each.code for each in refused.value.faults] == ["change.not_possible"]


def test_a_replacement_says_something_new_and_for_a_reason(certificate, equipped, when):
    with pytest.raises(Refusal) as refused:
        proposed(certificate, equipped, when + DAY, Change.SUPERSEDED, "fraud", effective_at=when)
    assert [each.code for each in refused.value.faults] == [
        "decision.reason_not_listed", "change.nothing_new", "change.replaced_at_once",
    ]  # fmt: skip


@pytest.mark.parametrize("ahead", [0, 30])
def test_no_replacement_makes_valid_what_is_suspended_or_will_be_cancelled(certificate, equipped, when, ahead):
    later = when + 5 * DAY
    name = Name("天工数智集团有限公司", "")
    change, reason = (Change.CANCELLED, "own-request") if ahead else (Change.SUSPENDED, "contract")
    changed(certificate, equipped, later, change, reason, effective_at=later + ahead * DAY)
    with pytest.raises(Refusal) as refused:
        proposed(certificate, equipped, later + DAY, Change.SUPERSEDED, "name-changed", name=name)
    assert [each.code for each in refused.value.faults] == ["change.not_possible"]


def test_a_later_grant_supersedes_and_begins_a_new_period(certificate, equipped, submitted, when):
    second = submitted(title="2027")
    case = open_case(second, when + 300 * DAY, number="2026-0002")
    brought_to_grant(evaluated(case, case.opened_at + DAY), equipped)
    later = whole(case.changed_at) + DAY
    new = issued(case, equipped, later)
    assert new.supersedes == certificate.number
    assert (around(certificate.number, later), around(new.number, later)) == (
        ["valid", "superseded", "superseded"], ["unknown", "valid", "valid"],
    )  # fmt: skip
    before, after = verified(certificate, later).statement, verified(new, later).statement
    assert after.first_issued_on == before.first_issued_on
    assert after.last_valid_on > before.last_valid_on


def states(certificate, at):
    return {each.id: each.state for each in verified(certificate, at).steps}


def test_after_a_theft_what_was_logged_before_holds_and_the_rest_is_stated_anew(certificate, equipped, submitted, when):
    """The issuer's key is stolen on a day between the two certificates, which is found out later."""
    case = open_case(submitted(title="2027"), when + 300 * DAY, number="2026-0002")
    brought_to_grant(evaluated(case, case.opened_at + DAY), equipped)
    later = whole(case.changed_at) + DAY
    new = issued(case, equipped, later)
    found_out = later + 5 * DAY
    note_theft(current(KeyPurpose.ISSUER), later - DAY, system, found_out)
    assert states(certificate, found_out)["7"] is State.PASSED
    assert states(new, found_out)["7"] is State.FAILED
    assert verified(new, found_out).verdict is Verdict.DOES_NOT_HOLD
    assert restate(found_out + SECOND) == 2  # the new certificate, and that the other is superseded
    assert verified(new, found_out + SECOND).verdict is Verdict.HOLDS
    assert Leaf.objects.filter(certificate=new).count() == 2
    assert Certificate.objects.count() == 2  # no new number
    found = verified(certificate, found_out + SECOND)
    assert [each.id for each in found.steps if each.state is not State.PASSED] == ["9"]  # superseded, as it was
    assert restate(found_out + DAY) == 0


@pytest.mark.parametrize("purpose", [KeyPurpose.LOG, KeyPurpose.PDF])
def test_after_a_theft_of_another_key_receipts_or_pages_are_made_anew(purpose, certificate, when):
    found_out = when + 5 * DAY
    note_theft(current(purpose), when + DAY, system, found_out)
    doubtful = "5" if purpose is KeyPurpose.LOG else "P7"
    assert steps(certificate, found_out)[doubtful] is State.CANNOT_TELL
    assert restate(found_out) == 1
    assert set(steps(certificate, found_out + SECOND).values()) == {State.PASSED}
    assert publication_of(certificate).leaf.certificate == certificate


def test_one_command_after_a_theft_states_anew_what_it_made_doubtful(case, equipped, capsys):
    """``gradus keys stolen``, which knows no other time than now."""
    made = issued(case, equipped, whole(case.changed_at))
    asked = {"action": "stolen", "key": str(current(KeyPurpose.ISSUER)), "since": "2000-01-01", "lang": "en"}
    assert keys_command(Namespace(**asked)) == 0
    assert "Stated 1 statement anew" in capsys.readouterr().out
    found = verified(made, whole(now()))
    assert {each.id for each in found.steps if each.state is not State.PASSED} <= {"8"}  # the calendar's, one day
    assert Leaf.objects.filter(certificate=made).count() == 2


def steps(certificate, at):
    page = path_of(publication_of(certificate).page_id).read_bytes()
    return states(certificate, at) | {each.id: each.state for each in open_pdf(page, bundle_at(at)).steps}
