# SPDX-License-Identifier: Apache-2.0
"""Every table of the platform as lines of text, and back again, in whichever database it lies.

The tables are those that the applied migrations made, so that a backup of an older version is read as what it was, and
an app that comes later is kept without being named here.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import CharField, Field, Model, QuerySet, TextField, Value
from django.db.models.functions import Collate
from django.db.models.options import Options
from django.db.models.sql import InsertQuery

from gradus.journal.canonical import canonical

Migrations = frozenset[tuple[str, str]]
"""Migrations as (app, name)."""

_LEFT_OUT = {"sessions.session"}  # whoever holds a session's key is signed in; people sign in again
_BATCH = 500


@contextmanager
def snapshot() -> Iterator[None]:
    """One moment of the database. Nobody waits for its reader: SQLite's log and PostgreSQL's versions see to it."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        connection.transaction_mode = "DEFERRED"  # a reader's; other transactions of the platform mean to write
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def applied() -> Migrations:
    """The migrations that have made the database what it is."""
    return frozenset(MigrationLoader(connection).applied_migrations)


def unknown(migrations: Migrations) -> Migrations:
    """Those of a newer version, or of apps that are not here."""
    return migrations - MigrationLoader(None).disk_migrations.keys()


def tables(migrations: Migrations) -> dict[str, type[Model]]:
    """The models of every table that the migrations made, by label."""
    loader = MigrationLoader(None)
    models = loader.project_state(_last(loader, migrations)).apps.get_models(include_auto_created=True)
    own = (each for each in models if _options(each).managed and not _options(each).proxy)
    return {label: each for each in own if (label := _options(each).label_lower) not in _LEFT_OUT}


def migrate_to(migrations: Migrations) -> None:
    """Make the tables of exactly these migrations in an empty database."""
    executor = MigrationExecutor(connection)
    executor.migrate(_last(executor.loader, migrations))


def lines(model: type[Model]) -> Iterator[bytes]:
    """A table's rows, a line of canonical JSON each, in an order that no database's language changes."""
    fields, key = _fields(model), _options(model).pk
    binary = "C" if connection.vendor == "postgresql" else "BINARY"
    order = Collate(key.attname, binary) if isinstance(key, CharField | TextField) else key.attname
    for row in QuerySet(model).order_by(order).iterator(chunk_size=_BATCH):
        yield canonical({field.attname: _plain(field, row) for field in fields}).encode() + b"\n"


@contextmanager
def unguarded(models: Iterable[type[Model]]) -> Iterator[None]:
    """While rows are written back, the database's own rules rest: they judge what is done, and this was done already.

    They are back, word for word, before the transaction ends.
    """
    names = [_options(model).db_table for model in models]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            quoted = [connection.ops.quote_name(name) for name in names]
            before, after = (
                [f"ALTER TABLE {name} {how} TRIGGER USER" for name in quoted] for how in ("DISABLE", "ENABLE")
            )
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
            there = cursor.fetchall()
            before = [f"DROP TRIGGER {connection.ops.quote_name(name)}" for name, _ in there]
            after = [sql for _, sql in there]
        for statement in before:
            cursor.execute(statement)
        yield
        connection.check_constraints()  # PostgreSQL changes no table about which it still has a question open
        for statement in after:
            cursor.execute(statement)


def clear(models: Iterable[type[Model]]) -> None:
    """Remove what the migrations themselves have written."""
    for model in models:
        if QuerySet(model).exists():
            QuerySet(model).delete()


def load(model: type[Model], rows: Iterable[bytes]) -> None:
    """Write a table's rows as they were, whatever a model would set when it is saved."""
    fields, rest = _fields(model), iter(rows)
    while batch := [_row(model, fields, line) for line in islice(rest, _BATCH)]:
        most = connection.ops.bulk_batch_size(fields, batch)
        for first in range(0, len(batch), most):
            query = InsertQuery(model)
            query.insert_values(fields, batch[first : first + most], raw=True)
            query.get_compiler(connection=connection).execute_sql()


def count_on(models: Iterable[type[Model]]) -> None:
    """Let the numbers of new rows follow those that are there."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def _last(loader: MigrationLoader, migrations: Migrations) -> list[tuple[str, str]]:
    """Of each app the migrations that no other of them builds on."""
    nodes = {each: loader.graph.node_map[each] for each in migrations if each in loader.graph.node_map}
    return sorted(
        key
        for key, node in nodes.items()
        if not any(child.key in nodes and child.key[0] == key[0] for child in node.children)
    )


def _options(model: type[Model]) -> Options:
    return model._meta  # noqa: SLF001  Django documents it


def _fields(model: type[Model]) -> list[Field]:
    return [field for field in _options(model).local_concrete_fields if not getattr(field, "generated", False)]


def _plain(field: Field, row: Model) -> object:
    value = field.value_from_object(row)
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return field.value_to_string(row)


def _row(model: type[Model], fields: list[Field], line: bytes) -> Model:
    cells = json.loads(line)
    return model(**{field.attname: _typed(field, cells[field.attname]) for field in fields})


def _typed(field: Field, value: object) -> object:
    if value is None:
        return None if field.null else Value(None, field)  # the null of JSON, which is a value
    return field.to_python(value)
