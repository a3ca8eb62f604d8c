# SPDX-License-Identifier: Apache-2.0
"""A granted decision becomes a certificate that verifies by the body's own trust file."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from gradus.certificates.bundle import bundle_at
from gradus.certificates.convert import grant_of
from gradus.certificates.issue import Addresses, issue_certificate, stage
from gradus.certificates.log import log_staged
from gradus.certificates.models import Certificate, Checkpoint, Leaf, Publication
from gradus.certificates.queries import publication_of, standing_of
from gradus.certificates.recover import recover
from gradus.certificates.stage import Basis, stage_certificate
from gradus.decisions.file import case_file
from gradus.decisions.record import decision_of
from gradus.dossiers.store import path_of
from gradus.formats.certificate_statement import holder_named
from gradus.formats.wording import sentence
from gradus.grading.faults import Refusal
from gradus.journal.models import Entry
from gradus.people.models import Account, Notification
from gradus.register.standings import known
from gradus.trust.pdf_verify import open_pdf
from gradus.trust.standing import Standing
from gradus.trust.statement import Holder, Name
from gradus.trust.verdict import Named, State, Verdict
from gradus.trust.verify import verify
from tests.certificates.issuing import ADDRESSES, issued, lists, verified
from tests.decisions.deciding import announced, decided, recommended, reviewable, signed

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def codes(refused):
    return [fault.code for fault in refused.value.faults]


def test_a_grant_becomes_a_certificate_that_holds(case, equipped):
    at = case.changed_at + MINUTE
    made = issued(case, equipped, at)
    assert made.number.startswith("TC-2026-000001-")
    found = verified(made, at)
    assert [(each.id, each.state, each.said) for each in found.steps if each.state is not State.PASSED] == []
    assert found.verdict is Verdict.HOLDS
    assert found.statement.decision.id == str(decision_of(case).pk)
    assert found.statement.holder.uscc
    assert (found.statement.last_valid_on - found.statement.valid_from).days in (1094, 1095)


def test_its_page_is_signed_and_carries_the_same_files(case, equipped):
    at = case.changed_at + MINUTE
    made = issued(case, equipped, at)
    handed = publication_of(made)
    opened = open_pdf(path_of(handed.page_id).read_bytes(), bundle_at(at))
    assert [(each.id, each.said) for each in opened.steps if each.state is not State.PASSED] == []
    assert opened.credential.data.decode() == handed.leaf.credential
    assert opened.receipt.data.decode() == handed.receipt


def test_one_decision_has_one_certificate(case, equipped):
    at = case.changed_at + MINUTE
    made = issued(case, equipped, at)
    with pytest.raises(Refusal) as refused:
        issued(case, equipped, at + MINUTE)
    assert codes(refused) == ["issue.issued_already"]
    assert Certificate.objects.get() == made
    assert (Leaf.objects.count(), Checkpoint.objects.count(), Publication.objects.count()) == (1, 1, 1)


def test_nothing_is_issued_before_the_second_signature(submitted, equipped):
    case = reviewable(submitted())
    recommended(case, equipped, case.changed_at + MINUTE)
    at = announced(case, equipped)
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            issued(case, equipped, at + MINUTE)
        assert "issue.not_signed" in codes(refused)
        if case.state == "decision":
            decided(case, equipped, at + MINUTE)
    assert not Certificate.objects.exists()


NO_GRANT = r"certificate_(needs_grant|of_granted)"


def written_straight(case, at, decision):
    """A certificate put into the database past every action."""
    said = {"number": "TC-2026-000001-00", "year": 2026, "serial": 1, "status_index": 0, "statement": "{}"}
    officer = Account.objects.get(email="certificate_officer@example.com")
    with transaction.atomic():
        Certificate.objects.bulk_create(
            [Certificate(case=case, account=officer, at=at, decision=decision, digest="0" * 64, **said)]
        )


def test_the_database_takes_no_certificate_of_a_case_without_a_signed_grant(submitted, equipped):
    case, refusing = reviewable(submitted()), {"outcome": "", "scope": (), "refused_for": "other"}
    recommended(case, equipped, case.changed_at + MINUTE)
    at = announced(case, equipped) + MINUTE
    with pytest.raises(DatabaseError, match=NO_GRANT):
        written_straight(case, at, None)
    decision = decided(case, equipped, at, **refusing)
    with pytest.raises(DatabaseError, match=NO_GRANT):
        written_straight(case, at + MINUTE, decision)  # with one of two signatures
    signed(case, equipped, at + MINUTE)
    assert case.state == "refused"
    with pytest.raises(DatabaseError, match=NO_GRANT):
        written_straight(case, at + 2 * MINUTE, decision)


def test_wherever_issuing_was_left_one_path_finishes_it(case, equipped):
    """Every step is a transaction; a killed process is played by not taking the next (the long run kills one)."""
    at = case.changed_at + MINUTE
    made = stage(case, ADDRESSES, equipped.actor("certificate_officer"), at)
    for step in ("staged", "logged"):
        assert (standing_of(made.number, at).standing, known(made.number)) == (Standing.UNKNOWN, None), step
        log_staged(at)
    assert [recover(at + MINUTE), recover(at + MINUTE)] == [1, 0]
    assert verified(made, at + MINUTE).verdict is Verdict.HOLDS
    assert known(made.number).certificate.number == made.number
    assert (Certificate.objects.count(), Leaf.objects.count(), Checkpoint.objects.count()) == (1, 1, 1)


def test_nothing_is_issued_before_the_instant_of_the_decision(case, equipped):
    with pytest.raises(Refusal) as refused:
        issued(case, equipped, case.changed_at - SECOND)
    assert codes(refused) == ["statement.before_decision"]


def test_addresses_are_asked_for(case, equipped):
    with pytest.raises(Refusal) as refused:
        issue_certificate(case, Addresses(Name("", ""), ()), equipped.actor("office"), case.changed_at + MINUTE)
    assert codes(refused) == ["issue.sites", "issue.address"]


def test_of_an_address_that_is_too_long_it_is_said_how_long_it_may_be(case, equipped):
    long = Addresses(Name("某" * 2001, ""), ADDRESSES.sites)
    with pytest.raises(Refusal) as refused:
        issue_certificate(case, long, equipped.actor("certificate_officer"), case.changed_at + MINUTE)
    (fault,) = refused.value.faults
    assert (fault.code, fault.place.field) == ("issue.address", "registered")
    assert [sentence(fault, each) for each in ("zh", "en")] == [
        "地址须为一行文字，至多 2000 字，中文不可为空",
        "An address is one line of text of at most 2000 characters; the Chinese one is never empty",
    ]


def test_a_certificate_fits_into_an_entry_of_the_log(case, equipped):
    """Whatever the edition's words are: an address stands for them here."""
    at, verified_by_us = case.changed_at + MINUTE, case_file(case).verified
    basis = Basis(case, grant_of(case, verified_by_us), decision_of(case))
    holder = Holder(*holder_named(verified_by_us), Name("长" * 2**15, ""), ADDRESSES.sites)
    with pytest.raises(Refusal) as refused:
        stage_certificate(basis, holder, None, equipped.actor("certificate_officer"), at)
    assert codes(refused) == ["issue.too_long"]


def test_nothing_is_issued_when_the_keys_do_not_open(case, equipped, settings):
    settings.KEY_PASSPHRASE = "another horse battery staple"
    with pytest.raises(Refusal) as refused:
        issued(case, equipped, case.changed_at + MINUTE)
    assert set(codes(refused)) == {"keys.not_opened"}
    assert not Certificate.objects.exists()


def test_the_holder_is_told_and_the_journal_keeps_each_step(case, equipped):
    made = issued(case, equipped, case.changed_at + MINUTE)
    told = Notification.objects.get(code="certificate_issued")
    assert (told.account, told.address) == (equipped.people["manager"], f"/v/{made.number}")
    kinds = Entry.objects.filter(kind__in=["certificate.issued", "log.extended", "certificate.published"])
    assert list(kinds.order_by("sequence").values_list("kind", flat=True)) == [
        "certificate.issued", "log.extended", "certificate.published",
    ]  # fmt: skip


def test_another_number_on_the_same_certificate_is_found_out(case, equipped):
    at = case.changed_at + MINUTE
    handed, bundle = publication_of(issued(case, equipped, at)), bundle_at(at)
    flipped = handed.leaf.credential.replace("TC-2026-000001", "TC-2026-000002").encode()
    receipt = Named("receipt.json", handed.receipt.encode())
    found = verify(Named("credential.json", flipped), receipt, lists(bundle), bundle, at)
    assert found.verdict is Verdict.DOES_NOT_HOLD
