# SPDX-License-Identifier: Apache-2.0
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from gradus.applications.marks import mark_of
from gradus.applications.models import Involvement, Mark, Tie
from gradus.applications.ties import TieTold, declare_mark, declare_tie, found_in_papers, record_found, record_tie
from gradus.evaluations.declaring import declare_and_look
from gradus.evaluations.models import Member, ObjectionAnswer, ObjectionTakenBack, Team
from gradus.evaluations.rows import submitted
from gradus.evaluations.team import (
    agree_to_team,
    answer_objection,
    change_team,
    current_team,
    object_to_member,
    propose_team,
    start_document_review,
    take_objection_back,
    what_delays,
)
from gradus.evaluations.tied import tied_teams
from gradus.grading.faults import Refusal
from gradus.journal.models import Entry
from gradus.process.impartiality import TieKind
from gradus.process.procedure import Holds
from tests.evaluations.review import EXPERT, LEADER, MEMBER, agreed_case, competent, reviewed_case, seats, usual


@pytest.fixture
def case(submitted):
    return agreed_case(submitted())


@pytest.fixture
def then(case):
    return case.changed_at + timedelta(minutes=1)


def codes(refused):
    return sorted({fault.code for fault in refused.value.faults})


def test_a_team_is_proposed_told_and_takes_its_parts_when_the_review_begins(world, submitted):
    case = reviewed_case(world, submitted())
    parts = set(Involvement.objects.filter(case=case).values_list("account__name", "part"))
    assert parts - {("application reviewer", "application_reviewer")} == {
        ("lead assessor", "lead_assessor"),
        ("assessor", "assessor"),
        ("technical expert", "technical_expert"),
    }
    assert Entry.objects.filter(kind="team.agreed", subject=f"case:{case.pk}").count() == 1


def test_a_second_team_is_not_proposed_beside_the_first_and_no_review_begins_twice(world, submitted):
    case = reviewed_case(world, submitted())
    at = case.changed_at + timedelta(minutes=1)
    for act in (
        lambda: propose_team(case, seats(world), world.actor("office"), at),
        lambda: start_document_review(case, world.actor(LEADER), at),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert codes(refused) == ["case.not_now"]
    assert Team.objects.filter(case=case).count() == 1


def test_everything_in_the_way_of_a_team_is_told_at_once(case, world, then):
    declare_tie(TieTold(case.client, TieKind.CONSULTED, date(2025, 1, 1), None, "本人"), world.actor(MEMBER), then)
    wrong = [
        *seats(world, assessor=MEMBER),
        *seats(world, technical_expert="technical_reviewer"),
        *seats(world, assessor=MEMBER),
    ]
    with pytest.raises(Refusal) as refused:
        propose_team(case, wrong, world.actor("office"), then)
    assert codes(refused) == [
        "team.field_not_covered",
        "team.hindered",
        "team.not_appointed",
        "team.one_leader",
        "team.twice",
    ]
    case.refresh_from_db()
    assert (case.state, Team.objects.count()) == ("agreed", 0)


@pytest.mark.parametrize("requested", ["level-4", "level-3"])
def test_competence_must_reach_the_level_every_field_and_the_day(submitted, world, requested):
    case = agreed_case(submitted(), requested=requested)
    then = case.changed_at + timedelta(minutes=1)
    with pytest.raises(Refusal) as refused:
        propose_team(case, usual(world), world.actor("office"), then)
    assert codes(refused) == ["team.field_not_covered", "team.leader_not_competent"]
    competent(world, LEADER, case, then, level="level-4")
    if requested == "level-3":
        with pytest.raises(Refusal):
            propose_team(case, usual(world), world.actor("office"), then)
        competent(world, LEADER, case, then, level="level-3")
    assert propose_team(case, usual(world), world.actor("office"), then).members.count() == 3


def test_the_client_objects_and_the_office_answers_or_changes_the_team(case, world, then):
    competent(world, LEADER, case, then)
    team = propose_team(case, usual(world), world.actor("office"), then)
    member = team.members.get(account=world.people[MEMBER])
    with pytest.raises(Refusal) as refused:
        object_to_member(member, " ", world.actor("manager"), then)
    assert codes(refused) == ["team.reason_needed"]
    objection = object_to_member(member, "曾为竞争对手工作", world.actor("manager"), then)
    with pytest.raises(Refusal) as refused:
        object_to_member(member, "再说一次", world.actor("manager"), then)
    assert codes(refused) == ["team.objected_already"]
    later = then + timedelta(days=20)
    with pytest.raises(Refusal) as refused:
        start_document_review(case, world.actor(LEADER), later)
    assert codes(refused) == ["team.objection_open"]
    with pytest.raises(Refusal) as refused:
        answer_objection(objection, "与我无碍", world.actor(MEMBER), then)
    assert codes(refused) == ["team.own_objection"]
    with pytest.raises(IntegrityError, match="answer_of_ones_own"), transaction.atomic():
        ObjectionAnswer.objects.create(case=case, objection=objection, text="x", account=member.account, made_at=then)
    answer_objection(objection, "该经历已超过两年", world.actor("office"), then)
    with pytest.raises(Refusal) as refused:
        start_document_review(case, world.actor(MEMBER), later)
    assert codes(refused) == ["evaluation.leader_only"]
    change_team(case, "改换成员", world.actor("office"), then)
    case.refresh_from_db()
    propose_team(case, seats(world, lead_assessor=LEADER, assessor=EXPERT), world.actor("office"), then)
    start_document_review(case, world.actor(LEADER), later)
    assert current_team(case).number == 2
    assert not Involvement.objects.filter(case=case, account=world.people[MEMBER]).exists()


def test_the_client_takes_an_objection_back_and_may_then_object_anew_or_agree(case, world, then):
    competent(world, LEADER, case, then)
    team = propose_team(case, usual(world), world.actor("office"), then)
    manager, member = world.actor("manager"), team.members.get(account=world.people[MEMBER])
    first = object_to_member(member, "曾为竞争对手工作", manager, then)
    take_objection_back(first, manager, then)
    told = Entry.objects.order_by("-sequence")[0]
    assert (told.kind, told.subject) == ("team.objection_taken_back", f"case:{case.pk}")
    with pytest.raises(Refusal, match="taken_back"):
        take_objection_back(first, manager, then)
    with pytest.raises(Refusal, match="taken_back"):
        answer_objection(first, "该经历已超过两年", world.actor("office"), then)
    second = object_to_member(member, "另有一事", manager, then)
    with pytest.raises(Refusal, match="answered_already"):
        agree_to_team(case, manager, then)
    take_objection_back(second, manager, then)
    agree_to_team(case, manager, then)
    start_document_review(case, world.actor(LEADER), then)


def test_an_objection_is_taken_back_by_the_client_alone_after_its_time_too_and_never_once_answered(case, world, then):
    competent(world, LEADER, case, then)
    team = propose_team(case, usual(world), world.actor("office"), then)
    manager, late = world.actor("manager"), then + timedelta(days=30)
    first, second = (object_to_member(each, "曾为竞争对手工作", manager, then) for each in team.members.all()[:2])
    answer_objection(second, "该经历已超过两年", world.actor("office"), then)
    with pytest.raises(Refusal, match="client_only"):
        take_objection_back(first, world.actor("office"), late)
    with pytest.raises(Refusal, match="answered_already"):
        take_objection_back(second, manager, late)
    with pytest.raises(Refusal, match="objection_open"):
        start_document_review(case, world.actor(LEADER), late)
    take_objection_back(first, manager, late)
    start_document_review(case, world.actor(LEADER), late)
    with pytest.raises(Refusal, match="not_now"):
        take_objection_back(second, manager, late)


def test_the_database_itself_keeps_what_is_answered_from_being_taken_back_and_the_other_way_round(case, world, then):
    competent(world, LEADER, case, then)
    team = propose_team(case, usual(world), world.actor("office"), then)
    manager, office = world.people["manager"], world.people["office"]
    first, second, third = (
        object_to_member(each, "曾为竞争对手工作", world.actor("manager"), then) for each in team.members.all()
    )
    answer_objection(first, "已核对", world.actor("office"), then)
    take_objection_back(second, world.actor("manager"), then)

    def refused(message, model, **fields):
        with pytest.raises(IntegrityError, match=message), transaction.atomic():
            model.objects.create(**{"case": case, "made_at": then, **fields})

    refused("taken_back_after_answer", ObjectionTakenBack, objection=first, account=manager)
    refused("answer_to_taken_back", ObjectionAnswer, objection=second, account=office, text="迟了")
    refused("taken_back_not_clients", ObjectionTakenBack, objection=third, account=office)
    change_team(case, "改换", world.actor("office"), then)
    refused("taken_back_out_of_time", ObjectionTakenBack, objection=third, account=manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        ObjectionTakenBack.objects.all().delete()


def test_the_review_waits_until_the_time_to_object_is_over(case, world, then):
    competent(world, LEADER, case, then)
    team = propose_team(case, usual(world), world.actor("office"), then)
    with pytest.raises(Refusal) as refused:
        start_document_review(case, world.actor(LEADER), then)
    assert codes(refused) == ["team.may_object_still"]
    late = then + (team.objections_until - then.date()) + timedelta(days=1)
    for act in (lambda: agree_to_team(case, world.actor("manager"), late),
                lambda: object_to_member(team.members.first(), "迟了", world.actor("manager"), late)):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            act()
        assert codes(refused) == ["team.too_late"]
    start_document_review(case, world.actor(LEADER), late)


def test_a_person_in_the_clients_papers_is_found_by_certificate_employer_or_name(case, world, then):
    papers = submitted(case)
    number = papers.rows["person_certificates"][0].cells["number"]
    firm = papers.rows["enterprise"][0].cells["legal_name"]
    person = papers.rows["staff"][2].cells["person"]
    declare_mark(Holds.CERTIFICATE, f" {number.lower()} ", world.actor(LEADER), then)
    declare_mark(Holds.EMPLOYER, firm, world.actor(MEMBER), then, starts_on=date(2010, 1, 1), ends_on=date(2012, 1, 1))
    expert = world.people[EXPERT]
    expert.name = person
    expert.save()
    found = found_in_papers(case, [world.people[each] for each in (LEADER, MEMBER, EXPERT, "office")])
    assert {(each.account.pk, each.cell.holds) for each in found} == {
        (world.people[LEADER].pk, Holds.CERTIFICATE),
        (world.people[MEMBER].pk, Holds.EMPLOYER),
        (expert.pk, Holds.NAME),
    }
    assert not Mark.objects.filter(mark=number).exists()
    assert Mark.objects.filter(mark=mark_of(Holds.CERTIFICATE, number)).exists()
    competent(world, LEADER, case, then)
    with pytest.raises(Refusal) as refused:
        propose_team(case, usual(world), world.actor("office"), then)
    # Employed by the client longer ago than the window: no hindrance; the two others are.
    assert {fault.params["name"] for fault in refused.value.faults} == {"lead assessor", person}
    kinds = set(Tie.objects.values_list("account_id", "kind"))
    assert kinds == {
        (world.people[LEADER].pk, "in_papers"),
        (world.people[MEMBER].pk, "employed"),
        (expert.pk, "in_papers"),
    }
    assert record_found(case, [world.people[LEADER]], world.actor("office"), then) == []


def test_what_looks_like_an_identity_card_is_not_even_hashed(world, at):
    with pytest.raises(Refusal) as refused:
        declare_mark(Holds.CERTIFICATE, "11010519491231002X", world.actor(MEMBER), at)
    assert codes(refused) == ["tie.resident_id"]
    assert not Mark.objects.exists()


def test_a_tie_that_ended_bars_for_the_window_and_not_longer(case, world, then):
    competent(world, LEADER, case, then)
    told = TieTold(case.client, TieKind.EMPLOYED, date(2015, 1, 1), then.date() - timedelta(days=100), "人事档案")
    tie = record_tie(world.people[MEMBER], told, world.actor("office"), then)
    with pytest.raises(Refusal) as refused:
        propose_team(case, usual(world), world.actor("office"), then)
    assert codes(refused) == ["team.hindered"]
    ended = TieTold(case.client, TieKind.EMPLOYED, date(2015, 1, 1), date(2018, 1, 1), "更正：离职证明")
    record_tie(world.people[MEMBER], ended, world.actor("office"), then, replaces=tie)
    propose_team(case, usual(world), world.actor("office"), then)


def test_the_database_itself_keeps_the_tied_the_forbidden_and_the_late_out_of_a_team(case, world, then):
    competent(world, LEADER, case, then)
    team = propose_team(case, usual(world), world.actor("office"), then)

    def refused(message, **fields):
        with pytest.raises(IntegrityError, match=message), transaction.atomic():
            Member.objects.create(**{"team": team, "case": case, "part": "assessor", "since": then, **fields})

    refused("member_out_of_time", account=world.people["panel_member"])
    change_team(case, "改换", world.actor("office"), then)
    refused("member_of_client", account=world.people["manager"])
    record_tie(
        world.people["panel_member"],
        TieTold(case.client, TieKind.RELATED, date(2020, 1, 1), None, "本人"),
        world.actor("office"),
        then,
    )
    refused("member_tied", account=world.people["panel_member"])
    Involvement.objects.create(case=case, account=world.people["decision_maker"], part="decision_maker", since=then)
    refused("member_of_forbidden_parts", account=world.people["decision_maker"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(team=team).update(part="assessor")


def test_what_a_member_declares_is_known_before_anybody_starts_the_review(case, world, then):
    """The office has it in its work; nothing waits for the leader's refused press."""
    competent(world, LEADER, case, then)
    propose_team(case, usual(world), world.actor("office"), then)
    firm = submitted(case).rows["enterprise"][0].cells["legal_name"]
    declare_and_look(Holds.EMPLOYER, firm, world.actor(MEMBER), then, starts_on=date(2025, 5, 1))
    [tie] = Tie.objects.all()
    assert (tie.account, tie.told_by, tie.kind) == (world.people[MEMBER], world.people[MEMBER], "employed")
    case.refresh_from_db()
    assert tied_teams([case], then.date()) == {case.pk}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_picker_marks_whom_the_papers_tie_before_anybody_proposes(case, world, then, sign_in, language):
    number = submitted(case).rows["person_certificates"][0].cells["number"]
    page = f"/office/cases/{case.pk}/team/"
    before = sign_in("office", language).get(page).text.count("small attention")
    declare_mark(Holds.CERTIFICATE, number, world.actor(EXPERT), then)
    assert sign_in("office", language).get(page).text.count("small attention") == before + 1
    assert not Tie.objects.exists(), "a page records nothing"


def test_the_leader_is_told_of_a_tied_member_before_pressing_start(case, world, then):
    competent(world, LEADER, case, then)
    propose_team(case, usual(world), world.actor("office"), then)
    agree_to_team(case, world.actor("manager"), then)
    assert what_delays(case, then) == []
    number = submitted(case).rows["person_certificates"][0].cells["number"]
    declare_mark(Holds.CERTIFICATE, number, world.actor(EXPERT), then)
    assert [fault.code for fault in what_delays(case, then)] == ["team.hindered"]
