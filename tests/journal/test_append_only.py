# SPDX-License-Identifier: Apache-2.0
"""No row of an append-only table is put in the place of another, by its own key or by another that is unique."""

import pytest
from django.db import DatabaseError, connection, transaction

from gradus.applications.models import CaseStep, Involvement
from gradus.process.states import Step
from tests.applications.walk import open_case, recorded

VERB = "REPLACE INTO" if connection.vendor == "sqlite" else "INSERT INTO"
"""PostgreSQL has no REPLACE; there a second row under a key is refused as such."""


@pytest.fixture
def case(submitted):
    submission = submitted()
    made = open_case(submission, submission.submitted_at)
    with transaction.atomic():
        recorded(made, Step.ACCEPT_APPLICATION, made.changed_at)
    return made


def put(table, columns, row):
    """The row once more, as a client of the database would who asked for no recursive triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA recursive_triggers = OFF")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(f"{VERB} {table} ({columns}) SELECT {row} FROM {table} LIMIT 1")  # noqa: S608  raw on purpose
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA recursive_triggers = ON")


@pytest.mark.parametrize(
    ("table", "columns", "row"),
    [
        ("journal_entry", "*", "*"),
        ("applications_casestep", "*", "*"),
        (
            "applications_casestep", "id, case_id, number, step, before, after, at, account_id, said",
            "id + 1000, case_id, number, step, before, after, at, account_id, '{\"x\": 1}'",
        ),
        (
            "applications_involvement", "id, case_id, account_id, part, since",
            "id + 1000, case_id, account_id, part, since",
        ),
        ("dossiers_submission", "*", "*"),
    ],
)  # fmt: skip
def test_no_row_takes_the_place_of_another(case, table, columns, row):
    before = (list(CaseStep.objects.values_list()), list(Involvement.objects.values_list()))
    with connection.cursor() as cursor:
        names = ", ".join(f'"{each.name}"' for each in connection.introspection.get_table_description(cursor, table))
    put(table, names if columns == "*" else columns, names if row == "*" else row)
    assert (list(CaseStep.objects.values_list()), list(Involvement.objects.values_list())) == before


@pytest.mark.parametrize(
    ("table", "key"), [("journal_entry", "sequence"), ("dossiers_submission", "id"), ("applications_involvement", "id")]
)
def test_nor_by_the_number_that_sqlite_gives_a_row(case, table, key):
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        names = [each.name for each in connection.introspection.get_table_description(cursor, table)]
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  our own name
        before = cursor.fetchall()
    others = {"sequence": "sequence + 1000", "id": "id + 1000", "number": "number + 1000", "digest": "'f' || digest"}
    row = ", ".join(others.get(each, f'"{each}"') for each in names)
    put(table, ", ".join(["rowid", *(f'"{each}"' for each in names)]), f"rowid, {row}")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  as above
        assert cursor.fetchall() == before


def test_every_table_that_is_append_only_refuses_to_replace(db):
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = {name for (name,) in cursor.fetchall()}
    tables = {each.removesuffix("_update_refused") for each in names if each.endswith("_update_refused")}
    assert len(tables) > 40
    assert {f"{each}_replace_refused" for each in tables} <= names
