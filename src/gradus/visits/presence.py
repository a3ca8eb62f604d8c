# SPDX-License-Identifier: Apache-2.0
"""Presence at the meetings of a visit: signing in and out, and what deviates, explained by assessor and body."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localtime

from gradus.applications.cases import leads, lock, note, rules_of
from gradus.applications.models import Case
from gradus.grading.faults import Fault, Refusal
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.process.states import State
from gradus.process.visits import Attendance, Deviation, Meetings, Moment, Position, Side, Signed, deviations
from gradus.visits.models import Attendant, Explanation, Signing, Visit
from gradus.visits.photos import Chunks, keep_file
from gradus.visits.queries import of_body_beside, refuse_others, text_faults, visit_begun, visit_on_site


@dataclass(frozen=True, slots=True)
class Presence:
    """One attendant at one meeting: how the signing deviates, and what each side says of it."""

    attendant: Attendant
    moment: Moment
    signing: Signing | None
    deviations: tuple[Deviation, ...]
    explained: Mapping[str, Explanation]

    @property
    def open_sides(self) -> tuple[Side, ...]:
        """Who must still explain."""
        return tuple(each for each in Side if self.deviations and each.value not in self.explained)

    def deviates_at(self, at: datetime) -> bool:
        """Whether there is a deviation by now: not to have signed is one only when the meeting has begun."""
        visit = self.attendant.visit
        began = visit.opening if self.moment is Moment.SIGN_IN else visit.closing_from
        return bool(self.deviations) and (self.signing is not None or at >= began)

    def open_at(self, at: datetime) -> tuple[Side, ...]:
        """Who must still explain, and can by now."""
        return self.open_sides if self.deviates_at(at) else ()


def sign(
    case: Case,
    moment: Moment,
    actor: Actor,
    at: datetime,
    position: Position | None = None,
    photo: Chunks | None = None,
) -> Signing:
    """Sign in at the opening meeting or out at the closing meeting, at this instant: in on the day of the opening
    meeting or later, out once that meeting has begun. A signing is not changed, so none comes days too early."""
    kept = keep_file(photo, at, picture=True) if photo is not None else None
    with transaction.atomic():
        locked = lock(case)
        visit = visit_begun(locked, at)
        if moment is Moment.SIGN_OUT and at < visit.opening:
            raise Refusal([Fault("visit.signs_out_early")])
        listed = Attendant.objects.filter(visit=visit, account_id=actor.account).exists()
        refuse_others(listed, "visit.not_attending")
        if Signing.objects.filter(visit=visit, account_id=actor.account, moment=moment.value).exists():
            raise Refusal([Fault("visit.signed_already")])
        if Explanation.objects.filter(visit=visit, who_id=actor.account, moment=moment.value).exists():
            raise Refusal([Fault("visit.absence_explained")])  # what was said of it would stand for another deviation
        made = Signing.objects.create(
            case=locked,
            visit=visit,
            account_id=actor.account,
            at=at,
            moment=moment.value,
            north=_degrees(position.north) if position else "",
            east=_degrees(position.east) if position else "",
            photo=kept,
        )
        said = {"visit": visit.number, "moment": moment.value, "photo": kept.pk if kept else ""}
        note(locked, Kind.VISIT_SIGNED, actor, at, {**said, "north": made.north, "east": made.east})
    return made


def explain(deviating: "Presence", side: Side, text: str, actor: Actor, at: datetime) -> Explanation:
    """Say why somebody's signing deviates: the person (or the leader) for the assessor, somebody of the body who
    never evaluated in the case for the body."""
    with transaction.atomic():
        locked = lock(deviating.attendant.visit.case)
        visit = visit_on_site(locked)
        who, moment = deviating.attendant.account_id, deviating.moment
        if side is Side.ASSESSOR:
            refuse_others(str(who) == actor.account or leads(locked, actor.account), "visit.explain_own")
        else:
            refuse_others(of_body_beside(locked, actor.account), "visit.explain_body")
        found = presence_of(visit, who, moment)
        if found is None or side not in found.open_sides:
            raise Refusal([Fault("visit.nothing_to_explain")])
        if side not in found.open_at(at):
            raise Refusal([Fault("visit.may_sign_still")])
        if faults := text_faults("text", text, 5, 1000):
            raise Refusal(faults)
        made = Explanation.objects.create(
            case=locked, visit=visit, account_id=actor.account, at=at, who_id=who, moment=moment.value,
            side=side.value, text=text.strip(),
        )  # fmt: skip
        said = {"visit": visit.number, "who": found.attendant.account.name, "moment": moment.value}
        note(locked, Kind.VISIT_EXPLAINED, actor, at, {**said, "side": side.value, "text": made.text})
    return made


def presence_of(visit: Visit, who: object, moment: Moment) -> Presence | None:
    """One attendant at one meeting."""
    every = (each for each in presence(visit) if each.moment is moment)
    return next((each for each in every if str(each.attendant.account_id) == str(who)), None)


def presence(visit: Visit) -> list[Presence]:
    """Everybody of the plan at both meetings."""
    return _presence([visit])


def awaiting_body(cases: Iterable[Case], at: datetime) -> set[object]:
    """The cases on site in which a deviation can be explained for the body by now and is not, with four queries."""
    on_site = [each.pk for each in cases if each.state == State.ON_SITE.value]
    later = Visit.objects.filter(case=OuterRef("case"), number__gt=OuterRef("number"))
    visits = list(Visit.objects.filter(~Exists(later), case__in=on_site).select_related("case")) if on_site else []
    return {each.attendant.visit.case_id for each in _presence(visits) if Side.BODY in each.open_at(at)}


def _presence(visits: Sequence[Visit]) -> list[Presence]:
    known = {each.pk: (rules_of(each.case), meetings_of(each)) for each in visits}
    signings = {(each.visit_id, each.account_id, each.moment): each for each in Signing.objects.filter(visit__in=known)}
    explained: dict[tuple[object, ...], dict[str, Explanation]] = {}
    for each in Explanation.objects.filter(visit__in=known).select_related("account"):
        explained.setdefault((each.visit_id, each.who_id, each.moment), {})[each.side] = each
    attendants = Attendant.objects.filter(visit__in=known).select_related("account", "visit__case").order_by("id")
    leads_in = {
        each.visit_id: signings.get((each.visit_id, each.account_id, Moment.SIGN_IN.value))
        for each in attendants
        if each.attends_as == Attendance.LEADER.value
    }
    found = []
    for attendant in attendants:
        rules, meetings = known[attendant.visit_id]
        for moment in Moment:
            key = (attendant.visit_id, attendant.account_id, moment.value)
            signing = signings.get(key)
            deviating = deviations(moment, _signed(signing), _beside(leads_in.get(key[0]), signing, meetings), rules)
            found.append(Presence(attendant, moment, signing, deviating, explained.get(key, {})))
    return found


def meetings_of(visit: Visit) -> Meetings:
    """The meetings of a visit, in the body's time zone."""
    first = visit.sites[0]
    opening, start, end = (localtime(each) for each in (visit.opening, visit.closing_from, visit.closing_until))
    return Meetings(opening, start, end, _position(first["north"], first["east"]))


def _beside(leads_in: Signing | None, signing: Signing | None, meetings: Meetings) -> Meetings:
    """The meetings of a plan without a position are where the leader signed in; that signing itself is compared with
    nothing."""
    if meetings.place is not None or leads_in is None or leads_in == signing:
        return meetings
    return replace(meetings, place=_position(leads_in.north, leads_in.east))


def _signed(signing: Signing | None) -> Signed | None:
    if signing is None:
        return None
    return Signed(localtime(signing.at), _position(signing.north, signing.east), signing.photo_id is not None)


def _position(north: str, east: str) -> Position | None:
    return Position(Fraction(north), Fraction(east)) if north and east else None


def _degrees(degrees: Fraction) -> str:
    return f"{float(degrees):.6f}"
