# SPDX-License-Identifier: Apache-2.0
"""Bytes as text: base64 in its one canonical form, and multibase (base58btc ``z``, base64url ``u``).

Reading raises ValueError; whoever reads for others turns it into a refusal.
"""

import base64
from collections.abc import Callable

_BITCOIN = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PLACES = {sign: place for place, sign in enumerate(_BITCOIN)}


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """Padded base64; spare bits are zero, so that one value has one text."""
    return _same(text, base64.b64decode(_ascii(text), validate=True), to_base64)


def to_base64url(data: bytes) -> str:
    """Without padding, RFC 4648 section 5."""
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def from_base64url(text: str) -> bytes:
    padded = _ascii(text) + b"=" * (-len(text) % 4)
    return _same(text, base64.b64decode(padded, altchars=b"-_", validate=True), to_base64url)


def to_base58(data: bytes) -> str:
    """Multibase base58btc with its ``z``."""
    number = int.from_bytes(data, "big")
    signs = ""
    while number:
        number, place = divmod(number, 58)
        signs = _BITCOIN[place] + signs
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + signs


def from_base58(text: str, length: int) -> bytes:
    """Multibase base58btc of exactly ``length`` bytes."""
    if not text.startswith("z") or len(text) > length * 3 // 2 + 2:
        raise ValueError("no base58btc of that length")
    number = 0
    for sign in text[1:]:
        if sign not in _PLACES:
            raise ValueError("a sign that base58btc does not have")
        number = number * 58 + _PLACES[sign]
    if number >> (8 * length):
        raise ValueError("longer than that")
    return _same(text, number.to_bytes(length, "big"), to_base58)


def _ascii(text: str) -> bytes:
    try:
        return text.encode("ascii")
    except UnicodeEncodeError:
        raise ValueError("signs that base64 does not have") from None


def _same(text: str, data: bytes, write: Callable[[bytes], str]) -> bytes:
    if write(data) != text:
        raise ValueError("not the one form of these bytes")
    return data
