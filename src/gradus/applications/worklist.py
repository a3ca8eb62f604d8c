# SPDX-License-Identifier: Apache-2.0
"""Everybody's own work, and all cases as a board: what is due, what is late, who is awaited."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from gradus.applications.clock import client_dues, clocks
from gradus.applications.models import Case, Involvement
from gradus.people.models import Account
from gradus.people.permissions import Appointed, Permission, Role, roles_that_may
from gradus.people.queries import staff_at
from gradus.process.parts import Part, forbidden_with
from gradus.process.states import CLIENT_TURN, ENDED, STAGES, TERMINABLE, State
from gradus.process.work import AWAITED, Awaited
from gradus.process.working_days import Due


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A case that awaits somebody. ``last_day`` is the last day, None where no limit runs or its clock stands still
    without one of the client's own; ``roles`` are those whose holders may take up what nobody has taken up yet;
    ``task`` names what the office is to do where the state does not tell; ``visit_on`` is the day of the visit that is
    planned or goes on."""

    case: Case
    state: State
    stands_still: bool
    last_day: date | None
    provisional: bool
    overdue: bool
    client_awaited: bool
    office_awaited: bool
    players: tuple[str, ...]
    roles: tuple[Role, ...]
    task: str
    visit_on: date | None = None


_TERMINATES = Permission.CASE_QUOTE
"""What lets somebody terminate a case whose client's time is over."""


class Seated(NamedTuple):
    """Somebody in a part."""

    account: object
    name: str
    part: Part


@dataclass(frozen=True, slots=True)
class Known:
    """What later stages know of cases at an instant. ``ends``: by case the last day of what no clock of its own has
    (corrections that are due); ``turns``: whom it awaits otherwise than its state says; ``seats``: who plays a part in
    what is to be done now, where that are others than those who ever took it (members of a panel who have not voted);
    ``visits``: on which day the visit of a case on site begins.
    """

    ends: Mapping[object, Due] = field(default_factory=dict)
    turns: Mapping[object, Awaited] = field(default_factory=dict)
    seats: Mapping[object, Sequence[Seated]] = field(default_factory=dict)
    visits: Mapping[object, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Later:
    """How later stages are asked what they ``know``, and the states ``turning`` in which a case may await others than
    its state says. ``tied``: in whatever state, the few that await who appoints teams, for a tie came to be known."""

    know: Callable[[Sequence[Case], datetime], Known] = lambda _cases, _at: Known()
    turning: frozenset[State] = frozenset()
    tied: Callable[[], Collection[object]] = tuple


NOTHING_LATER = Later()


def work_of(
    account: Account, appointments: Iterable[Appointed], at: datetime, later: Later = NOTHING_LATER
) -> list[WorkItem]:
    """The cases that await this person, the most pressing first; of a thousand of which a page shows a few, only what
    decides that is read. :func:`whole` reads the others' fields and their clients."""
    appointed = list(appointments)
    permits = frozenset(each for one in appointed for each in one.role.permits)
    mine: dict[object, set[Part]] = defaultdict(set)
    ended: dict[object, set[Part]] = defaultdict(set)
    for case, part, relief in Involvement.objects.filter(account=account).values_list("case_id", "part", "relief"):
        (ended if relief else mine)[case].add(Part(part))
    may_await = _states(permits, later.turning, any(mine.values()), at - timedelta(days=1))
    if Permission.TEAM_APPOINT in permits:
        may_await |= Q(pk__in=later.tied())
    open_cases = list(_open().filter(may_await).only("state", "changed_at", "edition_hash", "procedure"))
    known = _known(open_cases, later, at)
    for case, seated in known.seats.items():
        mine[case] = {each.part for each in seated if each.account == account.pk}
    awaited = _awaited(open_cases, known)
    if _TERMINATES in permits:
        _silent(open_cases, awaited, known, localdate(at))
    concerned = [case for case in open_cases if _concerns(awaited[case.pk], permits, mine[case.pk])]
    played = _players(concerned, awaited, known, at)
    chosen = [
        case
        for case in concerned
        if _is_left_to(awaited[case.pk], mine[case.pk], played[case.pk])
        and not _barred(awaited[case.pk], ended[case.pk])
    ]
    return _items(chosen, played, awaited, known, localdate(at))


def whole(items: Iterable[WorkItem]) -> list[WorkItem]:
    """The same with everything that a page says of their cases, by one query."""
    listed = list(items)
    found = Case.objects.select_related("client").in_bulk([each.case.pk for each in listed])
    return [replace(each, case=found[each.case.pk]) for each in listed]


def client_work(client: object, at: datetime, later: Later = NOTHING_LATER) -> list[WorkItem]:
    """The cases of a client in which it is awaited."""
    states = [state.value for state, awaited in AWAITED.items() if awaited.client or state in later.turning]
    listed = list(_open().select_related("client").filter(client_id=client, state__in=states))
    known = _known(listed, later, at)
    awaited = _awaited(listed, known)
    chosen = [each for each in listed if awaited[each.pk].client]
    return _items(chosen, _players(chosen, awaited, known, at), awaited, known, localdate(at))


def board(at: datetime, later: Later = NOTHING_LATER) -> dict[int, list[WorkItem]]:
    """Every open case by its stage, the most pressing first."""
    cases = list(_open().select_related("client"))
    columns: dict[int, list[WorkItem]] = {stage: [] for stage in sorted(set(STAGES.values()))}
    known, day = _known(cases, later, at), localdate(at)
    awaited = _awaited(cases, known)
    _silent(cases, awaited, known, day)
    for item in _items(cases, _players(cases, awaited, known, at), awaited, known, day):
        columns[STAGES[item.state]].append(item)
    return columns


def _open() -> QuerySet[Case]:
    ended = [each.value for each in ENDED]
    return Case.objects.exclude(state__in=ended)


def _known(cases: Sequence[Case], later: Later, at: datetime) -> Known:
    """What later stages know of cases, and until when each is its client's turn."""
    known = later.know(cases, at)
    return replace(known, ends={**known.ends, **client_dues(cases)})


def _awaited(cases: Sequence[Case], known: Known) -> dict[object, Awaited]:
    """Whom each case awaits."""
    return {case.pk: known.turns.get(case.pk) or AWAITED[State(case.state)] for case in cases}


def _silent(cases: Sequence[Case], awaited: dict[object, Awaited], known: Known, day: date) -> None:
    """Of cases whose client let its time pass, say that they await also those who may terminate them."""
    for case in cases:
        if not awaited[case.pk].client or not _terminable(case, awaited[case.pk]):
            continue
        until = known.ends.get(case.pk)
        if until is not None and until.overdue(day):
            awaited[case.pk] = replace(awaited[case.pk], permission=_TERMINATES.value)


def _terminable(case: Case, awaited: Awaited) -> bool:
    """Whether only the client may be able to take a case further; in correction it is not while the team has something
    to verify, nor anywhere while the office itself is awaited."""
    verified = case.state == State.CORRECTION and awaited.parts
    return State(case.state) in TERMINABLE and not verified and not awaited.permission


def _states(permits: frozenset[Permission], turning: frozenset[State], involved: bool, day: datetime) -> Q:  # noqa: FBT001
    """The states whose work somebody with these permissions can have; in ``turning`` it depends on the case."""
    states = [
        state.value
        for state, awaited in AWAITED.items()
        if (awaited.permission and awaited.permission in permits) or (involved and (awaited.parts or awaited.watching))
    ]
    found = Q(state__in=[*states, *(each.value for each in turning)])
    if _TERMINATES not in permits:
        return found
    return found | Q(
        state__in=[each.value for each in TERMINABLE], changed_at__lt=day
    )  # no limit ends on its first day


def _concerns(awaited: Awaited, permits: frozenset[Permission], mine: set[Part]) -> bool:
    """Whether a case is for somebody with these permissions and parts, unless others have taken it up."""
    return bool(mine & (awaited.parts | awaited.watching)) or awaited.permission in permits


def _is_left_to(awaited: Awaited, mine: set[Part], players: Sequence[Seated]) -> bool:
    """Whether a case that concerns somebody is theirs to take up, or theirs already."""
    if mine & (awaited.parts | awaited.watching) or awaited.part is None or awaited.part in mine:
        return True
    taken = any(each.part is awaited.part for each in players)
    return not taken and not forbidden_with(awaited.part, mine)


def _barred(awaited: Awaited, ended: set[Part]) -> bool:
    """Whether a part that somebody once played keeps the person from what the case awaits: also that very part."""
    return awaited.part is not None and (awaited.part in ended or bool(forbidden_with(awaited.part, ended)))


def _players(
    cases: Iterable[Case], whom: Mapping[object, Awaited], known: Known, at: datetime
) -> dict[object, Sequence[Seated]]:
    """Who plays which part, by case; () where no part is awaited. What somebody took up who has left the body waits
    for others again."""
    found: dict[object, list[Seated]] = {each.pk: [] for each in cases}
    in_parts = [case for case in found if whom[case].part or whom[case].parts]
    named = Involvement.objects.filter(case__in=in_parts, relief=None, account__in=staff_at(at))
    named = named.order_by("since", "id")
    for case, account, name, part in named.values_list("case_id", "account_id", "account__name", "part"):
        found[case].append(Seated(account, name, Part(part)))
    return {**found, **known.seats}


def _items(
    listed: Sequence[Case],
    played: Mapping[object, Sequence[Seated]],
    whom: Mapping[object, Awaited],
    known: Known,
    day: date,
) -> list[WorkItem]:
    running = clocks(case for case in listed if case.pk not in known.ends)
    items = []
    for case in listed:
        awaited, clock = whom[case.pk], running.get(case.pk)
        runs = known.ends.get(case.pk) or (clock.due if clock else None)
        wanted = awaited.parts | ({awaited.part} if awaited.part else set())
        players = {each.account: each.name for each in played[case.pk] if each.part in wanted}
        items.append(
            WorkItem(
                case=case,
                state=State(case.state),
                stands_still=State(case.state) in CLIENT_TURN,
                last_day=runs.on if runs else None,
                provisional=bool(runs and runs.provisional),
                overdue=runs is not None and runs.overdue(day),
                client_awaited=awaited.client,
                office_awaited=bool(awaited.permission) and awaited.part is None,
                players=tuple(players.values()),
                roles=tuple(roles_that_may(awaited.permission)) if awaited.part and not players else (),
                task=awaited.task,
                visit_on=known.visits.get(case.pk),
            )
        )
    return sorted(items, key=lambda each: (each.last_day or each.visit_on or date.max, each.case.changed_at))
