# SPDX-License-Identifier: Apache-2.0
"""Check characters of public identifiers: pure functions from a text to yes or no."""

import re
from datetime import date
from unicodedata import normalize

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_PATENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_RESIDENT = re.compile(r"[1-9][0-9]{5}((?:18|19|20)[0-9]{6})[0-9]{3}[0-9X]")
_PATENT = re.compile(r"(?:ZL|CN)?(\d{12})\.?([0-9X])")


def _normal(code: str) -> str:
    return normalize("NFKC", code).strip().upper()


def gb32100_valid(code: str) -> bool:
    """Whether a unified social credit code has 18 characters of the alphabet and the right last one (GB 32100-2015).

    Lower case is read as upper case. A remainder of 0 gives the check character 0, not index 31.
    """
    code = _normal(code)
    if len(code) != 18 or any(character not in _CREDIT_ALPHABET for character in code):
        return False
    total = sum(_CREDIT_ALPHABET.index(c) * w for c, w in zip(code, _CREDIT_WEIGHTS, strict=False))
    return _CREDIT_ALPHABET[(31 - total % 31) % 31] == code[17]


def gb11714_valid(code: str) -> bool:
    """Whether characters 9 to 17 of a unified social credit code are a valid organisation code (GB 11714-1997)."""
    inner = _normal(code)[8:17]
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", inner):
        return False
    rest = 11 - sum(int(c, 36) * w for c, w in zip(inner, _ORGANISATION_WEIGHTS, strict=False)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest)) == inner[8]


def resident_id_valid(number: str) -> bool:
    """Whether a text is the identity number of a Chinese resident (GB 11643-1999): area, a real day of birth, sequence,
    and the right last character (ISO 7064, MOD 11-2). A unified social credit code, as long, is none."""
    if len(number) < 18 and number.isascii():  # nearly every text there is: what is not ASCII may be longer once normal
        return False
    number = _normal(number)
    found = _RESIDENT.fullmatch(number)
    if found is None or gb32100_valid(number):
        return False
    try:
        date.fromisoformat(found[1])
    except ValueError:
        return False
    total = sum(int(c) * pow(2, 17 - i, 11) for i, c in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17]


def cn_patent_like(number: str) -> bool:
    """Whether a number has the form of a Chinese application or patent number: ZL, 12 digits, point, check
    character."""
    return _PATENT.fullmatch(_normal(number)) is not None


def cn_patent_valid(number: str) -> bool:
    """Whether a Chinese patent number's check character is right (weights 2 to 9, 2 to 5, modulo 11)."""
    found = _PATENT.fullmatch(_normal(number))
    if found is None:
        return False
    rest = sum(int(c) * w for c, w in zip(found[1], _PATENT_WEIGHTS, strict=True)) % 11
    return "0123456789X"[rest] == found[2]
