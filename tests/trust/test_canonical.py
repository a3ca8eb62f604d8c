# SPDX-License-Identifier: Apache-2.0
"""RFC 8785 by its own examples, and the strict reading that goes with it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.grading.faults import Refusal
from gradus.journal.canonical import canonical as journal_canonical
from gradus.trust.canonical import DEEPEST, LARGEST, canonical, parse, parse_canonical

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def code_of(data: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        parse(data, "x.json", 1000)
    return refused.value.faults[0].code


def test_keys_are_sorted_by_utf_16_code_units_as_in_the_rfc():
    """RFC 8785, 3.2.3: the emoji (a surrogate pair) comes before U+FB33, though its code point is higher."""
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert [v for _, v in json.loads(canonical(value), object_pairs_hook=list)] == [2, 4, 6, 7, 1, 5, 3]


def test_strings_are_escaped_as_in_the_rfc():
    """RFC 8785, 3.2.2.2: short escapes where there are some, small hexadecimal digits, nothing else escaped."""
    assert canonical("\u20ac$\u000f\nA'\u0042\u0022\u005c\\\"/\u007f\u2028") == (
        '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u007f\u2028"'.encode()
    )


@given(values)
def test_what_is_written_is_read_as_the_same_value_and_written_as_the_same_bytes(value):
    data = canonical(value)
    assert parse_canonical(data, "x.json", len(data)) == value
    assert json.loads(data) == value


@given(values)
def test_the_journal_writes_the_same_where_keys_are_of_the_basic_plane(value):
    text = journal_canonical(value)
    if max(text, default="") < "\ud800":
        assert text.encode() == canonical(value)


@pytest.mark.parametrize("value", [1.5, float("nan"), {1: 2}, {"a": {1, 2}}, b"bytes", LARGEST + 1, "\ud800"])
def test_what_json_cannot_say_without_loss_is_our_defect(value):
    with pytest.raises((TypeError, ValueError)):
        canonical(value)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "json.syntax"),
        (b"{", "json.syntax"),
        (b"{'a':1}", "json.syntax"),
        (b"[1,]", "json.syntax"),
        (b'"\x01"', "json.syntax"),
        (b"[01]", "json.syntax"),
        (b"\xff", "json.not_utf8"),
        (b"\xc0\xaf", "json.not_utf8"),
        (b"1.0", "json.number"),
        (b"1e2", "json.number"),
        (b"-0", "json.number"),
        (b"NaN", "json.number"),
        (b"-Infinity", "json.number"),
        (b"9007199254740992", "json.number"),
        (b'{"a":1,"a":1}', "json.key_twice"),
        (b'{"a":1,"\\u0061":2}', "json.key_twice"),
        (b'"\\ud800"', "json.surrogate"),
        (b'{"\\udc00":1}', "json.surrogate"),
        (b"[" * 400 + b"]" * 400, "json.too_deep"),
        (b"[" * (DEEPEST + 2) + b"]" * (DEEPEST + 2), "json.too_deep"),
        (b" " * 1001, "json.too_large"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(data, code):
    assert code_of(data) == code


def test_a_key_that_stands_twice_behind_thirty_thousand_others_is_named():
    """Whoever counted each of them anew took eleven seconds for a file that the public page reads."""
    keys = [f"{number:x}" for number in range(30_000)]
    with pytest.raises(Refusal) as refused:
        parse(("{" + ",".join(f'"{key}":1' for key in [*keys, "z", "z"]) + "}").encode(), "file", 2**18 * 2)
    assert [(fault.code, fault.params["value"]) for fault in refused.value.faults] == [("json.key_twice", "z")]


@pytest.mark.parametrize("data", [b"[1, 2]", b'{"b":1,"a":2}', b'"\\u0041"', b"1\n", b'"\\/"'])
def test_any_other_form_of_a_value_is_refused_where_the_canonical_one_is_asked(data):
    parse(data, "x.json", 100)
    with pytest.raises(Refusal, match=r"json\.not_canonical"):
        parse_canonical(data, "x.json", 100)
