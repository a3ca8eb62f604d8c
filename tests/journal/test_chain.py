# SPDX-License-Identifier: Apache-2.0
"""The journal: the database refuses to change it, and who changes it nevertheless is found."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, connection, transaction

from gradus.journal import triggers
from gradus.journal.actions import entry_hash, genesis, record
from gradus.journal.actor import Actor, system
from gradus.journal.kinds import Kind
from gradus.journal.models import Entry, Head
from gradus.journal.queries import entries_about, entries_of, faults, payload

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, 9, 0, 0, 123456, tzinfo=UTC)
ANN = Actor("a-1", '安 "Ann" 𝔘', "office", "o-1")


def write(number=1, **more):
    with transaction.atomic():
        return record(Kind.DOSSIER_CREATED, ANN, AT + timedelta(minutes=number), {"number": number}, **more)


@pytest.fixture
def journal():
    return [write(number, organisation="o-1", subject=f"dossier:{number % 2}") for number in range(1, 6)]


@pytest.fixture
def unguarded(journal):
    """The database of somebody who may do anything to it: its rules are gone."""
    with connection.cursor() as cursor:
        for statement in triggers._drop(connection.vendor, "journal_entry"):
            cursor.execute(statement)


def found():
    return [(fault.code, dict(fault.params)) for fault in faults()]


def test_every_entry_names_its_predecessor(journal):
    assert [each.sequence for each in journal] == [1, 2, 3, 4, 5]
    assert [each.previous for each in journal] == [genesis, *(each.hash for each in journal[:-1])]
    head = Head.objects.get()
    assert (head.sequence, head.hash) == (5, journal[-1].hash)
    assert found() == []


def test_an_entry_is_told_as_it_was_recorded(journal):
    entry = Entry.objects.get(sequence=2)
    assert (entry.actor_name, entry.appointment, entry.at) == (ANN.name, "office@o-1", AT + timedelta(minutes=2))
    assert payload(entry) == {"number": 2}
    assert [each.sequence for each in entries_about("dossier:1")] == [5, 3, 1]
    assert [each.sequence for each in entries_of("o-1")] == [5, 4, 3, 2, 1]


def test_the_hash_is_of_the_instant_whatever_the_clock_it_was_read_from():
    with transaction.atomic():
        record(Kind.DOSSIER_CREATED, system, AT.astimezone(timezone(timedelta(hours=8))), {"文": "\u2028 \\ é"})
    assert found() == []


def test_no_entry_stands_outside_the_transaction_of_its_action():
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012  both belong to one action
        write()
        raise RuntimeError
    assert Entry.objects.count() == Head.objects.get().sequence == 0
    write()
    assert found() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET payload = '{}' WHERE sequence = 2",
        "UPDATE journal_entry SET sequence = 9 WHERE sequence = 5",
        "UPDATE journal_entry SET hash = hash",
        "DELETE FROM journal_entry WHERE sequence = 5",
        "DELETE FROM journal_entry",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(statement, journal):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert found() == []
    assert Entry.objects.count() == 5


def test_nor_does_it_replace_or_empty(journal):
    ways = {
        "sqlite": "REPLACE INTO journal_entry SELECT * FROM journal_entry WHERE sequence = 2",
        "postgresql": "TRUNCATE journal_entry",
    }
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ways[connection.vendor])
    for change in (Entry.objects.filter(sequence=1).delete, lambda: Entry.objects.update(kind="x")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert found() == []


FIELDS = {
    "at": AT,
    "kind": "dossier.submitted",
    "actor": "a-2",
    "actor_name": "Bo",
    "appointment": "office@o-2",
    "organisation": "o-2",
    "subject": "dossier:9",
    "payload": '{"number":7}',
    "previous": "f" * 64,
    "hash": "f" * 64,
}


@pytest.mark.parametrize("name", FIELDS)
def test_an_altered_entry_is_found_whatever_was_altered(name, unguarded):
    Entry.objects.filter(sequence=3).update(**{name: FIELDS[name]})
    assert ("journal.altered", {"sequence": "3"}) in found()


def test_every_field_of_an_entry_is_under_its_hash():
    assert {field.name for field in Entry._meta.get_fields()} == {*FIELDS, "sequence"}


def test_an_altered_entry_with_its_hash_made_anew_is_found_by_the_next(unguarded):
    entry = Entry.objects.get(sequence=3)
    entry.payload = '{"number":7}'
    Entry.objects.filter(sequence=3).update(payload=entry.payload, hash=entry_hash(entry))
    assert found() == [("journal.not_the_next", {"sequence": "4"})]


def test_removed_entries_are_found(unguarded):
    Entry.objects.filter(sequence__in=(2, 3)).delete()
    assert found() == [("journal.missing", {"first": "2", "last": "3"})]


def test_the_first_removed_is_found(unguarded):
    Entry.objects.filter(sequence=1).delete()
    assert found() == [("journal.missing", {"first": "1", "last": "1"})]


def test_a_removed_entry_whose_followers_were_moved_up_is_found(unguarded):
    Entry.objects.filter(sequence=2).delete()
    for sequence in (3, 4, 5):
        Entry.objects.filter(sequence=sequence).update(sequence=sequence - 1)
    assert ("journal.not_the_next", {"sequence": "2"}) in found()
    assert ("journal.cut", {"sequence": "4", "head": "5"}) in found()


def test_reordered_entries_are_found(unguarded):
    for old, new in ((2, 99), (3, 2), (99, 3)):
        Entry.objects.filter(sequence=old).update(sequence=new)
    assert {code for code, _ in found()} == {"journal.not_the_next", "journal.altered"}
    assert {blanks["sequence"] for _, blanks in found()} >= {"2", "3"}


def test_a_cut_end_is_found(unguarded):
    Entry.objects.filter(sequence__gt=3).delete()
    assert found() == [("journal.cut", {"sequence": "3", "head": "5"})]


def test_an_emptied_journal_is_found(unguarded):
    Entry.objects.all().delete()
    assert found() == [("journal.cut", {"sequence": "0", "head": "5"})]


def test_a_lost_head_is_found(journal):
    Head.objects.all().delete()
    assert found() == [("journal.cut", {"sequence": "5", "head": "?"})]


def test_an_entry_slipped_in_at_the_end_is_found(journal):
    """Appending is what the database allows; but not past the head."""
    last = journal[-1]
    slipped = Entry(sequence=6, at=AT, kind="x", actor="a", actor_name="A", appointment="", payload="{}")
    slipped.previous, slipped.hash = last.hash, "0" * 63 + "1"
    slipped.save(force_insert=True)
    assert {code for code, _ in found()} == {"journal.altered", "journal.cut"}
