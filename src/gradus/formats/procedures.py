# SPDX-License-Identifier: Apache-2.0
"""Finding and reading a scheme's procedure: YAML, every fault in one pass, each name checked against an edition."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from gradus.formats.editions import content_hash, most_bytes, scheme_folders
from gradus.formats.fields import NOTHING, Fields, Findings
from gradus.formats.files import read_file
from gradus.formats.written_numbers import Limits
from gradus.formats.yaml_tree import Item, from_plain, read_yaml
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Edition, Number
from gradus.process.procedure import (
    LIMITS,
    NUMBERS,
    OPTIONAL_LIMITS,
    REASONS,
    SIGNATURES,
    Condition,
    EventTable,
    Fees,
    Holds,
    PanelRule,
    PeopleCell,
    Procedure,
    Reason,
    Rules,
)

_AMOUNT = Limits(0, 10**9)
_SHARE = Limits(0, 1)
_COUNT = Limits(1, 1000, whole=True)


def find_procedure(edition: Edition) -> Rules:
    """The latest procedure of an edition's scheme. Raises Refusal when there is none, or it has faults."""
    for root in scheme_folders():
        files = sorted((root / "procedures").glob(f"{edition.scheme}.*.yaml"))
        if files:
            there = files[-1].stat()
            return _checked(_tree(files[-1], (there.st_mtime_ns, there.st_size)), edition, [])
    raise Refusal([Fault("procedure.none", params={"scheme": edition.scheme})])


@lru_cache(maxsize=8)
def _tree(file: Path, version: tuple[int, int]) -> Item:
    """The file, parsed again only when it has changed: every application asks for its procedure, and many a page.
    Raises Refusal with every fault that was found."""
    faults: list[Fault] = []
    try:
        text = read_file(file, most_bytes).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal([Fault("scheme.not_text", Place(file.name, 1, 1))]) from None
    tree = read_yaml(text, file.name, faults)
    if tree is None or faults:
        raise Refusal(faults)
    return tree


def procedure_from_content(content: object, edition: Edition) -> Rules:
    """The procedure that a case was bound to, from what is kept."""
    faults: list[Fault] = []
    return _checked(from_plain(content, faults), edition, faults)


def _checked(root: Item, edition: Edition, faults: list[Fault]) -> Rules:
    plain = root.plain()
    content = plain if isinstance(plain, dict) else {}
    findings = Findings(root, faults)
    procedure = _Reader(findings.root, edition).read(content)
    findings.finish()
    if faults:
        raise Refusal(sorted(faults, key=lambda each: (each.place.line, each.place.column)))
    return Rules(edition, procedure)


def _reason(fields: Fields) -> Reason:
    needs = fields.choice("needs", list(Condition), default="")
    return Reason(fields.identifier(), fields.text(), Condition(needs) if needs else None)


class _Reader:
    def __init__(self, root: Fields, edition: Edition) -> None:
        self.root, self.edition = root, edition
        self.missing = root.findings.of(Item({}, root.place, told=True))

    def read(self, content: Mapping[str, object]) -> Procedure:
        head, draw, edition = self._part("procedure"), self._part("draw"), self.edition
        scheme = head.string("scheme")
        if scheme and scheme != edition.scheme:
            head.fault("procedure.other_scheme", "scheme", value=scheme, expected=edition.scheme)
        table = self._known(draw, "table", edition.tables)
        columns = [each.id for each in edition.tables[table].columns] if table else []
        reasons = self._part("reasons")
        return Procedure(
            scheme=scheme,
            id=head.identifier(),
            hash=content_hash(content),
            text=head.text(),
            limits=self._limits(),
            numbers=self._numbers(),
            man_days=self._names("man_days", [each.id for each in edition.levels], edition.process),
            fees=self._fees(),
            panel=self._panel(),
            questions=tuple(each.option() for each in self.root.section("questions", needed=True)),
            duties=tuple(each.option() for each in self.root.section("duties", needed=True)),
            reasons={act: tuple(_reason(each) for each in reasons.section(act, needed=True)) for act in REASONS},
            stopping_checks=self._each_known(self.root, "stopping_checks", [each.id for each in edition.checks]),
            events=EventTable(self._known(self.root, "events", edition.tables)),
            draw_table=table,
            draw_id=self._known(draw, "id", columns) if table else draw.string("id"),
            draw_share=self._number(draw, "share", _SHARE),
            draw_least=self._number(draw, "least", _COUNT),
            people=tuple(each for fields in self.root.each("people") if (each := self._people_cell(fields))),
            objection=self._number(self._part("team"), "objection", _COUNT),
            bars=self._bars(each.identifier() for each in reasons.section("withdraw")),
            content=content,
        )

    def _limits(self) -> dict[str, str]:
        """The time limits: those that the engine keeps, and of the others those that the author names."""
        part = self._part("limits")
        return self._names(
            "limits", [*LIMITS, *(each for each in OPTIONAL_LIMITS if part.get(each))], self.edition.process
        )

    def _numbers(self) -> dict[str, str]:
        """The other numbers; a decision bears as many signatures as the engine takes."""
        found = self._names("numbers", NUMBERS, self.edition.process)
        named = self.edition.process.get(found["signatures"])
        if named and named.value != SIGNATURES:
            self._part("numbers").fault("procedure.signatures", "signatures", expected=str(SIGNATURES))
        return found

    def _bars(self, reasons: Iterable[str]) -> dict[str, str]:
        """By reasons of withdrawal, for those that the author names."""
        part = self.root.fields("bars", required=False)
        named = [each for each in reasons if part and part.get(each)]
        return {each: self._known(part, each, self.edition.process) for each in named} if part else {}

    def _people_cell(self, fields: Fields) -> PeopleCell | None:
        holds = fields.choice("holds", [each.value for each in Holds])
        table = self._known(fields, "table", self.edition.tables)
        columns = [each.id for each in self.edition.tables[table].columns] if table else []
        column = self._known(fields, "column", columns) if table else fields.string("column")
        return PeopleCell(table, column, Holds(holds)) if holds and column else None

    def _part(self, key: str) -> Fields:
        return self.root.fields(key) or self.missing

    def _names(self, key: str, slots: Iterable[str], known: Iterable[str]) -> dict[str, str]:
        """For each slot the name that a part of the edition has."""
        part = self._part(key)
        return {slot: self._known(part, slot, known) for slot in slots}

    def _known(self, fields: Fields, key: str, known: Iterable[str]) -> str:
        value = fields.string(key)
        if value and value not in known:
            fields.fault("procedure.not_in_edition", key, value=value, edition=self.edition.name)
            return ""
        return value

    def _each_known(self, fields: Fields, key: str, known: Iterable[str]) -> tuple[str, ...]:
        known = set(known)
        for item in fields.items(key):
            if isinstance(item.value, str) and item.value not in known:
                fields.fault("procedure.not_in_edition", item, value=item.value, edition=self.edition.name)
        return fields.texts(key)

    def _number(self, fields: Fields, key: str, limits: Limits) -> Number:
        number = fields.number(key, limits)
        return NOTHING if number is None else number

    def _fees(self) -> Fees:
        part = self._part("fees")
        amounts = (self._number(part, each, _AMOUNT) for each in ("application", "man_day", "certificate"))
        return Fees(part.string("currency"), *amounts)

    def _panel(self) -> PanelRule:
        part = self._part("panel")
        levels = self._each_known(part, "levels", [each.id for each in self.edition.levels])
        return PanelRule(levels, self._number(part, "least", _COUNT), self._number(part, "share", _SHARE))
