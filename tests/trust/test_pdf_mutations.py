# SPDX-License-Identifier: Apache-2.0
"""No altered bit anywhere in a certificate's PDF goes unnoticed, and nothing makes the check fall over."""

import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.trust.pdf_check import check_pdf
from gradus.trust.verdict import Verdict
from tests.formats.certificate_keys import ROOT, signed, small

CONTAINER = small().index(b"/Contents <") + 10
PADDING = CONTAINER + 1 + len(small()[CONTAINER + 1 :].split(b">")[0].rstrip(b"0"))
TAIL = small().index(b">", PADDING)


def accepted(data: bytes) -> bool:
    return check_pdf(data, [ROOT]).verdict is not Verdict.DOES_NOT_HOLD


def flipped(data: bytes, at: int, bit: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


def survivors(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Flipped bits that the check would not notice."""
    return [(at, bit) for at, bit in places if accepted(flipped(small(), at, bit))]


def test_no_flipped_bit_of_the_signature_container_goes_unnoticed():
    digits = [(at, at * 3 % 8) for at in range(CONTAINER, PADDING, 3)]
    low = [(at, 0) for at in range(CONTAINER + 1, PADDING)]  # turns most digits into another digit
    padding = [(at, at % 8) for at in range(PADDING, TAIL, 16)]
    assert survivors(digits + low + padding) == []


def test_no_flipped_bit_after_the_container_goes_unnoticed():
    assert survivors([(at, (at * 5 + 1) % 8) for at in range(TAIL, len(small()))]) == []


def test_no_sampled_flipped_bit_before_the_container_goes_unnoticed():
    assert survivors([(at, at % 8) for at in range(0, CONTAINER, 11)]) == []


def test_no_sampled_flipped_bit_of_a_real_certificate_goes_unnoticed():
    data = signed()
    places = range(7, len(data), 1001)
    assert [at for at in places if accepted(flipped(data, at, at % 8))] == []


@pytest.mark.long
@pytest.mark.parametrize("bit", range(8))
def test_no_flipped_bit_at_all_goes_unnoticed(bit):
    assert survivors([(at, bit) for at in range(len(small()))]) == []


edits = st.lists(
    st.tuples(st.integers(0, len(small())), st.integers(0, 40), st.binary(max_size=40)), min_size=1, max_size=6
)


@settings(max_examples=300)
@given(edits)
def test_cut_moved_and_foreign_bytes_are_refused_and_never_raise(edits):
    data = small()
    for at, length, new in edits:
        data = data[:at] + new + data[at + length :]
    assert data == small() or not accepted(data)


@pytest.mark.long
def test_fifty_thousand_mutations_are_refused_and_never_raise():
    chance = random.Random(20260701)  # noqa: S311  the same in every run
    tokens = [
        b"<<",
        b">>",
        b"[",
        b"]",
        b"(",
        b")",
        b"/",
        b"obj",
        b"R",
        b"stream\n",
        b"endstream",
        b"xref\n",
        b"0",
        b"9" * 12,
    ]
    for _ in range(50_000):
        data = bytearray(small())
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            kind = chance.randrange(4)
            if kind == 0:
                data[at] = chance.randrange(256)
            elif kind == 1:
                del data[at : at + chance.randint(1, 200)]
            elif kind == 2:
                data[at:at] = chance.choice(tokens)
            else:
                data[at : at + 20] = chance.randbytes(20)
        assert bytes(data) == small() or not accepted(bytes(data))


@pytest.mark.parametrize(
    "inside",
    [
        b"[" * 100_000,
        b"<<" * 100_000,
        b"(" * 100_000,
        b"[" + b"0 " * 1_000_000,
        b"[" + b"/a" * 1_000_000,
        b"9" * 1_000_000,
        b"<" + b"0" * 1_000_000,
    ],
    ids=["arrays", "dictionaries", "brackets", "numbers", "names", "one number", "one string"],
)
def test_what_is_written_to_exhaust_a_reader_is_refused_in_little_memory(inside):
    data = small()
    at = data.index(b"1 0 obj\n") + 8
    tracemalloc.start()
    accepted_it = accepted(data[:at] + inside + data[at:])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not accepted_it
    assert peak < 64 * 1024 * 1024


@pytest.mark.parametrize("number", [b"0", b"7", b"999999999", b"00"])
def test_a_table_that_points_anywhere_is_refused(number):
    data = small()
    at = data.rindex(b"startxref\n") + 10
    assert not accepted(data[:at] + number + data[data.index(b"\n", at) :])
