# SPDX-License-Identifier: Apache-2.0
"""What has run out on a day: papers that the dossier lists, and rows whose own last day has passed."""

from collections.abc import Callable, Sequence
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
    tables = [table for table in edition.tables if ends(edition, table)]
    return _numbers(dossier, tables, lambda row: has_expired(edition, row, day))


def carried_rows(edition: Edition, dossier: Dossier) -> dict[str, list[int]]:
    """By table, the numbers of the rows that came from an earlier dossier and wait to be confirmed."""
    return _numbers(dossier, list(edition.tables), lambda row: row.carried)


def _numbers(dossier: Dossier, tables: Sequence[str], wanted: Callable[[Row], bool]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    counts: dict[str, int] = {}
    rows = Row.objects.filter(dossier=dossier, table__in=tables, removed_at__isnull=True)
    for row in rows.order_by("table", "position", "id"):
        number = counts[row.table] = counts.get(row.table, 0) + 1
        if wanted(row):
            found.setdefault(row.table, []).append(number)
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
