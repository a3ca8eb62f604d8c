# SPDX-License-Identifier: Apache-2.0
"""The evidence: which documents prove what a measure counts, cited by number, and the list of all of them."""

from collections.abc import Iterable, Sequence, Set

from gradus.formats.report_voice import Model, Voice
from gradus.grading.bounds import tables_read
from gradus.grading.checks import cell_text
from gradus.grading.dossier import Row
from gradus.grading.expressions import Expression
from gradus.grading.papers import DocumentKind
from gradus.grading.result import Facts
from gradus.grading.scheme import Edition, Table


def proofs(voice: Voice, measure: Expression, facts: Sequence[Facts], use: str) -> list[Row]:
    """The documents that a measure counts itself, and those about the rows it counts; noted as used by ``use``."""
    where = voice.edition.document_table
    if where is None:
        return []
    read = tables_read(voice.edition, measure)
    proving = {kind.id for kind in voice.edition.documents if _tables_proved(voice.edition, kind) <= read}
    kind_at = voice.edition.tables[where.table].position(where.kind)
    found: dict[int, Row] = {}
    for table, numbers in _rows_told(facts).items():
        rows = [row for row in voice.result.dossier.tables.get(table, ()) if row.number in numbers]
        if table != where.table:
            about = [
                each
                for name in _names_of_rows(voice, voice.edition.tables[table], rows, read)
                for each in voice.documents_by_subject.get(name, ())
            ]
            rows = [row for row in about if row.cells[kind_at] in proving]
        found.update((row.number, row) for row in rows)
    for number in found:
        voice.note_use(number, use)
    return [found[number] for number in sorted(found)]


def _rows_told(facts: Iterable[Facts]) -> dict[str, set[int]]:
    """By table, the rows with credit where some leaf over the table tells them apart, else the rows counted."""
    credited: dict[str, set[int]] = {}
    counted: dict[str, set[int]] = {}
    for each in facts:
        counted.setdefault(each.table, set()).update(each.counted)
        if each.credited is not None:
            credited.setdefault(each.table, set()).update(each.credited)
    return counted | credited


def _tables_proved(edition: Edition, kind: DocumentKind) -> Set[str]:
    """The tables of the facts that a kind of document proves: those that say for which rows it is owed.

    A certificate that is owed by those who are listed with one proves nothing to a count that asks for none.
    """
    found: set[str] = set()
    name = kind.per
    while name in edition.populations:
        population = edition.populations[name]
        found.add(population.table)
        found.update(table for each in population.where for table in tables_read(edition, each.formula))
        name = population.parent
    return found


def _names_of_rows(voice: Voice, table: Table, rows: Sequence[Row], read: Set[str]) -> list[str]:
    """What a document may name as its subject: the rows, and the rows of other tables read that refer to them."""
    names = [name for row in rows for name in _names(table, row)]
    there = set(names)
    for other in voice.edition.tables.values():
        for at, column in enumerate(other.columns):
            if other.id in read and column.ref and column.ref[0] == table.id:
                referring = (row for row in voice.result.dossier.tables.get(other.id, ()) if row.cells[at] in there)
                names += [name for row in referring for name in _names(other, row)]
    return list(dict.fromkeys(names))


def _names(table: Table, row: Row) -> list[str]:
    """A row's key and its own texts, such as the number of a certificate; not what it takes from elsewhere."""
    own = (
        cell_text(cell)
        for column, cell in zip(table.columns, row.cells, strict=True)
        if column.key or (column.type == "text" and not column.options and not column.ref)
    )
    return [name for name in own if name]


def cited(voice: Voice, rows: Sequence[Row]) -> str:
    """Documents by their kind and number; "" for none."""
    where = voice.edition.document_table
    if where is None:
        return ""
    kind_at = voice.edition.tables[where.table].position(where.kind)
    numbers: dict[str, list[int]] = {}
    for row in rows:
        numbers.setdefault(str(row.cells[kind_at]), []).append(voice.document_numbers[row.number])
    kinds = [
        voice.say("report.of_kind", kind=voice.kind_name(kind), count=str(len(each)), rows=voice.rows(each))
        for kind, each in numbers.items()
    ]
    return voice.listed(kinds)


def evidence_part(voice: Voice) -> Model:
    """Every document of the dossier by its number; those of a kind that prove the same stand together."""
    where = voice.edition.document_table
    if where is None or not voice.documents:
        return {}
    table = voice.edition.tables[where.table]
    kind_at = table.position(where.kind)
    owed = {number for line in voice.result.documents if line.owed_by for number in line.rows}
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in voice.documents.values():
        uses = voice.uses.get(row.number, [])
        unused = "report.proves_owed" if row.number in owed else "report.proves_nothing"
        proves = voice.say("report.proves", items=voice.listed(uses)) if uses else voice.say(unused)
        groups.setdefault((str(row.cells[kind_at]), proves), []).append(row)
    listed = [
        {"kind": voice.kind_name(kind), "proves": proves, "rows": [_document(voice, table, row) for row in rows]}
        for (kind, proves), rows in groups.items()
    ]
    about, issued = (voice.text(table.column(column).text) for column in (where.subject, where.issue_day))
    return {"about": about, "issued": issued, "groups": listed}


def _document(voice: Voice, table: Table, row: Row) -> Model:
    """A document of the list: its number, title (where a column holds one), file, and whom it is about."""
    where = voice.edition.document_table
    assert where is not None
    cells = {column.id: cell_text(cell) for column, cell in zip(table.columns, row.cells, strict=True)}
    known = (where.kind, where.subject, where.file, where.issue_day)
    titles = (cells[column.id] for column in table.columns if column.type == "text" and column.id not in known)
    file = cells[where.file]
    evidence = voice.result.dossier.evidence
    absent = evidence is not None and file.replace("\\", "/") not in evidence
    return {
        "number": f"E{voice.document_numbers[row.number]}",
        "row": str(row.number),
        "title": next((title for title in titles if title), ""),
        "file": file,
        "not_there": voice.say("report.file_not_there") if absent else "",
        "issued": cells.get(where.issue_day, ""),
        "subject": cells[where.subject],
    }
