# SPDX-License-Identifier: Apache-2.0
"""Everybody's own work, and all cases as a board: what is due, what is late, who is awaited."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from gradus.applications.clock import Clock, client_due, clocks
from gradus.applications.models import Case, Involvement
from gradus.people.models import Account
from gradus.people.permissions import Appointed, Permission, Role, roles_that_may
from gradus.people.queries import staff_at
from gradus.process.parts import Part, forbidden_with
from gradus.process.states import ENDED, STAGES, TERMINABLE, State
from gradus.process.work import AWAITED, Awaited
from gradus.process.working_days import Due


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A case that awaits somebody. ``last_day`` is the last day, None where no limit runs or its clock stands still;
    ``roles`` are those whose holders may take up what nobody has taken up yet."""

    case: Case
    state: State
    clock: Clock | None
    last_day: date | None
    provisional: bool
    overdue: bool
    client_awaited: bool
    office_awaited: bool
    players: tuple[str, ...]
    roles: tuple[Role, ...]


_TERMINATES = Permission.CASE_QUOTE
"""What lets somebody terminate a case whose client's time is over."""


def _nothing_else(_cases: Sequence[Case], _when: date | None = None) -> Mapping[object, Any]:
    return {}


class Seated(NamedTuple):
    """Somebody in a part."""

    account: object
    name: str
    part: Part


@dataclass(frozen=True, slots=True)
class Later:
    """What later stages know of a case on a day, or at an instant. ``ends``: by case the last day of what no clock of
    its own has (corrections that are due); ``turns``: whom it awaits otherwise than its state says, which may be so in
    the states ``turning``; ``seats``: by case who plays a part in what is to be done now, where that are others than
    those who ever took it (members of a panel who have not voted).
    """

    ends: Callable[[Sequence[Case], date], Mapping[object, Due]] = _nothing_else
    turns: Callable[[Sequence[Case], datetime], Mapping[object, Awaited]] = _nothing_else
    turning: frozenset[State] = frozenset()
    seats: Callable[[Sequence[Case]], Mapping[object, Sequence[Seated]]] = _nothing_else


NOTHING_LATER = Later()


def work_of(
    account: Account, appointments: Iterable[Appointed], at: datetime, later: Later = NOTHING_LATER
) -> list[WorkItem]:
    """The cases that await this person, the most pressing first; their clients are not read yet, for a page shows a few
    of a thousand."""
    appointed = list(appointments)
    permits = frozenset(each for one in appointed for each in one.role.permits)
    mine: dict[object, set[Part]] = defaultdict(set)
    ended: dict[object, set[Part]] = defaultdict(set)
    for case, part, relief in Involvement.objects.filter(account=account).values_list("case_id", "part", "relief"):
        (ended if relief else mine)[case].add(Part(part))
    open_cases = list(_open().filter(_states(permits, later.turning, any(mine.values()), at - timedelta(days=1))))
    seats = later.seats(open_cases)
    for case, seated in seats.items():
        mine[case] = {each.part for each in seated if each.account == account.pk}
    awaited = _awaited(open_cases, later, at)
    played = _players(open_cases, awaited, seats, at)
    if _TERMINATES in permits:
        _silent(open_cases, awaited, later, localdate(at))
    chosen = [
        case
        for case in open_cases
        if _awaits(awaited[case.pk], permits, mine[case.pk], played[case.pk])
        and not _barred(awaited[case.pk], ended[case.pk])
    ]
    return _items(chosen, played, awaited, at, later)


def client_work(client: object, at: datetime, later: Later = NOTHING_LATER) -> list[WorkItem]:
    """The cases of a client in which it is awaited."""
    states = [state.value for state, awaited in AWAITED.items() if awaited.client or state in later.turning]
    listed = list(_open().select_related("client").filter(client_id=client, state__in=states))
    awaited = _awaited(listed, later, at)
    chosen = [each for each in listed if awaited[each.pk].client]
    return _items(chosen, _players(chosen, awaited, later.seats(chosen), at), awaited, at, later)


def board(at: datetime, later: Later = NOTHING_LATER) -> dict[int, list[WorkItem]]:
    """Every open case by its stage, the most pressing first."""
    cases = list(_open().select_related("client"))
    columns: dict[int, list[WorkItem]] = {stage: [] for stage in sorted(set(STAGES.values()))}
    awaited = _awaited(cases, later, at)
    _silent(cases, awaited, later, localdate(at))
    for item in _items(cases, _players(cases, awaited, later.seats(cases), at), awaited, at, later):
        columns[STAGES[item.state]].append(item)
    return columns


def _open() -> QuerySet[Case]:
    ended = [each.value for each in ENDED]
    return Case.objects.exclude(state__in=ended)


def _awaited(cases: Sequence[Case], later: Later, at: datetime) -> dict[object, Awaited]:
    """Whom each case awaits."""
    turns = later.turns(cases, at)
    return {case.pk: turns.get(case.pk) or AWAITED[State(case.state)] for case in cases}


def _silent(cases: Sequence[Case], awaited: dict[object, Awaited], later: Later, day: date) -> None:
    """Of cases whose client let its time pass, say that they await also those who may terminate them."""
    waiting = [case for case in cases if awaited[case.pk].client and _terminable(case, awaited[case.pk])]
    others = later.ends(waiting, day)
    for case in waiting:
        until = client_due(case) or others.get(case.pk)
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


def _awaits(awaited: Awaited, permits: frozenset[Permission], mine: set[Part], players: Sequence[Seated]) -> bool:
    if mine & (awaited.parts | awaited.watching):
        return True
    if not awaited.permission or awaited.permission not in permits:
        return False
    if awaited.part is None or awaited.part in mine:
        return True
    taken = any(each.part is awaited.part for each in players)
    return not taken and not forbidden_with(awaited.part, mine)


def _barred(awaited: Awaited, ended: set[Part]) -> bool:
    """Whether a part that somebody once played keeps the person from what the case awaits: also that very part."""
    return awaited.part is not None and (awaited.part in ended or bool(forbidden_with(awaited.part, ended)))


def _players(
    cases: Iterable[Case], whom: Mapping[object, Awaited], seats: Mapping[object, Sequence[Seated]], at: datetime
) -> dict[object, Sequence[Seated]]:
    """Who plays which part, by case; () where no part is awaited. What somebody took up who has left the body waits
    for others again."""
    found: dict[object, list[Seated]] = {each.pk: [] for each in cases}
    in_parts = [case for case in found if whom[case].part or whom[case].parts]
    named = Involvement.objects.filter(case__in=in_parts, relief=None, account__in=staff_at(at))
    named = named.order_by("since", "id")
    for case, account, name, part in named.values_list("case_id", "account_id", "account__name", "part"):
        found[case].append(Seated(account, name, Part(part)))
    return {**found, **seats}


def _items(
    listed: Sequence[Case],
    played: Mapping[object, Sequence[Seated]],
    whom: Mapping[object, Awaited],
    at: datetime,
    later: Later,
) -> list[WorkItem]:
    day, running = localdate(at), clocks(listed)
    others = later.ends(listed, day)
    items = []
    for case in listed:
        state, clock, awaited = State(case.state), running[case.pk], whom[case.pk]
        runs = clock.client_due or clock.due if clock else others.get(case.pk)
        wanted = awaited.parts | ({awaited.part} if awaited.part else set())
        players = {each.account: each.name for each in played[case.pk] if each.part in wanted}
        items.append(
            WorkItem(
                case=case,
                state=state,
                clock=clock,
                last_day=runs.on if runs else None,
                provisional=bool(runs and runs.provisional),
                overdue=runs is not None and runs.overdue(day),
                client_awaited=awaited.client,
                office_awaited=bool(awaited.permission) and awaited.part is None,
                players=tuple(players.values()),
                roles=tuple(roles_that_may(awaited.permission)) if awaited.part and not players else (),
            )
        )
    return sorted(items, key=lambda each: (each.last_day or date.max, each.case.changed_at))
