# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta

import pytest
from django.core import mail

from gradus.journal.models import Entry
from gradus.people.access import ask_access, decide_access, end_access, use_access
from gradus.people.actions import close_account
from gradus.people.models import Notification
from gradus.people.queries import open_grant
from tests.people.told import newest, refused

REASON = "企业来电说“人员”一表保存不了，需要看现状"


@pytest.fixture
def asked(world, at):
    return ask_access(world.people["administrator"], world.client, REASON, 4, world.actor("administrator"), at)


def granted_to(world, at):
    return open_grant(world.people["administrator"], world.client.pk, at)


def test_asking_opens_nothing_and_is_journalled_with_the_client(world, at, asked):
    entry, said = newest()
    assert (entry.kind, entry.organisation) == ("access.asked", str(world.client.pk))
    assert said == {"reason": REASON, "hours": 4, "name": "administrator"}
    assert granted_to(world, at) is None


@pytest.mark.parametrize("reason", ["", "   ", "看一下", "长" * 501])
def test_a_reason_is_a_sentence(world, at, reason):
    with refused("access.reason", "reason"):
        ask_access(world.people["administrator"], world.client, reason, 4, world.actor("administrator"), at)


@pytest.mark.parametrize("hours", [0, -1, 73, 10_000])
def test_access_is_for_one_to_seventy_two_hours(world, at, hours):
    with refused("access.hours", "hours"):
        ask_access(world.people["administrator"], world.client, REASON, hours, world.actor("administrator"), at)


def test_one_request_at_a_time(world, at, asked):
    with refused("access.asked_already"):
        ask_access(world.people["administrator"], world.client, REASON, 4, world.actor("administrator"), at)
    ask_access(world.people["administrator"], world.other, REASON, 4, world.actor("administrator"), at)


def test_what_is_granted_ends_by_itself_to_the_instant(world, at, asked):
    decided = at + timedelta(hours=3)
    grant = decide_access(asked, world.actor("manager"), decided, granted=True)
    entry, said = newest()
    assert (entry.kind, said["for"]) == ("access.granted", str(world.people["administrator"].pk))
    assert grant.decided_by == world.people["manager"]
    end = decided + timedelta(hours=4)
    assert granted_to(world, end - timedelta(microseconds=1)) == grant
    assert granted_to(world, end) is None
    with refused("access.over"):
        end_access(grant, world.actor("manager"), end)
    ask_access(world.people["administrator"], world.client, REASON, 4, world.actor("administrator"), end)


def test_a_grant_is_for_one_person_and_one_client(world, at, asked):
    decide_access(asked, world.actor("manager"), at, granted=True)
    assert open_grant(world.people["administrator"], world.other.pk, at) is None
    assert open_grant(world.people["office"], world.client.pk, at) is None


def test_what_is_refused_opens_nothing_and_can_be_asked_again(world, at, asked):
    decide_access(asked, world.actor("manager"), at, granted=False)
    assert newest()[0].kind == "access.refused"
    assert granted_to(world, at) is None
    ask_access(world.people["administrator"], world.client, REASON, 4, world.actor("administrator"), at)


def test_a_request_is_decided_once(world, at, asked):
    decide_access(asked, world.actor("manager"), at, granted=False)
    with refused("access.over"):
        decide_access(asked, world.actor("manager"), at, granted=True)


def test_nobody_decides_on_their_own_request(world, at, asked):
    with refused("access.own"):
        decide_access(asked, world.actor("administrator"), at, granted=True)


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_either_side_ends_it(world, at, asked, who):
    decide_access(asked, world.actor("manager"), at, granted=True)
    end_access(asked, world.actor(who), at)
    assert newest()[0].kind == "access.ended"
    assert granted_to(world, at) is None
    with refused("access.over"):
        end_access(asked, world.actor(who), at)


def test_a_request_taken_back_can_not_be_granted(world, at, asked):
    end_access(asked, world.actor("administrator"), at)
    with refused("access.over"):
        decide_access(asked, world.actor("manager"), at, granted=True)


def test_a_refused_request_has_nothing_to_end(world, at, asked):
    decide_access(asked, world.actor("manager"), at, granted=False)
    with refused("access.over"):
        end_access(asked, world.actor("administrator"), at)


def test_every_page_that_is_opened_is_told_and_the_same_one_once_an_hour(world, at, asked):
    grant = decide_access(asked, world.actor("manager"), at, granted=True)
    for page in ("/applicant/1/grade/", "/applicant/1/", "/applicant/1/materials/"):
        use_access(grant, page, world.actor("administrator"), at)
        assert newest()[1] == {"reason": REASON, "page": page}
    assert Entry.objects.filter(kind="access.used").count() == 3


def test_a_page_that_stands_open_is_told_once_an_hour(world, at, asked):
    grant = decide_access(asked, world.actor("manager"), at, granted=True)
    for minutes in (0, 1, 59, 60, 61, 130):
        use_access(grant, "/applicant/1/", world.actor("administrator"), at + timedelta(minutes=minutes))
    used = Entry.objects.filter(kind="access.used", organisation=str(world.client.pk)).order_by("sequence")
    assert [round((each.at - at).total_seconds() / 60) for each in used] == [0, 60, 130]


def test_the_journal_of_a_client_tells_that_an_access_ended_with_its_account(world, at, asked):
    decide_access(asked, world.actor("manager"), at, granted=True)
    world.join("second", world.body, "administrator", at)
    close_account(world.people["administrator"], world.actor("second"), at + timedelta(hours=1))
    assert granted_to(world, at + timedelta(hours=1)) is None
    ended = Entry.objects.get(kind="access.ended")
    assert (ended.organisation, ended.subject) == (str(world.client.pk), f"access:{asked.pk}")
    assert newest()[0].kind == "account.closed"


def test_who_decides_is_told_in_the_page_and_by_letter(world, at, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ask_access(world.people["administrator"], world.client, REASON, 4, world.actor("administrator"), at)
    (told,) = Notification.objects.all()
    assert (told.account, told.code) == (world.people["manager"], "access_asked")
    assert told.address == f"/applicant/{world.client.pk}/people/"
    (letter,) = mail.outbox
    assert letter.to == ["manager@example.com"]
    assert REASON in letter.body
    assert told.address in letter.body
