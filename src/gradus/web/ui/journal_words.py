# SPDX-License-Identifier: Apache-2.0
"""Entries of the journal in words: who, in which appointment, did what; before and after where it may be seen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Dossier
from gradus.formats.result_words import outcome_of
from gradus.formats.wording import known, say
from gradus.grading.scheme import Column, Edition
from gradus.journal.kinds import Kind
from gradus.journal.models import Entry
from gradus.journal.queries import payload
from gradus.people.models import Organisation
from gradus.people.permissions import roles
from gradus.web.ui.cell_words import cell_words
from gradus.web.ui.templates import called, language, t

_FIRST_ROWS = 50

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Around:
    """What the entries of one page speak of: dossiers and organisations by id."""

    dossiers: Mapping[str, Dossier]
    organisations: Mapping[str, str]

    def dossier(self, entry: Entry) -> Dossier | None:
        subject, _, id_ = entry.subject.partition(":")
        return self.dossiers.get(id_) if subject == "dossier" else None


def entries_words(entries: Sequence[Entry], *, contents: bool) -> list[dict[str, object]]:
    """A page of entries. Without ``contents`` nothing is told of what a client's cells held."""
    around = _around(entries)
    return [_words(each, around, contents=contents) for each in entries]


def _around(entries: Sequence[Entry]) -> Around:
    subjects = {each.subject.partition(":")[2] for each in entries if each.subject.startswith("dossier:")}
    dossiers = Dossier.objects.filter(pk__in=subjects)
    homes = {each.appointment.partition("@")[2] for each in entries} | {each.organisation for each in entries}
    firms = Organisation.objects.filter(pk__in=homes - {""})
    names = {str(each.pk): called(each) for each in firms}
    return Around({str(each.pk): each for each in dossiers}, names)


def _words(entry: Entry, around: Around, *, contents: bool) -> dict[str, object]:
    said, dossier = payload(entry), around.dossier(entry)
    edition = edition_of(dossier) if dossier else None
    return {
        "sequence": entry.sequence,
        "at": entry.at,
        "who": entry.actor_name,
        "as": appointment_words(entry.appointment, around.organisations),
        "what": sentence_of(entry.kind, said, edition),
        "dossier": dossier,
        "organisation": around.organisations.get(entry.organisation, ""),
        "changes": _changes(said) if contents else [],
        "tables": _row_changes(said, edition) if contents and edition else [],
    }


def appointment_words(appointment: str, organisations: Mapping[str, str]) -> str:
    """``role@organisation`` in words; a role that is no more is named by its id."""
    role, _, organisation = appointment.partition("@")
    name = roles()[role].text[language()] if role in roles() else ""
    name = name or (t("journal.by_command") if role == "system" else role)
    home = organisations.get(organisation, "")
    return t("journal.role_at", role=name, organisation=home) if home else name


def kind_words(kind: str) -> str:
    """A kind of entry, for choosing it."""
    return t(f"journal.kind.{kind}")


def sentence_of(kind: str, said: Said, edition: Edition | None = None) -> str:
    """What was done, in one sentence."""
    code = f"journal.said.{_done(kind, said)}"
    if said.get("awaits_second"):
        code += ".proposed"
    elif said.get("replaces") and known(f"{code}.corrected"):
        code += ".corrected"
    return say(code, language(), {**_blanks(kind, said, edition), **_tally(said)})


def _done(kind: str, said: Said) -> str:
    """What a change of rows was: adding, removing, changing, or several of these; the kind itself for anything else."""
    if said.get("undoes"):
        return "undone"
    found = [name for name, count in _tally(said).items() if count != "0"]
    if kind != Kind.DOSSIER_ROWS_CHANGED or found == ["changed"] or not found:
        return kind
    return f"rows_{found[0]}" if len(found) == 1 else "rows_mixed"


def _tally(said: Said) -> dict[str, str]:
    """Of a change of rows, how many were added, changed and removed."""
    log = said.get("rows")
    kinds = [_kind_of(each) for each in log if isinstance(each, dict)] if isinstance(log, list) else []
    return {name: str(kinds.count(name)) for name in ("added", "changed", "removed")} if kinds else {}


def _kind_of(each: Said) -> str:
    return "added" if each["before"] is None else "removed" if each["after"] is None else "changed"


def _blanks(kind: str, said: Said, edition: Edition | None) -> dict[str, str]:
    """Everything plain that the entry holds, with ids in the words of roles, tables and outcomes."""
    blanks = {name: str(value) for name, value in said.items() if isinstance(value, str | int) and value != ""}
    blanks.setdefault("count", str(_count(said)))
    blanks.setdefault("page", "–")
    if said.get("role") in roles():
        blanks["role"] = roles()[str(said["role"])].text[language()]
    for name, kind_of_word in (("step", "step"), ("after", "state"), ("part", "part")):
        if known(f"{kind_of_word}.{said.get(name)}"):
            blanks[name] = t(f"{kind_of_word}.{said[name]}")
    if edition:
        tables = [said["table"]] if "table" in said else said.get("tables", ())
        blanks["said"] = t("report.comma").join(_table(edition, str(each)) for each in tables)
        if kind == Kind.DOSSIER_AIMED:
            blanks["after"] = outcome_of(edition, str(said["after"])).text[language()]
    return blanks


def _count(said: Said) -> int:
    """How many rows the entry is about."""
    rows, tables = said.get("rows", 0), said.get("tables", {})
    if isinstance(rows, list):
        return len(rows)
    return sum(len(each) for each in tables.values()) if isinstance(tables, dict) and tables else rows


def _table(edition: Edition, table: str) -> str:
    return edition.tables[table].text[language()] if table in edition.tables else table


def _changes(said: Said) -> list[dict[str, str]]:
    """Fields with before and after, as entries about people and evidence hold them."""
    before, after = said.get("before"), said.get("after")
    pairs: Iterable[tuple[str, Any, Any]]
    if isinstance(before, dict) and isinstance(after, dict):
        pairs = [(name, before.get(name), after.get(name)) for name in dict.fromkeys([*before, *after])]
    else:
        pairs = [
            (name, value["before"], value["after"])
            for name, value in said.items()
            if isinstance(value, dict) and {"before", "after"} <= set(value)
        ]
    return [
        {"name": _field(name), "before": _plain(name, old), "after": _plain(name, new)}
        for name, old, new in pairs
        if old != new
    ]


def _field(name: str) -> str:
    return t(f"journal.field.{name}") if known(f"journal.field.{name}") else name


def _plain(name: str, value: object) -> str:
    if name == "role" and value in roles():
        return roles()[str(value)].text[language()]
    if name == "file":
        return str(value)[:12]
    return t("report.comma").join(str(each) for each in value) if isinstance(value, list) else str(value or "")


def _row_changes(said: Said, edition: Edition) -> list[dict[str, object]]:
    """Rows before and after, by table; of very many the first, with how many there are."""
    logs = said.get("tables") if isinstance(said.get("tables"), dict) else {said.get("table"): said.get("rows")}
    assert isinstance(logs, dict)
    found = []
    for table, log in logs.items():
        rows = [each for each in log if isinstance(each, dict)] if isinstance(log, list) else []
        if rows and table in edition.tables:
            columns = {column.id: column for column in edition.tables[table].columns}
            shown = [_row_change(each, columns) for each in rows[:_FIRST_ROWS]]
            found.append({"name": _table(edition, table), "rows": shown, "more": max(len(rows) - _FIRST_ROWS, 0)})
    return found


def _row_change(each: Said, columns: Mapping[str, Column]) -> dict[str, object]:
    before, after = each["before"], each["after"]
    old, new = before or {}, after or {}
    cells = [
        {
            "column": column.text[language()],
            "before": cell_words(column, old.get(id_, "")),
            "after": cell_words(column, new.get(id_, "")),
        }
        for id_, column in columns.items()
        if old.get(id_, "") != new.get(id_, "")
    ]
    name = next((cell_words(columns[id_], text) for id_ in columns if (text := (new or old).get(id_))), "")
    return {"kind": _kind_of(each), "name": name, "cells": cells}
