# SPDX-License-Identifier: Apache-2.0
"""Bundles, status lists, checkpoints and compact forms: written, read back, refused."""

import base64
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.grading.faults import Refusal
from gradus.grading.texts import Text
from gradus.trust.bundle import PdfChain, read_bundle, write_bundle
from gradus.trust.checkpoint import (
    checkpoint_body,
    read_checkpoint,
    sign_checkpoint,
    signed_by,
    stamp_checkpoint,
    stamped_by,
    verifier_key,
)
from gradus.trust.compact import check_compact, qr_text, read_compact, sign_compact
from gradus.trust.keys import Algorithm, read_public_key
from gradus.trust.records import from_json, to_json
from gradus.trust.statement import CertificateStatement, Change, StatusStatement
from gradus.trust.status_list import LEAST_BITS, bits_of, decode_bits, encode_bits, read_list
from gradus.trust.verdict import State
from tests.trust.world import (
    BUNDLE,
    HOST,
    ISSUER,
    ISSUER_KEY,
    LOG_KEY,
    LOGGED,
    NUMBER,
    ORIGIN,
    OTHER_KEY,
    TODAY,
    WITNESS,
    WITNESS_KEY,
    WITNESSED,
    change,
    key,
    period,
    statement,
    status_lists,
)


def code_of(ask) -> str:
    with pytest.raises(Refusal) as refused:
        ask()
    return refused.value.faults[0].code


# Bundles


def test_a_bundle_is_read_as_it_was_written():
    whole = replace(
        WITNESSED,
        former_issuers=(replace(ISSUER, name=Text("旧", "Old")),),
        keys=(period(ISSUER_KEY, valid_until=TODAY, compromised_at=LOGGED), period(OTHER_KEY)),
        pdf=(PdfChain(("AAAA",), None),),
        status_lists=tuple(each.decode() for each in status_lists()),
    )
    assert read_bundle(write_bundle(whole), "trust.json") == whole


def test_a_fingerprint_tells_keys_apart_and_not_the_day():
    assert replace(BUNDLE, made_at=LOGGED, status_lists=("x",)).fingerprint == BUNDLE.fingerprint
    assert replace(BUNDLE, keys=(period(OTHER_KEY),)).fingerprint != BUNDLE.fingerprint


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"format": "gradus-trust/2"}, "record.wrong_value"),
        ({"keys": ()}, "bundle.no_key"),
        ({"keys": (period(key("pdf", Algorithm.P256)),)}, "bundle.key"),
        ({"keys": (replace(period(ISSUER_KEY), public_key="z6Mk"),)}, "bundle.key"),
        ({"keys": (period(ISSUER_KEY), period(ISSUER_KEY))}, "bundle.key_twice"),
        ({"keys": (period(LOG_KEY),)}, "bundle.key_twice"),
        ({"keys": (period(ISSUER_KEY, valid_until=period(ISSUER_KEY).valid_from),)}, "bundle.period"),
        ({"former_issuers": (replace(ISSUER, id="https://other.example"),)}, "bundle.former_issuer"),
        ({"pdf": (PdfChain(("not base64",), None),)}, "bundle.certificate"),
        ({"log": replace(BUNDLE.log, origin="two words")}, "record.wrong_value"),
    ],
)
def test_a_bundle_that_can_not_be_trusted_is_refused(changes, code):
    assert code_of(lambda: read_bundle(write_bundle(replace(BUNDLE, **changes)), "trust.json")) == code


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b'{"format":"gradus-trust/1"}'])
def test_what_is_no_bundle_is_refused(data):
    assert code_of(lambda: read_bundle(data, "trust.json")).startswith(("json.", "record."))


# Records


def test_statements_are_read_as_they_were_written():
    for kind, value in ((CertificateStatement, statement()), (StatusStatement, change(Change.SUPERSEDED, TODAY))):
        assert from_json(kind, to_json(value), "x.json") == value


def test_every_fault_of_a_record_is_said_at_once():
    content = to_json(statement())
    content["number"], content["extra"] = "42", 1
    del content["scope"]
    with pytest.raises(Refusal) as refused:
        from_json(CertificateStatement, content, "x.json")
    found = [(fault.code, fault.params["path"]) for fault in refused.value.faults]
    assert found == [("record.unknown_key", "extra"), ("record.missing_key", "scope"), ("record.wrong_value", "number")]


@pytest.mark.parametrize("value", [1.5, b"x", datetime(2026, 1, 1), datetime(2026, 1, 1, 0, 0, 0, 5, UTC), {"a": 1}])  # noqa: DTZ001
def test_what_has_no_written_form_is_our_defect(value):
    with pytest.raises((TypeError, ValueError)):
        to_json(value)


# Status lists


@given(st.sets(st.integers(0, LEAST_BITS - 1), max_size=30))
def test_a_list_says_of_each_bit_what_was_set(indices):
    bits = decode_bits(encode_bits(bits_of(indices)))
    assert bits == bits_of(indices)
    assert sum(byte.bit_count() for byte in bits) == len(indices)


def test_the_first_bit_is_the_leftmost():
    """Bitstring Status List 1.0, 3.4."""
    assert bits_of({0})[:2] == b"\x80\x00"
    assert bits_of({15})[:2] == b"\x00\x01"


def test_a_list_of_the_recommendation_is_read():
    """The example of Bitstring Status List 1.0, section 2.2: 131,072 bits, none set."""
    text = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert decode_bits(text) == bytes(LEAST_BITS // 8)


def gzipped(data: bytes) -> str:
    press = zlib.compressobj(9, zlib.DEFLATED, 31)
    return "u" + base64.urlsafe_b64encode(press.compress(data) + press.flush()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "u",
        "z" + encode_bits(bits_of(()))[1:],
        "uAAAA",
        gzipped(bytes(2**14 - 1)),
        gzipped(bytes(2**20 + 1)),
        gzipped(bytes(2**27)),
        encode_bits(bits_of(()))[:-8],
    ],
)
def test_what_is_no_list_too_short_or_a_bomb_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        decode_bits(text)


@pytest.mark.parametrize("length", [8, LEAST_BITS + 1, 2**24])
def test_lists_of_other_lengths_are_not_made(length):
    with pytest.raises(ValueError, match="a status list has"):
        bits_of((), length)


def test_a_list_beyond_its_end_says_nothing():
    found = read_list(status_lists()[0], "list.json")
    assert found.is_set(1) is True
    assert found.is_set(2) is False
    assert found.is_set(LEAST_BITS) is None


# Checkpoints


ROOT = bytes(range(32))


def test_a_checkpoint_is_a_signed_note():
    text = sign_checkpoint(ORIGIN, 21, ROOT, LOG_KEY, LOGGED)
    read = read_checkpoint(text, "receipt.json")
    assert (read.origin, read.size, read.root) == (ORIGIN, 21, ROOT)
    assert text.startswith(checkpoint_body(ORIGIN, 21, ROOT) + f"\n\u2014 {ORIGIN} ")
    assert signed_by(read, LOG_KEY.public)
    assert stamped_by(read, ORIGIN, LOG_KEY.public) == LOGGED
    assert not signed_by(read, OTHER_KEY.public)
    assert stamped_by(read, ORIGIN, OTHER_KEY.public) is None


def test_a_witness_stamps_the_same_body():
    text = stamp_checkpoint(sign_checkpoint(ORIGIN, 21, ROOT, LOG_KEY, LOGGED), WITNESS, WITNESS_KEY, TODAY)
    read = read_checkpoint(text, "receipt.json")
    assert stamped_by(read, WITNESS, WITNESS_KEY.public) == TODAY
    assert stamped_by(read, ORIGIN, LOG_KEY.public) == LOGGED


def test_signature_lines_are_those_that_others_write():
    """The witness's line of the example in C2SP tlog-cosignature has the length and the time of ours."""
    line = "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZ\nqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
    theirs = base64.b64decode(line)
    read = read_checkpoint(sign_checkpoint(ORIGIN, 21, ROOT, LOG_KEY, LOGGED), "receipt.json")
    assert len(theirs) == 4 + len(read.lines[1].rest)
    assert int.from_bytes(theirs[4:12], "big") == 1679315147


def test_a_verifier_key_is_written_as_for_signed_notes():
    name, key_id, data = verifier_key(ORIGIN, LOG_KEY.public).split("+", 2)
    assert (name, len(key_id)) == (ORIGIN, 8)
    assert base64.b64decode(data) == b"\x01" + LOG_KEY.public.raw


# Compact forms

COMPACT = sign_compact(statement(), ISSUER_KEY)


def test_a_compact_form_says_what_a_forger_would_change():
    compact = read_compact(COMPACT)
    assert (compact.number, compact.uscc, compact.outcome) == (NUMBER, "91110108MA00TERT2P", "two-four")
    assert (compact.valid_from, compact.last_valid_on) == (statement().valid_from, statement().last_valid_on)
    assert check_compact(compact, BUNDLE)[0] is State.PASSED


def test_it_fits_a_small_qr_code_beside_the_address():
    """Version 11 holds 251 bytes at level M (ISO/IEC 18004); 61 modules a side, printed at 25 mm still 0.4 mm each."""
    text = qr_text(statement(), ISSUER_KEY)
    assert text.startswith(f"{HOST}/v/{NUMBER}#1~{NUMBER}~")
    assert len(text.encode()) <= 251


@given(st.integers(0, len(COMPACT) - 1), st.sampled_from("09azAZ~-_."))
def test_any_other_character_is_found(place, sign):
    text = COMPACT[:place] + sign + COMPACT[place + 1 :]
    if text != COMPACT:
        try:
            state = check_compact(read_compact(text), BUNDLE)[0]
        except Refusal:
            return
        assert state is State.FAILED


@pytest.mark.parametrize(
    "text", ["", "1", "~" * 7, COMPACT + "~", "2" + COMPACT[1:], COMPACT.replace("20290601", "20290231"), COMPACT * 9]
)
def test_what_is_no_compact_form_is_refused(text):
    assert code_of(lambda: read_compact(text)) == "compact.form"


def test_a_stolen_key_proves_no_compact_form():
    stolen = replace(BUNDLE, keys=(period(ISSUER_KEY, compromised_at=TODAY + timedelta(days=1)),))
    assert check_compact(read_compact(COMPACT), stolen)[0] is State.CANNOT_TELL


def test_a_compact_form_is_no_other_signature_of_the_key():
    compact = read_compact(COMPACT)
    assert not read_public_key(ISSUER_KEY.public.multibase).verifies(compact.signature, compact.signed.encode())
