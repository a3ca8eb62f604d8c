# SPDX-License-Identifier: Apache-2.0
"""YAML as a tree of texts that remembers where each stands. Plain YAML only: no anchors, no tags, one document.

In this order: (1) no control characters, (2) no tabs in front of a line, (3) YAML, (4) one document with something in
it, (5) no deeper than a limit, (6) no anchors, aliases, tags or merge keys, (7) every key a text, and only once.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import yaml

from gradus.grading.faults import Fault, Place
from gradus.grading.punctuation import half_width, outside_quotes

deepest = 30

_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAB = re.compile(r"^[ ]*\t[ \t]*[^ \t\r\n]", re.MULTILINE)

Plain = str | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Item:
    """A text, a list or a mapping, and its place. ``keys`` holds the places of a mapping's keys.

    ``shift`` is how many characters stand between the place and the text's first character (a quotation mark); -1 when
    the text is written over several lines or with escapes, so that columns inside it can not be told. ``told``: a fault
    of it is known already; a text then stands for what could not be read, and a mapping may lack keys.
    """

    value: "str | list[Item] | dict[str, Item]"
    place: Place
    shift: int = 0
    keys: Mapping[str, Place] | None = None
    told: bool = False

    def plain(self) -> Plain:
        """The same without places."""
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, list):
            return [each.plain() for each in self.value]
        return {key: each.plain() for key, each in self.value.items()}


def from_plain(content: object, faults: list[Fault], depth: int = 0) -> Item:
    """A tree from plain data, as a result carries it; nothing in it has a line."""
    if depth > deepest:
        faults.append(Fault("scheme.too_deep", params={"limit": str(deepest)}))
        return Item("", Place(), told=True)
    if isinstance(content, Mapping):
        return Item({str(key): from_plain(each, faults, depth + 1) for key, each in content.items()}, Place(), keys={})
    if isinstance(content, list | tuple):
        return Item([from_plain(each, faults, depth + 1) for each in content], Place())
    return Item(str(content), Place())


def read_yaml(text: str, file: str, faults: list[Fault]) -> Item | None:
    """Parse one file; what is wrong with it is added to ``faults``. None when it can not be read."""
    try:
        _refuse_characters(text, file)
        return _Tree(text, file, faults).read()
    except _Unreadable as error:
        faults.append(error.fault)
    except yaml.YAMLError as error:
        faults.append(_yaml_fault(error, file, text.split("\n")))
    return None


class _Unreadable(Exception):
    """The rest of the file can not be read."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.code)


def place_at(text: str, at: int, file: str) -> Place:
    """The line and column of a position in a text."""
    start = text.rfind("\n", 0, at) + 1
    return Place(file, text.count("\n", 0, at) + 1, at - start + 1)


def moved(item: Item, by: int) -> Place:
    """The place of a character of a text; of the whole text where columns in it can not be told."""
    place = item.place
    return replace(place, column=place.column + item.shift + by) if place.line and item.shift >= 0 else place


def full_width_fault(sign: str, place: Place) -> Fault:
    """The fault that a full-width sign is where YAML needs the half-width one."""
    code = "scheme.full_width_colon" if sign == "：" else "scheme.full_width"
    return Fault(code, place, {"sign": sign, "half": half_width(sign)})


def _refuse_characters(text: str, file: str) -> None:
    found = _CONTROL.search(text)
    if found:
        params = {"character": f"U+{ord(found[0]):04X}"}
        raise _Unreadable(Fault("scheme.control_character", place_at(text, found.start(), file), params))
    found = _TAB.search(text)
    if found:
        raise _Unreadable(Fault("scheme.tab", place_at(text, text.index("\t", found.start()), file)))


_PROBLEMS = (
    ("unexpected end of stream", "scheme.yaml_quote"),
    ("expected ',' or", "scheme.yaml_bracket"),
    ("mapping values are not allowed", "scheme.yaml_colon"),
    ("cannot start any token", "scheme.yaml_character"),
    ("did not find expected", "scheme.yaml_indent"),
)
"""Our words for what the parser says most; what begins and never ends is shown where it begins."""


_KEY = r"[A-Za-z_][\w.-]*\s*"
_FULL_WIDTH = re.compile(
    rf"(?:^|[{{,，\[]|- )\s*{_KEY}(?P<colon>：)|(?P<comma>，)\s*{_KEY}[:：]|[:,\[{{-] +(?P<open>[｛［])"
    r"|[:,\[{-] +(?P<quote>“)(?=[^“”]*”\s*[,}\]]?\s*$)"
)
"""Full-width signs that can only belong to YAML itself; a Chinese text is full of others."""


def _full_width_near(lines: list[str], marks: list[yaml.Mark], file: str) -> Fault | None:
    """A full-width sign in the lines that an error is about, or in the one above: the likely reason."""
    for number in sorted({number for mark in marks for number in (mark.line - 1, mark.line)} & set(range(len(lines)))):
        line = outside_quotes(lines[number]).partition(" #")[0]
        found = None if line.lstrip().startswith("#") else _FULL_WIDTH.search(line)
        if found and found.lastgroup:
            at = found.start(found.lastgroup)
            return full_width_fault(line[at], Place(file, number + 1, at + 1))
    return None


def _yaml_fault(error: yaml.YAMLError, file: str, lines: list[str]) -> Fault:
    mark, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    sign = _full_width_near(lines, [each for each in (mark, begun) if each], file)
    if sign is not None:
        return sign
    problem = " ".join(str(getattr(error, "problem", "") or error).split())
    code = next((code for words, code in _PROBLEMS if words in problem), "scheme.yaml")
    if begun is not None and code in ("scheme.yaml_quote", "scheme.yaml_bracket"):
        mark = begun
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    return Fault(code, place, {"problem": problem})


class _Tree:
    """Makes the tree of one file from the parser's events, so that nothing is expanded or built that is not plain."""

    def __init__(self, text: str, file: str, faults: list[Fault]) -> None:
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self.file, self.faults = file, faults
        self.anchors: set[str] = set()

    def read(self) -> Item:
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise _Unreadable(Fault("scheme.empty_file", Place(self.file)))
        root = self._node(next(self.events), 0)
        next(self.events)
        event = next(self.events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise _Unreadable(Fault("scheme.several_documents", self._place(event)))
        if root.value in ("", [], {}) and not root.told:
            raise _Unreadable(Fault("scheme.empty_file", Place(self.file)))
        return root

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        assert mark is not None
        return Place(self.file, mark.line + 1, mark.column + 1)

    def _fault(self, code: str, place: Place, **params: str) -> None:
        self.faults.append(Fault(code, place, params))

    def _node(self, event: yaml.Event, depth: int) -> Item:
        place = self._place(event)
        if depth > deepest:
            raise _Unreadable(Fault("scheme.too_deep", place, {"limit": str(deepest)}))
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                self._fault("scheme.anchor", place, name=f"*{event.anchor}")
            return Item("", place, told=True)
        assert isinstance(event, yaml.NodeEvent)
        if event.anchor:
            self.anchors.add(event.anchor)
            self._fault("scheme.anchor", place, name=f"&{event.anchor}")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._fault("scheme.tag", place, name=tag.replace("tag:yaml.org,2002:", "!!"))
        if isinstance(event, yaml.ScalarEvent):
            return Item(event.value, place, _shift(event), told=tag is not None)
        if isinstance(event, yaml.SequenceStartEvent):
            return Item(self._list(depth), place)
        return self._mapping(place, depth)

    def _list(self, depth: int) -> list[Item]:
        items = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return items

    def _mapping(self, place: Place, depth: int) -> Item:
        values: dict[str, Item] = {}
        keys: dict[str, Place] = {}
        told = False
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self.events), depth + 1)
            if not isinstance(key.value, str) or not key.value or key.told:
                if not key.told:
                    self._fault("scheme.key_not_text", key.place)
                told = True
            elif key.value == "<<":
                if not value.told:
                    self._fault("scheme.merge_key", key.place)
                told = True
            elif key.value in values:
                self._fault("scheme.duplicate_key", key.place, key=key.value, line=str(keys[key.value].line))
                values[key.value] = replace(values[key.value], told=True)  # which of the two is meant is not known
            else:
                values[key.value], keys[key.value] = value, key.place
        return replace(Item(values, place, keys=keys), told=told)


def _shift(event: yaml.ScalarEvent) -> int:
    start, end = event.start_mark, event.end_mark
    assert start is not None
    assert end is not None
    quotes = 2 if event.style in ("'", '"') else 0
    plain = start.line == end.line and end.column - start.column == len(event.value) + quotes
    return quotes // 2 if plain and event.style not in ("|", ">") else -1
