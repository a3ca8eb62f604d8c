# SPDX-License-Identifier: Apache-2.0
"""YAML as a tree of texts that remembers where each stands. Plain YAML only: no anchors, no tags, one document."""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from gradus.grading.faults import Fault, Place

Plain = str | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Item:
    """A text, a list or a mapping, and its place. ``keys`` holds the places of a mapping's keys; ``shift`` is how many
    characters stand between the place and the text's first character (a quotation mark)."""

    value: "str | list[Item] | dict[str, Item]"
    place: Place
    shift: int = 0
    keys: Mapping[str, Place] | None = None

    def plain(self) -> Plain:
        """The same without places."""
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, list):
            return [each.plain() for each in self.value]
        return {key: each.plain() for key, each in self.value.items()}


def from_plain(content: object, place: Place = Place()) -> Item:
    """A tree from plain data, as a result carries it; nothing in it has a line."""
    if isinstance(content, Mapping):
        return Item({str(key): from_plain(each, place) for key, each in content.items()}, place, keys={})
    if isinstance(content, list | tuple):
        return Item([from_plain(each, place) for each in content], place)
    return Item(str(content), place)


def read_yaml(text: str, file: str, faults: list[Fault]) -> Item | None:
    """Parse one file; what is wrong with it is added to ``faults``. None when nothing can be read."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        problem = " ".join(str(getattr(error, "problem", "") or error).split())[:120]
        faults.append(Fault("scheme.yaml", place, {"problem": problem}))
        return None
    except (ValueError, RecursionError) as error:
        faults.append(Fault("scheme.yaml", Place(file), {"problem": str(error)[:120]}))
        return None
    if node is None:
        return Item({}, Place(file, 1, 1), keys={})
    return _item(node, file, faults, depth=0, seen=set())


def _item(node: yaml.Node, file: str, faults: list[Fault], depth: int, seen: set[int]) -> Item:
    place = Place(file, node.start_mark.line + 1, node.start_mark.column + 1)
    if id(node) in seen or depth > 30:
        faults.append(Fault("scheme.anchor", place))
        return Item("", place)
    if isinstance(node, yaml.ScalarNode):
        return Item(str(node.value), place, 1 if node.style in ("'", '"') else 0)
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return Item([_item(each, file, faults, depth + 1, seen) for each in node.value], place)
    values: dict[str, Item] = {}
    keys: dict[str, Place] = {}
    for key_node, value_node in node.value:
        key_place = Place(file, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
        if key in values:
            first = str(keys[key].line)
            faults.append(Fault("scheme.duplicate_key", key_place, {"key": key, "line": first}))
            continue
        keys[key] = key_place
        values[key] = _item(value_node, file, faults, depth + 1, seen)
    return Item(values, place, keys=keys)
