# SPDX-License-Identifier: Apache-2.0
"""The papers of an edition: documents that are owed, cross-checks of a dossier, and the numbers of the process."""

import re

from gradus.formats.edition_ladder import stars
from gradus.formats.edition_parts import read_named
from gradus.formats.edition_tables import Tables, find_column
from gradus.formats.edition_tree import NO_FORMULA, check_blanks
from gradus.formats.fields import Fields
from gradus.formats.formulas import Formulas
from gradus.grading.expressions import BOOLEAN
from gradus.grading.names import Scope
from gradus.grading.papers import Check, DocumentKind, DocumentTable
from gradus.grading.scheme import Named, Option

_DOCUMENT_COLUMNS = {"kind": "text", "subject": "text", "file": "text", "issue_day": "date"}


def read_papers(root: Fields, formulas: Formulas, tables: Tables) -> dict[str, object]:
    """Documents, checks and the process, as keyword arguments of Edition."""
    stages, numbers = _process(root)
    return {
        "document_groups": tuple(each.option() for each in root.section("document_groups")),
        "documents": tuple(_document(each, formulas, tables) for each in root.section("documents")),
        "document_table": _document_table(root, tables),
        "checks": tuple(_check(each, formulas, tables) for each in root.section("checks")),
        "stages": stages,
        "process": numbers,
    }


def _document(fields: Fields, formulas: Formulas, tables: Tables) -> DocumentKind:
    per, subject = _subject(fields, formulas, tables)
    start = fields.need("from")
    never = start is not None and start.value == "null"
    return DocumentKind(
        id=fields.identifier(),
        text=fields.text(),
        group=fields.known("group", "document_groups", ""),
        from_level="" if never else fields.known("from", "levels"),
        stars=_owed_stars(fields),
        any_of=fields.string("any_of", ""),
        owed_when=formulas.under(fields, "owed_when", Scope(), BOOLEAN, required=False),
        also_owed_when=formulas.under(fields, "also_owed_when", Scope(), BOOLEAN, required=False),
        per=per,
        subject=subject,
        latest=fields.whole("latest", 0, 100),
        issued_in=fields.known("issued_in", "windows", ""),
        note=fields.optional_words("note"),
    )


def _owed_stars(fields: Fields) -> int:
    """With how many stars the document is owed; some outcome must have as many, or it never would be."""
    own, root = stars(fields) or 0, fields.findings.root
    there = [stars(each) for each in root.section("outcomes")]
    if own and own not in there and None not in there and root.ids("outcomes").complete:
        known = sorted({str(each) for each in there if each})
        fields.fault("scheme.no_such_stars", "stars", value=str(own), expected=", ".join(known) or "–")
    return own


def _subject(fields: Fields, formulas: Formulas, tables: Tables) -> tuple[str, str]:
    """Per what the document is owed, and which column names it."""
    per = fields.string("per", "")
    subject = fields.string("subject", None if per else "")
    names = formulas.names
    if per and per not in names.populations and per not in names.broken:
        if names.complete:
            fields.fault("scheme.no_such_population", "per", value=per, expected=", ".join(names.populations))
    elif per and subject and per in names.populations:
        find_column(tables, fields, "subject", names.populations[per], subject)
    elif subject and not per:
        fields.need("per")
    return per, subject


def _document_table(root: Fields, tables: Tables) -> DocumentTable | None:
    if "documents" in root.values:
        root.need("document_table")
    fields = root.fields("document_table", required=False)
    if fields is None:
        return None
    table = fields.string("table")
    values = {key: fields.string(key) for key in _DOCUMENT_COLUMNS}
    if table and table not in tables.tables:
        find_column(tables, fields, "table", table, "")
        return None
    for key, value in values.items():
        found = find_column(tables, fields, key, table, value) if table and value else None
        if found is not None and found.type != _DOCUMENT_COLUMNS[key]:
            fields.fault("scheme.column_type", key, value=value, type=found.type, expected=_DOCUMENT_COLUMNS[key])
    return DocumentTable(table, **values)


def _check(fields: Fields, formulas: Formulas, tables: Tables) -> Check:
    table, at = fields.string("table"), fields.string("at", "")
    must = None
    fields.need("must")
    if table in tables.tables:
        must = formulas.under(fields, "must", Scope(row=table), BOOLEAN)
        if at:
            find_column(tables, fields, "at", table, at)
        columns = [column.id for column in tables.tables[table].columns]
        if f"{table}." not in tables.broken:
            allowed = re.compile("|".join(map(re.escape, columns)))
            check_blanks(fields, allowed, ", ".join(f"{{{each}}}" for each in columns))
    elif table:
        find_column(tables, fields, "table", table, "")
    error = fields.choice("severity", ("error", "warning")) == "error"
    must = must or NO_FORMULA
    return Check(fields.identifier(), table, must, must.source, at, error, fields.text())


def _process(root: Fields) -> tuple[tuple[Option, ...], dict[str, Named]]:
    process = root.fields("process", required=False)
    if process is None:
        return (), {}
    stages = tuple(each.option() for each in process.section("stages"))
    numbers: dict[str, Named] = {}
    for fields in process.section("numbers"):
        fields.known("stage", "stages", "", owner=process)
        number = read_named(fields)
        if number is not None:
            numbers[number.id] = number
    return stages, numbers
