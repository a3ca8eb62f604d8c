# SPDX-License-Identifier: Apache-2.0
"""Editing the rows of a dossier: many at once, by many people, nobody's work lost.

A change names for each cell what its author saw and what it shall be. What somebody else has changed in between is not
overwritten: it comes back as a conflict that shows both. Everything else is applied, in one transaction with one
journal entry, and can be undone as one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max

from gradus.dossiers.convert import plain
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Dossier, Row
from gradus.formats.cells import trim
from gradus.formats.dossier_rows import most_rows
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Edition
from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.journal.models import Entry
from gradus.journal.queries import payload


@dataclass(frozen=True, slots=True)
class CellChange:
    """What the author saw in a cell, and what it shall be; "" is an empty cell."""

    seen: str
    wanted: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """Changed cells of a row, or (``row`` 0) a new row; ``key`` is the page's own name for it."""

    row: int
    cells: Mapping[str, CellChange]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """A row to remove, at the version its author saw."""

    row: int
    version: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """What was not applied because somebody was there before. ``column`` "" concerns the whole row."""

    row: int
    column: str
    wanted: str
    theirs: str
    by: str
    at: datetime
    removed: bool = False


@dataclass(slots=True)
class Changed:
    """What became of a change: rows as they are now, keys of new rows, what was refused, and the entry to undo it."""

    rows: list[Row] = field(default_factory=list)
    new: dict[str, int] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    entry: int = 0


@dataclass(slots=True)
class _Edit:
    """One change while it is made: what became of it so far, and what the journal will say."""

    edition: Edition
    dossier: Dossier
    table: str
    actor: Actor
    at: datetime
    done: Changed = field(default_factory=Changed)
    log: list[dict[str, object]] = field(default_factory=list)


def change_rows(
    dossier: Dossier,
    table: str,
    changes: Sequence[RowChange],
    removals: Sequence[Removal],
    actor: Actor,
    at: datetime,
) -> Changed:
    """Change, add and remove rows of one table. Raises Refusal when the table is not the actor's, is not of the
    edition, or would grow beyond what a dossier may hold.
    """
    edition = edition_of(dossier)
    _refuse_strangers(edition, table, changes, actor)
    with transaction.atomic():
        locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
        edit = _Edit(edition, locked, table, actor, at)
        wanted = [each.row for each in changes if each.row] + [each.row for each in removals]
        rows = {row.id: row for row in Row.objects.filter(dossier=locked, table=table, id__in=wanted)}
        for change in changes:
            if change.row:
                _change_row(edit, rows.get(change.row), change)
        _add_rows(edit, [each for each in changes if not each.row])
        for removal in removals:
            _remove_row(edit, rows.get(removal.row), removal)
        _record(edit)
    dossier.refresh_from_db()
    return edit.done


def undo_change(dossier: Dossier, entry: int, actor: Actor, at: datetime) -> Changed:
    """Take one change of rows back, as far as nobody has changed the same cells since. Raises Refusal when the entry is
    no change of this dossier's rows."""
    found = Entry.objects.filter(
        sequence=entry, subject=f"dossier:{dossier.pk}", kind=Kind.DOSSIER_ROWS_CHANGED
    ).first()
    if found is None:
        raise Refusal([Fault("dossier.nothing_to_undo")])
    said = payload(found)
    table, log = str(said["table"]), said["rows"]
    assert isinstance(log, list)
    changes = [
        RowChange(each["row"], _between(each["after"], each["before"]))
        for each in log
        if each["before"] is not None and each["after"] is not None
    ]
    removals = [Removal(each["row"], each["version"]) for each in log if each["before"] is None]
    gone = [each["row"] for each in log if each["after"] is None]
    with transaction.atomic():
        done = change_rows(dossier, table, changes, removals, actor, at)
        edit = _Edit(edition_of(dossier), dossier, table, actor, at, done)
        _restore(edit, gone)
        _record(edit)
    dossier.refresh_from_db()
    return done


def _between(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, CellChange]:
    columns = sorted({*before, *after})
    pairs = {column: CellChange(before.get(column, ""), after.get(column, "")) for column in columns}
    return {column: each for column, each in pairs.items() if each.seen != each.wanted}


def _restore(edit: _Edit, rows: Sequence[int]) -> None:
    """Bring removed rows back, with what they cite."""
    for row in Row.objects.filter(dossier=edit.dossier, pk__in=rows, removed_at__isnull=False):
        row.removed_at, row.version = None, row.version + 1
        row.changed_at, row.changed_by = edit.at, edit.actor.name
        row.save(update_fields=["removed_at", "version", "changed_at", "changed_by"])
        edit.log.append({"row": row.id, "version": row.version, "before": None, "after": row.cells})
        edit.done.rows.append(row)


def _refuse_strangers(edition: Edition, table: str, changes: Sequence[RowChange], actor: Actor) -> None:
    if table not in edition.tables:
        raise Refusal([Fault("dossier.unknown_table", params={"value": table, "expected": ", ".join(edition.tables)})])
    if actor.tables and table not in actor.tables:
        raise Refusal([Fault("dossier.table_not_yours", Place(table=table))])
    columns = {column.id for column in edition.tables[table].columns}
    strange = sorted({name for each in changes for name in each.cells} - columns)
    if strange:
        params = {"value": ", ".join(strange), "expected": ", ".join(sorted(columns))}
        raise Refusal([Fault("dossier.unknown_column", Place(table=table), params)])
    theirs = sorted(column.id for column in edition.tables[table].columns if column.for_assessor)
    for name in theirs:
        if any(name in each.cells for each in changes):
            raise Refusal([Fault("dossier.for_assessor", Place(table=table, field=name))])


def _change_row(edit: _Edit, row: Row | None, change: RowChange) -> None:
    if row is None or row.removed_at is not None:
        by, when = (row.changed_by, row.changed_at) if row else ("", edit.at)
        edit.done.conflicts += [
            Conflict(change.row, column, cell.wanted, "", by, when, removed=True)
            for column, cell in change.cells.items()
        ]
        return
    before, after = dict(row.cells), dict(row.cells)
    for column, cell in change.cells.items():
        wanted = plain(edit.edition, row.table, column, trim(cell.wanted))
        theirs = before.get(column, "")
        if theirs not in {cell.seen, wanted}:
            edit.done.conflicts.append(Conflict(row.id, column, wanted, theirs, row.changed_by, row.changed_at))
        elif wanted:
            after[column] = wanted
        else:
            after.pop(column, None)
    if after != before:
        row.cells, row.version, row.carried = after, row.version + 1, False
        row.changed_at, row.changed_by = edit.at, edit.actor.name
        row.save(update_fields=["cells", "version", "carried", "changed_at", "changed_by"])
        edit.log.append({"row": row.id, "version": row.version, "before": before, "after": after})
    edit.done.rows.append(row)


def _add_rows(edit: _Edit, changes: Sequence[RowChange]) -> None:
    if not changes:
        return
    every = Row.objects.filter(dossier=edit.dossier, table=edit.table)
    if every.filter(removed_at__isnull=True).count() + len(changes) > most_rows:
        raise Refusal([Fault("dossier.too_many_rows", Place(table=edit.table), {"limit": str(most_rows)})])
    last = every.aggregate(last=Max("position"))["last"] or 0
    fresh = []
    for position, change in enumerate(changes, last + 1):
        texts = {name: plain(edit.edition, edit.table, name, trim(cell.wanted)) for name, cell in change.cells.items()}
        fresh.append(
            Row(
                dossier=edit.dossier,
                table=edit.table,
                position=position,
                cells={name: text for name, text in texts.items() if text},
                changed_at=edit.at,
                changed_by=edit.actor.name,
            )
        )
    for change, row in zip(changes, Row.objects.bulk_create(fresh), strict=True):
        edit.done.rows.append(row)
        edit.done.new[change.key] = row.id
        edit.log.append({"row": row.id, "version": row.version, "before": None, "after": row.cells})


def _remove_row(edit: _Edit, row: Row | None, removal: Removal) -> None:
    if row is None or row.removed_at is not None:
        edit.done.removed.append(removal.row)  # somebody was faster, and wanted the same
        return
    if row.version != removal.version:
        edit.done.conflicts.append(Conflict(row.id, "", "", "", row.changed_by, row.changed_at))
        edit.done.rows.append(row)
        return
    row.removed_at, row.version = edit.at, row.version + 1
    row.changed_at, row.changed_by = edit.at, edit.actor.name
    row.save(update_fields=["removed_at", "version", "changed_at", "changed_by"])
    edit.log.append({"row": row.id, "version": row.version, "before": row.cells, "after": None})
    edit.done.removed.append(row.id)


def _record(edit: _Edit) -> None:
    """The entry of what was changed; nothing when nothing was."""
    if not edit.log:
        return
    Dossier.objects.filter(pk=edit.dossier.pk).update(revision=F("revision") + 1, changed_at=edit.at)
    entry = record(
        Kind.DOSSIER_ROWS_CHANGED,
        edit.actor,
        edit.at,
        {"table": edit.table, "rows": edit.log},
        organisation=edit.dossier.client_id,
        subject=f"dossier:{edit.dossier.pk}",
    )
    edit.done.entry = entry.sequence
