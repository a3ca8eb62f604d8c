# SPDX-License-Identifier: Apache-2.0
"""The team of a case: proposed by the office, told to the client, who may object to members (ISO/IEC 17021-1, 9.2.3.5);
the document review begins when the time to object is over and every objection is answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.timezone import localdate

from gradus.applications.cases import (
    advance,
    hindrances,
    lock,
    lock_for,
    note,
    refuse_others_than_client,
    relieve,
    rules_of,
    take_part,
)
from gradus.applications.models import Case, Involvement
from gradus.applications.telling import staff_with
from gradus.applications.ties import found_bonds, record_found
from gradus.applications.work_calendar import work_calendar
from gradus.evaluations.competence import applied_fields, applied_level, covered, fields_of
from gradus.evaluations.models import Member, Objection, ObjectionAnswer, ObjectionTakenBack, Team
from gradus.formats.wording import sentence
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Edition
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.people.models import Account
from gradus.people.notifications import client_named, notify
from gradus.people.permissions import Permission
from gradus.people.queries import appointment_for, appointments_of
from gradus.process.parts import EVALUATORS, Part
from gradus.process.states import State, Step
from gradus.process.working_days import due

longest_reason = 1000


@dataclass(frozen=True, slots=True)
class Seat:
    """Whom the office wants in which part."""

    account: Account
    part: Part


def propose_team(case: Case, seats: Sequence[Seat], actor: Actor, at: datetime) -> Team:
    """Propose a team to the client. First the client's papers are looked through for these people.

    Raises Refusal with everything that is in the way, for every person at once: no or two leaders, somebody twice, no
    appointment for the part, a tie, a part that rules it out, and competence that the team lacks.
    """
    record_found(case, [each.account for each in seats], actor, at)
    with transaction.atomic():
        locked = lock_for(case, Step.PROPOSE_TEAM)
        faults = what_hinders(locked, seats, at)
        if faults:
            raise Refusal(faults)
        until = due(localdate(at), rules_of(locked).objection, work_calendar())
        assert until is not None
        team = Team.objects.create(
            case=locked,
            number=Team.objects.filter(case=locked).count() + 1,
            objections_until=until.on,
            proposed_by_id=actor.account,
            proposed_at=at,
        )
        for each in seats:
            Member.objects.create(team=team, case=locked, account=each.account, part=each.part.value, since=at)
        names = {str(each.account.pk): each.part.value for each in seats}
        _tell_leader(team, "team_proposed", at)
        said = {"team": team.number, "members": names, "objections_until": until.on.isoformat()}
        advance(locked, Step.PROPOSE_TEAM, actor, at, said)
    return team


def what_hinders(case: Case, seats: Sequence[Seat], at: datetime) -> list[Fault]:
    """Everything that keeps these people from being the team of a case."""
    leaders = [each for each in seats if each.part is Part.LEAD_ASSESSOR]
    faults = [] if len(leaders) == 1 else [Fault("team.one_leader")]
    for each in seats:
        if sum(other.account.pk == each.account.pk for other in seats) > 1:
            faults.append(Fault("team.twice", params={"name": each.account.name}))
        wanted = Permission.CASE_LEAD if each.part is Part.LEAD_ASSESSOR else Permission.CASE_EVALUATE
        if each.part not in EVALUATORS or appointment_for(appointments_of(each.account, at), wanted) is None:
            faults.append(Fault("team.not_appointed", _at(each), {"name": each.account.name}))
        faults += [hindered(each.account, fault) for fault in hindrances(case, each.account.pk, each.part, at)]
    unique = [fault for number, fault in enumerate(faults) if fault not in faults[:number]]
    return unique + _incompetence(case, seats, leaders, at)


def _at(seat: Seat) -> Place:
    return Place(field=str(seat.account.pk))


def hindered(account: Account, fault: Fault) -> Fault:
    """What hinders somebody, with the person's name before it."""
    said = {f"said_{language}": sentence(fault, language) for language in ("zh", "en")}
    return Fault("team.hindered", Place(field=str(account.pk)), {"name": account.name, **said})


def _incompetence(case: Case, seats: Sequence[Seat], leaders: Sequence[Seat], at: datetime) -> list[Fault]:
    """The applied fields that nobody of the team covers, and a leader who covers none."""
    edition, level = rules_of(case).edition, applied_level(case)
    found = covered(case, [each.account.pk for each in seats], localdate(at))
    together = frozenset[str]().union(*found.values())
    said = _words(edition, level)
    faults = [
        Fault("team.field_not_covered", params={**said, **_field_words(edition, field)})
        for field in applied_fields(case)
        if field not in together
    ]
    faults += [
        Fault("team.leader_not_competent", _at(each), {"name": each.account.name, **said})
        for each in leaders
        if not found[each.account.pk]
    ]
    return faults


def _words(edition: Edition, level: str) -> Mapping[str, str]:
    text = next((each.text for each in edition.levels if each.id == level), None)
    return {"level_zh": text.zh if text else level, "level_en": text.en if text else level}


def _field_words(edition: Edition, field: str) -> Mapping[str, str]:
    text = next((each.text for each in fields_of(edition) if each.id == field), edition.text)
    return {"field_zh": text.zh, "field_en": text.en}


def current_team(case: Case) -> Team | None:
    """The team proposed last."""
    return Team.objects.filter(case=case).order_by("-number").first()


class Proposed(NamedTuple):
    """A team that was proposed: ``until`` when the client may object, whether it ``agreed``, and whether it
    ``objected`` to somebody without an answer yet."""

    until: date
    agreed: bool
    objected: bool
    members: tuple[Member, ...]

    def may_object(self, day: date) -> bool:
        """Whether the client may still speak on a day."""
        return not self.agreed and day <= self.until


def newest_teams(cases: Iterable[Case]) -> dict[object, Proposed]:
    """By case the team that was proposed last and has not begun, with three queries."""
    waiting = [each.pk for each in cases if each.state == State.OBJECTION]
    later = Team.objects.filter(case=OuterRef("case"), number__gt=OuterRef("number"))
    found = Team.objects.filter(~Exists(later), case__in=waiting)
    found = found.prefetch_related(
        Prefetch("members", Member.objects.select_related("account")),
        Prefetch("objections", Objection.objects.select_related("answer", "taken_back")),
    )
    return {each.case_id: _proposed(each) for each in found}


def _proposed(team: Team) -> Proposed:
    said = team.objections.all()
    return Proposed(
        until=team.objections_until,
        agreed=any(each.member_id is None for each in said),
        objected=any(awaits_answer(each) for each in said),
        members=tuple(team.members.all()),
    )


def is_taken_back(objection: Objection) -> bool:
    """Whether the client has taken an objection back."""
    return hasattr(objection, "taken_back")


def awaits_answer(objection: Objection) -> bool:
    """Whether it is one to a member, that the body has not answered and the client has not taken back."""
    answered = hasattr(objection, "answer")
    return objection.member_id is not None and not answered and not is_taken_back(objection)


def may_agree(said: Iterable[Objection]) -> bool:
    """Whether the client, which said this of a team, may still say that it does not object: it has not yet, and no
    objection waits for its answer."""
    return not any(each.member_id is None or awaits_answer(each) for each in said)


def is_seated(case: Case, account: object) -> bool:
    """Whether somebody has a seat in the team proposed last, and so reads the case before taking the part."""
    team = current_team(case)
    return team is not None and team.members.filter(account_id=account).exists()


def object_to_member(member: Member, reason: str, actor: Actor, at: datetime) -> Objection:
    """The client objects to a member, with a reason, while it may."""
    with transaction.atomic():
        locked, team = _still_open(member.case, actor, at)
        words = reason.strip()
        faults = []
        if member.team_id != team.pk:
            faults.append(Fault("team.changed_meanwhile"))
        if not 0 < len(words) <= longest_reason:
            faults.append(Fault("team.reason_needed", Place(field="reason"), {"limit": str(longest_reason)}))
        if team.objections.filter(member=member, taken_back=None).exists():
            faults.append(Fault("team.objected_already"))
        if faults:
            raise Refusal(faults)
        made = Objection.objects.create(
            case=locked, team=team, member=member, reason=words, account_id=actor.account, made_at=at
        )
        blanks = {"number": locked.number, **client_named(locked.client)}
        notify(staff_with("team:appoint", at), "team_objected", blanks, f"/office/cases/{locked.pk}/team/", at)
        note(locked, Kind.TEAM_OBJECTED, actor, at, {"name": member.account.name, "reason": words})
    return made


def take_objection_back(objection: Objection, actor: Actor, at: datetime) -> ObjectionTakenBack:
    """The client objects to a member no more; also when the time to object is over, for until the body has answered
    the review waits for it. While that time lasts it may object anew, or agree to the team."""
    with transaction.atomic():
        locked = lock(objection.case)
        if locked.state != State.OBJECTION or objection.member is None or objection.team != current_team(locked):
            raise Refusal([Fault("evaluation.not_now")])
        refuse_others_than_client(locked, actor, at)
        _refuse_settled(objection)
        made = ObjectionTakenBack.objects.create(case=locked, objection=objection, account_id=actor.account, made_at=at)
        blanks = {"number": locked.number, **client_named(locked.client)}
        notify(staff_with("team:appoint", at), "team_taken_back", blanks, f"/office/cases/{locked.pk}/team/", at)
        note(locked, Kind.OBJECTION_TAKEN_BACK, actor, at, {"name": objection.member.account.name})
    return made


def _refuse_settled(objection: Objection) -> None:
    """Raises Refusal for an objection that is answered, or taken back."""
    if ObjectionAnswer.objects.filter(objection=objection).exists():
        raise Refusal([Fault("team.answered_already")])
    if ObjectionTakenBack.objects.filter(objection=objection).exists():
        raise Refusal([Fault("team.taken_back")])


def agree_to_team(case: Case, actor: Actor, at: datetime) -> Objection:
    """The client says that it does not object, or no more once it was answered, so that the review may begin before the
    time is over."""
    with transaction.atomic():
        locked, team = _still_open(case, actor, at)
        if not may_agree(team.objections.select_related("answer", "taken_back")):
            raise Refusal([Fault("team.answered_already")])
        made = Objection.objects.create(case=locked, team=team, account_id=actor.account, made_at=at)
        _tell_leader(team, "team_agreed", at)
        note(locked, Kind.TEAM_AGREED, actor, at, {})
    return made


def _tell_leader(team: Team, code: str, at: datetime) -> None:
    """Tell who is proposed to lead; it plays no part in the case yet."""
    blanks = {"number": team.case.number, **client_named(team.case.client), "day": team.objections_until.isoformat()}
    leaders = team.members.filter(part=Part.LEAD_ASSESSOR.value).select_related("account")
    notify([each.account for each in leaders], code, blanks, f"/assessor/cases/{team.case_id}/", at)


def _still_open(case: Case, actor: Actor, at: datetime) -> tuple[Case, Team]:
    locked = lock(case)
    team = current_team(locked)
    if locked.state != State.OBJECTION or team is None:
        raise Refusal([Fault("evaluation.not_now")])
    if localdate(at) > team.objections_until:
        raise Refusal([Fault("team.too_late", params={"day": team.objections_until.isoformat()})])
    refuse_others_than_client(locked, actor, at)
    return locked, team


def answer_objection(objection: Objection, text: str, actor: Actor, at: datetime) -> ObjectionAnswer:
    """The office keeps a member, and tells the client why; not by that member. To follow an objection it changes the
    team."""
    with transaction.atomic():
        locked = lock(objection.case)
        words = text.strip()
        if locked.state != State.OBJECTION or objection.member is None:
            raise Refusal([Fault("evaluation.not_now")])
        if str(objection.member.account_id) == actor.account:
            raise Refusal([Fault("team.own_objection")])
        _refuse_settled(objection)
        if not 0 < len(words) <= longest_reason:
            raise Refusal([Fault("team.reason_needed", Place(field="text"), {"limit": str(longest_reason)})])
        made = ObjectionAnswer.objects.create(
            case=locked, objection=objection, text=words, account_id=actor.account, made_at=at
        )
        note(locked, Kind.OBJECTION_ANSWERED, actor, at, {"name": objection.member.account.name, "reason": words})
    return made


def change_team(case: Case, reason: str, actor: Actor, at: datetime) -> None:
    """The office takes a team back, proposed or at work, to propose another."""
    with transaction.atomic():
        locked = lock_for(case, Step.CHANGE_TEAM)
        words = reason.strip()
        if not 0 < len(words) <= longest_reason:
            raise Refusal([Fault("team.reason_needed", Place(field="reason"), {"limit": str(longest_reason)})])
        advance(locked, Step.CHANGE_TEAM, actor, at, {"reason": words})


def _relieve_others(case: Case, members: Sequence[Member], actor: Actor, at: datetime) -> None:
    """End the parts of an earlier team that nobody of this one has."""
    seated = {(each.account_id, each.part) for each in members}
    for each in _at_work(case):
        if (each.account_id, each.part) not in seated:
            relieve(each, actor, at)


def look_for_team(case: Case, actor: Actor, at: datetime) -> None:
    """Look for the team at work in the client's papers, of which a supplement may have brought more."""
    record_found(case, [each.account for each in _at_work(case)], actor, at)


def hindered_now(case: Case, at: datetime) -> list[Fault]:
    """What keeps members of the team at work from going on: a tie that the body came to know of since."""
    return _hindered(case, [(each.account, Part(each.part)) for each in _at_work(case)], at)


def _hindered(case: Case, people: Sequence[tuple[Account, Part]], at: datetime) -> list[Fault]:
    """What hinders these people in these parts; also what the client's papers would tell, were they looked through."""
    found = found_bonds(case, [account for account, _ in people], localdate(at))
    return [
        hindered(account, fault)
        for account, part in people
        for fault in (*hindrances(case, account.pk, part, at), *found.get(account.pk, ()))
    ]


def _at_work(case: Case) -> QuerySet[Involvement]:
    parts = [each.value for each in EVALUATORS]
    return Involvement.objects.filter(case=case, part__in=parts, relief=None).select_related("account").order_by("id")


def what_delays(case: Case, at: datetime) -> list[Fault]:
    """What keeps the document review from beginning: time to object, objections without an answer, and what the body
    knows by now of a member that was proposed."""
    team = current_team(case)
    if team is None:
        return [Fault("team.none")]
    members = team.members.select_related("account").order_by("id")
    objections = list(team.objections.select_related("answer", "taken_back", "member__account"))
    faults = [
        Fault("team.objection_open", params={"name": each.member.account.name})
        for each in objections
        if each.member is not None and awaits_answer(each)
    ]
    agreed = any(each.member_id is None for each in objections)
    if not agreed and localdate(at) <= team.objections_until:
        faults.append(Fault("team.may_object_still", params={"day": team.objections_until.isoformat()}))
    return faults + _hindered(case, [(each.account, Part(each.part)) for each in members], at)


def start_document_review(case: Case, actor: Actor, at: datetime) -> None:
    """The leader begins the document review, and every member takes its part from now on; whom this team replaces
    evaluates no more. Raises Refusal."""
    team = current_team(case)
    members = list(team.members.select_related("account")) if team else []
    record_found(case, [each.account for each in members], actor, at)
    with transaction.atomic():
        locked = lock_for(case, Step.START_DOCUMENT_REVIEW)
        faults = what_delays(locked, at)
        leader = next((each for each in members if each.part == Part.LEAD_ASSESSOR), None)
        if leader is None or str(leader.account_id) != str(actor.account):
            faults.append(Fault("evaluation.leader_only"))
        if current_team(locked) != team:
            faults.append(Fault("team.changed_meanwhile"))
        if faults:
            raise Refusal(faults)
        _relieve_others(locked, members, actor, at)
        for each in members:
            take_part(locked, each.account_id, Part(each.part), at)
        advance(locked, Step.START_DOCUMENT_REVIEW, actor, at, {"team": team.number if team else 0})
