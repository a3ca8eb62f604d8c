# SPDX-License-Identifier: Apache-2.0
"""Cases for the tests of each stage: a case brought to any state by its steps alone, the way through the table being
the shortest. What the stages before would have recorded is not there."""

from collections import deque
from datetime import timedelta

from django.db import transaction

from gradus.applications.cases import advance, keep_procedure, lock
from gradus.applications.models import Case, Filing
from gradus.dossiers.models import Submission
from gradus.formats.procedures import find_procedure
from gradus.journal.actor import system
from gradus.process.states import TRANSITIONS, State, Step
from gradus.schemes.queries import edition_named


def open_case(submission: Submission, at, requested="level-4", number="2026-0001") -> Case:
    """A case in its first state, filed with a submission."""
    rules = find_procedure(edition_named(submission.edition_hash))
    with transaction.atomic():
        case = Case.objects.create(
            number=number,
            client=submission.dossier.client,
            edition=submission.edition,
            edition_hash=submission.edition_hash,
            procedure=keep_procedure(rules, at),
            submission=submission,
            requested=requested,
            state=State.NEW.value,
            steps=0,
            opened_at=at,
            changed_at=at,
        )
        Filing.objects.create(case=case, submission=submission, number=1, filed_at=at)
        advance(lock(case), Step.APPLY, system, at)
    case.refresh_from_db()
    return case


def bring_to(case: Case, state: State, at) -> Case:
    """Take the shortest way to a state, a second a step. A grant or a refusal needs a decision with two signatures
    (tests/decisions/deciding.py)."""
    for number, step in enumerate(way(State(case.state), state), start=1):
        with transaction.atomic():
            advance(lock(case), step, system, at + timedelta(seconds=number))
    case.refresh_from_db()
    assert case.state == state
    return case


def way(start: State, goal: State) -> list[Step]:
    """The shortest list of steps from one state to another."""
    queue, ways = deque([start]), {start: []}
    while queue:
        here = queue.popleft()
        for (before, step), after in TRANSITIONS.items():
            if before is here and after not in ways:
                ways[after] = [*ways[here], step]
                queue.append(after)
    return ways[goal]
