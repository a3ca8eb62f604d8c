# SPDX-License-Identifier: Apache-2.0
"""JSON as one sequence of bytes: the JSON Canonicalization Scheme, RFC 8785, and the strict reading that it asks for.

Of numbers only whole ones within ±(2^53 - 1) are written and read (house rule 9: no float in what is signed; within
those bounds the form of ECMAScript is the plain one). I-JSON (RFC 7493) holds: no key twice, no lone surrogate.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NoReturn, cast

from gradus.grading.faults import Fault, Place, Refusal

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

LARGEST = 2**53 - 1
DEEPEST = 32

_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPES = str.maketrans({chr(code): f"\\u{code:04x}" for code in range(32)} | _SHORT)


def canonical(value: object) -> bytes:
    """The bytes of RFC 8785. What JSON cannot say without loss is a defect of the caller: TypeError or ValueError."""
    return "".join(_written(value)).encode("utf-8")  # a lone surrogate raises UnicodeEncodeError, a ValueError


def _written(value: object) -> list[str]:
    if value is None or isinstance(value, bool):
        return ["null" if value is None else "true" if value else "false"]
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise ValueError(f"{value} is no whole number that every reader of JSON keeps")
        return [str(int(value))]
    if isinstance(value, str):
        return [_quoted(value)]
    if isinstance(value, Mapping):
        parts = ["{"]
        for key in sorted(value, key=_utf16):
            parts += [_quoted(key), ":", *_written(value[key]), ","]
        return [*(parts[:-1] if len(parts) > 1 else parts), "}"]
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        parts = ["["]
        for each in value:
            parts += [*_written(each), ","]
        return [*(parts[:-1] if len(parts) > 1 else parts), "]"]
    raise TypeError(f"{type(value).__name__} has no canonical JSON")


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def _utf16(key: object) -> bytes:
    """Keys are sorted by their UTF-16 code units (RFC 8785, 3.2.3)."""
    if not isinstance(key, str):
        raise TypeError("a key of JSON is a text")
    return key.encode("utf-16-be")


def parse(data: bytes, name: str, most: int) -> Json:
    """Strict reading of at most ``most`` bytes. Raises Refusal; ``name`` is what the refusal calls the file."""
    if len(data) > most:
        _refuse(name, "json.too_large", limit=str(most // 1024))
    try:
        text = data.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=lambda pairs: _object(pairs, name),
            parse_float=lambda digits: _refuse(name, "json.number", value=digits),
            parse_int=lambda digits: _whole(digits, name),
            parse_constant=lambda word: _refuse(name, "json.number", value=word),
        )
        if _depth(value, 0) > DEEPEST:
            _refuse(name, "json.too_deep", limit=str(DEEPEST))
    except UnicodeDecodeError:
        _refuse(name, "json.not_utf8")
    except json.JSONDecodeError as error:
        raise Refusal([Fault("json.syntax", Place(name, error.lineno, error.colno))]) from None
    except RecursionError:
        _refuse(name, "json.too_deep", limit=str(DEEPEST))
    if _has_surrogate(value):
        _refuse(name, "json.surrogate")
    return cast("Json", value)


def parse_canonical(data: bytes, name: str, most: int) -> Json:
    """As ``parse``, and the bytes must be the canonical ones: a value has one form, so that no byte may be altered."""
    value = parse(data, name, most)
    if canonical(value) != data:
        _refuse(name, "json.not_canonical")
    return value


def _refuse(name: str, code: str, **blanks: str) -> NoReturn:
    raise Refusal([Fault(code, Place(name), blanks)])


def _whole(digits: str, name: str) -> int:
    if digits == "-0" or len(digits) > 17 or abs(int(digits)) > LARGEST:
        _refuse(name, "json.number", value=digits)
    return int(digits)


def _object(pairs: list[tuple[str, object]], name: str) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(key for key, _ in pairs)
        _refuse(name, "json.key_twice", value=next(key for key, count in times.items() if count > 1))
    return found


def _depth(value: object, above: int) -> int:
    """How deep values lie in one another; stops counting just beyond what is allowed."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if above > DEEPEST:
        return above
    return max((_depth(each, above + 1) for each in inner), default=above)


def _has_surrogate(value: object) -> bool:
    if isinstance(value, str):
        return _SURROGATE.search(value) is not None
    if isinstance(value, dict):
        return any(_has_surrogate(key) or _has_surrogate(each) for key, each in value.items())
    return isinstance(value, list) and any(_has_surrogate(each) for each in value)
