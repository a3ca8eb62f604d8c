# SPDX-License-Identifier: Apache-2.0
"""What every part of a report shares: the result, the language, and the list of assumptions as it grows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from gradus.formats.numbers import in_unit, row_ranges, short
from gradus.formats.wording import words
from gradus.grading.dossier import Row
from gradus.grading.result import Result, Status
from gradus.grading.scheme import Edition, Number, Provenance
from gradus.grading.texts import Text

Model = dict[str, object]
"""A part of the report: strings, lists and mappings only, ready to print."""

signs = {
    Status.MET: "✓",
    Status.SCORED: "✓",
    Status.NOT_MET: "×",
    Status.UNKNOWN: "?",
    Status.NOT_ASKED: "–",
    Status.NOT_APPLICABLE: "–",
}


@dataclass
class Assumption:
    """A reason shared by assumed numbers, and where they stand: what kind of number, of what, how much."""

    mark: str
    why: str
    uses: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Voice:
    """A result told in one language."""

    result: Result
    language: str
    assumptions: dict[str, Assumption] = field(default_factory=dict)
    uses: dict[int, list[str]] = field(default_factory=dict)
    """What each document is evidence of, by its row number, as far as the report has been told."""

    @property
    def edition(self) -> Edition:
        return self.result.edition

    def text(self, text: Text | None) -> str:
        return text[self.language] if text else ""

    def say(self, code: str, **blanks: str) -> str:
        return words(code, self.language, **blanks)

    def value(self, value: Fraction, unit: str) -> str:
        return in_unit(value, unit, self.language, self.edition.scales)

    def short(self, value: Fraction, unit: str) -> str:
        return short(value, unit, self.language, self.edition.scales)

    def status(self, status: Status) -> Model:
        """A status as sign and word; the key names its look."""
        return {"key": status.value, "sign": signs[status], "words": self.say(f"report.status_{status.value}")}

    def listed(self, items: list[str]) -> str:
        return self.say("report.comma").join(items)

    def rows(self, numbers: Sequence[int], most: int = 0) -> str:
        return row_ranges(numbers, most, self.say("report.comma"))

    def kind_name(self, kind: str) -> str:
        """The name of a kind of document."""
        return next((self.text(each.text) for each in self.edition.documents if each.id == kind), kind)

    def note_use(self, document: int, use: str) -> None:
        """Note that a document is evidence of an item."""
        uses = self.uses.setdefault(document, [])
        if use not in uses:
            uses.append(use)

    def number(self, given: Number, words_of_it: str, kind: str, of: str) -> Model:
        """A number of the edition as it is shown, with the mark of its assumption where it is one."""
        return {"text": words_of_it, **self.mark(given, words_of_it, kind, of)}

    def mark(self, given: Number, words_of_it: str, kind: str, of: str) -> dict[str, object]:
        """The mark and reason of an assumed number, which is added to the list of assumptions; empty for any other."""
        if given.provenance is not Provenance.ASSUMED:
            return {"mark": "", "why": ""}
        return self.assume(self.text(given.note), f"{of} {words_of_it}".strip(), kind)

    def assume(self, reason: str, use: str, kind: str) -> dict[str, object]:
        """Note an assumption: its reason, and what it is about."""
        why = reason or self.say("report.assumed_plainly")
        found = self.assumptions.get(why)
        if found is None:
            found = self.assumptions[why] = Assumption(f"A{len(self.assumptions) + 1}", why)
        uses = found.uses.setdefault(kind, [])
        if use not in uses:
            uses.append(use)
        return {"mark": found.mark, "why": why}

    @cached_property
    def documents(self) -> Mapping[int, Row]:
        """The dossier's documents by the number that cites them: kind by kind, as the edition lists the kinds."""
        where = self.edition.document_table
        if where is None:
            return {}
        at = self.edition.tables[where.table].position(where.kind)
        order = {kind.id: index for index, kind in enumerate(self.edition.documents)}
        rows = self.result.dossier.tables.get(where.table, ())
        return dict(enumerate(sorted(rows, key=lambda row: (order[str(row.cells[at])], row.number)), 1))

    @cached_property
    def document_numbers(self) -> Mapping[int, int]:
        """The number that a document is cited by, by its row."""
        return {row.number: number for number, row in self.documents.items()}

    @cached_property
    def documents_by_subject(self) -> Mapping[str, list[Row]]:
        """The dossier's documents by the subject they name."""
        where = self.edition.document_table
        found: dict[str, list[Row]] = {}
        if where:
            at = self.edition.tables[where.table].position(where.subject)
            for row in self.result.dossier.tables.get(where.table, ()):
                if row.cells[at] is not None:
                    found.setdefault(str(row.cells[at]), []).append(row)
        return found
