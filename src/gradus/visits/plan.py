# SPDX-License-Identifier: Apache-2.0
"""Planning a visit: where, when, who, for how many man-days, with which agenda."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.db import transaction
from django.utils.timezone import localdate, localtime

from gradus.applications.cases import advance, leads, lock, rules_of
from gradus.applications.models import Case
from gradus.applications.telling import tell_client
from gradus.applications.work_calendar import work_calendar
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor
from gradus.process.procedure import Rules
from gradus.process.states import State, Step
from gradus.process.visits import COUNTING, PARTS_OF, Attendance, Position, man_day_faults, man_days, plain, span_faults
from gradus.visits.models import Attendant, Visit
from gradus.visits.queries import plans_taken_back, refuse_others, refuse_unless, team_of, text_faults

_CLOCK = r"([01]?\d|2[0-3])[:：][0-5]\d(?!\d)"
AGENDA_TIME = re.compile(rf"(\d{{4}}-\d\d-\d\d\s+)?{_CLOCK}(\s*[-–—~至]\s*{_CLOCK})?")
"""When an item of the agenda is: a time of day or a span of it, on a visit of several days with the day before."""

SHORT_NOTICE = timedelta(hours=24)
"""With less between plan and opening meeting the leader is warned."""

longest_line = 200
"""Of a site's name or address."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place that is visited. Its address is enough to find it; without a position what the leader's signing in tells
    is compared with nothing, and explained."""

    name: str
    address: str
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """What is looked at, when (:data:`AGENDA_TIME`), by whom, in the planner's own words."""

    when: str
    topic: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team on the visit."""

    account: str
    attends_as: Attendance
    days: Fraction


@dataclass(frozen=True, slots=True)
class Plan:
    """The meetings are at the first site. ``reason`` is asked for when the man-days are below the table's."""

    opening: datetime
    closing_from: datetime
    closing_until: datetime
    sites: Sequence[Site]
    members: Sequence[Member]
    agenda: Sequence[AgendaItem]
    reason: str = ""


def plan_visit(case: Case, plan: Plan, actor: Actor, at: datetime) -> Visit:
    """Plan the next visit; the case is on site from then on. Raises Refusal with everything that is wrong."""
    with transaction.atomic():
        locked = lock(case)
        refuse_others(leads(locked, actor.account), "visit.leader_only")
        refuse_unless(locked, State.PLANNING)
        table = table_days(locked, rules_of(locked), len(plan.sites))
        planned = man_days((each.attends_as, each.days) for each in plan.members)
        faults = [*_faults(locked, plan, at), *text_faults("reason", plan.reason, 0, 500)]
        faults += man_day_faults(planned, table, rules_of(locked).number("share_on_site"), plan.reason)
        if faults:
            raise Refusal(faults)
        visit = Visit.objects.create(
            case=locked,
            account_id=actor.account,
            at=at,
            number=Visit.objects.filter(case=locked).count() + 1,
            opening=plan.opening,
            closing_from=plan.closing_from,
            closing_until=plan.closing_until,
            sites=[_site(each) for each in plan.sites],
            agenda=[{"when": each.when, "topic": each.topic, "who": each.who} for each in plan.agenda],
            table_days=plain(table),
            man_days=plain(planned),
            reason=plan.reason.strip(),
        )
        Attendant.objects.bulk_create(
            Attendant(visit=visit, account_id=each.account, attends_as=each.attends_as.value, days=plain(each.days))
            for each in plan.members
        )
        said = {"visit": visit.number, "opening": visit.opening.isoformat(), "man_days": visit.man_days}
        advance(locked, Step.PLAN_VISIT, actor, at, said)
        anew = visit.number - 1 in plans_taken_back(locked)
        blanks = {"opening": localtime(visit.opening).strftime("%Y-%m-%d %H:%M"), "place": visit.sites[0]["address"]}
        tell_client(locked, "visit_planned_anew" if anew else "visit_planned", "visit/", at, blanks)
    return visit


def plan_warnings(visit: Visit) -> list[Fault]:
    """What is unusual about a plan and yet allowed: the client has hardly time to prepare, or a day is without work."""
    found = []
    if visit.opening - visit.at < SHORT_NOTICE:
        found.append(Fault("visit.short_notice", params={"hours": str(SHORT_NOTICE // timedelta(hours=1))}))
    first, last = localdate(visit.opening), localdate(visit.closing_until)
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    off = [each.isoformat() for each in days if not work_calendar().works(each)]
    if off:
        found.append(Fault("visit.days_off", params={"days": ", ".join(off)}))
    return found


def table_days(case: Case, rules: Rules, sites: int) -> Fraction:
    """What the procedure's table asks for the level applied for."""
    outcome = next((each for each in rules.edition.outcomes if each.id == case.requested), None)
    return rules.man_days(outcome.level if outcome else case.requested, max(0, sites - 1))


def _site(site: Site) -> dict[str, str]:
    known = site.position
    degrees = {"north": known.north, "east": known.east} if known else {}
    told = {name: f"{float(of):.6f}" for name, of in degrees.items()} or {"north": "", "east": ""}
    return {"name": site.name, "address": site.address, **told}


def _faults(case: Case, plan: Plan, at: datetime) -> list[Fault]:
    faults = []
    if not plan.sites or any(not each.address.strip() for each in plan.sites):
        faults.append(Fault("visit.no_site", Place(field="sites")))
    known = [each.position for each in plan.sites if each.position is not None]
    if any(abs(each.north) > 90 or abs(each.east) > 180 for each in known):
        faults.append(Fault("visit.no_such_place", Place(field="sites")))
    for each in plan.sites:
        faults += text_faults("sites", max(each.name, each.address, key=len), 0, longest_line)
    faults += text_faults("agenda", "\n".join(f"{each.when} {each.topic} {each.who}" for each in plan.agenda), 0, 8000)
    faults += _agenda_faults(plan.agenda)
    faults += _time_faults(plan, at)
    parts: dict[str, set[str]] = {}
    for each in team_of(case):
        parts.setdefault(str(each.account_id), set()).add(each.part)
    leaders = 0
    for member in plan.members:
        own = parts.get(member.account, set())
        wanted = PARTS_OF.get(member.attends_as)
        leaders += member.attends_as is Attendance.LEADER
        if not own or (wanted is not None and not own & wanted):
            faults.append(Fault("visit.not_of_team", Place(field="members")))
        if member.days <= 0:
            faults.append(Fault("visit.no_days", Place(field="members")))
    if leaders != 1 or len({each.account for each in plan.members}) != len(plan.members):
        faults.append(Fault("visit.one_leader", Place(field="members")))
    return faults


def _time_faults(plan: Plan, at: datetime) -> list[Fault]:
    faults = []
    if plan.opening < at:
        faults.append(Fault("visit.in_past", Place(field="opening")))
    if not plan.opening < plan.closing_from <= plan.closing_until:
        faults.append(Fault("visit.meetings_out_of_order", Place(field="closing_from")))
    else:
        closing = localtime(plan.closing_from), localtime(plan.closing_until)
        most = max((each.days for each in plan.members if each.attends_as in COUNTING), default=Fraction(0))
        faults += span_faults(localdate(at), localtime(plan.opening), closing, most)
    return faults


def _agenda_faults(agenda: Sequence[AgendaItem]) -> list[Fault]:
    place = Place(field="agenda")
    if not agenda:
        return [Fault("visit.no_agenda", place)]
    return [
        Fault("visit.agenda_line", place, {"number": str(number), "value": f"{item.when} {item.topic}".strip()})
        for number, item in enumerate(agenda, start=1)
        if not AGENDA_TIME.fullmatch(item.when) or not item.topic
    ]
