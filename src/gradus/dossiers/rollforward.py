# SPDX-License-Identifier: Apache-2.0
"""Last year's dossier as the beginning of this year's: rows and what they cite, each to be looked at again."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from gradus.dossiers.actions import create_dossier
from gradus.dossiers.expiry import has_expired
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Citation, Dossier, Row
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Edition
from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind


def roll_forward(
    earlier: Dossier, title: str, edition: str, actor: Actor, at: datetime, id_: uuid.UUID | None = None
) -> Dossier:
    """Open a dossier with the rows of an earlier one of the same client, all marked as carried over.

    The day the application declares, and what assessors filled in, are not carried; nor is a column or table that the
    new edition does not have. Evidence is the client's own and stays cited where it was.
    """
    with transaction.atomic():
        dossier = create_dossier(earlier.client, title, edition, actor, at, id_)
        Dossier.objects.filter(pk=dossier.pk).update(rolled_from=earlier, aim=earlier.aim)
        Row.objects.filter(dossier=dossier).delete()  # the empty ones of tables with exactly one row
        found = edition_of(dossier)
        old = Row.objects.filter(dossier=earlier, removed_at__isnull=True, table__in=list(found.tables))
        olds = list(old.order_by("table", "position", "id"))
        carried = [_carried(row, dossier, found, actor, at) for row in olds]
        news = Row.objects.bulk_create(carried, batch_size=500)
        _cite_again({row.pk: new for row, new in zip(olds, news, strict=True)})
        _fill_singles(dossier, found, actor, at)
        Dossier.objects.filter(pk=dossier.pk).update(revision=F("revision") + 1)
        payload = {"from": str(earlier.pk), "rows": len(news)}
        about = {"organisation": dossier.client_id, "subject": f"dossier:{dossier.pk}"}
        record(Kind.DOSSIER_ROLLED_FORWARD, actor, at, payload, **about)
    dossier.refresh_from_db()
    return dossier


def _carried(row: Row, dossier: Dossier, edition: Edition, actor: Actor, at: datetime) -> Row:
    columns = {
        column.id
        for column in edition.tables[row.table].columns
        if not column.for_assessor and (row.table, column.id) != edition.as_of
    }
    return Row(
        dossier=dossier,
        table=row.table,
        position=row.position,
        cells={name: text for name, text in row.cells.items() if name in columns},
        carried=True,
        changed_at=at,
        changed_by=actor.name,
    )


def _cite_again(news: dict[int, Row]) -> None:
    citations = Citation.objects.filter(row_id__in=list(news), evidence__removed_at__isnull=True)
    Citation.objects.bulk_create(
        [Citation(row=news[each.row_id], evidence_id=each.evidence_id, page=each.page) for each in citations]
    )


def _fill_singles(dossier: Dossier, edition: Edition, actor: Actor, at: datetime) -> None:
    there = set(Row.objects.filter(dossier=dossier).values_list("table", flat=True))
    Row.objects.bulk_create(
        Row(dossier=dossier, table=table.id, position=1, cells={}, changed_at=at, changed_by=actor.name)
        for table in edition.tables.values()
        if table.single and table.id not in there
    )


@dataclass(frozen=True, slots=True)
class Confirmed:
    """How many rows were confirmed, and how many still wait because their own last day has passed."""

    rows: int
    expired: int


def confirm_rows(dossier: Dossier, table: str, actor: Actor, at: datetime, *, expired: bool = False) -> Confirmed:
    """Say that a table's carried rows still hold. Those whose own last day has passed wait, unless they are meant too
    (``expired``): a certificate that ran out is confirmed by nobody who has not been told."""
    if actor.tables and table not in actor.tables:
        raise Refusal([Fault("dossier.table_not_yours", Place(table=table))])
    edition, day = edition_of(dossier), localdate(at)
    if table not in edition.tables:
        raise Refusal([Fault("dossier.unknown_table", params={"value": table, "expected": ", ".join(edition.tables)})])
    with transaction.atomic():
        # As everybody who writes rows does; else one who has locked the journal waits for us, and we for the journal.
        Dossier.objects.select_for_update(no_key=True).get(pk=dossier.pk)
        rows = Row.objects.filter(dossier=dossier, table=table, carried=True, removed_at__isnull=True)
        ids = [row.pk for row in rows.order_by("id") if expired or not has_expired(edition, row, day)]
        waiting = rows.count() - len(ids)
        if ids:
            rows.filter(pk__in=ids).update(carried=False, changed_at=at, changed_by=actor.name)
            about = {"organisation": dossier.client_id, "subject": f"dossier:{dossier.pk}"}
            record(Kind.DOSSIER_ROWS_CONFIRMED, actor, at, {"table": table, "rows": ids}, **about)
    return Confirmed(len(ids), waiting)
