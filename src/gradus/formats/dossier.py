# SPDX-License-Identifier: Apache-2.0
"""A dossier from disk: a workbook or a folder of CSV files, and the evidence folder beside it.

Everything that is wrong is found in one pass: what can not be read, and what the edition's tables do not allow. Nothing
is half accepted.
"""

import os
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from gradus.formats.cells import unkeepable
from gradus.formats.dossier_csv import read_csv
from gradus.formats.dossier_names import table_names
from gradus.formats.dossier_rows import Reading
from gradus.formats.dossier_xlsx import read_workbook
from gradus.formats.files import problem
from gradus.grading.dossier import Dossier
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Edition, Table
from gradus.grading.validate import validate, written

evidence_folder = "evidence"

_WORKBOOKS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".et"}  # those that can not be read are refused in words
_SYSTEM_FILES = {"thumbs.db", "desktop.ini", "__macosx"}


def read_dossier(path: Path, edition: Edition) -> tuple[Dossier, tuple[Fault, ...]]:
    """The dossier and what its sender should know about how it was read; raises a Refusal with every fault."""
    try:
        return _read(path, edition)
    except OSError as error:
        raise Refusal([Fault("file.not_read", Place(path.name), problem(error))]) from None


def _read(path: Path, edition: Edition) -> tuple[Dossier, tuple[Fault, ...]]:
    reading = Reading()
    files, workbook = _find(path, reading)
    if workbook is not None:
        read_workbook(workbook, edition.tables, reading)
    else:
        _read_csv_files(files, edition.tables, reading)
    faults = reading.faults + validate(edition, reading.tables, frozenset(reading.broken))
    if faults:
        raise Refusal(_in_order(faults, edition.tables))
    folder = path if path.is_dir() else path.parent
    tables = {table: reading.tables.get(table, ()) for table in edition.tables}
    name = path.resolve().name if path.is_dir() else path.stem
    dossier = Dossier(name, tables, read_evidence(folder / evidence_folder), reading.source)
    return dossier, tuple(_in_order(reading.notices, edition.tables))


@dataclass(frozen=True, slots=True)
class Typed:
    """A workbook under construction: by table that it has a sheet for the text of every row's cells, plain where it
    could be read, else as it was typed; and what its reader noticed."""

    rows: Mapping[str, Sequence[Mapping[str, str]]]
    notices: tuple[Fault, ...]


def read_as_typed(path: Path, edition: Edition, name: str = "") -> Typed:
    """A workbook whose cells may still be wrong: what can not be read is kept as typed, to be mended online.

    Raises a Refusal when the file itself, a sheet or a heading can not be read, so that nothing is lost unseen, and
    when a cell holds what could not be kept (a workbook can write any character as its code). The file is called by
    ``name`` where it was sent under another than it lies here.
    """
    reading = Reading()
    read_workbook(path, edition.tables, reading, name)
    hopeless = [
        fault for fault in reading.faults if not _is_of_a_cell(fault) or unkeepable(fault.params.get("value", ""))
    ]
    if hopeless:
        raise Refusal(_in_order(hopeless, edition.tables))
    as_typed = {
        (fault.place.table, fault.place.row, fault.place.field): fault.params["value"]
        for fault in reading.faults
        if "value" in fault.params and fault.code not in _NOT_TYPED
    }
    rows = {
        table.id: [
            {
                column.id: text
                for column, cell in zip(table.columns, row.cells, strict=True)
                if (text := written(cell) or as_typed.get((table.id, row.number, column.id), ""))
            }
            for row in reading.tables.get(table.id, ())
        ]
        for table in edition.tables.values()
        if table.id in reading.source
    }
    return Typed(rows, tuple(_in_order(reading.notices, edition.tables)))


def _is_of_a_cell(fault: Fault) -> bool:
    return bool(fault.place.row and fault.place.field and fault.place.table)


_NOT_TYPED = {"dossier.merged_cells", "dossier.formula_without_value", "dossier.error_value"}
"""Faults of a cell whose value names where it stands, not what somebody typed."""


def _find(path: Path, reading: Reading) -> tuple[list[Path], Path | None]:
    """The CSV files, or the workbook, that hold the dossier's tables."""
    if not path.is_dir():
        if not path.exists():
            raise Refusal([Fault("dossier.not_found", Place(file=str(path)))])
        if path.suffix.lower() == ".csv":
            raise Refusal([Fault("dossier.single_csv", Place(file=path.name))])
        return [], path
    # By name alone: what is named as a table but is no file is refused when it is read, not passed over.
    files = sorted(each for each in path.iterdir() if not _is_hidden(each.name))
    tables = [each for each in files if each.suffix.lower() == ".csv"]
    workbooks = [each for each in files if each.suffix.lower() in _WORKBOOKS]
    names = {"value": ", ".join(each.name for each in workbooks)}
    if tables:
        if workbooks:
            reading.notices.append(Fault("dossier.workbook_ignored", params=names))
        return tables, None
    if not workbooks:
        raise Refusal([Fault("dossier.nothing_here", Place(file=path.name))])
    if len(workbooks) > 1:
        raise Refusal([Fault("dossier.several_workbooks", Place(file=path.name), names)])
    return [], workbooks[0]


def _read_csv_files(files: Sequence[Path], tables: Mapping[str, Table], reading: Reading) -> None:
    names = table_names("table", tables)
    for path in files:
        table = reading.table_named(path.stem, names, path.name)
        if table is not None:
            read_csv(path, tables[table], reading)


def read_evidence(folder: Path) -> frozenset[str] | None:
    """Paths of the files below the folder, with forward slashes, in composed Unicode; None when there is no folder."""
    if not folder.is_dir():
        return None
    found: set[str] = set()
    for where, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not _is_hidden(name)]
        below = PurePath(where).relative_to(folder)
        found.update((below / name).as_posix() for name in files if not _is_hidden(name))
    return frozenset(unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace")) for name in found)


def _is_hidden(name: str) -> bool:
    """Hidden files, a spreadsheet's lock files, and what operating systems leave behind."""
    return name.startswith((".", "~$")) or name.lower() in _SYSTEM_FILES


def _in_order(faults: Sequence[Fault], tables: Mapping[str, Table]) -> list[Fault]:
    """Files first, then by table, row and column as the edition and the reader's screen have them."""
    order = {table: at for at, table in enumerate(tables)}

    def position(fault: Fault) -> tuple[int, int, int]:
        place = fault.place
        if place.table not in tables:
            return -1, 0, 0
        columns = [column.id for column in tables[place.table].columns]
        return order[place.table], place.row, columns.index(place.field) if place.field in columns else -1

    return sorted(faults, key=position)
