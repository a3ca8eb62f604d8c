# SPDX-License-Identifier: Apache-2.0
"""Which table or column a name in a file means: its id, or one of the words by which the template shows it.

An id as it stands goes before all labels. A label that several share means none of them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from gradus.formats.cells import fault, narrow, trim
from gradus.formats.template_words import heading
from gradus.grading.faults import Fault
from gradus.grading.scheme import Table

_BETWEEN = re.compile(r"[\s#*]+")  # spaces, line ends, and the marks of the template's labels


class Names:
    """The ids of an edition's tables, or of a table's columns, and the words for each of them."""

    def __init__(self, what: str, words: Mapping[str, Iterable[str]]) -> None:
        self._what, self._ids = what, tuple(words)
        self._meant: dict[str, list[str]] = {}
        for own, labels in words.items():
            for word in dict.fromkeys(_folded(each) for each in (own, *labels)):
                self._meant.setdefault(word, []).append(own)

    def meant(self, name: str) -> Sequence[str]:
        """The ids that a name may stand for: none, one, or several that share a label."""
        return [name] if name in self._ids else self._meant.get(_folded(name), [])

    def refusal(self, name: str) -> tuple[Fault, Sequence[str]]:
        """Why a name can not be read, and the ids that were probably meant."""
        several = self.meant(name)
        if several:
            return fault("ambiguous_name", name, **listed(several)), several
        near = get_close_matches(_folded(name), self._meant, n=1, cutoff=0.8)
        if near:
            probably = self._meant[near[0]][:1]
            return fault(f"unknown_{self._what}_like", name, expected=probably[0]), probably
        return fault(f"unknown_{self._what}", name, **listed(self._ids)), []


def table_names(what: str, tables: Mapping[str, Table]) -> Names:
    """The names of an edition's tables; ``what`` bears them: a table (a file) or a sheet."""
    return Names(what, {each.id: (each.text.zh, each.text.en) for each in tables.values()})


def column_names(table: Table) -> Names:
    """The names of a table's columns: also the template's heading, whole or one of its lines."""
    words = {}
    for column in table.columns:
        label = heading(column)
        words[column.id] = (column.text.zh, column.text.en, label, *label.split("\n"))
    return Names("column", words)


def header_name(raw: object) -> str:
    """What a header cell says."""
    return trim(raw) if isinstance(raw, str) else "" if raw is None or isinstance(raw, Fault) else str(raw)


def listed(ids: Iterable[str]) -> dict[str, str]:
    """Ids as the blank ``expected`` of a sentence."""
    names = list(ids)
    return {"expected_zh": "、".join(names), "expected_en": ", ".join(names)}


def _folded(name: str) -> str:
    return _BETWEEN.sub("", narrow(name)).casefold()
