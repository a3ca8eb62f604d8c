# SPDX-License-Identifier: Apache-2.0
"""What the body finds of itself: that somebody stands in the client's papers, or was appointed at the client."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from gradus.applications.cases import hindrances
from gradus.applications.models import Involvement, Tie
from gradus.applications.ties import TieTold, declare_mark, declare_tie, look_for, record_found, record_tie
from gradus.evaluations.rows import submitted as papers_of
from gradus.grading.faults import Refusal
from gradus.journal.actor import Actor
from gradus.people.models import Appointment
from gradus.process.impartiality import TieKind
from gradus.process.parts import Part
from gradus.process.procedure import Holds
from gradus.process.states import State
from tests.applications.walk import bring_to, open_case

WHO = "technical_reviewer"
DAY = timedelta(days=1)


@pytest.fixture
def case(submitted):
    submission = submitted()
    return open_case(submission, submission.submitted_at)


def hindered(case, world, at):
    look_for(case, world.actor(WHO), at)
    return [each.code for each in hindrances(case, world.people[WHO].pk, Part.TECHNICAL_REVIEWER, at)]


def appointed(case, world, ended_on):
    Appointment.objects.create(
        account=world.people[WHO], organisation=case.client, role="client_member", starts_on=date(2015, 1, 1),
        ends_on=ended_on,
    )  # fmt: skip


def test_whoever_was_appointed_at_the_client_is_kept_from_its_cases_as_long_as_an_employee(case, world):
    ended = case.opened_at.date() - 30 * DAY
    appointed(case, world, ended)
    assert hindered(case, world, case.changed_at) == ["case.tied"]
    [tie] = Tie.objects.all()
    assert (tie.kind, tie.starts_on, tie.ends_on) == ("employed", date(2015, 1, 1), ended)
    with pytest.raises(IntegrityError, match="part_of_tied"), transaction.atomic():
        Involvement.objects.create(
            case=case, account=world.people[WHO], part="technical_reviewer", since=case.changed_at
        )
    assert hindered(case, world, case.changed_at) == ["case.tied"]
    assert Tie.objects.count() == 1, "it is known by now"


def test_an_appointment_that_ended_long_ago_or_never_began_bars_nobody(case, world):
    appointed(case, world, date(2018, 1, 1))
    Appointment.objects.create(
        account=world.people[WHO], organisation=case.client, role="client_member",
        starts_on=case.opened_at.date() - DAY, ends_on=case.opened_at.date() - DAY,
    )  # fmt: skip
    assert hindered(case, world, case.changed_at) == []


def test_somebody_employed_by_the_client_twice_is_barred_by_the_later_time(case, world):
    firm = papers_of(case).rows["enterprise"][0].cells["legal_name"]
    for since, until in ((date(2005, 1, 1), date(2006, 1, 1)), (date(2020, 1, 1), None)):
        declare_mark(Holds.EMPLOYER, firm, world.actor(WHO), case.opened_at, starts_on=since, ends_on=until)
    assert hindered(case, world, case.changed_at) == ["case.tied"]
    assert [each.starts_on.year for each in Tie.objects.order_by("starts_on")] == [2005, 2020]


def another_of_the_office(world):
    """A second person of the office; the world has one."""
    account = world.people["administrator"]
    Appointment.objects.create(account=account, organisation=world.body, role="office", starts_on=date(2015, 1, 1))
    return Actor(str(account.pk), account.name, "office", str(world.body.pk))


def standing():
    return Tie.objects.get(replaced_by=None)


def test_what_two_of_the_office_corrected_is_known_in_that_case_and_looked_at_anew_in_the_next(case, world, submitted):
    """A person of the same name may have been meant the first time; the next submission is another."""
    at = case.changed_at
    number = papers_of(case).rows["person_certificates"][0].cells["number"]
    declare_mark(Holds.CERTIFICATE, number, world.actor(WHO), at)
    assert hindered(case, world, at) == ["case.tied"]
    long_ago = TieTold(case.client, TieKind.IN_PAPERS, date(2010, 1, 1), date(2011, 1, 1), "同名，另有其人")
    record_tie(world.people[WHO], long_ago, world.actor("office"), at, replaces=standing())
    record_tie(world.people[WHO], long_ago, another_of_the_office(world), at, replaces=standing())
    assert hindered(case, world, at) == []
    bring_to(case, State.WITHDRAWN, at)
    later = at + 400 * DAY
    another = open_case(submitted(title="2027"), later, number="2027-0001")
    assert hindered(another, world, later) == ["case.tied"]


@pytest.mark.parametrize("known", ["found in papers", "declared"])
def test_one_person_of_the_office_lifts_no_tie_that_was_declared_or_found(case, world, known):
    at = case.changed_at
    if known == "declared":
        declare_tie(TieTold(case.client, TieKind.RELATED, date(2024, 1, 1), None, "配偶任职"), world.actor(WHO), at)
    else:
        firm = papers_of(case).rows["enterprise"][0].cells["legal_name"]
        declare_mark(Holds.EMPLOYER, firm, world.actor(WHO), at, starts_on=date(2025, 5, 1))
    assert hindered(case, world, at) == ["case.tied"]
    found = standing()
    ended = TieTold(case.client, TieKind(found.kind), date(2005, 1, 1), date(2006, 1, 1), "office says so")
    record_tie(world.people[WHO], ended, world.actor("office"), at, replaces=found)
    assert hindered(case, world, at) == ["case.tied"]
    assert (standing().starts_on, standing().source) == (found.starts_on, found.source), "told anew as it was"
    with pytest.raises(IntegrityError, match="part_of_tied"), transaction.atomic():
        Involvement.objects.create(case=case, account=world.people[WHO], part="technical_reviewer", since=at)
    with pytest.raises(Refusal, match="second_person"):
        record_tie(world.people[WHO], ended, world.actor("office"), at, replaces=standing())
    record_tie(world.people[WHO], ended, another_of_the_office(world), at, replaces=standing())
    assert hindered(case, world, at) == []


def test_records_of_the_office_alone_that_read_like_a_found_tie_do_not_lift_it(case, world):
    at, office, who = case.changed_at, world.actor("office"), world.people[WHO]
    firm = papers_of(case).rows["enterprise"][0].cells["legal_name"]
    declare_mark(Holds.EMPLOYER, firm, world.actor(WHO), at, starts_on=date(2025, 5, 1))
    alike = TieTold(case.client, TieKind.EMPLOYED, date(2025, 5, 1), None, "enterprise 1 · legal_name")
    ended = TieTold(case.client, TieKind.EMPLOYED, date(2005, 1, 1), date(2006, 1, 1), "离职证明")
    first = record_tie(who, ended, office, at)
    second = record_tie(who, alike, office, at, replaces=first)
    record_tie(who, ended, office, at, replaces=second)
    assert hindered(case, world, at) == ["case.tied"]


def test_a_tie_is_known_on_the_word_of_who_declared_it_or_of_the_papers_alone(case, world):
    number = papers_of(case).rows["person_certificates"][0].cells["number"]
    named = world.people["assessor"]
    named.name = papers_of(case).rows["staff"][2].cells["person"]
    named.save()
    declare_mark(Holds.CERTIFICATE, number, world.actor(WHO), case.opened_at)
    record_found(case, [world.people[WHO], named], world.actor("lead_assessor"), case.changed_at)
    told = dict(Tie.objects.values_list("account_id", "told_by_id"))
    assert told == {world.people[WHO].pk: world.people[WHO].pk, named.pk: None}


@pytest.mark.parametrize(
    ("starts_on", "code"),
    [(date(1, 1, 1), "day.too_early"), (date(2035, 1, 1), "day.to_come"), ("tomorrow", "day.to_come")],
)
def test_nothing_is_declared_that_begins_in_days_to_come_or_before_anybody_worked(case, world, starts_on, code):
    at = case.changed_at
    day = at.date() + 2 * DAY if starts_on == "tomorrow" else starts_on
    told = TieTold(case.client, TieKind.EMPLOYED, day, None, "本人")
    for deed in (
        lambda: declare_mark(Holds.EMPLOYER, "江城云计算有限公司", world.actor(WHO), at, starts_on=day),
        lambda: declare_tie(told, world.actor(WHO), at),
        lambda: record_tie(world.people[WHO], told, world.actor("office"), at),
    ):
        with pytest.raises(Refusal) as refused:
            deed()
        assert [each.code for each in refused.value.faults] == [code]
    assert not Tie.objects.exists()
