# SPDX-License-Identifier: Apache-2.0
"""The rows for which a veto holds, the day of each, and when it stops counting."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from gradus.grading import expressions as ex
from gradus.grading.calendar import plus_months
from gradus.grading.evaluate import Evaluator
from gradus.grading.expressions import Node
from gradus.grading.result import Facts, VetoEvent
from gradus.grading.rows import FIRST_CELL, NEVER, PreparedRow
from gradus.grading.scheme import Edition


def veto_events(run: Evaluator, facts: Iterable[Facts]) -> tuple[VetoEvent, ...]:
    """The rows that were counted, each once, with what the conditions of their population tell of time."""
    events: dict[tuple[str, int], VetoEvent] = {}
    for leaf in facts:
        nodes = tuple(_conditions(run.edition, leaf.population))
        counted = set(leaf.counted if leaf.credited is None else leaf.credited)
        for row in run.prepared.tables[leaf.table]:
            if row[0] in counted:
                day, ends_on = _day(nodes, row), _ends_on(nodes, row)
                events.setdefault((leaf.table, row[0]), VetoEvent(leaf.table, leaf.population, row[0], day, ends_on))
    return tuple(events.values())


def _conditions(edition: Edition, name: str) -> Iterator[Node]:
    """What a row fulfils to be in a population, part by part."""
    while name in edition.populations:
        left = [each.formula.root for each in reversed(edition.populations[name].where)]
        while left:
            node = left.pop()
            if isinstance(node, ex.Both) and node.every:
                left.extend(reversed(node.items))
            else:
                yield node
        name = edition.populations[name].parent


def _day(nodes: Iterable[Node], row: PreparedRow) -> date | None:
    """The first date that the conditions read."""
    left = [*reversed(tuple(nodes))]
    while left:
        node = left.pop()
        if isinstance(node, ex.Cell) and not node.outer and node.type == ex.DATE:
            return _date(row, node)
        left.extend(reversed(ex.parts(node)))
    return None


def _ends_on(nodes: Iterable[Node], row: PreparedRow) -> date | None:
    """The first day on which one of the windows has passed over the row; None without a window."""
    ends = []
    for node in nodes:
        match node:
            case ex.Member(item=ex.Cell() as cell, container=ex.Window(months=months), negated=False):
                day = _date(row, cell)
                if day is not None:
                    ends.append(_passed(day, months))
    return min(ends, default=None)


def _date(row: PreparedRow, cell: ex.Cell) -> date | None:
    ordinal = row[FIRST_CELL + cell.index]
    return None if ordinal is None or ordinal == NEVER else date.fromordinal(ordinal)


def _passed(day: date, months: int) -> date:
    """The first as-of date whose window no longer holds the day: months back from it is that day or later."""
    end = plus_months(day, months)
    while plus_months(end, -months) < day and end < date.max:  # a shorter month: 29 Feb is passed on 1 March
        end += timedelta(days=1)
    return end
