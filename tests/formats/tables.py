# SPDX-License-Identifier: Apache-2.0
"""A small edition's tables with every kind of column, a good dossier of them, and ways to write it to disk."""

import re
from datetime import datetime
from fractions import Fraction
from types import SimpleNamespace
from typing import cast

from openpyxl import Workbook

from gradus.formats.dossier import read_dossier
from gradus.formats.wording import _sentences, place, sentence
from gradus.grading.faults import Fault, Refusal
from gradus.grading.scheme import Column, Edition, Empty, Number, Option, Provenance, Scale, Table
from gradus.grading.texts import Text

ZERO = Fraction(0)


def column(name, type_="text", empty="error", unit="", **rules):
    return Column(name, Text(f"{name}的名称", f"The {name}"), type_, unit, Empty(empty), **rules)


def options(*ids):
    return tuple(Option(each, Text(f"{each}类", f"Kind {each}")) for each in ids)


def table(name, *columns, single=False):
    return Table(name, Text(f"{name}表", name.title()), single, rejectable=True, columns=columns)


FIRM = table(
    "firm",
    column("name", note=Text("与执照一致", "as on the licence")),
    column("asked_on", "date"),
    column("kind", empty="none", options=options("maker", "trader", "both-1")),
    column("capital", "decimal", "unknown", "CNY", minimum=ZERO),
    column("held", empty="none", options=options("low", "high")),
    column("held_since", "date", "none", with_column="held", not_after=("firm", "asked_on")),
    column("crossing", "boolean", "no"),
    single=True,
)
YEARS = table(
    "years",
    column("year", "integer", key=True, minimum=ZERO),
    column("revenue", "decimal", unit="CNY", minimum=ZERO),
    column("part", "decimal", "unknown", "CNY", minimum=ZERO, within="revenue"),
    column("profit", "decimal", "unknown", "CNY"),
)
PEOPLE = table(
    "people",
    column("person", key=True),
    column("skilled", "boolean"),
    column("from", "date"),
    column("until", "date", "no_end", not_after=("firm", "asked_on")),
    column("hours", "decimal", "unknown", "h", minimum=ZERO),
)
PAPERS = table(
    "papers",
    column("person", ref=("people", "person")),
    column("kind", options=options("pmp", "other")),
    column("number"),
    column("title", empty="none"),
)
POOLS = table(
    "pools",
    column("pool", key=True),
    column("elastic", "boolean"),
    column("installed", "decimal", above=ZERO),
    column("minutes", "decimal", "unknown", "min", unknown_where="elastic", minimum=ZERO),
)
MONTHS = table(
    "months",
    column("month", "date", key=True, first_of_month=True),
    column("events", "integer", minimum=ZERO),
    column("met", "integer", minimum=ZERO, within="events"),
    column("mark", "integer", "none", minimum=Fraction(1), maximum=Fraction(5)),
)
TABLES = {each.id: each for each in (FIRM, YEARS, PEOPLE, PAPERS, POOLS, MONTHS)}


RUBRIC = Scale("rubric", Text("评分标准", "Rubric"), options("absent", "partial", "whole"), (None, None, None))
GRADES = Scale(
    "grades", Text("档次", "Grades"), options("poor", "good"), (None, (True, Number(ZERO, Provenance.ASSUMED)))
)


def edition_of(tables):
    """As much of an edition as a dossier needs."""
    words = {"text": Text("小方案", "A small scheme"), "owner": Text("某机构", "Somebody")}
    scales = {each.id: each for each in (RUBRIC, GRADES)}
    return cast("Edition", SimpleNamespace(tables=tables, scales=scales, name="small/1", hash="0" * 64, **words))


EDITION = edition_of(TABLES)

GOOD = {
    "firm": "name,asked_on,kind,capital,held,held_since,crossing\n"
    "天工公司,2026-06-30,maker,1200000.5,low,2024-01-01,no\n",
    "years": "year,revenue,part,profit\n2025,515200000,412160000,-36064000.25\n2024,460000000,,\n",
    "people": "person,skilled,from,until,hours\nS1,yes,2018-04-25,,79.5\nS2,否,2020-01-01,2026-05-31,\n",
    "papers": 'person,kind,number,title\nS1,pmp,0012,\nS2,other,PMP 2,"高级, 工程师"\n',
    "pools": "pool,elastic,installed,minutes\n资源池1,yes,308,15.3\n资源池2,no,0.5,\n",
    "months": "month,events,met,mark\n2026-06-01,149,149,5\n2026-05-01,0,0,\n",
}


def moment(*parts):
    """A date and time as a spreadsheet holds it."""
    return datetime(*parts)  # noqa: DTZ001  it knows no zones


def write_folder(folder, **files):
    """The good dossier as CSV, but for the files named here: text or bytes, or None for a file that is not there."""
    folder.mkdir(exist_ok=True)
    for name, content in {**GOOD, **files}.items():
        if content is not None:
            (folder / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def write_workbook(path, **sheets):
    """A workbook of raw rows, a sheet each; what a row holds is what openpyxl writes."""
    book = Workbook()
    book.remove(book.active)
    firm = [["name", "asked_on"], ["天工公司", "2026-06-30"]]
    for name, rows in {"firm": firm, **sheets}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def rows_of(dossier, name):
    return [row.cells for row in dossier.tables[name]]


def told(faults):
    """Code and place of each fault; on the way, that each can be said in both languages with no blank left open."""
    for each in faults:
        for language in ("zh", "en"):
            assert place(each, EDITION, language) or not each.place.file
            assert sentence(each, language)
            blanks = re.findall(r"\{(\w+)\}", _sentences()[each.code][language])
            assert all(name in each.params or f"{name}_{language}" in each.params for name in blanks), each
    return [(each.code.removeprefix("dossier."), each.place.table, each.place.row, each.place.field) for each in faults]


def faults_of(path, edition=EDITION) -> tuple[Fault, ...]:
    """Every fault for which the dossier is refused; none when it is read."""
    try:
        read_dossier(path, edition)
    except Refusal as refusal:
        return refusal.faults
    return ()


def refused(path):
    return told(faults_of(path))
