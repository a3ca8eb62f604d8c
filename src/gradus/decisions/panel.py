# SPDX-License-Identifier: Apache-2.0
"""The expert panel: convened by the office among those whom nothing hinders, heard one by one, counted by the core."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from gradus.applications.cases import advance, hindrances, lock, note, relieve, rules_of, take_part
from gradus.applications.models import Case, Involvement
from gradus.applications.ties import found_bonds, look_for, record_found
from gradus.decisions.file import outcome_id, rank_of
from gradus.decisions.models import Leave, PanelOpinion, Review, Seat, Vote
from gradus.decisions.notice import open_notice
from gradus.decisions.record import count_is_open_again, members_of, review_of, round_of, seats_of
from gradus.decisions.sign import void_if_changed
from gradus.evaluations.team import hindered
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.people.models import Account, Appointment
from gradus.people.permissions import Permission, roles
from gradus.people.queries import appointments_of
from gradus.process.panel import Opinion, Voice, may_vote, opinion
from gradus.process.parts import Part
from gradus.process.states import ENDED, State, Step, after
from gradus.process.verdict import ceiling, reasons_faults


def experts(at: datetime) -> list[Account]:
    """Everybody who may be convened to a panel, by name."""
    votes = [each.id for each in roles().values() if Permission.PANEL_VOTE in each.permits]
    seated = Appointment.objects.filter(role__in=votes).values("account")
    found = Account.objects.filter(pk__in=seated, is_active=True).order_by("name", "email")
    return [each for each in found if _may_vote(each, at)]


def _may_vote(account: Account, at: datetime) -> bool:
    return any(Permission.PANEL_VOTE in each.role.permits for each in appointments_of(account, at))


def candidates(case: Case, at: datetime) -> list[tuple[Account, list[Fault]]]:
    """Experts who are not on the panel, with everything that hinders each."""
    seated = {each.account_id for each in seats_of(case)}
    able = [each for each in experts(at) if each.pk not in seated]
    found = found_bonds(case, able, localdate(at))
    return [(each, hindrances(case, each.pk, Part.PANEL_MEMBER, at) + found.get(each.pk, [])) for each in able]


def convene(case: Case, accounts: Iterable[Account], actor: Actor, at: datetime) -> list[Seat]:
    """Convene experts to the panel. Raises Refusal with every hindrance of any of them, and convenes nobody then."""
    accounts = list({each.pk: each for each in accounts}.values())  # chosen twice is chosen once
    look_for(case, actor, at)
    record_found(case, accounts, actor, at)
    with transaction.atomic():
        case = lock(case)
        _must_stand_at_panel(case)
        take_part(case, actor.account, Part.PANEL_OFFICER, at)
        able, faults, made = {each.pk for each in experts(at)}, [], []
        seated = {each.account_id for each in seats_of(case)}
        for each in accounts:
            faults += hindrances(case, each.pk, Part.PANEL_MEMBER, at)
            if each.pk not in able or each.pk in seated:
                faults.append(Fault("panel.not_convenable", params={"name": each.name}))
            elif not faults:
                take_part(case, each.pk, Part.PANEL_MEMBER, at)
                made.append(_seated(case, each, actor, at))
        if not made and not faults:
            faults = [Fault("panel.nobody_chosen", Place(field="members"))]
        if faults:
            raise Refusal(faults)
        note(case, Kind.PANEL_CONVENED, actor, at, {"members": [each.account.name for each in made]})
    return made


def _seated(case: Case, account: Account, actor: Actor, at: datetime) -> Seat:
    return Seat.objects.create(case=case, round=round_of(case), account=account, at=at, convened_by_id=actor.account)


def withdraw_member(seat: Seat, why: str, actor: Actor, at: datetime) -> Leave:
    """Withdraw a member, because a conflict was found or the member cannot: the vote counts no more,
    and the member's part in the case has ended: it reads the file no more, and is told nothing.

    A decision that waits for its second signature is void. A count that was closed is open again: the case goes back to
    its panel, where the others' votes stand, a substitute may be convened, and the votes are counted anew.
    """
    look_for(seat.case, actor, at)
    with transaction.atomic():
        case = lock(seat.case)
        take_part(case, actor.account, Part.PANEL_OFFICER, at)
        faults = reasons_faults(why)
        if State(case.state) in ENDED or seat.round != round_of(case):
            faults.append(Fault("panel.over"))
        if Leave.objects.filter(seat=seat).exists():
            faults.append(Fault("panel.left_already"))
        if faults:
            raise Refusal(faults)
        made = Leave.objects.create(seat=seat, why=why.strip(), account_id=actor.account, at=at)
        relieve(Involvement.objects.get(case=case, account=seat.account, part=Part.PANEL_MEMBER.value), actor, at)
        note(case, Kind.PANEL_MEMBER_WITHDRAWN, actor, at, {"member": seat.account.name, "why": made.why})
        void_if_changed(case, actor, at)
        if case.state != State.PANEL.value and count_is_open_again(case):
            advance(case, Step.REOPEN_PANEL, actor, at, {"member": seat.account.name, "why": made.why})
    return made


def vote(case: Case, voice: str, reasons: str, actor: Actor, at: datetime) -> Vote:
    """Give one's vote, once, with reasons. No vote opens while members are too few."""
    look_for(case, actor, at)
    with transaction.atomic():
        case = lock(case)
        _must_stand_at_panel(case)
        members = members_of(case)
        seat = next((each for each in members if str(each.account_id) == actor.account), None)
        faults = [*may_vote(rules_of(case).procedure.panel, len(members)), *reasons_faults(reasons)]
        if seat is None:
            faults.append(Fault("panel.no_member"))
        elif hasattr(seat, "vote"):
            faults.append(Fault("panel.voted"))
        if voice not in set(Voice):
            faults.append(Fault("panel.no_voice", Place(field="voice")))
        if faults or seat is None:
            raise Refusal(faults)
        take_part(case, actor.account, Part.PANEL_MEMBER, at)
        made = Vote.objects.create(
            case=case,
            round=seat.round,
            account_id=actor.account,
            at=at,
            seat=seat,
            voice=voice,
            reasons=reasons.strip(),
        )
        note(case, Kind.PANEL_VOTED, actor, at, {"member": actor.name})
    return made


def close_panel(case: Case, reasons: str, actor: Actor, at: datetime) -> PanelOpinion:
    """Count the votes of all members, record the panel's opinion, and open the notice.

    Raises Refusal also for a member who is tied to the client, as the body may have come to know after the vote: such a
    member is withdrawn first.
    """
    look_for(case, actor, at)
    record_found(case, [each.account for each in members_of(case)], actor, at)
    with transaction.atomic():
        case = lock(case)
        after(State(case.state), Step.CLOSE_PANEL)
        take_part(case, actor.account, Part.PANEL_OFFICER, at)
        members, review = members_of(case), review_of(case)
        voices = [Voice(each.vote.voice) for each in members if hasattr(each, "vote")]
        said = opinion(rules_of(case).procedure.panel, len(members), voices)
        faults = [*reasons_faults(reasons), *hindered_members(case, members, at)]
        if faults:
            raise Refusal(faults)
        counted = Counter(each.value for each in voices)
        made = PanelOpinion.objects.create(
            case=case,
            round=round_of(case),
            account_id=actor.account,
            at=at,
            opinion=said.value,
            counts={each.value: counted[each.value] for each in Voice},
            seats=[each.pk for each in members],
            reasons=reasons.strip(),
        )
        advance(case, Step.CLOSE_PANEL, actor, at, {"opinion": made.opinion, **made.counts})
        assert review is not None
        open_notice(case, review, at, left_by(case, review, said))
    return made


def hindered_members(case: Case, members: Iterable[Seat], at: datetime) -> list[Fault]:
    """What keeps members' votes from being counted, each with the member's name."""
    return [
        hindered(each.account, fault)
        for each in members
        for fault in hindrances(case, each.account_id, Part.PANEL_MEMBER, at)
    ]


def left_by(case: Case, review: Review, said: Opinion) -> str:
    """What the panel's opinion leaves of a recommendation."""
    rules = rules_of(case)
    rank = rank_of(rules.edition, review.outcome)
    return outcome_id(rules.edition, ceiling(rules, rank, rank, said, by_exception=case.by_exception))


def _must_stand_at_panel(case: Case) -> None:
    after(State(case.state), Step.CLOSE_PANEL)
