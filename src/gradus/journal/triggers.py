# SPDX-License-Identifier: Apache-2.0
"""Append-only in the database itself: triggers that refuse to change or remove a row, on SQLite and PostgreSQL."""

import re
from collections.abc import Callable, Iterator, Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from gradus.journal.migrating import Execute, Statements

_SQLITE = """
CREATE TRIGGER {table}_{event}_refused BEFORE {EVENT} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION gradus_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRESQL_ROW = """
CREATE TRIGGER {table}_changes_refused BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION gradus_append_only()
"""
_POSTGRESQL_TABLE = """
CREATE TRIGGER {table}_truncate_refused BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION gradus_append_only()
"""


def append_only(*tables: str) -> Execute:
    """A migration step that makes tables append-only."""
    return Execute(_statements(_make, tables), _statements(_drop, tables))


def _make(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [_POSTGRESQL_FUNCTION, _POSTGRESQL_ROW.format(table=table), _POSTGRESQL_TABLE.format(table=table)]
    return [_SQLITE.format(table=table, event=event, EVENT=event.upper()) for event in ("update", "delete")]


def _drop(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [f"DROP TRIGGER {table}_{what}_refused ON {table}" for what in ("changes", "truncate")]
    return [f"DROP TRIGGER {table}_{event}_refused" for event in ("update", "delete")]


def _statements(make: Callable[[str, str], list[str]], tables: Sequence[str]) -> Statements:
    return lambda vendor: [statement for table in tables for statement in make(vendor, table)]


class RefuseReplacing(Operation):
    """Refuse on SQLite to put a row of an append-only table in the place of another (``REPLACE INTO``). SQLite removes
    the other one without a word to the triggers, unless the client has asked for recursive ones. PostgreSQL knows no
    such thing. For every table that is append-only by now, or those named that came later; by each of its unique keys,
    and by the number that SQLite itself gives each row."""

    def __init__(self, *tables: str) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing that Django knows of changes."""

    def database_forwards(
        self, _app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_states: ProjectState
    ) -> None:
        for table, alike in self._guarded(schema_editor):
            there = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {each})" for each in alike)  # noqa: S608  our own
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_replace_refused", params=None)
            schema_editor.execute(
                f"CREATE TRIGGER {table}_replace_refused BEFORE INSERT ON {table} WHEN {there} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
                params=None,
            )

    def database_backwards(
        self, _app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_states: ProjectState
    ) -> None:
        for table, _ in self._guarded(schema_editor):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_replace_refused", params=None)

    def describe(self) -> str:
        return "Refuse replacing rows of append-only tables"

    def _guarded(self, editor: BaseDatabaseSchemaEditor) -> Iterator[tuple[str, list[str]]]:
        """The append-only tables, each with the conditions under which a row of it would make way for a NEW one."""
        if editor.connection.vendor != "sqlite":
            return
        with editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name = tbl_name || '_update_refused'"
            )
            for table in self.tables or [name for (name,) in cursor.fetchall()]:
                yield table, ["rowid = NEW.rowid", *(_same(*key) for key in _keys(cursor, table))]


# Asked of SQLite itself: Django's introspection parses the text of the tables, half of a new platform's first seconds.
_KEY = "SELECT name FROM pragma_table_info(%s) WHERE pk ORDER BY pk"
_UNIQUE = """
SELECT name, sql FROM pragma_index_list(%s) JOIN sqlite_master USING (name) WHERE "unique" AND origin <> 'pk'
"""
_COLUMNS = "SELECT name FROM pragma_index_info(%s) ORDER BY seqno"


def _keys(cursor: CursorWrapper, table: str) -> Iterator[tuple[list[str], str]]:
    """The columns of each key of a table, and the rows for which it holds when it does not hold for all."""

    def columns(statement: str, of: str) -> list[str]:
        cursor.execute(statement, [of])
        return [name for (name,) in cursor.fetchall()]

    yield columns(_KEY, table), ""
    cursor.execute(_UNIQUE, [table])
    for index, sql in cursor.fetchall():
        yield columns(_COLUMNS, index), (sql or "").partition(" WHERE ")[2]


def _same(columns: Sequence[str], only_where: str) -> str:
    """Whether a row and NEW have one key; a key that holds for some rows only, whether it holds for both."""
    both = [only_where, re.sub(r'"(\w+)"', r'NEW."\1"', only_where)] if only_where else []
    return " AND ".join([*(f'"{each}" = NEW."{each}"' for each in columns), *both])
