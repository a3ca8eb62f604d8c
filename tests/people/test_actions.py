# SPDX-License-Identifier: Apache-2.0
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator

from gradus.journal.actor import system
from gradus.journal.models import Entry
from gradus.journal.queries import faults
from gradus.people.access import ask_access
from gradus.people.actions import (
    Seat,
    change_appointment,
    close_account,
    create_account,
    create_organisation,
    end_appointment,
    make_appointment,
    rename_account,
    reset_second_factor,
)
from gradus.people.invitations import invite
from gradus.people.models import AccessGrant, Account, Organisation
from gradus.people.permissions import Kind, Permission
from gradus.people.queries import appointment_for, appointments_at, appointments_of
from tests.people.told import newest, refused


def test_an_organisation_is_written_down_as_it_was_typed_but_for_stray_spaces(world, at):
    made = create_organisation(Kind.CLIENT, "  华信\u200b  科技 有限公司\n", "Huaxin", system, at)
    entry, said = newest()
    assert made.name == "华信 科技 有限公司"
    assert (entry.kind, entry.subject, entry.organisation) == (
        "organisation.created",
        f"organisation:{made.pk}",
        str(made.pk),
    )
    assert said == {"kind": "client", "name": "华信 科技 有限公司", "name_en": "Huaxin"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("天工数智有限公司", "people.organisation_known"),
        (" 天工 数智有限公司 ", "people.organisation_known"),
        ("天", "people.organisation_name"),
        ("", "people.organisation_name"),
        ("长" * 201, "people.organisation_name"),
    ],
)
def test_an_organisation_without_a_name_of_its_own_is_refused(world, at, name, code):
    with refused(code, "name"):
        create_organisation(Kind.CLIENT, name, "", system, at)


def test_full_width_brackets_and_capitals_make_no_other_firm(world, at):
    create_organisation(Kind.CLIENT, "ABC（北京）有限公司", "", system, at)
    with refused("people.organisation_known", "name"):
        create_organisation(Kind.CLIENT, "abc(北京)有限公司", "", system, at)


def test_there_is_one_certification_body(world, at):
    with refused("people.one_body"):
        create_organisation(Kind.BODY, "第二家认证中心", "", system, at)
    assert Organisation.objects.filter(kind="body").count() == 1


def test_an_account_is_made_once_whatever_the_capitals(world, at):
    made = create_account(" New@Example.com", "  新  人 ", "a long password", system, at)
    assert (made.email, made.name) == ("new@example.com", "新 人")
    assert newest()[1] == {"email": "new@example.com", "name": "新 人"}
    assert "a long password" not in "".join(Entry.objects.values_list("payload", flat=True))
    with refused("people.account_known", "email"):
        create_account("NEW@example.com", "别人", "correct horse battery", system, at)


@pytest.mark.parametrize(
    ("email", "name", "code", "field"),
    [
        ("nobody", "某人", "people.not_an_email", "email"),
        ("", "某人", "people.not_an_email", "email"),
        (f"a@{'.'.join(['b' * 60] * 4)}.example.com", "某人", "people.not_an_email", "email"),
        ("a@example.com", "", "people.no_name", "name"),
        ("a@example.com", "长" * 101, "people.no_name", "name"),
    ],
)
def test_an_account_without_an_address_or_a_name_is_refused(world, at, email, name, code, field):
    with refused(code, field):
        create_account(email, name, "correct horse battery", system, at)


def test_a_new_name_is_journalled_with_the_old_one(world, at):
    rename_account(world.people["manager"], "李 经理", world.actor("manager"), at)
    entry, said = newest()
    assert entry.kind == "account.changed"
    assert said == {"before": "manager", "after": "李 经理"}


def test_the_same_name_again_is_no_event(world, at):
    before = Entry.objects.count()
    rename_account(world.people["manager"], "manager", world.actor("manager"), at)
    assert Entry.objects.count() == before


def test_an_appointment_holds_from_its_day_and_is_journalled(world, at):
    account = create_account("hr@example.com", "人事", "correct horse battery", system, at)
    seat = Seat(world.client, "client_member", " 人力 ", ("staff", "certificates", "staff"))
    made = make_appointment(account, seat, world.actor("manager"), at)
    entry, said = newest()
    assert (entry.kind, entry.organisation) == ("appointment.made", str(world.client.pk))
    assert said["department"] == "人力"
    assert said["tables"] == ["certificates", "staff"]
    assert made.starts_on == date(2026, 7, 1)
    assert [each.role.id for each in appointments_of(account, at)] == ["client_member"]
    assert appointments_of(account, at - timedelta(days=1)) == []


def test_those_who_fill_no_dossier_own_no_tables(world, at):
    account = create_account("x@example.com", "评估", "correct horse battery", system, at)
    made = make_appointment(account, Seat(world.body, "assessor", "评估部", ("staff",)), system, at)
    assert (made.department, made.tables) == ("", [])


@pytest.mark.parametrize("role", ["assessor", "owner", ""])
def test_a_role_of_the_other_side_or_of_nobody_is_refused(world, at, role):
    account = create_account("x@example.com", "某人", "correct horse battery", system, at)
    with refused("people.role_elsewhere", "role"):
        make_appointment(account, Seat(world.client, role), system, at)


def test_a_department_is_a_name_and_not_a_letter(world, at):
    account = create_account("x@example.com", "某人", "correct horse battery", system, at)
    with refused("people.department", "department"):
        make_appointment(account, Seat(world.client, "client_member", "部" * 101), system, at)


def test_the_same_seat_is_not_given_twice(world, at):
    with refused("people.already_appointed", "role"):
        make_appointment(world.people["member"], Seat(world.client, "client_member"), system, at)


def test_nobody_works_for_the_body_and_for_a_client(world, at):
    with refused("people.both_sides"):
        make_appointment(world.people["assessor"], Seat(world.client, "client_member"), system, at)
    with refused("people.both_sides"):
        make_appointment(world.people["member"], Seat(world.body, "assessor"), system, at)


def test_one_person_may_work_for_two_clients(world, at):
    make_appointment(world.people["member"], Seat(world.other, "client_member"), system, at)
    assert len(appointments_of(world.people["member"], at)) == 2


def test_other_tables_are_journalled_before_and_after(world, at):
    change_appointment(world.seats["member"], "财务部", ("contracts",), world.actor("manager"), at)
    entry, said = newest()
    assert entry.kind == "appointment.changed"
    assert said["before"] == {"role": "client_member", "department": "人力资源部", "tables": ["staff"]}
    assert said["after"] == {"role": "client_member", "department": "财务部", "tables": ["contracts"]}
    assert appointments_of(world.people["member"], at)[0].tables == {"contracts"}


def test_who_was_promoted_is_not_bound_to_the_tables_of_before(world, at):
    member, client = world.people["member"], world.client
    bound = appointment_for(appointments_of(member, at), Permission.DOSSIER_EDIT, client.pk)
    assert (bound.role.id, bound.tables) == ("client_member", frozenset({"staff"}))
    make_appointment(member, Seat(client, "client_manager"), system, at)
    free = appointment_for(appointments_of(member, at), Permission.DOSSIER_EDIT, client.pk)
    assert (free.role.id, free.tables) == ("client_manager", frozenset())
    assert appointment_for(appointments_of(member, at), Permission.DOSSIER_EDIT, world.other.pk) is None


def test_an_ended_appointment_is_over_at_once_and_stays_over(world, at):
    end_appointment(world.seats["member"], world.actor("manager"), at)
    entry, said = newest()
    assert (entry.kind, said["ends_on"]) == ("appointment.ended", "2026-07-01")
    assert appointments_of(world.people["member"], at) == []
    assert [each.account for each in appointments_at(world.client, at)] == [world.people["manager"]]
    with refused("people.appointment_over"):
        end_appointment(world.seats["member"], world.actor("manager"), at)
    with refused("people.appointment_over"):
        change_appointment(world.seats["member"], "", (), world.actor("manager"), at)


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_the_last_one_who_can_appoint_others_stays(world, at, who):
    with refused("people.last_lead"):
        end_appointment(world.seats[who], world.actor(who), at)
    with refused("people.last_lead"):
        close_account(world.people[who], world.actor(who), at)
    assert Account.objects.get(pk=world.people[who].pk).is_active
    assert appointments_of(world.people[who], at)


@pytest.mark.parametrize(("who", "role"), [("manager", "client_manager"), ("administrator", "administrator")])
def test_with_a_successor_the_first_may_go(world, at, who, role):
    world.join("successor", world.seats[who].organisation, role, at)
    end_appointment(world.seats[who], world.actor("successor"), at)
    with refused("people.last_lead"):
        end_appointment(world.seats["successor"], world.actor("successor"), at)


def test_a_closed_account_is_no_successor(world, at):
    world.join("successor", world.client, "client_manager", at)
    close_account(world.people["successor"], world.actor("administrator"), at)
    with refused("people.last_lead"):
        end_appointment(world.seats["manager"], world.actor("manager"), at)


def test_closing_an_account_ends_everything_it_holds(world, at):
    world.join("second", world.body, "administrator", at)
    ask_access(world.people["second"], world.client, "核对一处表格缺陷的原因", 2, world.actor("second"), at)
    close_account(world.people["second"], world.actor("administrator"), at)
    entry, said = newest()
    assert entry.kind == "account.closed"
    assert said == {"email": "second@example.com", "appointments": [str(world.seats["second"].pk)]}
    assert appointments_of(world.people["second"], at) == []
    assert AccessGrant.objects.get().ended_at == at
    with refused("people.account_closed"):
        close_account(world.people["second"], world.actor("administrator"), at)
    with refused("people.account_closed"):
        make_appointment(world.people["second"], Seat(world.body, "office"), system, at)


def test_a_lost_second_factor_is_forgotten_by_somebody_else(world, at):
    account = world.people["assessor"]
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": "x"})
    with refused("people.own_second_factor"):
        reset_second_factor(account, world.actor("assessor"), at)
    reset_second_factor(account, world.actor("administrator"), at)
    assert newest()[0].kind == "account.second_factor_reset"
    assert not Authenticator.objects.exists()
    with refused("people.no_second_factor"):
        reset_second_factor(account, world.actor("administrator"), at)


def test_the_journal_is_whole_after_all_that(world, at):
    close_account(world.people["member"], world.actor("administrator"), at)
    assert list(faults()) == []


def test_nobody_appoints_or_invites_oneself(world, at):
    mine, body = world.people["administrator"], world.body
    before = mine.appointments.count()
    with refused("people.own_appointment", "role"):
        make_appointment(mine, Seat(body, "decision_maker"), world.actor("administrator"), at)
    with refused("people.own_appointment", "email"):
        invite(mine.email.upper(), Seat(body, "decision_maker"), str, world.actor("administrator"), at)
    assert mine.appointments.count() == before
    make_appointment(mine, Seat(body, "decision_maker"), system, at)  # the command at the server still can
