# SPDX-License-Identifier: Apache-2.0
"""A table as it stands in a file (a header and raw cells) read as typed rows, whatever kind of file it came from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from gradus.formats.cells import Dialect, Reader, cell_reader, trim
from gradus.formats.dossier_names import Names, column_names, header_name, listed
from gradus.grading.dossier import Row
from gradus.grading.faults import Fault, Place
from gradus.grading.scheme import Cell, Column, Empty, Table
from gradus.grading.validate import WHOLE_TABLE, Broken

most_rows = 20_000


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's raw cells. ``body`` are its rows with their number in the file; the header is row 1.

    A raw cell is None, text, what a spreadsheet keeps (number, boolean, date, time), or a fault that stands for it.
    """

    table: Table
    file: str
    header: Sequence[object]
    body: Iterable[tuple[int, Sequence[object]]]


@dataclass(slots=True)
class Reading:
    """What has been read so far, and everything that is wrong with it. One object collects a whole dossier.

    ``named`` says under which name each table was found; ``broken`` holds cells that are there but could not be read,
    so that nothing else is said about them.
    """

    tables: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)
    broken: set[Broken] = field(default_factory=set)

    def refuse_table(self, table: str, *faults: Fault) -> None:
        """The table could not be read, or not all of it: what depends on all its rows is not judged."""
        self.faults += faults
        self.broken.add((table, *WHOLE_TABLE))

    def table_named(self, name: str, names: Names, file: str) -> str | None:
        """The table that a file or sheet holds. None when there is no such table, or it has been found already.

        The one that was probably meant is not called missing as well.
        """
        found = names.meant(name)
        if len(found) != 1:
            fault, probably = names.refusal(name)
            self.faults.append(replace(fault, place=Place(file=file)))
            self.broken.update((each, *WHOLE_TABLE) for each in probably if each not in self.named)
            return None
        table = found[0]
        if table in self.named:
            both = {"value": self.named[table], "other": name}
            self.refuse_table(table, Fault("dossier.table_twice", Place(file=file, table=table), both))
            return None
        self.named[table] = name
        return table


@dataclass(frozen=True, slots=True)
class _Head:
    """Where each column of the table stands in the file, and the positions that bear no name."""

    places: tuple[tuple[int, int, Column], ...]  # position in the file, position in the table, column
    nameless: tuple[int, ...]


def read_grid(grid: Grid, dialect: Dialect, reading: Reading) -> None:
    """Types every cell; adds the rows and everything that is wrong to the reading."""
    reading.tables[grid.table.id] = ()
    reading.source[grid.table.id] = grid.file
    head = _read_header(grid, reading)
    if not head.places:
        return
    readers = [(at, index, column.id, cell_reader(column, dialect)) for at, index, column in head.places]
    rows: list[Row] = []
    stray: dict[int, int] = {}
    for number, raw in grid.body:
        if is_label_row(raw, grid.table):
            where = Place(file=grid.file, table=grid.table.id, row=number)
            first = next(str(cell) for cell in raw if not is_blank(cell))
            reading.faults.append(Fault("dossier.labels_elsewhere", where, {"value": trim(first)}))
            continue
        cells = _read_row(grid, number, raw, readers, reading)
        for at in head.nameless:
            if at < len(raw) and not is_blank(raw[at]):
                stray.setdefault(at, number)
        if cells is not None:
            rows.append(Row(number, cells))
    for at, number in stray.items():
        where = Place(file=grid.file, table=grid.table.id, row=number)
        reading.faults.append(Fault("dossier.nameless_column", where, {"value": column_letters(at)}))
    if rows:
        _refuse_missing_columns(grid, head, rows, reading)
    reading.tables[grid.table.id] = tuple(rows)


def _read_row(
    grid: Grid,
    number: int,
    raw: Sequence[object],
    readers: Sequence[tuple[int, int, str, Reader]],
    reading: Reading,
) -> tuple[Cell, ...] | None:
    """The row's cells in the order of the table; None when nothing stands in it."""
    cells: list[Cell] = [None] * len(grid.table.columns)
    bare = True
    for at, index, column, read in readers:
        value = read(raw[at]) if at < len(raw) else None
        if value is None:
            continue
        bare = False
        if isinstance(value, Fault):
            reading.broken.add((grid.table.id, number, column))
            if not value.place.table:
                where = Place(file=grid.file, table=grid.table.id, row=number, field=column)
                reading.faults.append(replace(value, place=where))
        else:
            cells[index] = value
    return None if bare and all(map(is_blank, raw)) else tuple(cells)


def _read_header(grid: Grid, reading: Reading) -> _Head:
    where = Place(file=grid.file, table=grid.table.id, row=1)
    faults: list[Fault] = []
    names = column_names(grid.table)
    places: dict[str, tuple[int, int, Column]] = {}
    nameless: list[int] = []
    for at, raw in enumerate(grid.header):
        name = header_name(raw)
        if isinstance(raw, Fault):
            faults.append(replace(raw, place=replace(where, field=column_letters(at))))
        elif not name:
            nameless.append(at)
        elif len(found := names.meant(name)) != 1:
            faults.append(replace(names.refusal(name)[0], place=where))
        elif (column := found[0]) in places:
            second = {"value": column, "first": column_letters(places[column][0]), "second": column_letters(at)}
            faults.append(Fault("dossier.duplicate_column", where, second))
        else:
            places[column] = (at, grid.table.position(column), grid.table.column(column))
    if places:
        reading.faults += faults
    else:
        reading.refuse_table(grid.table.id, _no_header(grid, where))
    return _Head(tuple(places.values()), tuple(nameless))


def _no_header(grid: Grid, where: Place) -> Fault:
    there = ", ".join(name for raw in grid.header if (name := header_name(raw)))
    return Fault("dossier.no_header", where, {"value": there, **listed(column.id for column in grid.table.columns)})


def _refuse_missing_columns(grid: Grid, head: _Head, rows: Sequence[Row], reading: Reading) -> None:
    """A required column that is missing is told once, not once a row."""
    there = {column.id for _, _, column in head.places}
    for column in grid.table.columns:
        if column.empty is Empty.ERROR and column.id not in there:
            where = Place(file=grid.file, table=grid.table.id, row=1, field=column.id)
            reading.faults.append(Fault("dossier.missing_column", where))
            reading.broken.update((grid.table.id, row.number, column.id) for row in rows)


def is_label(raw: object, table: Table) -> bool:
    """A cell of a template's second row: # and the name of a column."""
    return isinstance(raw, str) and trim(raw).startswith("#") and _names_column(raw, table)


def is_label_row(raw: Sequence[object], table: Table) -> bool:
    """A template's second row: names of columns and nothing else, # before one of them. A row of facts that begins
    with # is none."""
    cells = [cell for cell in raw if not is_blank(cell)]
    return any(is_label(cell, table) for cell in cells) and all(_names_column(cell, table) for cell in cells)


def _names_column(raw: object, table: Table) -> bool:
    words = tuple(word for column in table.columns for word in (column.text.zh, column.text.en))
    return isinstance(raw, str) and trim(raw).lstrip("#").lstrip().startswith(words)


def is_blank(raw: object) -> bool:
    """Nothing stands in the cell, or only what no one can see."""
    return raw is None or (isinstance(raw, str) and not trim(raw))


def column_letters(at: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
