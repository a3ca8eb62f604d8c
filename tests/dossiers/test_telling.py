# SPDX-License-Identifier: Apache-2.0
"""Telling people of evidence that runs out: whom, of what, and once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils.timezone import localdate

from gradus.dossiers.citations import cite
from gradus.dossiers.evidence import add_evidence, remove_evidence, set_valid_until
from gradus.dossiers.models import Row
from gradus.dossiers.telling import tell_what_ends, tell_when_asked
from gradus.journal.actor import system
from gradus.journal.models import Entry
from gradus.journal.queries import faults
from gradus.people.models import Notification
from gradus.people.notifications import said_as
from tests.dossiers import papers


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def add(client_firm, at):
    def added(name, days):
        until = localdate(at) + timedelta(days=days)
        return add_evidence(client_firm, name, [papers.pdf(says=name)], system, at, valid_until=until).evidence

    return added


def told(person):
    return [
        (each.code.removeprefix("evidence_"), each.blanks["files"].split(" (")[0], int(each.blanks["count"]))
        for each in Notification.objects.filter(account=person).order_by("id")
    ]


def test_a_file_is_told_of_once_when_it_ends_soon_and_once_when_it_has(
    add, world, at, django_capture_on_commit_callbacks
):
    add("late.pdf", 61)
    add("a.pdf", 60)
    with django_capture_on_commit_callbacks(execute=True):
        assert [tell_what_ends(at), tell_what_ends(at)] == [1, 0]
    manager = world.people["manager"]
    assert told(manager) == [("ends_soon", "a.pdf", 1)]
    assert [letter.to for letter in mail.outbox] == [[manager.email]]
    assert "a.pdf" in mail.outbox[0].body
    assert "within 60 days" in mail.outbox[0].body
    assert tell_what_ends(at + timedelta(days=60)) == 1  # late.pdf ends soon; the last day of a.pdf still counts
    assert tell_what_ends(at + timedelta(days=61)) == 1
    assert told(manager) == [("ends_soon", "a.pdf", 1), ("ends_soon", "late.pdf", 1), ("ended", "a.pdf", 1)]
    assert Entry.objects.filter(kind="evidence.end_told").count() == 3
    assert not list(faults())


def test_another_last_day_is_told_of_anew_and_what_was_removed_never(add, world, at):
    evidence = add("a.pdf", 30)
    gone = add("gone.pdf", 30)
    remove_evidence(gone, system, at)
    assert tell_what_ends(at) == 1
    set_valid_until(evidence, localdate(at) + timedelta(days=300), system, at)
    assert tell_what_ends(at) == 0
    assert tell_what_ends(at + timedelta(days=250)) == 1


def test_who_keeps_some_tables_is_told_of_what_their_rows_rest_on(add, world, golden_dossier, at):
    dossier = golden_dossier()
    for name, table in (("staff.pdf", "staff"), ("project.pdf", "projects")):
        cite(Row.objects.filter(dossier=dossier, table=table).first(), add(name, 10), 1, system, at)
    tell_what_ends(at)
    assert told(world.people["manager"]) == [("ends_soon", "project.pdf", 2)]
    assert told(world.people["member"]) == [("ends_soon", "staff.pdf", 1)]
    assert told(world.people["stranger"]) == []
    (notice,) = Notification.objects.filter(account=world.people["member"])
    assert notice.address == f"/applicant/{dossier.client_id}/{dossier.pk}/evidence/"
    assert "将在 60 天内到期" in said_as(notice.code, notice.blanks, "zh")


def test_many_files_are_told_of_in_one_notification(add, world, at):
    for number in range(7):
        add(f"{number}.pdf", -number - 1)
    assert tell_what_ends(at) == 7
    (notice,) = Notification.objects.filter(account=world.people["manager"])
    assert notice.blanks["count"] == "7"
    assert notice.blanks["files"].count(".pdf") == 5
    assert "7 evidence files have ended; renew them" in said_as(notice.code, notice.blanks, "en")


def test_whoever_opens_the_first_page_sets_it_off_once_in_an_hour(add, world, at, sign_in):
    add("a.pdf", 10)
    sign_in().get("/")
    assert told(world.people["manager"]) == [("ends_soon", "a.pdf", 1)]
    add("b.pdf", 10)
    tell_when_asked(at)
    assert len(told(world.people["manager"])) == 1
