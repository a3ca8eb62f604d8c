# SPDX-License-Identifier: Apache-2.0
from datetime import date, timedelta

import pytest
from django.urls import reverse

from gradus.applications.cases import hindrances
from gradus.applications.models import Tie
from gradus.applications.ties import TieTold, record_tie
from gradus.applications.worklist import board, work_of
from gradus.decisions.decide import Verdict, answer_proposal, ask_consent
from gradus.decisions.file import case_file
from gradus.decisions.models import Seat, Voided
from gradus.decisions.notice import open_notices
from gradus.decisions.panel import candidates, close_panel, convene, vote, withdraw_member
from gradus.decisions.record import count_is_open_again, decision_of, members_of, notice_of, opinion_of
from gradus.decisions.whose_turn import LATER
from gradus.grading.faults import Refusal
from gradus.journal.actor import system
from gradus.people import actions as people
from gradus.people.models import Notification
from gradus.people.queries import actor_in, appointments_of
from gradus.process.impartiality import TieKind
from gradus.process.parts import Part
from tests.decisions.deciding import BECAUSE, announced, decided, recommended, reviewable, signed

MINUTE = timedelta(minutes=1)


@pytest.fixture
def experts(world, at):
    for number in range(3):
        world.join(f"expert{number}", world.body, "panel_member", at)
    return [world.people[each] for each in ("panel_member", "expert0", "expert1", "expert2")]


@pytest.fixture
def case(submitted, world, experts, request):
    """A case at its panel, because the path's exception is asked for; the parameter, if any, is what is applied for."""
    made = reviewable(submitted(), getattr(request, "param", "level-4"))
    made.by_exception = True
    made.save(update_fields=["by_exception"])
    recommended(made, world, made.changed_at + MINUTE)
    assert made.state == "panel"
    return made


def actor(account):
    return actor_in(account, account.appointments.get().value())


def codes(refused):
    return [fault.code for fault in refused.value.faults]


def seated(case, world, people):
    convene(case, people, world.actor("office"), case.changed_at + MINUTE)


def test_whoever_convenes_a_panel_does_not_sit_on_it(case, world, experts, at):
    """Somebody of the office who is an expert as well."""
    office = world.actor("office")
    seat = people.make_appointment(world.people["office"], people.Seat(world.body, "panel_member"), system, at)
    seat.starts_on = date(2026, 1, 1)
    seat.save()
    with pytest.raises(Refusal) as refused:
        convene(case, [*experts, world.people["office"]], office, case.changed_at + MINUTE)
    assert codes(refused) == ["case.forbidden_part"]
    assert not Seat.objects.exists()


def voted(case, people, voices):
    for who, voice in zip(people, voices, strict=True):
        vote(case, voice, BECAUSE, actor(who), case.changed_at + 2 * MINUTE)


def closed(case, world):
    close_panel(case, BECAUSE, world.actor("office"), case.changed_at + 3 * MINUTE)
    case.refresh_from_db()


def test_a_case_by_exception_is_voted_announced_and_granted(case, world, experts):
    seated(case, world, experts[:3])
    voted(case, experts[:3], ["for", "for", "against"])
    closed(case, world)
    said = opinion_of(case)
    assert (said.opinion, said.counts) == ("for", {"for": 2, "against": 1, "abstain": 0})
    assert (case.state, notice_of(case).outcome) == ("notice", "level-4")
    at = announced(case, world)
    decided(case, world, at)
    signed(case, world, at + MINUTE)
    assert case.state == "granted"


def test_no_vote_opens_with_fewer_members_than_the_procedure_asks(case, world, experts):
    seated(case, world, experts[:2])
    with pytest.raises(Refusal) as refused:
        voted(case, experts[:1], ["for"])
    assert codes(refused) == ["panel.too_few"]
    with pytest.raises(Refusal) as refused:
        closed(case, world)
    assert codes(refused) == ["panel.too_few", "panel.votes_out"]


def test_who_is_hindered_is_not_convened(case, world, experts):
    day = case.opened_at.date()
    Tie.objects.create(
        account=experts[1], client=case.client, kind="invested", starts_on=day - timedelta(days=9), source="declared",
        told_at=case.opened_at,
    )  # fmt: skip
    told = {account.pk: [fault.code for fault in faults] for account, faults in candidates(case, case.changed_at)}
    assert told[experts[1].pk] == ["case.tied"]
    assert told[experts[0].pk] == []
    with pytest.raises(Refusal) as refused:
        seated(case, world, [experts[0], experts[1], world.people["office"], world.people["technical_reviewer"]])
    no_expert = ["case.forbidden_part", "panel.not_convenable"]
    assert codes(refused) == ["case.tied", *no_expert, *no_expert]
    assert not Seat.objects.exists()


def test_who_is_chosen_twice_sits_once(case, world, experts):
    """A form that was sent by hand may name somebody twice."""
    seated(case, world, [experts[0], experts[0], experts[1]])
    assert Seat.objects.filter(case=case).count() == 2


def test_a_vote_is_given_once_by_a_member_with_reasons(case, world, experts):
    seated(case, world, experts[:3])
    voted(case, experts[:1], ["for"])
    with pytest.raises(Refusal) as refused:
        vote(case, "maybe", "", actor(experts[0]), case.changed_at + 3 * MINUTE)
    assert codes(refused) == ["decision.reasons_needed", "panel.voted", "panel.no_voice"]
    with pytest.raises(Refusal) as refused:
        voted(case, experts[3:], ["for"])
    assert codes(refused) == ["panel.no_member"]


def test_withdrawing_a_member_after_the_vote_reopens_the_count(case, world, experts):
    seated(case, world, experts[:3])
    voted(case, experts[:3], ["for", "for", "against"])
    withdraw_member(
        members_of(case)[0], "发现其曾为申请人提供咨询。", world.actor("office"), case.changed_at + 3 * MINUTE
    )
    with pytest.raises(Refusal) as refused:
        closed(case, world)
    assert codes(refused) == ["panel.too_few"]
    seated(case, world, experts[3:])
    with pytest.raises(Refusal) as refused:
        closed(case, world)
    assert codes(refused) == ["panel.votes_out"]
    voted(case, experts[3:], ["against"])
    closed(case, world)
    assert opinion_of(case).opinion == "against"
    # After the path's exception, experts who speak against leave nothing to announce.
    assert notice_of(case) is None


WHY = "发现其曾为申请人提供咨询。"


def test_a_vote_of_somebody_found_to_be_tied_since_is_not_counted(case, world, experts):
    seated(case, world, experts)
    voted(case, experts, ["for"] * 4)
    told = TieTold(case.client, TieKind.RELATED, case.opened_at.date(), None, "举报后查实")
    record_tie(experts[1], told, world.actor("office"), case.changed_at + 2 * MINUTE)
    with pytest.raises(Refusal) as refused:
        closed(case, world)
    [fault] = refused.value.faults
    assert (fault.code, fault.params["name"]) == ("team.hindered", experts[1].name)
    withdraw_member(members_of(case)[1], WHY, world.actor("office"), case.changed_at + 3 * MINUTE)
    closed(case, world)
    assert opinion_of(case).counts["for"] == 3


def test_a_member_who_was_withdrawn_reads_the_case_no_more_and_is_told_nothing(case, world, experts, sign_in):
    seated(case, world, experts)
    page = reverse("panel", kwargs={"case": case.pk})
    assert sign_in("panel_member").get(page).status_code == 200
    voted(case, experts, ["for"] * 4)
    closed(case, world)
    told = Notification.objects.filter(account=experts[0]).count()
    withdraw_member(members_of(case)[0], WHY, world.actor("office"), case.changed_at + MINUTE)
    case.refresh_from_db()
    assert case.state == "panel"
    assert sign_in("panel_member").get(page).status_code == 404
    assert Notification.objects.filter(account=experts[0]).count() == told
    assert "case.part_ended" in [
        fault.code for fault in hindrances(case, experts[0].pk, Part.PANEL_MEMBER, case.changed_at)
    ]


def test_the_panel_is_on_the_lists_of_members_who_have_not_voted(case, world, experts):
    def on_the_list():
        at = case.changed_at + 5 * MINUTE
        own = {each: work_of(each, appointments_of(each, at), at, LATER) for each in experts}
        return [len(listed) for listed in own.values()]

    seated(case, world, experts[:3])
    assert on_the_list() == [1, 1, 1, 0]
    voted(case, experts[:1], ["for"])
    assert on_the_list() == [0, 1, 1, 0]
    [item] = board(case.changed_at, LATER)[4]
    assert item.players == (experts[1].name, experts[2].name)
    voted(case, experts[1:3], ["for", "for"])
    assert on_the_list() == [0, 0, 0, 0]
    assert board(case.changed_at, LATER)[4][0].office_awaited, "the office counts"


@pytest.mark.parametrize(
    ("case", "stands_at"),
    [("level-4", "notice"), ("level-4", "decision"), ("level-3", "consent"), ("level-4", "signature")],
    indirect=["case"],
)
def test_a_member_withdrawn_after_the_panel_closed_reopens_the_count(case, world, experts, stands_at):
    seated(case, world, experts[:3])
    voted(case, experts[:3], ["for", "for", "for"])
    closed(case, world)
    first = notice_of(case)
    at = case.changed_at if stands_at == "notice" else announced(case, world)
    if stands_at == "consent":
        lower, seen = Verdict(BECAUSE, "level-4", tuple(first.scope)), case_file(case).digest
        ask_consent(case, lower, seen, world.actor("decision_maker"), at)
    elif stands_at == "signature":
        decided(case, world, at)
    case.refresh_from_db()
    assert case.state == stands_at
    withdraw_member(members_of(case)[0], WHY, world.actor("office"), at + MINUTE)
    case.refresh_from_db()
    assert (case.state, opinion_of(case), count_is_open_again(case)) == ("panel", None, True)
    with pytest.raises(Refusal) as refused:
        closed(case, world)
    assert codes(refused) == ["panel.too_few"]
    seated(case, world, experts[3:])
    voted(case, experts[3:], ["against"])
    closed(case, world)
    said = opinion_of(case)
    assert (said.opinion, said.counts) == ("for", {"for": 2, "against": 1, "abstain": 0})
    assert notice_of(case) != first
    assert list(open_notices(case.changed_at)) == [notice_of(case)]
    at = announced(case, world)
    if stands_at != "consent":
        decided(case, world, at)
        signed(case, world, at + MINUTE)
        assert case.state == "granted"


@pytest.mark.parametrize("case", ["level-3"], indirect=True)
def test_what_the_client_agreed_to_before_the_panel_counted_anew_is_asked_anew(case, world, experts):
    """It wanted less because the first count had left no more."""
    seated(case, world, experts)
    voted(case, experts, ["for"] * 4)
    closed(case, world)
    at, lower = announced(case, world), Verdict(BECAUSE, "level-4", tuple(notice_of(case).scope))

    def agreed(at):
        ask_consent(case, lower, case_file(case).digest, world.actor("decision_maker"), at)
        answer_proposal(case, given=True, name="王法定", actor=world.actor("manager"), at=at)

    agreed(at)
    withdraw_member(members_of(case)[0], WHY, world.actor("office"), at + MINUTE)
    case.refresh_from_db()
    closed(case, world)
    at = announced(case, world)
    with pytest.raises(Refusal) as refused:
        decided(case, world, at)
    assert codes(refused) == ["decision.no_consent"]
    agreed(at)
    decided(case, world, at)


def test_two_members_are_withdrawn_one_after_the_other_after_the_panel_closed(case, world, experts):
    seated(case, world, experts[:4])
    voted(case, experts[:4], ["for"] * 4)
    closed(case, world)
    office, at = world.actor("office"), case.changed_at + MINUTE
    for number, seat in enumerate(members_of(case)[:2]):
        withdraw_member(seat, WHY, office, at + number * MINUTE)
    case.refresh_from_db()
    assert (case.state, len(members_of(case)), count_is_open_again(case)) == ("panel", 2, True)


def test_when_the_count_turns_after_the_first_was_announced_nothing_is_announced_any_more(case, world, experts):
    seated(case, world, experts[:3])
    voted(case, experts[:3], ["for", "for", "against"])
    closed(case, world)
    assert notice_of(case).outcome == "level-4"
    withdraw_member(members_of(case)[0], WHY, world.actor("office"), case.changed_at + MINUTE)
    case.refresh_from_db()
    seated(case, world, experts[3:])
    voted(case, experts[3:], ["against"])
    closed(case, world)
    assert (opinion_of(case).opinion, notice_of(case)) == ("against", None)
    assert not open_notices(case.changed_at).exists()


def test_a_file_that_changes_before_the_second_signature_voids_the_decision(case, world, experts):
    seated(case, world, experts[:3])
    voted(case, experts[:3], ["for", "for", "for"])
    closed(case, world)
    at = announced(case, world)
    first = decided(case, world, at)
    withdraw_member(members_of(case)[0], "发现其曾为申请人提供咨询。", world.actor("office"), at + MINUTE)
    case.refresh_from_db()
    assert (case.state, decision_of(case)) == ("panel", None)
    void = Voided.objects.get()
    assert void.decision == first
    assert void.file_digest != first.file_digest
