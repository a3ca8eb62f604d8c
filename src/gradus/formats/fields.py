# SPDX-License-Identifier: Apache-2.0
"""Reading an edition's mappings key by key: every fault is noted with its place, and reading goes on.

One defect is told once. What could not be read is empty from then on (``""`` or None), and whoever meets it says
nothing more; what refers to a name that is itself at fault is not judged.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fractions import Fraction

from gradus.formats.written_numbers import Limits, exact, number_fault, without_commas
from gradus.formats.yaml_tree import Item, full_width_fault, moved
from gradus.grading.faults import Fault, Place
from gradus.grading.punctuation import first_full_width
from gradus.grading.scheme import Number, Option, Provenance
from gradus.grading.texts import Text

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}")

_IN_PARTS = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_OF_KEYS = ("scheme.unknown_key", "scheme.bare_key")
_OF_VALUES = ("scheme.bad_number", "scheme.not_one_of", "scheme.bad_id", "scheme.not_a_column", "scheme.no_such_id")
_OF_SHAPES = ("scheme.expected_mapping", "scheme.expected_list")
_MEANT_AS_SHAPE = re.compile(r"\s*([A-Za-z_][\w.-]*\s*：|[｛［【])")
"""Faults whose reason may be a full-width sign; a text in the place of keys or a list may also hold one rightly."""

NOTHING = Number(Fraction(0), Provenance.ASSUMED)
NO_TEXT = Text("", "")
"""What stands for a number or a text that could not be read."""


def _rejoined(values: Mapping[str, Item]) -> Mapping[str, Item]:
    """The keys of a mapping; ``1,500`` between braces, which YAML reads as 1 and a key 500, together again."""
    found: dict[str, Item] = {}
    for key, item in values.items():
        last = next(reversed(found), None)
        before = found[last].value if last is not None else None
        if last is not None and item.value == "" and isinstance(before, str) and _IN_PARTS.fullmatch(f"{before},{key}"):
            found[last] = replace(found[last], value=f"{before},{key}", shift=-1)
        else:
            found[key] = item
    return found


def _full_width(fault: Fault, at: Item | Place) -> Fault | None:
    """The fault that a full-width sign is, where it is the likely reason of another one."""
    text = fault.params.get("key", "") if fault.code in _OF_KEYS else at.value if isinstance(at, Item) else ""
    shape = fault.code in _OF_SHAPES and isinstance(text, str) and _MEANT_AS_SHAPE.match(text)
    if not isinstance(text, str) or not (shape or fault.code in _OF_KEYS + _OF_VALUES):
        return None
    sign = first_full_width(text)
    if sign < 0:
        return None
    place = moved(at, sign) if isinstance(at, Item) else replace(at, column=at.column + sign)
    return full_width_fault(text[sign], place)


@dataclass(slots=True)
class Ids:
    """The ids of a list of mappings and where each stands. ``complete`` False: some of them can not be read."""

    places: dict[str, Place] = field(default_factory=dict)
    complete: bool = True


class Findings:
    """Everything that is found while an edition is read: faults, and each mapping once."""

    def __init__(self, root: Item, faults: list[Fault]) -> None:
        self.faults = faults
        self._made: dict[int, Fields] = {}
        self.root = self.of(root)

    def of(self, item: Item) -> "Fields":
        """The item's keys; always the same object for the same item."""
        if id(item) not in self._made:
            self._made[id(item)] = Fields(item, self)
        return self._made[id(item)]

    def finish(self) -> None:
        """Note missing and unknown keys everywhere, once all that may be asked for has been."""
        for fields in self._made.values():
            fields.finish()


class Fields:
    """One mapping of the edition. Made by :meth:`Findings.of` only."""

    def __init__(self, item: Item, findings: Findings) -> None:
        self.item, self.findings = item, findings
        self.place = item.place
        self.values = _rejoined(item.value) if isinstance(item.value, dict) else {}
        self._asked: dict[str, None] = {}
        self._needed: dict[str, None] = {}
        self._free = False
        self._identifier: str | None = None
        self._ids: dict[str, Ids] = {}
        if not isinstance(item.value, dict) and not item.told:
            self.fault("scheme.expected_mapping", item)

    def fault(self, code: str, at: Item | Place | str, **params: str) -> None:
        """Note a fault at an item, at a place, or at the item under one of the keys."""
        if isinstance(at, str):
            at = self.values.get(at, self.item)
        fault = Fault(code, at.place if isinstance(at, Item) else at, params)
        self.findings.faults.append(_full_width(fault, at) or fault)

    def get(self, key: str) -> Item | None:
        """The item under a key, or None."""
        self._asked[key] = None
        return self.values.get(key)

    def need(self, key: str) -> Item | None:
        """The item under a key that must be there."""
        self._needed[key] = None
        return self.get(key)

    def any_key(self) -> Mapping[str, Item]:
        """All items, where the keys are the author's choice."""
        self._free = True
        return self.values

    def lacks(self, key: str) -> bool:
        """Whether a key is certainly not there: it could stand in what can not be read."""
        return key not in self.values and not self.item.told

    def key_place(self, key: str) -> Place:
        """Where a key stands."""
        return (self.item.keys or {}).get(key, self.place)

    def finish(self) -> None:
        """Note missing keys, and keys that nobody asked for; a misspelt key is both, and told once."""
        if not isinstance(self.item.value, dict) or self._free:
            return
        told = self.item.told or any(first_full_width(key) >= 0 for key in self.values)
        missing = [] if told else [key for key in self._needed if key not in self.values]
        absent = [key for key in self._asked if key not in self.values]
        unknown = [key for key in self.values if key not in self._asked]
        for key in unknown:
            near = get_close_matches(key, absent, n=1, cutoff=0.6)
            if not near and len(unknown) == 1 == len(missing) and self.values[key].value != "":
                near = missing[:]
            if near:
                self.fault("scheme.unknown_key_like", self.key_place(key), key=key, expected=near[0])
                missing = [each for each in missing if each != near[0]]
            elif self.values[key].value == "":
                self.fault("scheme.bare_key", self.key_place(key), key=key)
            else:
                self.fault("scheme.unknown_key", self.key_place(key), key=key, expected=", ".join(self._asked))
        if {"zh", "en"} <= set(missing):
            self.fault("scheme.missing_words", self.place)
            missing = [key for key in missing if key not in ("zh", "en")]
        for key in missing:
            code = "scheme.missing_language" if key in ("zh", "en") else "scheme.missing_key"
            self.fault(code, self.place, key=key)

    def string(self, key: str, default: str | None = None) -> str:
        """A short text; without a default it must be there. Empty when it can not be read."""
        item = self.need(key) if default is None else self.get(key)
        if item is None:
            return default or ""
        if item.told:
            return ""
        if not isinstance(item.value, str):
            self.fault("scheme.expected_text", item)
            return ""
        if not item.value.strip():
            self.fault("scheme.empty_text", item, key=key)
        return item.value.strip()

    def identifier(self) -> str:
        """The id of this mapping: letters, digits, point, hyphen, underscore."""
        if self._identifier is None:
            self._identifier = self.string("id")
            if self._identifier and not IDENTIFIER.fullmatch(self._identifier):
                self.fault("scheme.bad_id", "id", value=self._identifier)
                self._identifier = ""
        return self._identifier

    def choice(self, key: str, options: Iterable[str], default: str | None = None) -> str:
        """One of the given words; empty when it is not."""
        options = tuple(options)
        value = self.string(key, default)
        if key in self.values and value and value not in options:
            self.fault("scheme.not_one_of", key, value=value, expected=", ".join(options))
            return ""
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """A yes or no."""
        item = self.get(key)
        if item is None or item.told:
            return default
        if item.value not in ("yes", "no", "true", "false"):
            value = item.value if isinstance(item.value, str) else "..."
            self.fault("scheme.not_one_of", item, value=value, expected="yes, no")
        return item.value in ("yes", "true")

    def text(self) -> Text:
        """The mapping's own zh and en."""
        return Text(self.string("zh"), self.string("en"))

    def words(self, key: str) -> Text:
        """A mapping of zh and en under a key that must be there."""
        fields = self.fields(key)
        return fields.text() if fields is not None else NO_TEXT

    def optional_words(self, key: str) -> Text | None:
        """A mapping of zh and en under a key, if it is there."""
        fields = self.fields(key, required=False)
        return fields.text() if fields is not None else None

    def fields(self, key: str, *, required: bool = True) -> "Fields | None":
        """The mapping under a key."""
        item = self.need(key) if required else self.get(key)
        return None if item is None else self.findings.of(item)

    def items(self, key: str) -> list[Item]:
        """The list under a key; empty when it is not there."""
        item = self.get(key)
        if item is None or item.told:
            return []
        if not isinstance(item.value, list):
            self.fault("scheme.expected_list", item)
            return []
        return item.value

    def each(self, key: str) -> "list[Fields]":
        """The mappings of a list under a key."""
        return [self.findings.of(item) for item in self.items(key)]

    def section(self, key: str, *, needed: bool = False) -> "list[Fields]":
        """The mappings of a list under a key, whose ids may come only once; :meth:`ids` has them."""
        if needed:
            self.need(key)
        listed = self.each(key)
        if key not in self._ids:
            self._ids[key] = ids = Ids()
            item = self.get(key)
            ids.complete = self.lacks(key) if item is None else isinstance(item.value, list) and not item.told
            for fields in listed:
                fields.register(ids)
        return listed

    def ids(self, key: str) -> Ids:
        """The ids of a list that :meth:`section` reads."""
        self.section(key)
        return self._ids[key]

    def register(self, ids: Ids) -> None:
        """Add this mapping's id to those of its list."""
        own = self.identifier()
        if not own:
            ids.complete = False
            return
        place = self.values["id"].place
        if own in ids.places:
            first = ids.places[own]
            where = str(first.line) if first.file == place.file else f"{first.file}:{first.line}"
            self.fault("scheme.duplicate_id", place, value=own, line=where)
            ids.complete = False
        else:
            ids.places[own] = place

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of short texts under a key."""
        found = []
        for item in self.items(key):
            if isinstance(item.value, str) and item.value:
                found.append(item.value)
            elif not item.told:
                self.fault("scheme.expected_text", item)
        return tuple(found)

    def known(self, key: str, section: str, default: str | None = None, owner: "Fields | None" = None) -> str:
        """An id of a section of the edition (or of ``owner``); empty when it is not one."""
        value = self.string(key, default)
        if key not in self.values or not value:
            return value
        return value if self.is_known(value, section, self.values[key].place, owner) else ""

    def is_known(self, value: str, section: str, place: Place, owner: "Fields | None" = None) -> bool:
        """Whether a section has the id; a fault when it certainly has not."""
        owner = owner or self.findings.root
        ids = owner.ids(section)
        if value in ids.places or not ids.complete:
            return value in ids.places
        near = get_close_matches(value, ids.places, n=1, cutoff=0.75)
        if near:
            self.fault("scheme.no_such_id_like", place, value=value, section=section, expected=near[0])
        elif ids.places:
            self.fault("scheme.no_such_id", place, value=value, section=section, expected=", ".join(ids.places))
        elif owner.need(section) is not None:
            owner.fault("scheme.empty_section", section, section=section)
        return False

    def exact(self, key: str) -> Fraction | None:
        """An exact number under a key; None when it is not there or can not be read."""
        item = self.get(key)
        return None if item is None else self.read_number(item, Limits())

    def whole(self, key: str, low: int, high: int) -> int:
        """A whole number under a key within two bounds; 0 when it is not there or can not be read."""
        item = self.get(key)
        value = None if item is None else self.read_number(item, Limits(low, high, whole=True))
        return int(value or 0)

    def read_number(self, item: Item, limits: Limits) -> Fraction | None:
        """The exact number that an item holds; None when it does not."""
        if item.told:
            return None
        text = item.value.strip() if isinstance(item.value, str) else "..."
        wrong = number_fault(text, limits)
        if wrong is None:
            return exact(text)
        code, params = wrong
        self.fault(code, item, value=text, **params)
        return None

    def valued(self, key: str, *, required: bool = True) -> "Fields | None":
        """A value beside its provenance under a key; None when it stands there bare, which is a fault."""
        item = self.need(key) if required else self.get(key)
        if item is None or item.told or not isinstance(item.value, str) or first_full_width(item.value) >= 0:
            return None if item is None else self.findings.of(item)
        plain = without_commas(item.value.strip())
        code = "scheme.bare_value" if plain == item.value.strip() else "scheme.number_comma"
        if not plain:
            return self.findings.of(item)
        self.fault(code, item, value=item.value, expected=f"{{value: {plain}, provenance: assumed}}")
        return None

    def number(
        self,
        key: str,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        *,
        required: bool = True,
        words: Mapping[str, Fraction] | None = None,
    ) -> Number | None:
        """A number beside its provenance under a key; None when it is not there or can not be read.

        ``words`` are texts that stand for numbers (yes, a scale's values).
        """
        fields = self.valued(key, required=required)
        if fields is None:
            return None
        item = fields.need("value")
        provenance = fields.provenance()
        if item is None or item.told:
            return None
        value = fields.word(item, words) if words else fields.read_number(item, limits)
        return None if value is None else Number(value, *provenance)

    def word(self, item: Item, words: Mapping[str, Fraction]) -> Fraction | None:
        """The number that a word stands for."""
        word = item.value if isinstance(item.value, str) else "..."
        if word not in words:
            self.fault("scheme.not_one_of", item, value=word, expected=", ".join(words))
        return words.get(word)

    def provenance(self) -> tuple[Provenance, str, Text | None]:
        """Where this mapping's number comes from."""
        word = self.choice("provenance", [each.value for each in Provenance])
        provenance = Provenance(word or Provenance.ASSUMED)
        source = self.known("source", "sources", None if provenance is Provenance.SOURCE else "")
        return provenance, source, self.optional_words("note")

    def option(self) -> Option:
        """The mapping as an id with its words."""
        return Option(self.identifier(), self.text())
