# SPDX-License-Identifier: Apache-2.0
"""What differs between two states of a dossier's tables, row by row: added, changed, removed.

Rows of a table with a key are the same row when the key is the same. In a table without one, equal rows are the same;
of the others those are paired that agree in most cells, at least in half, so that a corrected cell is a change and not
a row removed and another added.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradus.grading.scheme import Edition, Table

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """A row that is there: its id (0 where it has none), version, number in its table, and cells."""

    id: int
    version: int
    number: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class TableDifference:
    """``changed`` pairs a row that is there with the cells it shall have."""

    table: str
    added: tuple[Cells, ...]
    changed: tuple[tuple[Known, Cells], ...]
    removed: tuple[Known, ...]

    @property
    def count(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)


def differences(
    edition: Edition, there: Mapping[str, Sequence[Known]], wanted: Mapping[str, Sequence[Cells]]
) -> tuple[TableDifference, ...]:
    """What would change, for the tables in which anything would."""
    every = (_of_table(table, there.get(table.id, ()), wanted.get(table.id, ())) for table in edition.tables.values())
    return tuple(each for each in every if each.count)


def _of_table(table: Table, there: Sequence[Known], wanted: Sequence[Cells]) -> TableDifference:
    key = next((column.id for column in table.columns if column.key), "")
    theirs = {column.id for column in table.columns if column.for_assessor}
    old = [Known(row.id, row.version, row.number, _without(row.cells, theirs)) for row in there]
    new = [_without(row, theirs) for row in wanted]
    pairs: list[tuple[int, int]] = []
    if table.single:
        pairs = [(0, 0)] if old and new else []
    else:
        pairs = _by_cells(old, new)
        if key:
            pairs += _by_key(old, new, key, pairs)
        else:
            pairs += _by_likeness(old, new, pairs)
    olds, news = {at for at, _ in pairs}, {at for _, at in pairs}
    return TableDifference(
        table.id,
        tuple(row for at, row in enumerate(new) if at not in news),
        tuple((old[one], new[other]) for one, other in sorted(pairs) if old[one].cells != new[other]),
        () if table.single else tuple(row for at, row in enumerate(old) if at not in olds),
    )


def _without(cells: Cells, columns: set[str]) -> Cells:
    return {name: text for name, text in cells.items() if name not in columns and text}


def _by_cells(old: Sequence[Known], new: Sequence[Cells]) -> list[tuple[int, int]]:
    """Equal rows, each used once, in order."""
    waiting: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for at, row in enumerate(old):
        waiting.setdefault(tuple(sorted(row.cells.items())), []).append(at)
    pairs = []
    for at, cells in enumerate(new):
        found = waiting.get(tuple(sorted(cells.items())))
        if found:
            pairs.append((found.pop(0), at))
    return pairs


def _by_key(
    old: Sequence[Known], new: Sequence[Cells], key: str, paired: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    olds, news = {at for at, _ in paired}, {at for _, at in paired}
    waiting: dict[str, list[int]] = {}
    for at, row in enumerate(old):
        if at not in olds and row.cells.get(key):
            waiting.setdefault(row.cells[key], []).append(at)
    pairs = []
    for at, cells in enumerate(new):
        found = waiting.get(cells.get(key, ""))
        if at not in news and found:
            pairs.append((found.pop(0), at))
    return pairs


def _by_likeness(
    old: Sequence[Known], new: Sequence[Cells], paired: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The most alike first. Only rows that share a cell's text are compared, so that long tables stay quick."""
    olds, news = {at for at, _ in paired}, {at for _, at in paired}
    holders: dict[tuple[str, str], list[int]] = {}
    for at, row in enumerate(old):
        if at not in olds:
            for item in row.cells.items():
                holders.setdefault(item, []).append(at)
    likes: list[tuple[int, int, int]] = []
    for at, cells in enumerate(new):
        if at in news:
            continue
        shared: dict[int, int] = {}
        for item in cells.items():
            for other in holders.get(item, ()):
                shared[other] = shared.get(other, 0) + 1
        likes += [
            (-same, other, at) for other, same in shared.items() if 2 * same >= max(len(cells), len(old[other].cells))
        ]
    pairs, used_old, used_new = [], set(olds), set(news)
    for _, one, other in sorted(likes):
        if one not in used_old and other not in used_new:
            pairs.append((one, other))
            used_old.add(one)
            used_new.add(other)
    return pairs
