# SPDX-License-Identifier: Apache-2.0
"""Check characters tell every single wrong character and every swap of two neighbours."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.grading.faults import Refusal
from gradus.trust.certificate_number import certificate_number, is_number, number_meant, number_within, read_number

SIGNS = string.digits + string.ascii_uppercase
numbers = st.builds(
    certificate_number,
    st.text(string.ascii_uppercase, min_size=2, max_size=8),
    st.integers(2000, 2999),
    st.integers(1, 999_999),
)


@given(numbers)
def test_every_single_wrong_character_is_found(number):
    for place, sign in enumerate(number):
        for other in SIGNS + "-":
            if other != sign:
                assert not is_number(number[:place] + other + number[place + 1 :])


@given(numbers)
def test_every_swap_of_two_neighbours_is_found(number):
    plain = number.replace("-", "")
    for place in range(len(plain) - 1):
        swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
        if swapped != plain:
            with pytest.raises(Refusal):
                read_number(swapped)


@given(numbers)
def test_a_number_is_read_however_it_was_typed(number):
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    for typed in (number, number.lower(), number.replace("-", ""), f" {number} ", wide, number.replace("-", " - ")):
        assert read_number(typed) == number


@given(numbers)
def test_a_number_is_found_in_an_address_or_a_sentence(number):
    for text in (
        f"https://certificates.example/v/{number}#{number}~9",
        f"证书编号：{number}。",
        f"no. {number.lower()}, see",
    ):
        assert number_within(text) == number
    assert number_within(f"A{number}") is None
    assert number_within(f"{number}0") is None


@given(numbers)
def test_what_looks_alike_is_told_from_the_check_characters(number):
    year, serial = number.split("-")[1:3]
    typed = number.replace(f"{year}-{serial}", f"{year}-{serial}".replace("0", "O").replace("1", "I"))
    assert number_meant(typed) == number
    assert number_meant("91460000MA5T000000") is None


def test_the_check_characters_are_those_of_the_standard():
    """ISO 7064 gives ISO79 with the check characters 3W under MOD 1271-36; the whole leaves 1 when divided by 1271."""
    assert int("ISO793W", 36) % 1271 == 1
    assert int(certificate_number("XA", 2026, 42).replace("-", ""), 36) % 1271 == 1


@pytest.mark.parametrize(
    "text", ["", "XA", "XA-2026-42-LN", "X-2026-000042-LN", "XA-2026-000042", "证书", "X" * 10_000]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(Refusal, match=r"number\.form"):
        read_number(text)


@pytest.mark.parametrize(
    "parts", [("X", 2026, 1), ("XA", 2026, 0), ("XA", 2026, 1_000_000), ("xa", 2026, 1), ("XA", 99999, 1)]
)
def test_our_own_count_never_makes_a_number_that_does_not_fit(parts):
    with pytest.raises(ValueError, match="make no certificate number"):
        certificate_number(*parts)
