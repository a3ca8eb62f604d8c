# SPDX-License-Identifier: Apache-2.0
"""Everybody's own work, and all cases as a board: what is due, what is late, who is awaited."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from gradus.applications.clock import Clock, clocks
from gradus.applications.models import Case, Involvement
from gradus.people.models import Account
from gradus.people.permissions import Appointed, Permission, Role, roles_that_may
from gradus.process.parts import Part, forbidden_with
from gradus.process.states import ENDED, STAGES, State
from gradus.process.work import AWAITED
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


Ends = Callable[[Sequence[Case]], Mapping[object, Due]]
"""By case the last day of what no clock of its own has (corrections that are due): what a later stage knows."""


def no_other_ends(_cases: Sequence[Case]) -> Mapping[object, Due]:
    """Where only the clocks count."""
    return {}


def work_of(
    account: Account, appointments: Iterable[Appointed], at: datetime, ends: Ends = no_other_ends
) -> list[WorkItem]:
    """The cases that await this person, the most pressing first."""
    appointed = list(appointments)
    permits = frozenset(each for one in appointed for each in one.role.permits)
    mine: dict[object, set[Part]] = defaultdict(set)
    ended: dict[object, set[Part]] = defaultdict(set)
    for case, part, relief in Involvement.objects.filter(account=account).values_list("case_id", "part", "relief"):
        (ended if relief else mine)[case].add(Part(part))
    open_cases = list(_open().filter(_states(permits, any(mine.values()))))
    played = _players(open_cases)
    chosen = [
        case
        for case in open_cases
        if _awaits(case, permits, mine[case.pk], played[case.pk]) and not _barred(case, ended[case.pk])
    ]
    return _items(chosen, played, at, ends)


def client_work(client: object, at: datetime, ends: Ends = no_other_ends) -> list[WorkItem]:
    """The cases of a client in which it is awaited."""
    states = [state.value for state, awaited in AWAITED.items() if awaited.client]
    chosen = list(_open().filter(client_id=client, state__in=states))
    return _items(chosen, _players(chosen), at, ends)


def board(at: datetime, ends: Ends = no_other_ends) -> dict[int, list[WorkItem]]:
    """Every open case by its stage, the most pressing first."""
    cases = list(_open())
    columns: dict[int, list[WorkItem]] = {stage: [] for stage in sorted(set(STAGES.values()))}
    for item in _items(cases, _players(cases), at, ends):
        columns[STAGES[item.state]].append(item)
    return columns


def _open() -> QuerySet[Case]:
    ended = [each.value for each in ENDED]
    return Case.objects.exclude(state__in=ended).select_related("client")


def _states(permits: frozenset[Permission], involved: bool) -> Q:  # noqa: FBT001
    """The states whose work somebody with these permissions can have."""
    states = [
        state.value
        for state, awaited in AWAITED.items()
        if (awaited.permission and awaited.permission in permits) or (involved and awaited.parts)
    ]
    return Q(state__in=states)


def _awaits(case: Case, permits: frozenset[Permission], mine: set[Part], players: Mapping[str, str]) -> bool:
    awaited = AWAITED[State(case.state)]
    if mine & awaited.parts:
        return True
    if not awaited.permission or awaited.permission not in permits:
        return False
    if awaited.part is None or awaited.part in mine:
        return True
    return awaited.part.value not in players.values() and not forbidden_with(awaited.part, mine)


def _barred(case: Case, ended: set[Part]) -> bool:
    """Whether a part that somebody once played keeps the person from what the case awaits."""
    part = AWAITED[State(case.state)].part
    return part is not None and bool(ended) and bool(forbidden_with(part, ended))


def _players(cases: Iterable[Case]) -> dict[object, dict[str, str]]:
    """Who plays which part, by case: the person's name to the part."""
    found: dict[object, dict[str, str]] = defaultdict(dict)
    named = Involvement.objects.filter(case__in=list(cases), relief=None).order_by("since")
    for case, name, part in named.values_list("case_id", "account__name", "part"):
        found[case][name] = part
    return found


def _items(
    cases: Iterable[Case], played: Mapping[object, Mapping[str, str]], at: datetime, ends: Ends
) -> list[WorkItem]:
    listed, day = list(cases), localdate(at)
    running, others = clocks(listed), ends(listed)
    items = []
    for case in listed:
        state, clock = State(case.state), running[case.pk]
        runs = clock.client_due or clock.due if clock else others.get(case.pk)
        awaited = AWAITED[state]
        wanted = {each.value for each in awaited.parts | ({awaited.part} if awaited.part else set())}
        players = tuple(name for name, part in played.get(case.pk, {}).items() if part in wanted)
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
                players=players,
                roles=tuple(roles_that_may(awaited.permission)) if awaited.part and not players else (),
            )
        )
    return sorted(items, key=lambda each: (each.last_day or date.max, each.case.changed_at))
