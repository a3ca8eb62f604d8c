# SPDX-License-Identifier: Apache-2.0
"""Issuing reads as little among a million certificates as among ten, and forgets nothing that is left to do."""

import re
from argparse import Namespace
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from gradus.certificates.issue import stage
from gradus.certificates.keys import current, note_theft
from gradus.certificates.models import KeyPurpose, Leaf, StatusListIssue, Unfinished
from gradus.certificates.queries import (
    lists_in_force,
    publication_of,
    unlogged_certificates,
    unlogged_changes,
    unpublished,
    waiting_cases,
)
from gradus.certificates.recover import recover
from gradus.certificates.status_lists import issue_lists, renew_lists
from gradus.certificates.unfinished import look_everywhere
from gradus.cli.platform.certificates import run as command
from gradus.cli.platform.serve import finish_begun
from gradus.decisions.models import Uncertified
from gradus.journal.actor import system
from gradus.people.models import Notification
from gradus.register.models import Entry, Turn
from gradus.trust.instants import whole
from gradus.trust.standing import Standing
from gradus.trust.statement import Change
from gradus.trust.verdict import State, Verdict
from tests.certificates.issuing import ADDRESSES, changed, issued, verified

DAY = timedelta(days=1)
GROWING = (
    r"(certificates_(certificate|statuschange|leaf|node|checkpoint|publication|statuslistissue)"
    r"|register_(entry|said|changed|turn)|applications_(case|heldcertificate))"
)


@pytest.fixture
def when(case):
    return whole(case.changed_at) + DAY


def plan(sql):
    """How the database answers a statement; PostgreSQL as it would were reading whole tables dear."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
            return [line for (line,) in cursor.fetchall()]
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [row[3] for row in cursor.fetchall()]


def read_whole(sql):
    """The tables that grow with the number of certificates and that a statement reads from end to end. One that stops
    at its first row does not; the line of what is unfinished is short."""
    if sql.endswith("LIMIT 1") or not sql.startswith(("SELECT", "UPDATE", "DELETE")):
        return []
    scanned = [
        re.match(r"\W*(?:SCAN|Seq Scan on) (\w+)", line)
        for line in plan(sql)
        if "certificates_unfinished" not in line and "decisions_uncertified" not in line
    ]
    named = {found[1] for found in scanned if found}
    read = named | {table for table, alias in re.findall(r'"(\w+)" ([A-Z]\d+)\b', sql) if alias in named}
    return sorted(each for each in read if re.fullmatch(GROWING, each))


def test_no_statement_at_an_issue_reads_a_table_of_certificates_from_end_to_end(case, equipped, when):
    issue_lists(when)  # once a day, and with each change, all that were changed are gone through
    with CaptureQueriesContext(connection) as captured:
        issued(case, equipped, when)
    asked = [each["sql"] for each in captured.captured_queries]
    assert len(asked) > 50
    assert {sql: found for sql in asked if (found := read_whole(sql))} == {}


def test_status_lists_are_signed_without_reading_any_statement(case, equipped, when):
    """As many questions however much was changed, and of each certificate that stands so its place alone."""
    made, asked = issued(case, equipped, when), []
    for after, change, reason in ((1, Change.SUSPENDED, "contract"), (2, Change.RESTORED, "cause-removed")):
        changed(made, equipped, when + after * DAY, change, reason)
        with CaptureQueriesContext(connection) as captured:
            issue_lists(when + after * DAY)
        asked.append([each["sql"] for each in captured.captured_queries])
    assert len(asked[0]) == len(asked[1])
    assert [sql for sql in asked[1] if '"statement"' in sql] == []


def test_what_stands_unknown_is_in_the_lists_as_suspended(case, equipped, when):
    made = issued(case, equipped, when)
    Turn.objects.create(entry=Entry.objects.get(number=made.number), standing=Standing.UNKNOWN, since=when + DAY)
    issue_lists(when + DAY)
    assert verified(made, when + DAY).verdict is Verdict.DOES_NOT_HOLD


def test_a_change_is_put_into_the_lists_once(case, equipped, when):
    made = issued(case, equipped, when)
    changed(made, equipped, when + DAY, Change.SUSPENDED, "contract")
    before = StatusListIssue.objects.count()
    note_theft(current(KeyPurpose.LOG), when, system, when + DAY)
    assert recover(when + DAY + timedelta(minutes=1)) == 2  # stated again, and nothing new
    assert StatusListIssue.objects.count() == before


def test_after_a_theft_holders_are_told_of_other_files_and_of_no_change(case, equipped, when):
    changed(issued(case, equipped, when), equipped, when + DAY, Change.SUSPENDED, "contract")
    note_theft(current(KeyPurpose.LOG), when, system, when + DAY)
    assert recover(when + 2 * DAY) == 2
    told = Notification.objects.filter(account=equipped.people["manager"], code__startswith="certificate_")
    assert list(told.order_by("pk").values_list("code", flat=True)) == [
        "certificate_issued", "certificate_changed", "certificate_stated_anew",
    ]  # fmt: skip


def test_what_is_in_line_goes_when_it_is_handed_out_and_a_theft_brings_it_back(case, equipped, when):
    made = stage(case, ADDRESSES, equipped.actor("certificate_officer"), when)
    assert [each.certificate for each in Unfinished.objects.all()] == [made]
    recover(when)
    assert (Unfinished.objects.count(), look_everywhere()) == (0, 0)
    changed(made, equipped, when + DAY, Change.SUSPENDED, "contract")
    note_theft(current(KeyPurpose.PDF), when, system, when + 2 * DAY)
    assert [each.certificate for each in Unfinished.objects.all()] == [made]
    note_theft(current(KeyPurpose.LOG), when, system, when + 2 * DAY)
    assert Unfinished.objects.count() == 2
    assert recover(when + 3 * DAY) == 2
    assert (Unfinished.objects.count(), Leaf.objects.count()) == (0, 4)
    assert publication_of(made).leaf.index == 2


@pytest.mark.parametrize("action", ["recover", "tick"])
def test_after_a_theft_the_command_signs_the_status_lists_anew_where_nothing_else_is_left_to_do(
    case, equipped, capsys, action
):
    """The server stopped between noting the theft and stating anew; what was logged before the theft is believed."""
    made, at = issued(case, equipped, whole(case.changed_at)), whole(now())
    renew_lists(at)
    stolen = current(KeyPurpose.ISSUER)
    note_theft(stolen, at, system, at)
    doubtful = {each.id: each.state for each in verified(made, at).steps}
    assert (doubtful["7"], doubtful["9"]) == (State.PASSED, State.CANNOT_TELL)
    assert command(Namespace(action=action, lang="en")) == 0
    said = capsys.readouterr().out
    assert "Published 0 statements" in said
    assert "2 status lists" in said
    assert {each.key for each in lists_in_force(whole(now()))} == {current(KeyPurpose.ISSUER)} != {stolen}
    found = verified(made, whole(now()))
    assert {each.id for each in found.steps if each.state is not State.PASSED} <= {"8"}  # the calendar's, one day


def test_a_grant_waits_in_line_for_its_certificate_and_no_other_grant_is_read(case, equipped, when):
    with CaptureQueriesContext(connection) as captured:
        assert list(waiting_cases()) == [case]
    assert [read_whole(each["sql"]) for each in captured.captured_queries] == [[]]
    stage(case, ADDRESSES, equipped.actor("certificate_officer"), when)
    assert (list(waiting_cases()), Uncertified.objects.count()) == ([], 0)


def fill_as_the_migration():
    """On a platform that is there already."""
    with connection.cursor() as cursor:
        cursor.execute(import_module("gradus.certificates.migrations.0006_waiting")._FILL)


def test_a_lost_line_of_grants_is_made_anew_too(case, equipped, when):
    Uncertified.objects.all().delete()
    look_everywhere()
    assert list(waiting_cases()) == [case]
    Uncertified.objects.all().delete()
    fill_as_the_migration()
    assert list(waiting_cases()) == [case]
    issued(case, equipped, when)
    look_everywhere()
    fill_as_the_migration()
    assert list(waiting_cases()) == []


def test_a_line_that_was_lost_is_made_anew_from_all_tables(case, equipped, when):
    """As ``gradus certificates recover`` does."""
    stage(case, ADDRESSES, equipped.actor("certificate_officer"), when)
    Unfinished.objects.all().delete()
    assert recover(when) == 0
    assert look_everywhere() == 1
    assert recover(when) == 1
    assert [*unlogged_certificates(), *unlogged_changes(), *unpublished()] == []


def test_a_server_that_starts_again_finishes_what_a_crash_left_and_starts_without_its_keys_too(
    case, equipped, settings, capsys
):
    made = stage(case, ADDRESSES, equipped.actor("certificate_officer"), whole(case.changed_at))
    settings.KEY_PASSPHRASE = "another horse battery staple"
    finish_begun("en")
    assert "passphrase" in capsys.readouterr().err
    assert publication_of(made) is None
    settings.KEY_PASSPHRASE = "correct horse battery staple"
    finish_begun("en")
    assert capsys.readouterr().err == ""
    assert publication_of(made) is not None
