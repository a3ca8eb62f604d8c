# SPDX-License-Identifier: Apache-2.0
"""A difference between two editions in words: what it is called, and what stood and stands there, in its unit."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from gradus.formats.numbers import in_unit
from gradus.formats.wording import known, words
from gradus.formats.written_numbers import exact
from gradus.formats.yaml_tree import Plain
from gradus.grading.scheme import Edition, Provenance

longest_value = 160

_YES = {"yes": 1, "no": 0}
_OWN_UNITS = {"weight": "", "months": "months", "months_before_step": "months"}
"""Keys whose number is not in the unit of the thing it belongs to."""

_UNSAID = ("id", "zh", "en", "note", "says", "change", "provenance", "source")
"""What is not said of a thing that is new or gone: its name stands before it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A key of a mapping, or an item of a list by its id, its text or its position, and what stands there in both."""

    key: str
    before: Plain | None
    after: Plain | None
    listed: bool = False


def sentence(old: Edition, new: Edition, steps: tuple[Step, ...], language: str) -> str:
    """A difference in one line."""
    last = steps[-1]
    where = words("scheme_diff.then", language).join(_named(old, new, steps, language))
    before = _told(old, steps, [step.before for step in steps], language)
    after = _told(new, steps, [step.after for step in steps], language)
    if last.before is None or last.after is None:
        code, value = ("scheme_diff.added", after) if last.before is None else ("scheme_diff.removed", before)
        return (
            words(code, language, where=where, value=value) if value else words(f"{code}_item", language, where=where)
        )
    if before == after:  # the same number written otherwise, or a difference beyond what is shown
        before, after = _flat(last.before), _flat(last.after)
    differ = (at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other)
    first = next(differ, min(len(before), len(after)))
    return words(
        "scheme_diff.changed", language, where=where, before=_around(before, first), after=_around(after, first)
    )


# What it is called.


def _named(old: Edition, new: Edition, steps: tuple[Step, ...], language: str) -> Iterator[str]:
    """The way to a difference: a thing with its kind, its name and its id; then a key of it."""
    noun = ""
    for above, step in zip((None, *steps), steps, strict=False):
        if step.listed:
            if isinstance(step.before or step.after, dict):
                yield _thing(noun, step, language)
            elif noun:
                yield noun
            noun = ""
            continue
        if noun:
            yield noun
        noun = (
            "" if step.key == "value" or (step is steps[-1] and step.key == "provenance") else _noun(step.key, language)
        )
        if above is not None and above.key == "asks":
            noun = _label(new, step.key, language) or _label(old, step.key, language) or step.key
        if step.key == "asks" and step is not steps[-1]:
            noun = ""
    if noun:
        yield noun


def _thing(noun: str, step: Step, language: str) -> str:
    node = step.before if isinstance(step.before, dict) else step.after
    label = node.get(language) if isinstance(node, dict) and "id" in node else None
    if not isinstance(label, str):
        return f"{noun} {step.key.removeprefix('#')}"
    return words("scheme_diff.thing", language, noun=noun, label=label, id=step.key).strip()


def _noun(key: str, language: str) -> str:
    code = f"scheme_diff.key_{key}"
    return words(code, language) if known(code) else key


def _label(edition: Edition, name: str, language: str) -> str:
    """What a level or an outcome is called; "" when there is none of that id."""
    texts = {each.id: each.text for each in edition.outcomes} | {each.id: each.text for each in edition.levels}
    return texts[name][language] if name in texts else ""


# What stands there.


def _told(edition: Edition, steps: tuple[Step, ...], nodes: list[Plain | None], language: str) -> str:
    key = next((step.key for step in reversed(steps) if not step.listed and step.key != "value"), "")
    return _said(edition, nodes[-1], key, _unit(nodes), language)


def _unit(nodes: list[Plain | None]) -> str:
    """The unit of a number: that of the thing it belongs to."""
    units = [node.get("unit") for node in reversed(nodes) if isinstance(node, dict)]
    return next((unit for unit in units if isinstance(unit, str)), "")


def _said(edition: Edition, value: Plain | None, key: str, unit: str, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _text(edition, " ".join(value.split()), key, unit, language)
    if isinstance(value, list):
        return "; ".join(filter(None, (_said(edition, each, key, unit, language) for each in value)))
    if "value" in value and "id" not in value:
        return _said(edition, value["value"], key, unit, language)
    if _is_words(value):
        return " / ".join(_flat(each) for each in value.values())
    own = value.get("unit", unit)
    parts = [
        f"{(_label(edition, each, language) if key == 'asks' else '') or _noun(each, language)} {said}"
        for each, part in value.items()
        if each not in _UNSAID and not _is_words(part)
        if (said := _said(edition, part, each, own if isinstance(own, str) else "", language))
    ]
    name = "" if "id" in value else _flat(value.get(language, ""))
    return _around("; ".join(filter(None, (name, *parts))), 0)


def _is_words(value: Plain) -> bool:
    return isinstance(value, dict) and set(value) <= {"zh", "en"}


def _text(edition: Edition, text: str, key: str, unit: str, language: str) -> str:
    """A text, a number in its unit, or a word that stands for something the edition has a name for."""
    number, unit = exact(text), _OWN_UNITS.get(key, unit)
    scale = edition.scales.get(unit)
    if key == "provenance" and text in set(Provenance):
        return words(f"scheme_diff.from_{text}", language)
    if unit == "boolean" and text in _YES:
        return in_unit(Fraction(_YES[text]), "boolean", language)
    if scale is not None and number is None:
        return next((each.text[language] for each in scale.values if each.id == text), text)
    if number is not None:
        shown = (number * (10000 if unit == "ratio" else 100)).denominator == 1  # else the number would be cut
        return in_unit(number, unit, language, edition.scales) if shown else f"{text} {unit}".strip()
    return (_label(edition, text, language) if key in ("entry", "level", "from", "never") else "") or text


def _flat(value: Plain) -> str:
    if isinstance(value, str):
        return " ".join(value.split())
    return ", ".join(map(_flat, value.values() if isinstance(value, dict) else value))


def _around(text: str, first: int) -> str:
    """A value fit for a line: of a long one the part where it begins to differ."""
    start = 0 if len(text) <= longest_value else max(0, min(first - longest_value // 4, len(text) - longest_value))
    part = text[start : start + longest_value]
    return f"{'…' if start else ''}{part}{'…' if start + longest_value < len(text) else ''}"
