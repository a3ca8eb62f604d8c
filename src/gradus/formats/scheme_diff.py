# SPDX-License-Identifier: Apache-2.0
"""What changed from one edition to another, in words: first what can change a grade, then what only changes words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gradus.formats.wording import words
from gradus.formats.yaml_tree import Plain
from gradus.grading.scheme import Edition

_WORDS = frozenset(
    "zh en note notes source sources clause crosswalk frameworks about conflict resolution provenance owner criterion"
    " report".split()
)
"""Keys under which only words stand; everything else can change a grade."""

_NAMES = (("edition", "id"), ("edition", "scheme"))

longest_value = 160


@dataclass(frozen=True, slots=True)
class Change:
    """What stood and stands at a path of keys and ids (None: nothing). ``wordy``: one of the keys holds only words."""

    path: tuple[str, ...]
    before: Plain | None
    after: Plain | None
    wordy: bool


def diff(old: Edition, new: Edition, language: str) -> list[str]:
    """Every difference of content, one line each under two headings; empty when there is none."""
    changes = list(_changes(Change((), dict(old.content), dict(new.content), wordy=False)))  # type: ignore[arg-type]
    lines: list[str] = []
    for code, wordy in (("scheme_text.affects_grades", False), ("scheme_text.words_only", True)):
        chosen = [each for each in changes if (each.wordy or each.path in _NAMES) == wordy]
        if chosen:
            lines += [words(code, language), *(f"  {_sentence(old, new, each, language)}" for each in chosen)]
    return lines


def _changes(here: Change) -> Iterator[Change]:
    old, new = here.before, here.after
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            wordy = here.wordy or key in _WORDS
            yield from _changes(Change((*here.path, key), old.get(key), new.get(key), wordy))
        return
    if isinstance(old, list) and isinstance(new, list):
        before, after = _by_id(old), _by_id(new)
        for key in dict.fromkeys([*before, *after]):
            yield from _changes(Change((*here.path, key), before.get(key), after.get(key), here.wordy))
        if [key for key in before if key in after] != [key for key in after if key in before]:
            yield Change((*here.path, "order"), ", ".join(before), ", ".join(after), here.wordy)
        return
    yield here


def _by_id(items: list[Plain]) -> Mapping[str, Plain]:
    """List items by their id, texts by themselves, others by their position; so are those whose id comes twice."""
    found: dict[str, Plain] = {}
    for position, item in enumerate(items, 1):
        key = item.get("id") if isinstance(item, dict) else item
        found[key if isinstance(key, str) and key not in found else f"#{position}"] = item
    return found


def _sentence(old: Edition, new: Edition, change: Change, language: str) -> str:
    before, after = (None if each is None else _plain(each) for each in (change.before, change.after))
    where = " › ".join(_named(old, new, change.path, language))
    if before is None or after is None:
        code = "scheme_text.added" if before is None else "scheme_text.removed"
        return words(code, language, where=where, value=_around(before or after or "", 0))
    first = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
    return words(
        "scheme_text.changed", language, where=where, before=_around(before, first), after=_around(after, first)
    )


def _named(old: Edition, new: Edition, path: tuple[str, ...], language: str) -> Iterator[str]:
    """The path in words: an id with its label where it has one."""
    node: object = {"": old.content}
    other: object = {"": new.content}
    for key in ("", *path):
        node, other = _step(node, key), _step(other, key)
        if not key or key == "value":
            continue
        found = node if isinstance(node, Mapping) else other
        label = found.get(language) if isinstance(found, Mapping) and "id" in found else None
        yield f"{key} {label}" if isinstance(label, str) else key


def _step(node: object, key: str) -> object:
    if isinstance(node, Mapping):
        return node.get(key)
    return _by_id(node).get(key) if isinstance(node, list) else None


def _plain(value: Plain) -> str:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_plain(each)}" for key, each in value.items())
    return ", ".join(_plain(each) for each in value)


def _around(text: str, first: int) -> str:
    """A value fit for a line: of a long one the part where it begins to differ."""
    start = 0 if len(text) <= longest_value else max(0, min(first - longest_value // 4, len(text) - longest_value))
    part = text[start : start + longest_value]
    return f"{'…' if start else ''}{part}{'…' if start + longest_value < len(text) else ''}"
