# SPDX-License-Identifier: Apache-2.0
"""A workbook into a dossier: read, its differences shown, then taken over table by table or not at all; and out again.

A table for which the workbook has no sheet is one of which it says nothing: it stays as it is.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import F

from gradus.dossiers.convert import Stored, as_typed, faults_of
from gradus.dossiers.differences import Known, TableDifference, differences
from gradus.dossiers.grading import edition_of, stored_rows
from gradus.dossiers.models import Dossier, Intake, Row
from gradus.formats.dossier import read_as_typed
from gradus.formats.template_xlsx import write_template
from gradus.formats.wording import place_named, sentence_named
from gradus.grading.faults import Fault, Refusal
from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind


def read_intake(dossier: Dossier, file: Path, name: str, actor: Actor, at: datetime) -> Intake:
    """Read an uploaded workbook and keep what it says, changing nothing yet. Raises Refusal when it can not be read."""
    edition = edition_of(dossier)
    typed = read_as_typed(file, edition, name)
    with transaction.atomic():
        Intake.objects.filter(dossier=dossier).delete()  # whoever uploads again means the newer one
        return Intake.objects.create(
            dossier=dossier,
            file_name=name[:240],
            file_digest=hashlib.sha256(file.read_bytes()).hexdigest(),
            rows=typed.rows,
            notices=[_said(fault, dossier) for fault in typed.notices],
            revision=dossier.revision,
            read_at=at,
            read_by=actor.name,
        )


def _said(fault: Fault, dossier: Dossier) -> dict[str, str]:
    edition = edition_of(dossier)
    return {
        language: f"{place_named(fault, edition, language)} {sentence_named(fault, edition, language)}".strip()
        for language in ("zh", "en")
    }


@dataclass(frozen=True, slots=True)
class Offer:
    """What a workbook would change in the tables that its reader may edit, and in those that others keep; and the
    tables with rows for which it has no sheet."""

    yours: tuple[TableDifference, ...]
    others: tuple[TableDifference, ...]
    missing: tuple[str, ...]


def offer(intake: Intake, tables: Collection[str]) -> Offer:
    """What taking the workbook over would add, change and remove, for somebody who edits these tables (every one, when
    none is named)."""
    edition, there = edition_of(intake.dossier), known_rows(intake.dossier)
    missing = tuple(table for table in edition.tables if there.get(table) and table not in intake.rows)
    found = differences(edition, {table: there.get(table, ()) for table in intake.rows}, intake.rows)
    return Offer(
        yours=tuple(each for each in found if not tables or each.table in tables),
        others=tuple(each for each in found if tables and each.table not in tables),
        missing=missing,
    )


def faults_after(intake: Intake, offered: Offer) -> int:
    """How many faults the dossier's cells would have with everything taken over that is offered."""
    dossier, taken = intake.dossier, {each.table for each in offered.yours}
    rows = [row for row in stored_rows(dossier) if row.table not in taken]
    for table in taken:
        rows += [Stored(0, table, number, json.dumps(cells)) for number, cells in enumerate(intake.rows[table], 1)]
    return len(faults_of(edition_of(dossier), rows))


def known_rows(dossier: Dossier) -> dict[str, list[Known]]:
    """The rows that are there, by table, numbered from 1."""
    found: dict[str, list[Known]] = {}
    rows = Row.objects.filter(dossier=dossier, removed_at__isnull=True).order_by("table", "position", "id")
    for row in rows:
        own = found.setdefault(row.table, [])
        own.append(Known(row.id, row.version, len(own) + 1, row.cells))
    return found


def accept_intake(
    intake: Intake, actor: Actor, at: datetime, chosen: Collection[str] | None = None, seen: int | None = None
) -> int:
    """Take the workbook over: every difference that was shown of the chosen tables (of all that the actor may edit,
    when none were to choose from), in one transaction with one entry. ``seen`` is the revision of the dossier whose
    differences were shown; without it, that of when the workbook was read. Returns how many.

    Raises Refusal when somebody changed the dossier after the differences were shown, when a chosen table is not the
    actor's, or when none is chosen of those that were offered.
    """
    with transaction.atomic():
        dossier = Dossier.objects.select_for_update(no_key=True).get(pk=intake.dossier_id)
        if dossier.revision != (intake.revision if seen is None else seen):
            raise Refusal([Fault("dossier.changed_since_shown")])
        offered = offer(intake, actor.tables)
        found = offered.yours if chosen is None else _chosen(dossier, offered, chosen)
        log = take_over(dossier, found, actor, at)
        Intake.objects.filter(dossier=dossier).delete()
        if log:
            Dossier.objects.filter(pk=dossier.pk).update(revision=F("revision") + 1, changed_at=at)
            payload = {"file": intake.file_name, "digest": intake.file_digest, "tables": log}
            about = {"organisation": dossier.client_id, "subject": f"dossier:{dossier.pk}"}
            record(Kind.DOSSIER_IMPORTED, actor, at, payload, **about)
    return sum(each.count for each in found)


def refuse_intake(intake: Intake) -> None:
    """Nothing is taken over."""
    intake.delete()


def _chosen(dossier: Dossier, offered: Offer, chosen: Collection[str]) -> tuple[TableDifference, ...]:
    others = [each.table for each in offered.others if each.table in chosen]
    if others:
        tables = edition_of(dossier).tables
        names = {language: [tables[id_].text[language] for id_ in others] for language in ("zh", "en")}
        params = {"value_zh": "、".join(names["zh"]), "value_en": ", ".join(names["en"])}
        raise Refusal([Fault("dossier.intake_not_yours", params=params)])
    found = tuple(each for each in offered.yours if each.table in chosen)
    if offered.yours and not found:
        raise Refusal([Fault("dossier.intake_none_chosen")])
    return found


def take_over(
    dossier: Dossier, found: Sequence[TableDifference], actor: Actor, at: datetime
) -> dict[str, list[Mapping[str, object]]]:
    """Write differences to the rows, in the caller's transaction; returns what the journal says of them, by table."""
    log: dict[str, list[Mapping[str, object]]] = {}
    for each in found:
        said = log.setdefault(each.table, [])
        rows = {row.id: row for row in Row.objects.filter(dossier=dossier, table=each.table)}
        changed = [(rows[known.id], dict(known.cells), cells) for known, cells in each.changed]
        for row, before, after in changed:
            kept = {name: text for name, text in row.cells.items() if name not in before}  # the assessor's columns
            row.cells, row.version, row.carried = {**after, **kept}, row.version + 1, False
            row.changed_at, row.changed_by = at, actor.name
            said.append({"row": row.id, "version": row.version, "before": before, "after": dict(after)})
        Row.objects.bulk_update(
            [row for row, _, _ in changed], ["cells", "version", "carried", "changed_at", "changed_by"], batch_size=100
        )
        gone = [rows[known.id] for known in each.removed]
        for row in gone:
            row.removed_at, row.version, row.changed_at, row.changed_by = at, row.version + 1, at, actor.name
            said.append({"row": row.id, "version": row.version, "before": row.cells, "after": None})
        Row.objects.bulk_update(gone, ["removed_at", "version", "changed_at", "changed_by"], batch_size=100)
        last = max((row.position for row in rows.values()), default=0)
        fresh = [
            Row(
                dossier=dossier,
                table=each.table,
                position=position,
                cells=dict(cells),
                changed_at=at,
                changed_by=actor.name,
            )
            for position, cells in enumerate(each.added, last + 1)
        ]
        for row in Row.objects.bulk_create(fresh, batch_size=500):
            said.append({"row": row.id, "version": row.version, "before": None, "after": row.cells})
    return log


def write_workbook(dossier: Dossier, out: Path) -> None:
    """The dossier as the template filled in, also with what is still wrong in it, so that Excel users can go on."""
    edition = edition_of(dossier)
    rows = {table: [row.cells for row in found] for table, found in known_rows(dossier).items()}
    write_template(edition, out, as_typed(edition, dossier.title, rows))
