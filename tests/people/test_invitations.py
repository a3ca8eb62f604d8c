# SPDX-License-Identifier: Apache-2.0
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils.timezone import localdate

from gradus.journal.actor import system
from gradus.journal.models import Entry
from gradus.people.actions import Seat, create_account, end_appointment, make_appointment
from gradus.people.invitations import (
    accept_as_new,
    accept_signed_in,
    create_client,
    digest_of,
    invite,
    open_invitation,
    withdraw_invitation,
)
from gradus.people.models import Account, Invitation, Organisation
from gradus.people.queries import appointments_of, coming_appointments_at, open_invitations
from tests.people.told import newest, refused


def link(secret):
    return f"https://gradus.example/enter/invitation/{secret}/"


@pytest.fixture
def invited(world, at):
    seat = Seat(world.client, "client_member", "人力资源部", ("staff",))
    return invite("HR@Example.com ", seat, link, world.actor("manager"), at)


def test_the_letter_carries_the_secret_in_both_languages_and_nothing_else_does(
    world, at, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        made = invite("hr@example.com", Seat(world.client, "client_member"), link, world.actor("manager"), at)
    (letter,) = mail.outbox
    assert letter.to == ["hr@example.com"]
    assert letter.subject == "manager 邀请您加入“天工数智有限公司” / manager invites you to Tiangong"
    assert "申报成员" in letter.body
    assert "Client member" in letter.body
    assert "2026-07-15 17:00" in letter.body
    assert re.findall(r"https://\S+", letter.body) == [link(made.secret)] * 2
    kept = [*Invitation.objects.values_list(flat=False), *Entry.objects.values_list(flat=False)]
    assert made.secret not in str(kept)
    assert made.invitation.secret_digest == digest_of(made.secret)


def test_no_letter_leaves_when_the_transaction_fails(world, at, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), refused("people.role_elsewhere", "role"):
        invite("hr@example.com", Seat(world.client, "office"), link, world.actor("manager"), at)
    assert mail.outbox == []


def test_an_invitation_is_journalled(world, invited):
    entry, said = newest()
    assert (entry.kind, entry.organisation) == ("invitation.made", str(world.client.pk))
    assert said == {
        "email": "hr@example.com",
        "role": "client_member",
        "department": "人力资源部",
        "tables": ["staff"],
        "expires_at": "2026-07-15T09:00:00+00:00",
        "replaces": [],
    }


def test_who_holds_the_seat_needs_no_invitation(world, at):
    with refused("people.already_appointed", "email"):
        invite("MEMBER@example.com", Seat(world.client, "client_member"), link, world.actor("manager"), at)


def test_what_is_no_address_gets_no_invitation(world, at):
    with refused("people.not_an_email", "email"):
        invite("hr at example", Seat(world.client, "client_member"), link, world.actor("manager"), at)


def test_inviting_again_makes_the_earlier_letter_void(world, at, invited):
    again = invite("hr@example.com", Seat(world.client, "client_member"), link, world.actor("manager"), at)
    assert newest()[1]["replaces"] == [str(invited.invitation.pk)]
    assert list(open_invitations(world.client, at)) == [again.invitation]
    with refused("invitation.withdrawn"):
        open_invitation(invited.secret, at)


def test_a_new_person_gets_an_account_with_the_seat(world, at, invited):
    account = accept_as_new(invited.secret, " 王 芳 ", "correct horse battery", at)
    assert (account.email, account.name) == ("hr@example.com", "王 芳")
    assert account.check_password("correct horse battery")
    (appointed,) = appointments_of(account, at)
    assert (appointed.role.id, appointed.organisation, appointed.tables) == (
        "client_member",
        str(world.client.pk),
        {"staff"},
    )
    entry, said = newest()
    assert (entry.kind, entry.actor, entry.appointment) == (
        "invitation.accepted",
        str(account.pk),
        f"client_member@{world.client.pk}",
    )
    assert said["new_account"] is True


def test_an_existing_account_gets_another_seat(world, at):
    made = invite("stranger@example.com", Seat(world.client, "client_member"), link, world.actor("manager"), at)
    with refused("invitation.sign_in_first"):
        accept_as_new(made.secret, "别人", "correct horse battery", at)
    with refused("invitation.other_email"):
        accept_signed_in(made.secret, world.people["member"], at)
    accept_signed_in(made.secret, world.people["stranger"], at)
    assert newest()[1]["new_account"] is False
    assert {each.organisation for each in appointments_of(world.people["stranger"], at)} == {
        str(world.client.pk),
        str(world.other.pk),
    }


def test_staff_of_the_body_cannot_take_a_seat_at_a_client(world, at):
    made = invite("assessor@example.com", Seat(world.client, "client_member"), link, world.actor("manager"), at)
    with refused("people.both_sides"):
        accept_signed_in(made.secret, world.people["assessor"], at)
    assert Invitation.objects.get(pk=made.invitation.pk).accepted_at is None


def test_an_invitation_is_accepted_once(world, at, invited):
    account = accept_as_new(invited.secret, "王芳", "correct horse battery", at)
    with refused("invitation.used"):
        accept_as_new(invited.secret, "王芳", "correct horse battery", at)
    with refused("invitation.used"):
        accept_signed_in(invited.secret, account, at)
    with refused("invitation.used"):
        withdraw_invitation(invited.invitation, world.actor("manager"), at)


def test_an_invitation_lives_fourteen_days_to_the_instant(world, at, invited):
    end = at + timedelta(days=14)
    assert open_invitation(invited.secret, end - timedelta(microseconds=1)) == invited.invitation
    with refused("invitation.expired"):
        accept_as_new(invited.secret, "王芳", "correct horse battery", end)
    assert not Account.objects.filter(email="hr@example.com").exists()


@pytest.mark.parametrize("secret", ["", "x" * 43, "\ud800"])
def test_a_secret_that_nobody_sent_is_unknown(world, at, invited, secret):
    with refused("invitation.unknown"):
        open_invitation(secret, at)


def test_the_digest_is_not_the_secret(world, at, invited):
    with refused("invitation.unknown"):
        open_invitation(invited.invitation.secret_digest, at)


def test_a_withdrawn_invitation_is_void(world, at, invited):
    withdraw_invitation(invited.invitation, world.actor("manager"), at)
    assert newest()[0].kind == "invitation.withdrawn"
    with refused("invitation.withdrawn"):
        accept_as_new(invited.secret, "王芳", "correct horse battery", at)
    with refused("invitation.withdrawn"):
        withdraw_invitation(invited.invitation, world.actor("manager"), at)


def test_a_person_without_a_name_does_not_use_the_invitation_up(world, at, invited):
    with refused("people.no_name", "name"):
        accept_as_new(invited.secret, "  ", "correct horse battery", at)
    assert open_invitation(invited.secret, at) == invited.invitation


def test_who_has_left_can_be_invited_back(world, at):
    end_appointment(world.seats["member"], world.actor("manager"), at)
    made = invite("member@example.com", Seat(world.client, "client_member"), link, world.actor("manager"), at)
    accept_signed_in(made.secret, world.people["member"], at)
    assert len(appointments_of(world.people["member"], at)) == 1


def test_a_closed_account_accepts_nothing(world, at, invited):
    account = create_account("hr@example.com", "王芳", "correct horse battery", system, at)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    with refused("people.account_closed"):
        accept_signed_in(invited.secret, account, at)


def test_a_client_begins_with_the_invitation_of_one_who_can_appoint_others(world, at):
    firm, made = create_client("华信科技有限公司", "", "boss@example.com", link, world.actor("office"), at)
    assert made.invitation.organisation == firm
    account = accept_as_new(made.secret, "赵总", "correct horse battery", at)
    assert appointments_of(account, at)[0].role.leads


@pytest.mark.parametrize(
    ("name", "email", "code", "field"),
    [
        ("华信科技有限公司", "boss", "people.not_an_email", "email"),
        ("天工数智有限公司", "boss@example.com", "people.organisation_known", "name"),
    ],
)
def test_a_client_is_made_whole_or_not_at_all(world, at, name, email, code, field):
    before = Organisation.objects.count()
    with refused(code, field):
        create_client(name, "", email, link, world.actor("office"), at)
    assert Organisation.objects.count() == before


def test_the_seat_was_taken_meanwhile(world, at, invited):
    account = create_account("hr@example.com", "王芳", "correct horse battery", system, at)
    make_appointment(account, Seat(world.client, "client_member"), system, at)
    with refused("people.already_appointed", "role"):
        accept_signed_in(invited.secret, account, at)


def test_a_seat_is_offered_for_days_and_held_for_no_other(world, at):
    first, after = localdate(at) + timedelta(days=3), localdate(at) + timedelta(days=10)
    seat = Seat(world.client, "client_member", "财务部", ("finance",), first, after)
    made = invite("term@example.com", seat, link, world.actor("manager"), at)
    assert (newest()[1]["first_day"], newest()[1]["last_day"]) == (str(first), str(after - timedelta(days=1)))
    account = accept_as_new(made.secret, "周期", "correct horse battery", at)
    held = [bool(appointments_of(account, at + timedelta(days=days))) for days in (0, 2, 3, 9, 10)]
    assert held == [False, False, True, True, False]
    assert [each.account for each in coming_appointments_at(world.client, at)] == [account]


def test_nobody_is_invited_for_days_that_have_passed_or_for_none(world, at):
    day = localdate(at)
    for field, term in (
        ("first_day", (day - timedelta(days=1), None)),
        ("last_day", (None, day)),
        ("last_day", (day + timedelta(days=5), day + timedelta(days=5))),
    ):
        with refused(f"people.{field}", field):
            invite(
                "t@example.com", Seat(world.client, "client_member", "", (), *term), link, world.actor("manager"), at
            )


def test_an_invitation_that_is_taken_after_its_last_day_gives_no_seat(world, at):
    seat = Seat(world.client, "client_member", ends_on=localdate(at) + timedelta(days=1))
    made = invite("late@example.com", seat, link, world.actor("manager"), at)
    with refused("people.seat_over"):
        accept_as_new(made.secret, "迟到", "correct horse battery", at + timedelta(days=1))
    assert not Account.objects.filter(email="late@example.com").exists()
