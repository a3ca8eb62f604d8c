# SPDX-License-Identifier: Apache-2.0
"""The material checklist: by group what is there and what is lacking, and what each outcome still lacks."""

from collections.abc import Sequence
from dataclasses import dataclass

from gradus.formats.report_evidence import cited
from gradus.formats.report_voice import Model, Voice
from gradus.formats.result_words import outcome_requested
from gradus.grading.dossier import Row
from gradus.grading.papers import DocumentKind
from gradus.grading.result import DocumentLine
from gradus.grading.scheme import Outcome

_FIRST_SUBJECTS = 3


@dataclass(frozen=True, slots=True)
class Item:
    """Something to bring: a kind of document, or kinds of which any one will do, with a line for each subject."""

    kinds: tuple[DocumentKind, ...]
    lines: tuple[DocumentLine, ...]

    @property
    def owed_by(self) -> tuple[str, ...]:
        return self.lines[0].owed_by if self.lines else ()

    @property
    def lacking(self) -> tuple[DocumentLine, ...]:
        if len(self.kinds) > 1 and any(line.present for line in self.lines):
            return ()
        return tuple(line for line in self.lines if not line.present)

    @property
    def owed(self) -> int:
        return 1 if len(self.kinds) > 1 else len(self.lines)

    @property
    def present(self) -> int:
        return self.owed - (1 if self.lacking else 0) if len(self.kinds) > 1 else self.owed - len(self.lacking)


def material_part(voice: Voice) -> Model:
    """The checklist; {} for a scheme without documents."""
    edition = voice.edition
    if not voice.result.documents:
        return {}
    items = checklist_items(voice)
    groups = []
    for group in edition.document_groups:
        rows = [material_row(voice, item) for item in items if item.kinds[0].group == group.id]
        if rows:
            groups.append({"name": voice.text(group.text), "rows": rows})
    return {"outcomes": _by_outcome(voice, items), "groups": groups}


@dataclass(frozen=True, slots=True)
class Owed:
    """What a group of documents owes for an outcome, how much of it is there, and what is not."""

    group: str
    owed: int
    present: int
    lacking: tuple[str, ...]


def outcome_aimed_at(voice: Voice) -> Outcome:
    """The outcome whose materials matter now: the one applied for, else the one grantable, else the lowest."""
    asked, outcomes = outcome_requested(voice.result), voice.edition.outcomes
    return next((each for each in outcomes if each.id == asked), outcomes[max(voice.result.grantable, 1) - 1])


def owed_by_group(voice: Voice) -> list[Owed]:
    """By group of documents, what is owed for the outcome aimed at; groups that owe nothing are left out."""
    aim = outcome_aimed_at(voice).id
    items = [item for item in checklist_items(voice) if aim in item.owed_by]
    return [
        Owed(
            voice.text(group.text),
            sum(item.owed for item in kept),
            sum(item.present for item in kept),
            tuple(_lacking(voice, item) for item in kept if item.lacking),
        )
        for group in voice.edition.document_groups
        if (kept := [item for item in items if item.kinds[0].group == group.id])
    ]


def owed_sentences(voice: Voice) -> list[str]:
    """Beside the result: how many of the documents owed for the outcome aimed at are there, then what is not."""
    groups = owed_by_group(voice)
    if not groups:
        return []
    owed, present = sum(each.owed for each in groups), sum(each.present for each in groups)
    blanks = {"outcome": voice.text(outcome_aimed_at(voice).text), "owed": str(owed)}
    if owed == present:
        return [voice.say("report.owed_all", **blanks)]
    lacking = [name for each in groups for name in each.lacking]
    return [
        voice.say("report.owed_some", present=str(present), missing=str(owed - present), **blanks),
        voice.say("report.owed_lacking", lacking=voice.listed(lacking)),
    ]


def checklist_items(voice: Voice) -> list[Item]:
    """Everything to bring, alternatives together."""
    lines: dict[str, list[DocumentLine]] = {}
    for line in voice.result.documents:
        lines.setdefault(line.kind, []).append(line)
    joined: dict[str, list[DocumentKind]] = {}
    for kind in voice.edition.documents:
        joined.setdefault(kind.any_of or f"={kind.id}", []).append(kind)
    items = [
        Item(tuple(kinds), tuple(line for kind in kinds for line in lines.get(kind.id, ())))
        for kinds in joined.values()
    ]
    return [item for item in items if item.lines]


def item_name(voice: Voice, item: Item) -> str:
    """The kind of document, or the kinds of which any one will do."""
    names = [voice.text(kind.text) for kind in item.kinds]
    return names[0] if len(names) == 1 else voice.say("report.any_of", kinds=voice.say("report.or").join(names))


def material_row(voice: Voice, item: Item) -> Model:
    """One line of the checklist, ready to print."""
    lacking = item.lacking
    key = "not_owed" if not item.owed_by and lacking else "lacking" if lacking else "present"
    sign = {"not_owed": "–", "lacking": "×", "present": "✓"}[key]
    rows = _document_rows(voice, [number for line in item.lines for number in line.rows])
    absent = _document_rows(voice, [number for line in item.lines for number in line.files_missing])
    subjects = [line.subject for line in lacking if line.subject]
    notes = [voice.text(kind.note) for kind in item.kinds if kind.note]
    return {
        "name": item_name(voice, item),
        "note": notes[0] if len(notes) == 1 else "",
        "owed": _owed(voice, item.owed_by),
        "status": {"key": key, "sign": sign, "words": voice.say(f"report.document_{key}")},
        "count": voice.say("report.of", part=str(item.present), whole=str(item.owed)) if item.owed_by else "",
        "lacking": voice.say("report.lacking_for", subjects=voice.listed(subjects)) if subjects else "",
        "evidence": cited(voice, rows),
        "files_missing": voice.say("report.files_missing", count=str(len(absent))) if absent else "",
    }


def _document_rows(voice: Voice, numbers: Sequence[int]) -> list[Row]:
    where = voice.edition.document_table
    wanted = set(numbers)
    rows = voice.result.dossier.tables.get(where.table, ()) if where else ()
    return [row for row in rows if row.number in wanted]


def _owed(voice: Voice, owed_by: Sequence[str]) -> str:
    """Which outcomes ask for it, as short as can be said."""
    outcomes = voice.edition.outcomes
    asking = [outcome for outcome in outcomes if outcome.id in owed_by]
    if not asking:
        return voice.say("report.owed_never")
    if len(asking) == len(outcomes):
        return voice.say("report.owed_always")
    if len(asking) == 1:
        return voice.text(asking[0].text)
    if asking[-1] is outcomes[-1] and len(asking) == outcomes[-1].rank - asking[0].rank + 1:
        return voice.say("report.owed_from", outcome=_from(voice, asking[0]))
    return voice.listed([voice.text(outcome.text) for outcome in asking])


def _from(voice: Voice, outcome: Outcome) -> str:
    """The level's name where the outcome is its lowest, else the outcome's own."""
    edition = voice.edition
    lowest = next(each for each in edition.outcomes if each.level == outcome.level)
    level = next((each for each in edition.levels if each.id == outcome.level), None)
    return voice.text(level.text) if level and lowest is outcome else voice.text(outcome.text)


def _by_outcome(voice: Voice, items: Sequence[Item]) -> list[Model]:
    """What each outcome still lacks; neighbours that owe the same stand together."""
    kept: list[tuple[list[Outcome], list[Item]]] = []
    for outcome in voice.edition.outcomes:
        owed = [item for item in items if outcome.id in item.owed_by]
        if kept and kept[-1][1] == owed and kept[-1][0][-1].level == outcome.level:
            kept[-1][0].append(outcome)
        else:
            kept.append(([outcome], owed))
    rows: list[Model] = []
    for outcomes, owed in kept:
        names = [voice.text(outcome.text) for outcome in outcomes]
        whole = [each for each in voice.edition.outcomes if each.level == outcomes[0].level]
        name = (
            _from(voice, outcomes[0])
            if len(whole) == len(outcomes)
            else " – ".join(dict.fromkeys([names[0], names[-1]]))
        )
        lacking = [_lacking(voice, item) for item in owed if item.lacking]
        key = "lacking" if lacking else "present"
        rows.append(
            {
                "name": name,
                "count": voice.say(
                    "report.of",
                    part=str(sum(each.present for each in owed)),
                    whole=str(sum(each.owed for each in owed)),
                ),
                "status": {"key": key, "sign": "×" if lacking else "✓", "words": voice.say(f"report.document_{key}")},
                "lacking": voice.listed(lacking) if lacking else voice.say("report.nothing_lacking"),
            }
        )
    return rows


def _lacking(voice: Voice, item: Item) -> str:
    subjects = [line.subject for line in item.lacking if line.subject]
    if not subjects:
        return item_name(voice, item)
    shown = voice.listed(subjects[:_FIRST_SUBJECTS])
    if len(subjects) > _FIRST_SUBJECTS:
        shown = voice.say("report.and_more", shown=shown, count=str(len(subjects) - _FIRST_SUBJECTS))
    return voice.say("report.kind_for", kind=item_name(voice, item), subjects=shown)
