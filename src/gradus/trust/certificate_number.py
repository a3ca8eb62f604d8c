# SPDX-License-Identifier: Apache-2.0
"""The number of a certificate: PREFIX-YEAR-SERIAL-CC, where CC are the two check characters of ISO 7064 MOD 1271-36
over all letters and digits before them. They tell every single wrong character and every swap of two neighbours."""

import re
from typing import Annotated
from unicodedata import normalize

from gradus.grading.faults import Fault, Place, Refusal
from gradus.trust.records import Form

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MODULUS = 1271
_PARTS = re.compile(r"([A-Z]{2,8})-?(\d{4})-?(\d{6})-?([0-9A-Z]{2})", re.ASCII)

Number = Annotated[str, Form(r"[A-Z]{2,8}-\d{4}-\d{6}-[0-9A-Z]{2}", "XX-2026-000001-00")]


def certificate_number(prefix: str, year: int, serial: int) -> str:
    """The number of the ``serial``-th certificate of a year; the prefix is the certification body's, two to eight
    letters. Raises ValueError when the parts do not fit: they come from our own count."""
    body = f"{prefix}{year:04d}{serial:06d}"
    if not re.fullmatch(r"[A-Z]{2,8}\d{10}", body, re.ASCII) or serial < 1:
        raise ValueError(f"{prefix}, {year} and {serial} make no certificate number")
    return f"{prefix}-{year:04d}-{serial:06d}-{_check(body)}"


def read_number(text: str) -> str:
    """A number as somebody typed it (small letters, full-width signs, no hyphens) in its one form. Raises Refusal."""
    plain = re.sub(r"\s", "", normalize("NFKC", text[:80])).upper().replace("—", "-").replace("–", "-")
    parts = _PARTS.fullmatch(plain)
    if parts is None:
        raise Refusal([Fault("number.form", Place(), {"value": text})])
    if _check("".join(parts.groups()[:3])) != parts[4]:
        raise Refusal([Fault("number.check", Place(), {"value": text})])
    return "-".join(parts.groups())


def is_number(text: str) -> bool:
    """Whether it is a number in its one form, with the right check characters."""
    parts = _PARTS.fullmatch(text)
    return parts is not None and "-".join(parts.groups()) == text and _check("".join(parts.groups()[:3])) == parts[4]


def _check(body: str) -> str:
    """ISO 7064, pure system with two check characters: the whole, read in base 36, leaves 1 when divided by 1271."""
    rest = 0
    for sign in body:
        rest = (rest + _ALPHABET.index(sign)) * 36 % _MODULUS
    rest = rest * 36 % _MODULUS
    high, low = divmod((1 - rest) % _MODULUS, 36)
    return _ALPHABET[high] + _ALPHABET[low]
