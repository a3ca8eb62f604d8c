# SPDX-License-Identifier: Apache-2.0
"""The index of terms in both databases: SQLite's FTS5 over terms that are given to it whole, and in PostgreSQL an array
with a GIN index. (SQLite's own trigrams answer no query of two signs, and neither do PostgreSQL's.)

SQLite keeps no copy of the terms (``content=''``), so whoever removes some must say which.
"""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.backends.utils import CursorWrapper

from gradus.journal.migrating import Execute
from gradus.register.terms import Group

_FTS5 = "fts5(terms, content='', detail=none, columnsize=0, tokenize=\"ascii tokenchars '=:._-'\")"
_MAKE = {
    "sqlite": [f"CREATE VIRTUAL TABLE register_index USING {_FTS5}"],
    "postgresql": [
        "CREATE TABLE register_index (rowid bigint PRIMARY KEY, terms text[] NOT NULL)",
        "CREATE INDEX register_index_terms ON register_index USING gin (terms) WITH (fastupdate = off)",
    ],
}


def made() -> Execute:
    """A migration's step: an empty index."""
    return Execute(lambda vendor: _MAKE[vendor], lambda _vendor: ["DROP TABLE register_index"])


def put(entries: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Make entries findable by their terms."""
    with connection.cursor() as cursor:
        rows = [(entry, _written(terms)) for entry, terms in entries]
        cursor.executemany("INSERT INTO register_index (rowid, terms) VALUES (%s, %s)", rows)


def replace(entry: int, before: Sequence[str], after: Sequence[str]) -> None:
    """Make an entry findable by other terms."""
    with connection.cursor() as cursor:
        _remove(cursor, entry, before)
    put([(entry, after)])


def empty() -> None:
    """Forget every entry."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO register_index (register_index) VALUES ('delete-all')")
        else:
            cursor.execute("DELETE FROM register_index")


def condition(groups: Sequence[Group]) -> tuple[list[str], list[object]]:
    """SQL, and its parameters, for the rows of ``register_index`` with a term of every group."""
    if connection.vendor == "sqlite":
        every = " AND ".join(f"({' OR '.join(_quoted(term) for term in group)})" for group in groups)
        return ["register_index MATCH %s"], [every]
    one = [group[0] for group in groups if len(group) == 1]
    several = [list(group) for group in groups if len(group) != 1]
    # Array literals of text; && is "have some in common".
    conditions = ["i.terms @> %s::text[]"] * bool(one) + ["i.terms && %s::text[]"] * len(several)
    return conditions, [*([one] if one else []), *several]


def _remove(cursor: CursorWrapper, entry: int, terms: Sequence[str]) -> None:
    if connection.vendor == "sqlite":
        command = "INSERT INTO register_index (register_index, rowid, terms) VALUES ('delete', %s, %s)"
        cursor.execute(command, [entry, _written(terms)])
    else:
        cursor.execute("DELETE FROM register_index WHERE rowid = %s", [entry])


def _written(terms: Sequence[str]) -> object:
    return " ".join(terms) if connection.vendor == "sqlite" else list(terms)


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'
