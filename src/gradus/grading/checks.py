# SPDX-License-Identifier: Apache-2.0
"""Cross-checks of a dossier: the edition's own rules, and what every dossier is checked for. Warnings never change a
grade."""

import re
from datetime import date
from fractions import Fraction

from gradus.grading.dossier import Dossier, Row
from gradus.grading.evaluate import Evaluator, Trail
from gradus.grading.faults import Fault, Place
from gradus.grading.grade import declared_as_of, programs
from gradus.grading.identifiers import resident_id_valid
from gradus.grading.papers import Check
from gradus.grading.rows import prepare
from gradus.grading.scheme import Cell, Edition, Table

_BLANK = re.compile(r"\{([A-Za-z0-9_]+)\}")


def check_dossier(run: Evaluator, dossier: Dossier) -> tuple[list[Fault], list[Fault]]:
    """What contradicts in a dossier: (errors, warnings)."""
    errors: list[Fault] = []
    warnings = [*_date_differs(run, dossier), *_files_missing(run, dossier), *_identity_numbers(run, dossier)]
    for check in run.edition.checks:
        faults = _failures(run, dossier, check)
        (errors if check.error else warnings).extend(faults)
    return errors, warnings


def check_rows(edition: Edition, table: str, rows: tuple[Row, ...], day: date) -> list[Fault]:
    """What the edition's own rules find in rows of one table that stand in no dossier, on a day."""
    tables: dict[str, tuple[Row, ...]] = {**dict.fromkeys(edition.tables, ()), table: rows}
    dossier = Dossier("", tables, None)
    run = Evaluator(programs(edition), prepare(edition, dossier, frozenset()), day)
    return [fault for check in edition.checks if check.table == table for fault in _failures(run, dossier, check)]


def _failures(run: Evaluator, dossier: Dossier, check: Check) -> list[Fault]:
    table = run.edition.tables[check.table]
    program = run.programs.select(check.must.root, credit=False)
    values = run.hoist(program.hoisted, 0, Trail())
    if values is None:
        return []
    failed = set(program.run(run.prepared.tables[check.table], values)[1])
    rows = [row for row in dossier.tables[check.table] if row.number in failed]
    return [
        Fault(
            "check.failed",
            Place(table=check.table, row=row.number, field=check.at),
            {
                "rule": check.id,
                "said_zh": _filled(check.text.zh, table, row),
                "said_en": _filled(check.text.en, table, row),
            },
        )
        for row in rows
    ]


def _filled(text: str, table: Table, row: Row) -> str:
    """The words of a check with the row's cells in their blanks."""
    cells = {column.id: cell for column, cell in zip(table.columns, row.cells, strict=True)}
    return _BLANK.sub(lambda found: cell_text(cells[found[1]]) if found[1] in cells else found[0], text)


def cell_text(cell: Cell) -> str:
    """A cell as a person would write it: exact, never rounded."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Fraction):
        return decimal_text(cell)
    return str(cell)


def decimal_text(number: Fraction) -> str:
    """An exact number as a decimal; as a fraction when it has no finite decimals."""
    rest, digits = number.denominator, 0
    while rest > 1 and digits < 40:
        digits += 1
        rest = (number * 10**digits).denominator
    if rest > 1:
        return f"{number.numerator}/{number.denominator}"
    whole = abs(number.numerator) * 10**digits // number.denominator
    text = str(whole).rjust(digits + 1, "0")
    text = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return f"-{text}" if number < 0 else text


def _date_differs(run: Evaluator, dossier: Dossier) -> list[Fault]:
    declared = declared_as_of(run.edition, dossier)
    if declared == run.as_of:
        return []
    table, column = run.edition.as_of
    params = {"declared": declared.isoformat(), "as_of": run.as_of.isoformat()}
    return [Fault("check.as_of_differs", Place(table=table, row=dossier.tables[table][0].number, field=column), params)]


def _files_missing(run: Evaluator, dossier: Dossier) -> list[Fault]:
    """Documents whose file is not there; they count as declared."""
    listed = run.edition.document_table
    if listed is None or not dossier.tables[listed.table]:
        return []
    rows = dossier.tables[listed.table]
    if dossier.evidence is None:
        return [Fault("check.no_evidence_folder", Place(table=listed.table), {"count": str(len(rows))})]
    at = run.edition.tables[listed.table].position(listed.file)
    return [
        Fault(
            "check.file_missing",
            Place(table=listed.table, row=row.number, field=listed.file),
            {"file": str(row.cells[at])},
        )
        for row in rows
        if row.cells[at] is not None and str(row.cells[at]).replace("\\", "/") not in dossier.evidence
    ]


def _identity_numbers(run: Evaluator, dossier: Dossier) -> list[Fault]:
    """Texts that are identity numbers of residents. No dossier needs one, and whoever reads it would read that number
    too: people are called by what the client calls them. The number is not said again."""
    return [
        Fault("check.identity_number", Place(table=table.id, row=row.number, field=column.id))
        for table in run.edition.tables.values()
        for at, column in enumerate(table.columns)
        if column.type == "text"
        for row in dossier.tables[table.id]
        if isinstance(cell := row.cells[at], str) and resident_id_valid(cell)
    ]
