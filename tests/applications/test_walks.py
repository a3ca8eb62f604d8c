# SPDX-License-Identifier: Apache-2.0
"""Random walks: everybody tries everything at any time, and no case comes to a decision by a shortcut.

The walk over the tables of the core is long; beside it one goes through the actions and the database. Each is the same
on every run, unless it is the long one.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from gradus.applications.cases import advance, keep_procedure, lock, take_part
from gradus.applications.models import Case, CaseStep, Filing, Involvement
from gradus.dossiers.models import Submission
from gradus.formats.procedures import find_procedure
from gradus.grading.faults import Refusal
from gradus.journal.models import Entry
from gradus.process.parts import EVALUATORS, Part, forbidden_with
from gradus.process.states import ENDED, STAGES, State, Step, after
from gradus.schemes.queries import edition_named
from tests.applications.walk import recorded

PART_FOR = {
    Step.RECOMMEND: Part.TECHNICAL_REVIEWER,
    Step.OPEN_PANEL: Part.TECHNICAL_REVIEWER,
    Step.RETURN_TO_EVALUATION: Part.TECHNICAL_REVIEWER,
    Step.DECIDE: Part.DECISION_MAKER,
    Step.ASK_CONSENT: Part.DECISION_MAKER,
    Step.RETURN_TO_REVIEW: Part.PANEL_OFFICER,
    Step.CLOSE_NOTICE: Part.PANEL_OFFICER,
    Step.CLOSE_PANEL: Part.PANEL_OFFICER,
    Step.REOPEN_PANEL: Part.PANEL_OFFICER,
    Step.GRANT: Part.SECOND_SIGNATORY,
    Step.REFUSE: Part.SECOND_SIGNATORY,
    Step.FINISH_DOCUMENT_REVIEW: Part.LEAD_ASSESSOR,
    Step.PLAN_VISIT: Part.LEAD_ASSESSOR,
    Step.FINISH_VISIT: Part.ASSESSOR,
    Step.ISSUE_REPORT: Part.LEAD_ASSESSOR,
    Step.ACCEPT_APPLICATION: Part.APPLICATION_REVIEWER,
}
"""What somebody does who takes such a step; other steps need no part."""

BEFORE_A_DECISION = (
    State.APPLIED, State.ACCEPTED, State.QUOTED, State.AGREED, State.OBJECTION, State.DOCUMENT_REVIEW, State.PLANNING,
    State.ON_SITE, State.CORRECTION, State.REPORTING, State.TECHNICAL_REVIEW, State.NOTICE, State.DECISION,
    State.SIGNATURE,
)  # fmt: skip
DECIDED = {State.GRANTED, State.REFUSED}
_AWAY = (Step.WITHDRAW, Step.TERMINATE, Step.REFUSE_APPLICATION, Step.CHANGE_TEAM)
STEPS, PARTS = list(Step), list(Part)
BEGIN = datetime(2026, 6, 1, 1, tzinfo=UTC)


@dataclass
class Walked:
    """A case as the walk remembers it."""

    passed: list[State] = field(default_factory=lambda: [State.NEW])
    parts: dict[object, set[Part]] = field(default_factory=dict)
    acted: list[tuple[Step, object]] = field(default_factory=list)

    def hold(self):
        """Whatever happened: nothing was skipped, and nobody decided who evaluated."""
        for person, parts in self.parts.items():
            assert not any(forbidden_with(each, parts) for each in parts), (person, parts)
        state = self.passed[-1]
        if state in DECIDED:
            first = [self.passed.index(each) for each in BEFORE_A_DECISION]
            assert first == sorted(first)
            last = [len(self.passed) - self.passed[::-1].index(each) for each in BEFORE_A_DECISION[5:]]
            assert last == sorted(last), "after a return every later stage is passed again"
            deciders = {who for step, who in self.acted if step in (Step.DECIDE, Step.GRANT, Step.REFUSE)}
            assert not any(self.parts[each] & EVALUATORS for each in deciders)
            decided = next(who for step, who in self.acted[::-1] if step is Step.DECIDE)
            assert self.acted[-1][1] != decided, "two persons sign"


def tried(chance, state):
    """Any step at all, or more often one that might be taken, so that walks come to their ends."""
    possible = [each for each in STEPS if _possible(state, each)]
    if chance.random() < 0.3 or not possible:
        return chance.choice(STEPS)
    going_on = [each for each in possible if each not in _AWAY]
    return chance.choice(going_on or possible)


def _possible(state, step):
    try:
        return bool(after(state, step))
    except Refusal:
        return False


def walk_in_the_core(seed, moves):
    """Returns how many cases ended in which state."""
    chance, ended = random.Random(seed), dict.fromkeys(ENDED, 0)  # noqa: S311  a walk
    people = [f"person {number}" for number in range(8)]
    walked = Walked()
    for _ in range(moves):
        who, state = chance.choice(people), walked.passed[-1]
        if state in ENDED:
            assert not any(_possible(state, each) for each in STEPS)
            ended[state] += 1
            walked = Walked()
            continue
        step = tried(chance, state) if chance.random() < 0.9 else None
        part = PART_FOR.get(step) if step else chance.choice(PARTS)
        played = walked.parts.setdefault(who, set())
        if part and part not in played and forbidden_with(part, played):
            continue
        if step and not _possible(state, step):
            continue
        if part:
            played.add(part)
        if step:
            now = after(state, step)
            assert STAGES.get(now, 5) <= STAGES.get(state, 0) + 1 or now in ENDED
            walked.passed.append(now)
            walked.acted.append((step, who))
        walked.hold()
    return ended


def test_a_walk_through_the_tables_never_comes_to_a_decision_by_a_shortcut():
    ended = walk_in_the_core(1, 10_000)
    assert ended[State.NOT_ACCEPTED]
    assert ended[State.WITHDRAWN]
    assert ended[State.TERMINATED]
    assert sum(ended[each] for each in DECIDED)


@pytest.mark.long
def test_a_long_walk_through_the_tables_never_comes_to_a_decision_by_a_shortcut():
    assert all(walk_in_the_core(random.SystemRandom().randrange(2**32), 100_000).values())


class Office:
    """The walk through the actions: a case in the database, everybody of the world, an instant that wanders."""

    def __init__(self, world, submission, seed):
        self.world, self.submission, self.chance = world, submission, random.Random(seed)  # noqa: S311
        self.rules = find_procedure(edition_named(submission.edition_hash))
        self.number, self.at, self.ended = 0, submission.submitted_at, dict.fromkeys(ENDED, 0)
        self.new_case()

    def new_case(self):
        self.number += 1
        at = self.at
        with transaction.atomic():
            submission = self.another_submission()
            self.case = Case.objects.create(
                number=f"walk-{self.number}", client=submission.dossier.client, edition=submission.edition,
                edition_hash=submission.edition_hash, procedure=keep_procedure(self.rules, at), submission=submission,
                requested="level-4", state=State.NEW.value, steps=0, opened_at=at, changed_at=at,
            )  # fmt: skip
            Filing.objects.create(case=self.case, submission=submission, number=1, filed_at=at)
        self.walked = Walked()

    def another_submission(self):
        """The same facts under the next number: each is filed in one case."""
        said = {each.attname: getattr(self.submission, each.attname) for each in Submission._meta.concrete_fields}
        number = self.submission.number + self.number
        return Submission.objects.create(**{**said, "id": uuid4(), "number": number, "digest": f"{number:064}"})

    def move(self):
        chance, state = self.chance, State(self.case.state)
        if state in ENDED:
            self.ended[state] += 1
            return self.new_case()
        who = chance.choice([*self.world.seats])
        account = self.world.people[who].pk
        step = tried(chance, state) if chance.random() < 0.9 else None
        part = PART_FOR.get(step) if step else chance.choice(PARTS)
        at = self.at + timedelta(minutes=chance.randrange(-3, 30))
        before = Entry.objects.count()
        try:
            with transaction.atomic():
                case = lock(self.case)
                if part:
                    take_part(case, account, part, at)
                if step:
                    after(State(case.state), step)
                    recorded(case, step, at)
                    advance(case, step, self.world.actor(who), at)
        except (Refusal, IntegrityError):  # the database asks for signatures that a walk does not make
            assert Entry.objects.count() == before
        else:
            if step:
                self.walked.passed.append(after(state, step))
                self.walked.acted.append((step, account))
                self.at = at
        return self.hold()

    def hold(self):
        """The database tells the same as the walk remembers, and both keep the rules."""
        self.case = Case.objects.select_related("client").get(pk=self.case.pk)
        taken = list(CaseStep.objects.filter(case=self.case).order_by("number"))
        self.walked.parts = {}
        for account, part in Involvement.objects.filter(case=self.case).values_list("account", "part"):
            self.walked.parts.setdefault(account, set()).add(Part(part))
        assert [State.NEW, *(State(each.after) for each in taken)] == self.walked.passed
        assert self.case.state == self.walked.passed[-1]
        assert [each.number for each in taken] == list(range(1, self.case.steps + 1))
        assert [each.at for each in taken] == sorted(each.at for each in taken)
        assert Entry.objects.filter(subject=f"case:{self.case.pk}").count() == len(taken)
        assert self.world.people["manager"].pk not in self.walked.parts, "of the client's own"
        self.walked.hold()


def walk_in_the_database(world, submission, seed, moves):
    office = Office(world, submission, seed)
    for _ in range(moves):
        office.move()
    return office


def test_a_walk_through_the_actions_and_the_database_holds_the_same(submitted, world):
    walk_in_the_database(world, submitted(), 3, 150)
    assert max(CaseStep.objects.values_list("number", flat=True)) > 6


@pytest.mark.long
def test_a_long_walk_through_the_actions_and_the_database_holds_the_same(submitted, world):
    office = walk_in_the_database(world, submitted(), uuid4().int, 2_000)
    assert sum(office.ended.values())
