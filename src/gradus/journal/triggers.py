# SPDX-License-Identifier: Apache-2.0
"""Append-only in the database itself: triggers that refuse to change or remove a row, on SQLite and PostgreSQL."""

from collections.abc import Callable, Sequence

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
