# SPDX-License-Identifier: Apache-2.0
"""The dossiers of stories: a golden case of the edition, told of another firm and of a day shortly ago."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache, partial

from django.utils.timezone import localdate

from gradus.cli.platform.demonstration.plan import EXAMPLES, Plan, Story
from gradus.dossiers.actions import create_dossier
from gradus.dossiers.convert import as_text
from gradus.dossiers.evidence import add_evidence
from gradus.dossiers.grading import edition_of, grade_dossier
from gradus.dossiers.models import Dossier, Row, Submission
from gradus.dossiers.rows import CellChange, RowChange, change_rows
from gradus.dossiers.submit import Signature, declarations, submit_dossier
from gradus.formats.dossier import read_dossier
from gradus.formats.editions import default_edition, find_edition
from gradus.formats.letters import Letter, render_letter
from gradus.grading.assess import assess
from gradus.grading.calendar import plus_months
from gradus.grading.dossier import Dossier as Facts
from gradus.grading.grade import declared_as_of
from gradus.grading.result import DocumentLine
from gradus.grading.scheme import Cell, Edition
from gradus.journal.actor import Actor
from gradus.people.models import Organisation

Tables = Mapping[str, Sequence[Mapping[str, str]]]
Years = tuple[frozenset[tuple[str, str]], int]
"""The columns that hold years, and how many months after its end the accounts of a year are there."""

_issued_before = timedelta(days=40)
_a_day = timedelta(days=1)


def make_dossier(client: Organisation, story: Story, plan: Plan, actor: Actor, at: datetime) -> Dossier:
    """A dossier that may be submitted on this day: filled table by table, with one file that all its papers stand
    in."""
    dossier = create_dossier(client, str(localdate(at).year), default_edition(), actor, at)
    edition = edition_of(dossier)
    listed = edition.document_table
    assert listed is not None
    for table, rows in facts_of(edition, story, plan, localdate(at)).items():
        if table != listed.table:
            _write(dossier, table, rows, actor, at)
    lines = owed(edition, story, plan, localdate(at)) if not story.typed else _owed_by(dossier, story, at)
    titles = {each.id: each.text.zh for each in edition.documents}
    papers = _papers(story, plan, tuple(dict.fromkeys(titles[each.kind] for each in lines)), at)
    # An earlier dossier of the firm may rest on a file of that name, which then stays what it is.
    file = add_evidence(client, plan.words["papers_file"], [papers], actor, at).evidence.name
    day = (localdate(at) - _issued_before).isoformat()
    listing = [
        {listed.kind: each.kind, listed.subject: each.subject, listed.file: file, listed.issue_day: day,
         "title": titles[each.kind]}
        for each in lines
    ]  # fmt: skip
    _write(dossier, listed.table, [_filled(each) for each in listing], actor, at)
    return dossier


def submit(dossier: Dossier, story: Story, plan: Plan, actor: Actor, at: datetime) -> Submission:
    """Submit it, signed by the firm's legal representative."""
    dossier.refresh_from_db()
    signed = (plan.words["declared_by"], plan.words["declared_as"])
    return submit_dossier(dossier, Signature(declarations(dossier)["zh"], *signed), actor, at)


def type_into(dossier: Dossier, cells: Mapping[str, Mapping[str, str]], actor: Actor, at: datetime) -> None:
    """Write into the first row of some tables."""
    for table, wanted in cells.items():
        row = Row.objects.filter(dossier=dossier, table=table, removed_at=None).order_by("position", "id")[0]
        changes = {name: CellChange(row.cells.get(name, ""), text) for name, text in wanted.items()}
        change_rows(dossier, table, [RowChange(row.pk, changes)], [], actor, at)


def declare_day(dossier: Dossier, actor: Actor, at: datetime) -> None:
    """Count the facts to this day."""
    table, column = edition_of(dossier).as_of
    type_into(dossier, {table: {column: localdate(at).isoformat()}}, actor, at)


def facts_of(edition: Edition, story: Story, plan: Plan, day: date) -> Tables:
    """The rows of a story's dossier as text. It is declared for a day less than a month before the given one, so that
    all that is counted by months stays what it was in the golden case."""
    folder = plan.dossiers[story.dossier]
    facts = _moved(folder, _months_to(folder, day), _years(plan))
    tables = as_text(edition, facts)
    known = {
        "name": story.name,
        "name_en": story.name_en,
        "code": story.code,
        "asks": story.asks,
        "held": story.held.level if story.held else "",
        "since": plus_months(day, -story.held.months).isoformat() if story.held else "",
    }
    for table, cells in plan.cells.items():
        tables[table][0].update({column: known[name] for column, name in cells.items()})
    for table, typed in story.typed.items():
        tables[table][0].update(typed)
    return {table: [_filled(row) for row in rows] for table, rows in tables.items()}


def _filled(row: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in row.items() if text}


def owed(edition: Edition, story: Story, plan: Plan, day: date) -> list[DocumentLine]:
    """The papers that a story's dossier owes for the outcome that it asks for."""
    folder = plan.dossiers[story.dossier]
    lines = _lines(folder, _months_to(folder, day), _years(plan))
    return [each for each in lines if story.asks in each.owed_by]


def _owed_by(dossier: Dossier, story: Story, at: datetime) -> list[DocumentLine]:
    """The same of a dossier that says more than its golden case, which may owe more for it."""
    return [each for each in grade_dossier(dossier, at).result.documents if story.asks in each.owed_by]


@cache
def _lines(folder: str, months: int, years: Years) -> tuple[DocumentLine, ...]:
    edition = find_edition(default_edition())
    assert edition.document_table is not None
    facts = _moved(folder, months, years)
    without = replace(facts, tables={**facts.tables, edition.document_table.table: ()})
    return assess(edition, without).documents


@cache
def _golden(folder: str) -> Facts:
    return read_dossier(EXAMPLES / folder, find_edition(default_edition()))[0]


@cache
def _moved(folder: str, months: int, years: Years) -> Facts:
    """A golden case, every date in it so many months later, and its years so that the newest is the last one whose
    accounts are there on the day that it is then of, as it was in the golden case."""
    edition, facts = find_edition(default_edition()), _golden(folder)
    begin, (columns, closed_after) = declared_as_of(edition, facts), years
    newest, was = (plus_months(day + _a_day, -closed_after).year for day in (plus_months(begin, months), begin))
    more = newest - was
    tables = {}
    for table in edition.tables.values():
        moving = [(table.id, column.id) in columns for column in table.columns]
        tables[table.id] = tuple(
            replace(row, cells=tuple(map(partial(_later, months, more), row.cells, moving)))
            for row in facts.tables[table.id]
        )
    return replace(facts, tables=tables)


def _later(months: int, years: int, cell: Cell, is_year: bool) -> Cell:  # noqa: FBT001  a column's own property
    if isinstance(cell, date):
        return plus_months(cell, months)
    return cell + years if is_year and isinstance(cell, int) else cell


def _months_to(folder: str, day: date) -> int:
    """The most whole months by which a golden case can be moved without coming after a day."""
    begin = declared_as_of(find_edition(default_edition()), _golden(folder))
    months = (day.year - begin.year) * 12 + day.month - begin.month
    return months if plus_months(begin, months) <= day else months - 1


def _years(plan: Plan) -> Years:
    return frozenset((table, column) for table, columns in plan.years.items() for column in columns), plan.closed_after


def _write(dossier: Dossier, table: str, rows: Sequence[Mapping[str, str]], actor: Actor, at: datetime) -> None:
    """Paste rows into a table that holds nothing yet."""
    there = list(Row.objects.filter(dossier=dossier, table=table, removed_at=None).values_list("pk", flat=True))
    changes = [
        RowChange(
            there[number] if number < len(there) else 0,
            {column: CellChange("", text) for column, text in cells.items()},
            str(number),
        )
        for number, cells in enumerate(rows)
    ]
    if changes:
        change_rows(dossier, table, changes, [], actor, at)


def _papers(story: Story, plan: Plan, titles: tuple[str, ...], at: datetime) -> bytes:
    """One PDF that stands for all papers of a firm, and says what it stands for."""
    letter = Letter(
        language="zh",
        number=story.code,
        title=plan.words["papers_title"],
        body=story.name,
        addressee="",
        opening=plan.words["papers_opening"],
        facts=(),
        items=titles,
        closing=plan.words["papers_closing"],
        issued_on=localdate(at) - _issued_before,
    )
    return render_letter(letter)
