# SPDX-License-Identifier: Apache-2.0
"""What changed from one edition to another, in words: first what can change a grade, then what only changes words."""

from collections.abc import Iterator, Mapping

from gradus.formats.wording import words
from gradus.formats.yaml_tree import Plain
from gradus.grading.scheme import Edition

_WORDS = frozenset(
    (
        "zh",
        "en",
        "note",
        "notes",
        "source",
        "sources",
        "clause",
        "crosswalk",
        "frameworks",
        "about",
        "conflict",
        "resolution",
    )
)
"""Keys under which only words stand; everything else can change a grade."""

Change = tuple[tuple[str, ...], Plain | None, Plain | None]
"""A path of keys and ids, and what stood and stands there (None: nothing)."""


def diff(old: Edition, new: Edition, language: str) -> list[str]:
    """Every difference of content, one line each under two headings; empty when there is none."""
    changes = list(_changes((), dict(old.content), dict(new.content)))  # type: ignore[arg-type]
    lines: list[str] = []
    for code, wordy in (("scheme_text.affects_grades", False), ("scheme_text.words_only", True)):
        chosen = [each for each in changes if _only_words(each[0]) == wordy]
        if chosen:
            lines += [words(code, language), *(f"  {_sentence(old, new, each, language)}" for each in chosen)]
    return lines


def _only_words(path: tuple[str, ...]) -> bool:
    return any(key in _WORDS for key in path) or path[:1] == ("edition",) and path[-1:] in (("id",), ("scheme",))


def _changes(path: tuple[str, ...], old: Plain | None, new: Plain | None) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            yield from _changes((*path, key), old.get(key), new.get(key))
        return
    if isinstance(old, list) and isinstance(new, list):
        before, after = _by_id(old), _by_id(new)
        if before is not None and after is not None:
            for key in dict.fromkeys([*before, *after]):
                yield from _changes((*path, key), before.get(key), after.get(key))
            common = [key for key in before if key in after]
            if common != [key for key in after if key in before]:
                yield (*path, "order"), ", ".join(before), ", ".join(after)
            return
    yield path, old, new


def _by_id(items: list[Plain]) -> Mapping[str, Plain] | None:
    """List items by their id; None when they have none, or not each its own."""
    found: dict[str, Plain] = {}
    for item in items:
        key = item.get("id") if isinstance(item, dict) else None
        if not isinstance(key, str) or key in found:
            return None
        found[key] = item
    return found


def _sentence(old: Edition, new: Edition, change: Change, language: str) -> str:
    path, before, after = change
    where = " › ".join(_named(old, new, path, language))
    if before is None:
        return words("scheme_text.added", language, where=where, value=_short(after))
    if after is None:
        return words("scheme_text.removed", language, where=where, value=_short(before))
    return words("scheme_text.changed", language, where=where, before=_short(before), after=_short(after))


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
    if isinstance(node, list):
        return next((each for each in node if isinstance(each, Mapping) and each.get("id") == key), None)
    return None


def _short(value: Plain | None) -> str:
    if isinstance(value, str):
        text = " ".join(value.split())
    elif isinstance(value, Mapping):
        text = ", ".join(f"{key}: {_short(each)}" for key, each in value.items())
    else:
        text = ", ".join(_short(each) for each in value or ())
    return text if len(text) <= 160 else f"{text[:160]}…"
