# SPDX-License-Identifier: Apache-2.0
"""Verification for every altered bit, and for cases in which it must hold although something happened."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.grading.texts import Text
from gradus.trust.bundle import Log
from gradus.trust.credential import sign_statement
from gradus.trust.statement import CertificateStatement, Change, StatusStatement
from gradus.trust.verdict import State, Verdict
from gradus.trust.verify import verify
from tests.trust.world import (
    BUNDLE,
    GOOD,
    ISSUED,
    ISSUER,
    ISSUER_KEY,
    LOG_KEY,
    LOGGED,
    ORIGIN,
    OTHER_KEY,
    TODAY,
    WITNESSED,
    Case,
    change,
    period,
    receipt_of,
    statement,
    status_lists,
)

WITNESSED_CASE = replace(GOOD, bundle=WITNESSED, receipt=receipt_of(GOOD.credential, witness=True))


def flipped(data: bytes, bit: int) -> bytes:
    place = bit // 8
    return data[:place] + bytes([data[place] ^ 1 << bit % 8]) + data[place + 1 :]


def state(case: Case, step: int) -> State:
    return case.verify().steps[step - 1].state


@given(st.integers(0, 8 * len(GOOD.credential) - 1))
def test_any_altered_bit_of_a_credential_is_found(bit):
    assert replace(GOOD, credential=flipped(GOOD.credential, bit)).verify().verdict is Verdict.DOES_NOT_HOLD


@given(st.integers(0, 8 * len(WITNESSED_CASE.receipt) - 1))
def test_any_altered_bit_of_a_receipt_is_found(bit):
    receipt = flipped(WITNESSED_CASE.receipt, bit)
    assert replace(WITNESSED_CASE, receipt=receipt).verify().verdict is not Verdict.HOLDS


@given(st.integers(0, 1), st.data())
def test_any_altered_bit_of_a_status_list_is_found(which, data):
    lists = list(GOOD.lists)
    lists[which] = flipped(lists[which], data.draw(st.integers(0, 8 * len(lists[which]) - 1)))
    assert replace(GOOD, lists=tuple(lists)).verify().verdict is Verdict.CANNOT_TELL


@pytest.mark.long
def test_every_single_bit_of_credential_and_receipt_counts():
    for bit in range(8 * len(GOOD.credential)):
        assert replace(GOOD, credential=flipped(GOOD.credential, bit)).verify().verdict is not Verdict.HOLDS
    for bit in range(8 * len(WITNESSED_CASE.receipt)):
        receipt = flipped(WITNESSED_CASE.receipt, bit)
        assert replace(WITNESSED_CASE, receipt=receipt).verify().verdict is not Verdict.HOLDS


pieces = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b"{", b"}", b"[", b"]", b'"', b",", b":", b"null", b"-1", b"1e9", b"\\u0000", b'"zh":', b"\n", b"\xff"]
    ),
)


@st.composite
def mutated(draw, data: bytes) -> bytes:
    """Cuts, repetitions and insertions, up to four of them."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 400)))
        data = data[:start] + draw(pieces) + data[start:end] * draw(st.integers(0, 2)) + data[end:]
    return data


def try_mutations(data) -> None:
    """Whatever is given, there is a verdict and no other end; and it never holds unless nothing was changed."""
    which = data.draw(st.integers(0, 2))
    if which == 0:
        case = replace(GOOD, credential=data.draw(mutated(GOOD.credential)))
    elif which == 1:
        case = replace(GOOD, receipt=data.draw(mutated(GOOD.receipt)))
    else:
        case = replace(GOOD, lists=(data.draw(mutated(GOOD.lists[0])), GOOD.lists[1]))
    assert case.verify().verdict is not Verdict.HOLDS or case == GOOD


@settings(max_examples=200)
@given(st.data())
def test_no_mutation_ends_in_anything_but_a_verdict(data):
    try_mutations(data)


@pytest.mark.long
@settings(max_examples=50_000)
@given(st.data())
def test_no_mutation_of_fifty_thousand_ends_in_anything_but_a_verdict(data):
    try_mutations(data)


@given(st.binary(max_size=200), st.binary(max_size=200), st.binary(max_size=200))
def test_arbitrary_bytes_end_in_a_verdict(credential, receipt, listed):
    found = Case(credential, receipt, (listed,)).verify()
    assert found.verdict is Verdict.DOES_NOT_HOLD
    assert found.statement is None


def test_a_certificate_logged_before_the_key_was_stolen_stays_good():
    """Its status lists are signed with the new key."""
    stolen = replace(BUNDLE, keys=(period(ISSUER_KEY, compromised_at=LOGGED + timedelta(seconds=1)), period(OTHER_KEY)))
    assert replace(GOOD, bundle=stolen, lists=tuple(status_lists(signer=OTHER_KEY))).verify().verdict is Verdict.HOLDS


def test_a_certificate_reissued_with_a_new_key_after_a_theft_is_good():
    stolen = replace(BUNDLE, keys=(period(ISSUER_KEY, compromised_at=LOGGED), period(OTHER_KEY)))
    again = sign_statement(statement(issued_at=ISSUED + timedelta(days=1)), OTHER_KEY)
    receipt = receipt_of(again, at=LOGGED + timedelta(days=1))
    lists = tuple(status_lists(signer=OTHER_KEY))
    assert Case(again, receipt, lists, stolen).verify().verdict is Verdict.HOLDS
    assert state(replace(GOOD, bundle=stolen), 7) is State.FAILED


def test_a_retired_key_keeps_what_it_signed():
    retired = replace(BUNDLE, keys=(period(ISSUER_KEY, valid_until=LOGGED + timedelta(days=1)), period(OTHER_KEY)))
    assert replace(GOOD, bundle=retired, lists=tuple(status_lists(signer=OTHER_KEY))).verify().verdict is Verdict.HOLDS


def test_a_witness_counts_where_one_is_named_and_its_time_is_the_later_one():
    found = WITNESSED_CASE.verify()
    assert found.verdict is Verdict.HOLDS
    assert found.logged_at == LOGGED + timedelta(seconds=3)


def test_with_a_witness_a_stolen_log_key_is_borne():
    log = Log(ORIGIN, (period(LOG_KEY, compromised_at=TODAY),))
    assert replace(WITNESSED_CASE, bundle=replace(WITNESSED, log=log)).verify().verdict is Verdict.HOLDS


def test_a_certificate_that_bears_the_bodys_former_name_is_good():
    former = replace(ISSUER, name=Text("旧名认证有限公司", "Former Name Certification Ltd"))
    old = sign_statement(statement(issuer=former), ISSUER_KEY)
    known = replace(BUNDLE, former_issuers=(former,))
    assert replace(GOOD, credential=old, receipt=receipt_of(old), bundle=known).verify().verdict is Verdict.HOLDS
    assert state(replace(GOOD, credential=old, receipt=receipt_of(old)), 4) is State.FAILED


def test_a_change_of_status_is_verified_by_the_same_steps():
    signed = sign_statement(change(Change.SUSPENDED, TODAY), ISSUER_KEY)
    case = Case(signed, receipt_of(signed, at=TODAY), (), at=TODAY)
    found = case.verify()
    assert found.verdict is Verdict.HOLDS
    assert isinstance(found.statement, StatusStatement)
    assert state(replace(case, at=TODAY - timedelta(seconds=1)), 8) is State.FAILED


def test_of_several_lists_the_newest_in_force_counts_and_its_age_is_told():
    old = status_lists(begins=TODAY - timedelta(hours=20))
    found = replace(GOOD, lists=(*old, *GOOD.lists)).verify()
    assert found.verdict is Verdict.HOLDS
    assert found.status_as_of == TODAY - timedelta(hours=1)
    assert replace(GOOD, lists=(old[0], GOOD.lists[1])).verify().status_as_of == TODAY - timedelta(hours=20)


def test_an_archived_list_answers_for_the_day_that_it_speaks_of():
    day = TODAY + timedelta(days=100)
    archive = tuple(status_lists(begins=day - timedelta(hours=3)))
    assert replace(GOOD, lists=archive, at=day).verify().verdict is Verdict.HOLDS
    assert replace(GOOD, lists=archive).verify().verdict is Verdict.CANNOT_TELL


def said(case, number):
    return [(each.code, each.params.get("step")) for each in case.verify().steps[number - 1].said]


def test_a_step_that_was_not_reached_names_the_first_before_it_that_did_not_pass():
    untrusted = replace(GOOD, bundle=None)
    assert state(untrusted, 4) is State.PASSED
    assert said(untrusted, 8) == said(untrusted, 9) == [("verify.not_reached", "2")]
    altered = replace(GOOD, credential=GOOD.credential.replace("天工示例".encode(), "天工举例".encode()))
    assert said(altered, 8) == said(altered, 9) == [("verify.not_reached", "3")]


def test_what_holds_for_both_lists_is_said_once():
    later = verify(*replace(GOOD, at=TODAY + timedelta(hours=1)).given(), TODAY)
    assert [each.code for each in later.steps[8].said] == ["status.to_come"]


def test_what_was_not_proven_is_not_shown():
    """A forger's content never appears as if it had been verified."""
    assert replace(GOOD, bundle=None).verify().statement is None
    forged = replace(GOOD, credential=sign_statement(statement(), OTHER_KEY)).verify()
    assert forged.statement is None
    assert isinstance(GOOD.verify().statement, CertificateStatement)
