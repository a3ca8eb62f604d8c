# SPDX-License-Identifier: Apache-2.0
"""The values that a PDF file is written in (ISO 32000-1, 7.3), read within bounds. Raises Refusal, and nothing else.

It reads the forms that our certificates use; what they never use (comments among values, indirect lengths) it refuses.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from gradus.grading.faults import Fault, Refusal

MOST_VALUES = 200_000
_DEEPEST = 24

_TOKEN = re.compile(
    rb"[\0\t\n\f\r ]*+(?:"
    rb"(?P<ref>\d{1,7}) (?P<generation>\d{1,5}) R(?![^\0\t\n\f\r ()<>\[\]{}/%])"
    rb"|(?P<number>[+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12}))(?![\d.])"
    rb"|/(?P<name>[^\0\t\n\f\r ()<>\[\]{}/%]{0,127})"
    rb"|(?P<open><<|\[|\()|(?P<close>>>|\])"
    rb"|<(?P<hex>[0-9A-Fa-f]*+)>"
    rb"|(?P<word>true|false|null)(?![^\0\t\n\f\r ()<>\[\]{}/%]))"
)
_IN_STRING = re.compile(rb"\\.|[()]", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_WORDS = {b"true": True, b"false": False, b"null": None}


@dataclass(frozen=True, slots=True)
class Name:
    """A name without its slash."""

    text: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to an object by its number; every generation is 0."""

    number: int


@dataclass(frozen=True, slots=True)
class Real:
    """A number with a point, as it is written."""

    text: str


Value = Name | Ref | Real | bytes | int | bool | None | list["Value"] | dict[str, "Value"]


class Reader:
    """Reads one value after the other from the bytes of a file, and counts them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = MOST_VALUES

    def value(self, at: int, deep: int = 0) -> tuple[Value, int]:
        """The value that begins at an offset, and the offset after it."""
        token = _TOKEN.match(self._data, at)
        self._left -= 1
        if token is None or token["close"] or deep > _DEEPEST or self._left < 0:
            refuse("pdf.syntax", at)
        kind, end = token.lastgroup, token.end()
        if kind == "open":
            return self._opened(token["open"], end, deep)
        if kind == "generation":
            if token["generation"] != b"0":
                refuse("pdf.syntax", at)
            return Ref(int(token["ref"])), end
        if kind == "number":
            text = token["number"]
            return (Real(text.decode()) if b"." in text else int(text)), end
        if kind == "name":
            return Name(_name(token["name"])), end
        if kind == "hex":
            digits = token["hex"].decode()
            return bytes.fromhex(digits + "0" * (len(digits) % 2)), end
        return _WORDS[token["word"]], end

    def _opened(self, opening: bytes, at: int, deep: int) -> tuple[Value, int]:
        if opening == b"(":
            return self._string(at)
        if opening == b"[":
            items, end = self._until(b"]", at, deep)
            return items, end
        items, end = self._until(b">>", at, deep)
        keys = [each.text for each in items[::2] if isinstance(each, Name)]
        if len(items) % 2 or len(keys) * 2 != len(items) or len(set(keys)) < len(keys):
            refuse("pdf.syntax", at)
        return dict(zip(keys, items[1::2], strict=True)), end

    def _until(self, closing: bytes, at: int, deep: int) -> tuple[list[Value], int]:
        items: list[Value] = []
        while True:
            token = _TOKEN.match(self._data, at)
            if token is not None and token["close"]:
                if token["close"] != closing:
                    refuse("pdf.syntax", at)
                return items, token.end()
            item, at = self.value(at, deep + 1)
            items.append(item)

    def _string(self, start: int) -> tuple[bytes, int]:
        depth = 1
        for found in _IN_STRING.finditer(self._data, start):
            depth += {b"(": 1, b")": -1}.get(found[0], 0)
            if depth == 0:
                return _ESCAPE.sub(_unescaped, self._data[start : found.start()]), found.end()
        return refuse("pdf.syntax", start)


def refuse(code: str, at: int | None = None, **blanks: str) -> NoReturn:
    """Raise a Refusal, where there is an offset with it as the blank ``position`` (counted from 1)."""
    raise Refusal([Fault(code, params=blanks if at is None else {"position": str(at + 1)} | blanks)])


def _name(text: bytes) -> str:
    return _IN_NAME.sub(lambda code: bytes.fromhex(code[1].decode()), text).decode("latin-1")


def _unescaped(escape: re.Match[bytes]) -> bytes:
    code = escape[1]
    return bytes([int(code, 8) & 255]) if code.isdigit() and code[0] < 0x38 else _ESCAPED.get(code, code)
