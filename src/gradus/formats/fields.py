# SPDX-License-Identifier: Apache-2.0
"""Reading an edition's mappings key by key: every fault is noted with its place, and reading goes on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from gradus.formats.yaml_tree import Item
from gradus.grading.faults import Fault, Place
from gradus.grading.scheme import Number, Option, Provenance, Text

_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,12})?")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}")
_NO_PLACE = Place()


def exact(text: str) -> Fraction | None:
    """The exact number written in a text; None when it is not one."""
    return Fraction(text) if _NUMBER.fullmatch(text) else None


class Fields:
    """One mapping of the edition. A getter returns a usable value even when it has noted a fault."""

    def __init__(self, item: Item, faults: list[Fault]) -> None:
        self.item, self.faults = item, faults
        self.place = item.place
        self._asked: set[str] = set()
        if isinstance(item.value, dict):
            self.values: Mapping[str, Item] = item.value
        else:
            self.values = {}
            self.fault("scheme.wrong_kind", item, expected="mapping", given=_kind(item))

    def fault(self, code: str, at: Item | Place, **params: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(code, at.place if isinstance(at, Item) else at, params))

    def get(self, key: str) -> Item | None:
        """The item under a key, or None."""
        self._asked.add(key)
        return self.values.get(key)

    def need(self, key: str) -> Item | None:
        """The item under a key that must be there."""
        item = self.get(key)
        if item is None and isinstance(self.item.value, dict):
            code = "scheme.missing_language" if key in ("zh", "en") else "scheme.missing_key"
            self.fault(code, self.place, key=key, owner=self.name())
        return item

    def name(self) -> str:
        """What this mapping is called in messages: its id, or nothing."""
        own = self.values.get("id")
        return own.value if own is not None and isinstance(own.value, str) else ""

    def done(self, *also: str) -> None:
        """Note every key that nobody asked for; ``also`` are allowed without being asked for."""
        for key in self.values:
            if key not in self._asked and key not in also:
                place = (self.item.keys or {}).get(key, self.place)
                self.fault("scheme.unknown_key", place, key=key, expected=", ".join(sorted(self._asked)))

    def string(self, key: str, default: str | None = None) -> str:
        """A short text; without a default it must be there."""
        item = self.need(key) if default is None else self.get(key)
        if item is None:
            return default or ""
        if not isinstance(item.value, str):
            self.fault("scheme.wrong_kind", item, expected="text", given=_kind(item))
            return default or ""
        if not item.value.strip():
            self.fault("scheme.empty_text", item, key=key)
        return item.value.strip()

    def identifier(self, key: str = "id") -> str:
        """An id: letters, digits, point, hyphen, underscore."""
        value = self.string(key)
        if value and not _IDENTIFIER.fullmatch(value):
            self.fault("scheme.bad_id", self.values[key], value=value[:60])
        return value

    def choice(self, key: str, options: Iterable[str], default: str | None = None) -> str:
        """One of the given words."""
        options = tuple(options)
        value = self.string(key, default)
        item = self.values.get(key)
        if item is not None and value and value not in options:
            self.fault("scheme.not_one_of", item, key=key, value=value[:60], expected=", ".join(options))
            return default if default is not None else (options[0] if options else "")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """yes or no."""
        item = self.get(key)
        if item is None:
            return default
        if item.value not in ("yes", "no", "true", "false"):
            self.fault("scheme.not_one_of", item, key=key, value=str(item.value)[:60], expected="yes, no")
        return item.value in ("yes", "true")

    def text(self) -> Text:
        """This mapping's own zh and en."""
        return Text(self.string("zh"), self.string("en"))

    def words(self, key: str, *, required: bool = True) -> Text | None:
        """A mapping of zh and en under a key."""
        fields = self.fields(key, required=required)
        if fields is None:
            return Text("", "") if required else None
        text = fields.text()
        fields.done()
        return text

    def fields(self, key: str, *, required: bool = True) -> "Fields | None":
        """The mapping under a key."""
        item = self.need(key) if required else self.get(key)
        return None if item is None else Fields(item, self.faults)

    def items(self, key: str) -> list[Item]:
        """The list under a key; empty when it is not there."""
        item = self.get(key)
        if item is None:
            return []
        if not isinstance(item.value, list):
            self.fault("scheme.wrong_kind", item, expected="list", given=_kind(item))
            return []
        return item.value

    def each(self, key: str) -> "Iterator[Fields]":
        """The mappings of a list under a key."""
        for item in self.items(key):
            yield Fields(item, self.faults)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of short texts under a key."""
        found = []
        for item in self.items(key):
            if isinstance(item.value, str):
                found.append(item.value)
            else:
                self.fault("scheme.wrong_kind", item, expected="text", given=_kind(item))
        return tuple(found)

    def exact(self, key: str) -> Fraction | None:
        """An exact number under a key, or None when it is not there."""
        item = self.get(key)
        if item is None:
            return None
        value = exact(item.value) if isinstance(item.value, str) else None
        if value is None:
            self.fault("scheme.bad_number", item, key=key, value=str(item.plain())[:60])
        return value

    def number(self, key: str, *, required: bool = True, words: Mapping[str, Fraction] | None = None) -> Number | None:
        """A number beside its provenance under a key. ``words`` are texts that stand for numbers (yes, a scale's value)."""
        fields = self.fields(key, required=required)
        if fields is None:
            return Number(Fraction(0), Provenance.ASSUMED) if required else None
        return fields.as_number(words)

    def as_number(self, words: Mapping[str, Fraction] | None = None) -> Number:
        """This mapping as a number beside its provenance."""
        item = self.need("value")
        value: Fraction | None = None
        if item is not None:
            word = item.value if isinstance(item.value, str) else ""
            value = (words or {}).get(word, exact(word) if not words else None)
            if value is None and words:
                expected = ", ".join(words)
                self.fault("scheme.not_one_of", item, key="value", value=word[:60], expected=expected)
            elif value is None:
                self.fault("scheme.bad_number", item, key="value", value=str(item.plain())[:60])
        number = Number(value or Fraction(0), *self.provenance())
        self.done()
        return number

    def provenance(self) -> tuple[Provenance, str, Text | None]:
        """Where this mapping's number comes from."""
        provenance = Provenance(self.choice("provenance", [each.value for each in Provenance], None) or "assumed")
        return provenance, self.string("source", ""), self.words("note", required=False)

    def option(self) -> Option:
        """This mapping as an id with its words."""
        option = Option(self.identifier(), self.text())
        self.done()
        return option


def _kind(item: Item) -> str:
    return {str: "text", list: "list", dict: "mapping"}[type(item.value)]


def unique(faults: list[Fault], seen: dict[str, Place], name: str, place: Place) -> None:
    """Note a second use of an id; ``seen`` remembers where the first stands."""
    if not name:
        return
    if name in seen:
        faults.append(Fault("scheme.duplicate_id", place, {"id": name, "line": str(seen[name].line)}))
    else:
        seen[name] = place
