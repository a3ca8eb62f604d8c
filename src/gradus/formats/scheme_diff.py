# SPDX-License-Identifier: Apache-2.0
"""What changed from one edition to another, in words: what can move a grade apart from what can not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from gradus.formats.scheme_diff_words import Step, sentence
from gradus.formats.wording import words
from gradus.formats.written_numbers import exact
from gradus.formats.yaml_tree import Plain
from gradus.grading.scheme import Edition

_WORDS = frozenset(
    "zh en note notes says change sources clause crosswalk frameworks about conflict resolution owner criterion report"
    " claimed none effect meaning".split()
)
"""Keys under which only words stand."""

_FREE_KEYS = ("asks", "expects")  # the keys beneath are outcomes and columns, whatever they are called
_BESIDE_GRADES = ("documents", "document_groups", "process")
_IN_ORDER = ("outcomes", "levels", "bands", "values")
"""Lists whose order means something."""

_KINDS = ("grades", "beside", "provenance", "words")


@dataclass(frozen=True, slots=True)
class _Change:
    """A difference; ``kind`` None: not told yet by a key on the way to it."""

    steps: tuple[Step, ...]
    kind: str | None = None

    @property
    def told(self) -> str:
        """What the change can do: move a grade, unless something tells otherwise."""
        before, after = self.steps[-1].before, self.steps[-1].after
        same = isinstance(before, str) and isinstance(after, str) and exact(before) == exact(after) is not None
        only_words = all(set(each) <= {"zh", "en"} for each in (before, after) if isinstance(each, dict))
        wordy = only_words and (isinstance(before, dict) or isinstance(after, dict))
        return "words" if same or wordy else self.kind or "grades"


def diff(old: Edition, new: Edition, language: str) -> list[str]:
    """Every difference of content, one line each under up to four headings; empty when there is none."""
    start = tuple(
        Step(key, _plain(old.content.get(key)), _plain(new.content.get(key)))
        for key in dict.fromkeys([*old.content, *new.content])
    )
    found = list(chain.from_iterable(_changes(_below(_Change(()), step)) for step in start))
    lines: list[str] = []
    for kind in _KINDS:
        chosen = [each for each in found if each.told == kind]
        if chosen:
            lines.append(words(f"scheme_diff.{kind}", language))
            lines += [f"  {sentence(old, new, each.steps, language)}" for each in chosen]
    return lines


def _plain(value: object) -> Plain | None:
    """Content is plain data; its type says so only of the whole."""
    return value  # type: ignore[return-value]


def _changes(here: _Change) -> Iterator[_Change]:
    old, new = here.steps[-1].before, here.steps[-1].after
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            yield from _changes(_below(here, Step(key, old.get(key), new.get(key))))
    elif isinstance(old or new, list) and isinstance(new or old, list):
        before, after = (_by_id(each if isinstance(each, list) else []) for each in (old, new))
        for key in dict.fromkeys([*before, *after]):
            yield from _changes(
                _Change((*here.steps, Step(key, before.get(key), after.get(key), listed=True)), here.kind)
            )
        if [key for key in before if key in after] != [key for key in after if key in before]:
            step = Step("order", ", ".join(before), ", ".join(after))
            told = here.kind or (None if here.steps[-1].key in _IN_ORDER else "words")
            yield _Change((*here.steps, step), told)
    else:
        yield here


def _below(here: _Change, step: Step) -> _Change:
    """The change under a key, and what the key tells of it."""
    path = [each.key for each in here.steps]
    kind = here.kind
    if path and path[-1] in _FREE_KEYS:
        return _Change((*here.steps, step), kind)
    if step.key in _WORDS or (path == ["edition"] and step.key in ("id", "scheme")):
        kind = "words"
    elif step.key == "source":
        kind = "words" if isinstance(step.before or step.after, dict) else "provenance"
    elif step.key == "provenance":
        kind = "provenance"
    elif not path and step.key in _BESIDE_GRADES:
        kind = "beside"
    elif path[:1] == ["checks"] and all(_is_warning(each) for each in (here.steps[1].before, here.steps[1].after)):
        kind = kind or "beside"
    return _Change((*here.steps, step), kind)


def _is_warning(check: Plain | None) -> bool:
    return isinstance(check, dict) and check.get("severity") == "warning"


def _by_id(items: list[Plain]) -> Mapping[str, Plain]:
    """List items by their id, texts by themselves, others by their position; so are those whose id comes twice."""
    found: dict[str, Plain] = {}
    for position, item in enumerate(items, 1):
        key = item.get("id") if isinstance(item, dict) else item
        found[key if isinstance(key, str) and key not in found else f"#{position}"] = item
    return found
