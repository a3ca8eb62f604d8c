# SPDX-License-Identifier: Apache-2.0
"""What has expired or soon will: evidence files, and rows whose own last day comes near."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.timezone import localdate

from gradus.dossiers.citations import numbered, row_title
from gradus.dossiers.expiry import ends
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Dossier, Evidence, Row

days_before = 60
_DAYS_AFTER = 60
"""Rows that ended longer ago are history; a file stays until there is a new one."""


class Standing(StrEnum):
    """How something with a last day stands on a day."""

    HOLDS = "holds"
    ENDS_SOON = "ends_soon"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something to renew: an evidence file, or a row (its table, its number there)."""

    standing: Standing
    last_day: date
    title: str
    evidence: str = ""
    table: str = ""
    number: int = 0


def standing(last_day: date | None, day: date) -> Standing:
    """Whether something still holds on a day, and for how long; its last day counts."""
    if last_day is None or last_day > day + timedelta(days=days_before):
        return Standing.HOLDS
    return Standing.ENDED if last_day < day else Standing.ENDS_SOON


def reminders(dossier: Dossier, at: datetime) -> list[Reminder]:
    """Everything of the client's evidence and the dossier's rows that has ended or soon will, the earliest first."""
    day = localdate(at)
    evidence = Evidence.objects.filter(
        client=dossier.client_id, removed_at__isnull=True, valid_until__lte=day + timedelta(days=days_before)
    )
    found = [
        Reminder(standing(each.valid_until, day), each.valid_until, each.name, evidence=str(each.pk))
        for each in evidence
    ]
    return sorted([*found, *_rows_ending(dossier, day)], key=lambda each: (each.last_day, each.title))


def _rows_ending(dossier: Dossier, day: date) -> Iterator[Reminder]:
    edition = edition_of(dossier)
    ending = {table: [column.id for column in ends(edition, table)] for table in edition.tables}
    tables = [table for table, columns in ending.items() if columns]
    there = Row.objects.filter(dossier=dossier, table__in=tables, removed_at__isnull=True)
    rows = list(there.order_by("table", "position", "id"))
    numbers = numbered(rows)
    for row in rows:
        for column in ending[row.table]:
            last_day = _day(row.cells.get(column, ""))
            how = standing(last_day, day)
            if last_day is not None and how is not Standing.HOLDS and (day - last_day).days <= _DAYS_AFTER:
                title = row_title(edition, row)
                yield Reminder(how, last_day, title, table=row.table, number=numbers[row.pk])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
