# SPDX-License-Identifier: Apache-2.0
"""The number of a certificate: PREFIX-YEAR-SERIAL-CC, where CC are the two check characters of ISO 7064 MOD 1271-36
over all letters and digits before them. They tell every single wrong character and every swap of two neighbours."""

import re
from itertools import product
from typing import Annotated
from unicodedata import normalize

from gradus.grading.faults import Fault, Place, Refusal
from gradus.trust.records import Form

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MODULUS = 1271
_PARTS = re.compile(r"([A-Z]{2,8})-?(\d{4})-?(\d{6})-?([0-9A-Z]{2})", re.ASCII)
_WITHIN = re.compile(rf"(?<![0-9A-Z]){_PARTS.pattern}(?![0-9A-Z])", re.ASCII)
_ALIKE = {"0": "0O", "O": "O0", "1": "1I", "I": "I1"}

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


def number_within(text: str) -> str | None:
    """The first number in a text, such as an address; None where there is none with the right check characters."""
    plain = re.sub("[—–]", "-", normalize("NFKC", text)).upper()
    found = ("-".join(parts.groups()) for parts in _WITHIN.finditer(plain))
    return next((each for each in found if is_number(each)), None)


def number_meant(text: str) -> str | None:
    """The one number that it becomes when 0 and O, 1 and I, which look alike, change places; None where none is, or
    several are."""
    plain = re.sub(r"[\s—–-]", "", normalize("NFKC", text[:80])).upper()
    prefix, digits, check = plain[:-12], plain[-12:-2], plain[-2:]
    prefix, digits = prefix.replace("0", "O").replace("1", "I"), digits.replace("O", "0").replace("I", "1")
    ends = ("".join(each) for each in product(*(_ALIKE.get(sign, sign) for sign in check)))
    found = [each for each in (f"{prefix}-{digits[:4]}-{digits[4:]}-{end}" for end in ends) if is_number(each)]
    return found[0] if len(found) == 1 else None


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
