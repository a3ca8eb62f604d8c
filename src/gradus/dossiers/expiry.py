# SPDX-License-Identifier: Apache-2.0
"""What has run out on a day: papers that the dossier lists, and rows whose own last day has passed."""

from collections.abc import Sequence
from datetime import date

from gradus.dossiers.models import Dossier, Evidence, Row
from gradus.grading.result import Result
from gradus.grading.scheme import Column, Edition


def ends(edition: Edition, table: str) -> Sequence[Column]:
    """The columns of a table that say until when its row holds: days of which a later one would be better. The last
    day of somebody who left says no such thing."""
    return [column for column in edition.tables[table].columns if (column.type, column.better) == ("date", "later")]


def has_expired(edition: Edition, row: Row, day: date) -> bool:
    """Whether a row's own last day has passed. ISO dates compare as text."""
    return any("" < row.cells.get(column.id, "") < day.isoformat() for column in ends(edition, row.table))


def expired_rows(edition: Edition, dossier: Dossier, day: date) -> dict[str, list[int]]:
    """By table, the numbers of the rows whose own last day has passed."""
    found: dict[str, list[int]] = {}
    tables = [table for table in edition.tables if ends(edition, table)]
    rows = Row.objects.filter(dossier=dossier, table__in=tables, removed_at__isnull=True)
    for table in tables:
        own = rows.filter(table=table).order_by("position", "id")
        numbers = [number for number, row in enumerate(own, 1) if has_expired(edition, row, day)]
        if numbers:
            found[table] = numbers
    return found


def expired_papers(result: Result, dossier: Dossier, day: date) -> dict[str, tuple[date, list[int]]]:
    """The files that the dossier's list of documents names and whose last day has passed: that day, and the rows that
    name each."""
    where = result.edition.document_table
    if where is None:
        return {}
    ended = Evidence.objects.filter(client=dossier.client_id, removed_at__isnull=True, valid_until__lt=day)
    last_days = dict(ended.values_list("name", "valid_until"))
    at = result.edition.tables[where.table].position(where.file)
    found: dict[str, tuple[date, list[int]]] = {}
    for row in result.dossier.tables.get(where.table, ()):
        name = str(row.cells[at] or "").replace("\\", "/")
        if name in last_days:
            found.setdefault(name, (last_days[name], []))[1].append(row.number)
    return found
