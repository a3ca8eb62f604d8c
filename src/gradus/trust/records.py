# SPDX-License-Identifier: Apache-2.0
"""Frozen values as JSON and back, by the types of their fields: every format of ours is one dataclass.

A field's name is its key. Nothing may be missing, nothing may be there besides, and each value has one written form:
a day ``2026-06-30``, an instant ``2026-06-30T01:00:00Z``, words ``{"zh": ..., "en": ...}``. A pattern in ``Annotated``
says what a text may look like.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.texts import Text
from gradus.trust.canonical import LARGEST, Json
from gradus.trust.instants import read_day, read_instant, write_instant

LONGEST_TEXT = 2000
LONGEST_LIST = 4096

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Form:
    """What a text looks like: a pattern, and an example for whoever wrote something else."""

    pattern: str
    example: str


# Signs that are not seen, or that make a line read in another order than it is written.
UNSEEN = r"\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"

Sha256 = Annotated[str, Form(r"sha256:[0-9a-f]{64}", "sha256: and 64 hexadecimal digits")]
Word = Annotated[str, Form(r"[a-z0-9][a-z0-9._-]{0,79}", "an id of small letters, digits, points and hyphens")]
Line = Annotated[str, Form(rf"[^{UNSEEN}]{{1,500}}", "one line of text")]
MaybeLine = Annotated[str, Form(rf"[^{UNSEEN}]{{0,500}}", "one line of text, or none")]
Address = Annotated[str, Form(r"https?://[!-~]{1,300}", "https://...")]
Count = Annotated[int, Form("0", "a whole number from 0")]


def to_json(value: object) -> Json:
    """A frozen value as JSON."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return write_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_json(each) for each in value]
    if is_dataclass(value):
        return {each.name: to_json(getattr(value, each.name)) for each in fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def from_json(kind: type[T], value: Json, name: str) -> T:
    """A frozen value from JSON. Raises Refusal with every fault; ``name`` is the file's."""
    reader = _Reader(name)
    found = reader.read(kind, value, "")
    if reader.faults:
        raise Refusal(reader.faults)
    return cast("T", found)


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind, include_extras=True)


class _Reader:
    """Reads by types and collects what is wrong; a value that is wrong is None, and is never seen outside."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.faults: list[Fault] = []

    def read(self, kind: Any, value: Json, path: str) -> object:  # noqa: ANN401  any type
        origin = get_origin(kind)
        if origin is Annotated:
            inner, form = get_args(kind)
            return self._formed(inner, form, value, path)
        if origin in (Union, UnionType):  # X | None, of plain and of annotated types
            (inner,) = (each for each in get_args(kind) if each is not NoneType)
            return None if value is None else self.read(inner, value, path)
        if origin is tuple:
            if not isinstance(value, list) or len(value) > LONGEST_LIST:
                return self._wrong(path, "[...]")
            inner = get_args(kind)[0]
            return tuple(self.read(inner, each, f"{path}[{i}]") for i, each in enumerate(value))
        if is_dataclass(kind):
            return self._record(cast("type", kind), value, path)
        return self._plain(kind, value, path)

    def _record(self, kind: type, value: Json, path: str) -> object:
        if not isinstance(value, dict):
            return self._wrong(path, "{...}")
        hints = _hints(kind)
        before = len(self.faults)
        for code, keys in (
            ("record.unknown_key", value.keys() - hints.keys()),
            ("record.missing_key", hints.keys() - value.keys()),
        ):
            self.faults += [Fault(code, Place(self._name), {"path": _inside(path, key)}) for key in sorted(keys)]
        found = {key: self.read(hints[key], value[key], _inside(path, key)) for key in hints if key in value}
        if len(self.faults) > before:
            return None
        if kind is Text and not all(_says_something(each) for each in found.values()):
            return self._wrong(path, '{"zh": ..., "en": ...}')
        return kind(**found)

    def _formed(self, kind: type, form: Form, value: Json, path: str) -> object:
        if kind is int:
            good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST
        else:
            good = isinstance(value, str) and re.fullmatch(form.pattern, value) is not None
        return value if good else self._wrong(path, form.example)

    def _plain(self, kind: type, value: Json, path: str) -> object:
        if not isinstance(value, str):
            return self._wrong(path, _example(kind))
        try:
            if kind is datetime:
                return read_instant(value)
            if kind is date:
                return read_day(value)
            return kind(value)  # a text, or a word of an enumeration
        except ValueError:
            return self._wrong(path, _example(kind))

    def _wrong(self, path: str, expected: str) -> object:
        self.faults.append(Fault("record.wrong_value", Place(self._name), {"path": path or "-", "expected": expected}))
        return None


def _says_something(text: object) -> bool:
    return (
        isinstance(text, str)
        and bool(text.strip())
        and len(text) <= LONGEST_TEXT
        and not re.search(f"[{UNSEEN}]", text)
    )


def _example(kind: type) -> str:
    if issubclass(kind, StrEnum):
        return ", ".join(kind)
    if issubclass(kind, date):
        return "2026-06-30T01:00:00Z" if kind is datetime else "2026-06-30"
    return '"..."'


def _inside(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
