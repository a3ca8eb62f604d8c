# SPDX-License-Identifier: Apache-2.0
"""Editing the rows of a dossier: many at once, by many people, nobody's work lost.

A change names for each cell what its author saw and what it shall be. What somebody else has changed in between is not
overwritten: it comes back as a conflict that shows both. Everything else is applied, in one transaction with one
journal entry, and can be undone as one. A save that bears a key is done once, however often it is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max, QuerySet

from gradus.dossiers.convert import plain
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Dossier, Row
from gradus.formats.cells import trim, unkeepable
from gradus.formats.dossier_rows import most_rows
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Edition
from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.canonical import canonical
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
    """A row to remove, at the version its author saw or while it says what its author last made of it."""

    row: int
    version: int
    cells: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Save:
    """What a page sends at once. ``key`` is its own name for it: a second one under the same key changes nothing and
    is answered like the first, for the answer may have been lost on its way."""

    key: str
    changes: Sequence[RowChange] = ()
    removals: Sequence[Removal] = ()


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
    key: str = ""
    undoes: int = 0
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
    edition, would grow beyond what a dossier may hold, or when a text cannot be kept.
    """
    return save_once(dossier, table, Save("", changes, removals), actor, at)


def save_once(dossier: Dossier, table: str, save: Save, actor: Actor, at: datetime) -> Changed:
    """As :func:`change_rows`, once: what was saved under the same key before is not done again."""
    edition = edition_of(dossier)
    _refuse_strangers(edition, table, save.changes, actor)
    with transaction.atomic():
        edit = _Edit(edition, _locked(dossier), table, actor, at, key=save.key)
        earlier = _saved_under(edit)
        if earlier is not None:
            return _told_again(edit, earlier)
        _apply(edit, save.changes, save.removals)
        _record(edit)
    dossier.refresh_from_db()
    return edit.done


def undo_change(dossier: Dossier, entry: int, actor: Actor, at: datetime, key: str = "") -> Changed:
    """Take one change of rows back, as far as nobody has changed the same cells since. Raises Refusal when the entry is
    no change of this dossier's rows, or its table is not the actor's."""
    edition = edition_of(dossier)
    with transaction.atomic():
        locked = _locked(dossier)
        found = _changes_of(locked).filter(sequence=entry).first()
        if found is None:
            raise Refusal([Fault("dossier.nothing_to_undo")])
        said = payload(found)
        table, log = str(said["table"]), said["rows"]
        assert isinstance(log, list)
        _refuse_strangers(edition, table, (), actor)
        edit = _Edit(edition, locked, table, actor, at, key=key, undoes=entry)
        earlier = _saved_under(edit)
        if earlier is not None:
            return _told_again(edit, earlier)
        kept = [each for each in log if each["before"] is not None and each["after"] is not None]
        added = [each for each in log if each["before"] is None]
        _apply(
            edit,
            [RowChange(each["row"], _between(each["after"], each["before"])) for each in kept],
            [Removal(each["row"], each["version"], each["after"]) for each in added],
        )
        _restore(edit, {each["row"]: each["version"] for each in log if each["after"] is None})
        _record(edit)
    dossier.refresh_from_db()
    return edit.done


def _locked(dossier: Dossier) -> Dossier:
    """The dossier as it is now; whoever else wants to change it waits."""
    return Dossier.objects.select_for_update(no_key=True).get(pk=dossier.pk)


def _apply(edit: _Edit, changes: Sequence[RowChange], removals: Sequence[Removal]) -> None:
    wanted = [each.row for each in changes if each.row] + [each.row for each in removals]
    rows = {row.id: row for row in Row.objects.filter(dossier=edit.dossier, table=edit.table, id__in=wanted)}
    _refuse_second_row(edit, changes, removals)
    for change in changes:
        if change.row:
            _change_row(edit, rows.get(change.row), change)
    _add_rows(edit, [each for each in changes if not each.row])
    for removal in removals:
        _remove_row(edit, rows.get(removal.row), removal)


def _between(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, CellChange]:
    columns = sorted({*before, *after})
    pairs = {column: CellChange(before.get(column, ""), after.get(column, "")) for column in columns}
    return {column: each for column, each in pairs.items() if each.seen != each.wanted}


def _restore(edit: _Edit, versions: Mapping[int, int]) -> None:
    """Bring removed rows back, with what they cite; not those that somebody has removed again since."""
    gone = list(Row.objects.filter(dossier=edit.dossier, pk__in=versions, removed_at__isnull=False))
    for row in gone:
        if row.version != versions[row.id]:
            edit.done.conflicts.append(Conflict(row.id, "", "", "", row.changed_by, row.changed_at))
    back = [row for row in gone if row.version == versions[row.id]]
    if back:
        _refuse_too_many(edit, len(back))
    for row in back:
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
    columns = {column.id: column for column in edition.tables[table].columns}
    strange = sorted({name for each in changes for name in each.cells} - columns.keys())
    if strange:
        params = {"value": ", ".join(strange), "expected": ", ".join(columns)}
        raise Refusal([Fault("dossier.unknown_column", Place(table=table), params)])
    for each in changes:
        for name, cell in each.cells.items():
            if columns[name].for_assessor:
                raise Refusal([Fault("dossier.for_assessor", Place(table=table, field=name))])
            _refuse_unstorable(cell.wanted, Place(table=table, field=name))


def _refuse_unstorable(text: str, place: Place) -> None:
    """Bad cells are kept as they were typed; only what no database or file could keep is refused."""
    if wrong := unkeepable(text):
        raise Refusal([replace(wrong, place=place)])


def _refuse_second_row(edit: _Edit, changes: Sequence[RowChange], removals: Sequence[Removal]) -> None:
    """A table of one row keeps that one."""
    if not edit.edition.tables[edit.table].single:
        return
    fresh = sum(not each.row for each in changes)
    there = Row.objects.filter(dossier=edit.dossier, table=edit.table, removed_at__isnull=True).count()
    if removals or (fresh and there + fresh > 1):
        raise Refusal([Fault("dossier.one_row_only", Place(table=edit.table))])


def _refuse_too_many(edit: _Edit, more: int) -> None:
    there = Row.objects.filter(dossier=edit.dossier, table=edit.table, removed_at__isnull=True).count()
    if there + more > most_rows:
        raise Refusal([Fault("dossier.too_many_rows", Place(table=edit.table), {"limit": str(most_rows)})])


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
        wanted = _kept(edit, column, cell.wanted)
        theirs = before.get(column, "")
        if theirs not in {cell.seen, wanted} and theirs != _kept(edit, column, cell.seen):
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


def _kept(edit: _Edit, column: str, text: str) -> str:
    """What is kept of a typed text."""
    return plain(edit.edition, edit.table, column, trim(text))


def _add_rows(edit: _Edit, changes: Sequence[RowChange]) -> None:
    if not changes:
        return
    _refuse_too_many(edit, len(changes))
    every = Row.objects.filter(dossier=edit.dossier, table=edit.table)
    last = every.aggregate(last=Max("position"))["last"] or 0
    fresh = []
    for position, change in enumerate(changes, last + 1):
        texts = {name: _kept(edit, name, cell.wanted) for name, cell in change.cells.items()}
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
        line = {"row": row.id, "version": row.version, "before": None, "after": row.cells}
        edit.log.append({**line, "new": change.key} if edit.key else line)


def _remove_row(edit: _Edit, row: Row | None, removal: Removal) -> None:
    if row is None or row.removed_at is not None:
        edit.done.removed.append(removal.row)  # somebody was faster, and wanted the same
        return
    if row.version != removal.version and row.cells != removal.cells:
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
    said: dict[str, object] = {"table": edit.table, "rows": edit.log}
    if edit.key:
        said["key"] = edit.key
    if edit.key and edit.done.conflicts:
        # Told again when the answer was lost; without them nobody would learn that these cells were not taken.
        said["refused"] = [{**asdict(each), "at": each.at.isoformat()} for each in edit.done.conflicts]
    if edit.undoes:
        said["undoes"] = edit.undoes
    entry = record(
        Kind.DOSSIER_ROWS_CHANGED,
        edit.actor,
        edit.at,
        said,
        organisation=edit.dossier.client_id,
        subject=f"dossier:{edit.dossier.pk}",
    )
    edit.done.entry = entry.sequence


def _changes_of(dossier: Dossier) -> QuerySet[Entry]:
    return Entry.objects.filter(subject=f"dossier:{dossier.pk}", kind=Kind.DOSSIER_ROWS_CHANGED)


def _saved_under(edit: _Edit) -> Entry | None:
    """The entry of a save that bears the same key; a quotation mark inside a cell is escaped, so no cell can pose."""
    if not edit.key:
        return None
    return _changes_of(edit.dossier).filter(payload__contains=canonical({"key": edit.key})[1:-1]).first()


def _told_again(edit: _Edit, entry: Entry) -> Changed:
    """The answer to what was done before: its conflicts, and its rows as they are now."""
    said = payload(entry)
    log, refused = said["rows"], said.get("refused", [])
    assert isinstance(log, list)
    assert isinstance(refused, list)
    rows = Row.objects.filter(dossier=edit.dossier, id__in={each["row"] for each in [*log, *refused]})
    return Changed(
        rows=[row for row in rows if row.removed_at is None],
        new={each["new"]: each["row"] for each in log if "new" in each},
        removed=[row.id for row in rows if row.removed_at is not None],
        conflicts=[Conflict(**{**each, "at": datetime.fromisoformat(each["at"])}) for each in refused],
        entry=entry.sequence,
    )
