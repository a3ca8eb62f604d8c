# SPDX-License-Identifier: Apache-2.0
"""From a result's JSON back to what it was graded from, or the reason why not, with the path of what is wrong.

A program wrote the result, so anything that it would not write was altered; the first such thing is told.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from gradus.formats.editions import content_hash, edition_from_content
from gradus.formats.result_json import FORMAT, Json, dumps
from gradus.formats.wording import known, say
from gradus.formats.yaml_tree import from_plain
from gradus.grading.dossier import Dossier, Row
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Cell, Column, Edition, Table
from gradus.grading.validate import validate

FIRST_YEAR, LAST_YEAR = 1950, 2150

_DECIMAL = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400}|/0*[1-9][0-9]{0,400})?")
_MOST = 10**24  # what a dossier's cell can hold

Rejected = frozenset[tuple[str, int]]


def read_result(text: str) -> tuple[Edition, Dossier, date, Rejected, list[Fault], Json]:
    """What a result was graded from: edition, dossier, as-of date, rejected rows, its reader's notices; and itself.

    Raises Refusal when the text is not a result, or when its edition is not the one its hash names.
    """
    data = parse_result(text)
    edition = edition_of(data)
    return edition, *facts_of(data, edition), data


def parse_result(text: str) -> Json:
    """The result as JSON. Raises Refusal."""
    try:
        data = json.loads(text)
        dumps(data)  # what can be read but not written is nested too deep
    except json.JSONDecodeError as error:
        raise Refusal([Fault("result.not_json", params={"position": str(error.pos + 1)})]) from None
    except (ValueError, RecursionError):
        raise Refusal([Fault("result.beyond_bounds")]) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Refusal([Fault("result.format", params={"expected": FORMAT})])
    return data


def edition_of(data: Json) -> Edition:
    """The edition that a result carries. Raises Refusal when it is not the one its hash names."""
    given = _At(data).key("edition")
    return _edition(json.dumps(given.key("content").mapping()), given.key("hash").text())


@lru_cache(maxsize=8)
def _edition(content: str, stated: str) -> Edition:
    """Many results of one edition check it once. The hash comes first: an altered edition is altered, not faulty."""
    data = json.loads(content)
    plain = from_plain(data, []).plain()
    found = content_hash(plain if isinstance(plain, dict) else {})
    if found != stated:
        raise Refusal([Fault("result.hash", params={"given": stated, "found": found})])
    return edition_from_content(data)


def facts_of(data: Json, edition: Edition) -> tuple[Dossier, date, Rejected, list[Fault]]:
    """The dossier, the as-of date, the rejected rows and the reader's notices. Raises Refusal."""
    root = _At(data)
    dossier = _dossier(root.key("dossier"), edition)
    faults = validate(edition, dossier.tables)
    if faults:
        raise Refusal(faults)
    rejected = frozenset(_rejected(each, edition, dossier) for each in root.key("rejected").items())
    notices = [_notice(each) for each in root.key("warnings").items() if _is_notice(each)]
    return dossier, root.key("as_of").day(), rejected, notices


def sensible_day(text: str) -> date:
    """A date for which every window exists. Raises ValueError."""
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{text}: {FIRST_YEAR}-{LAST_YEAR}")
    return day


@dataclass(frozen=True, slots=True)
class _At:
    """A value of the result and its path; what is asked of it is there, or a Refusal says what is."""

    value: object
    path: str = ""

    def wrong(self, what: str, **blanks: str) -> Refusal:
        words = {f"expected_{language}": say(f"result.{what}", language, blanks) for language in ("zh", "en")}
        given = json.dumps(self.value, ensure_ascii=False)
        return Refusal([Fault("result.wrong", params={"path": self.path, "value": given, **words})])

    def mapping(self) -> Json:
        if not isinstance(self.value, dict):
            raise self.wrong("an_object")
        return self.value

    def key(self, name: str) -> "_At":
        path = f"{self.path}.{name}" if self.path else name
        if name not in self.mapping():
            raise Refusal([Fault("result.missing", params={"path": path})])
        return _At(self.mapping()[name], path)

    def items(self) -> list["_At"]:
        if not isinstance(self.value, list):
            raise self.wrong("a_list")
        return [_At(each, f"{self.path}[{index}]") for index, each in enumerate(self.value)]

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.wrong("a_text")
        return self.value

    def whole(self, least: int = 1 - _MOST) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool) or not least <= self.value < _MOST:
            raise self.wrong("a_row_number" if least >= 0 else "a_whole_number")
        return self.value

    def day(self) -> date:
        years = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        day = self._date("a_day", **years)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise self.wrong("a_day", **years)
        return day

    def cell(self, column: Column) -> Cell:
        value = self.value
        if value is None:
            return None
        match column.type:
            case "decimal":
                if isinstance(value, str) and _DECIMAL.fullmatch(value) and abs(Fraction(value)) < _MOST:
                    return Fraction(value)
                raise self.wrong("a_decimal")
            case "integer":
                return self.whole()
            case "date":
                return self._date("a_date")
            case "boolean":
                if isinstance(value, bool):
                    return value
                raise self.wrong("a_boolean")
            case _:
                return self.text()

    def _date(self, what: str, **blanks: str) -> date:
        try:
            day = date.fromisoformat(str(self.value))
        except ValueError:
            raise self.wrong(what, **blanks) from None
        if day.isoformat() != self.value:
            raise self.wrong(what, **blanks)
        return day


def _dossier(given: _At, edition: Edition) -> Dossier:
    tables = given.key("tables")
    for name in tables.mapping():
        if name not in edition.tables:
            raise _At(name, tables.path).wrong("one_of", expected=", ".join(edition.tables))
    rows = {
        table.id: _rows(tables.key(table.id), table) if table.id in tables.mapping() else ()
        for table in edition.tables.values()
    }
    evidence = given.key("evidence")
    files = None if evidence.value is None else frozenset(each.text() for each in evidence.items())
    return Dossier(given.key("name").text(), rows, files)


def _rows(given: _At, table: Table) -> tuple[Row, ...]:
    columns = given.key("columns")
    ids = [column.id for column in table.columns]
    if columns.value != ids:
        raise columns.wrong("these", expected=", ".join(ids))
    rows = []
    for each in given.key("rows").items():
        cells = each.items()
        if len(cells) != 1 + len(ids):
            raise each.wrong("a_row", count=str(len(ids)))
        read = tuple(cell.cell(column) for cell, column in zip(cells[1:], table.columns, strict=True))
        rows.append(Row(cells[0].whole(1), read))
    if any(row.number >= later.number for row, later in pairwise(rows)):
        raise given.key("rows").wrong("rising_numbers")
    return tuple(rows)


def _rejected(given: _At, edition: Edition, dossier: Dossier) -> tuple[str, int]:
    known_rows = {
        (table.id, row.number)
        for table in edition.tables.values()
        if table.rejectable
        for row in dossier.tables[table.id]
    }
    pair = tuple(each.value for each in given.items())
    for table, row in known_rows:
        if pair == (table, row):
            return table, row
    raise given.wrong(
        "a_rejected_row", expected=", ".join(each.id for each in edition.tables.values() if each.rejectable)
    )


def _is_notice(given: _At) -> bool:
    """Whether it tells how the dossier was read; what the edition's checks say is found again by grading."""
    return not given.key("code").text().startswith("check.")


def _notice(given: _At) -> Fault:
    code = given.key("code")
    if not known(code.text()):
        raise code.wrong("a_code")
    params = given.key("params")
    blanks = {name: params.key(name).text() for name in params.mapping()}
    place = Place(table=given.key("table").text(), row=given.key("row").whole(0), field=given.key("column").text())
    return Fault(code.text(), place, blanks)
