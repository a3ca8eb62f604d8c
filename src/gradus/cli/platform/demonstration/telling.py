# SPDX-License-Identifier: Apache-2.0
"""One story while it is told: whose it is, how far it has come, at which instant, and who can act in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from gradus.applications.models import Case
from gradus.cli.platform.demonstration.days import Days
from gradus.cli.platform.demonstration.firms import Person
from gradus.cli.platform.demonstration.plan import Plan, Story, Turn
from gradus.dossiers.models import Dossier, Submission
from gradus.journal.actor import Actor
from gradus.people.models import Account, Organisation


@dataclass
class Telling:
    """``number`` sets stories apart on a day on which several things happen; ``back`` is how many working days of the
    story are still to come; ``before`` is the earlier story of the same firm, where there is one."""

    story: Story
    plan: Plan
    days: Days
    body: Mapping[str, tuple[Person, ...]]
    number: int
    back: int = 0
    minutes: int = 0
    people: list[Person] = field(default_factory=list)
    client: Organisation | None = None
    dossier: Dossier | None = None
    submission: Submission | None = None
    told_case: Case | None = None
    before: "Telling | None" = None

    def __post_init__(self) -> None:
        # One day to submit, one to apply.
        self.back = self.story.waits + 1 + sum(self.story.pace[before] for before, _ in pairwise(self.story.way))
        self.back += sum(each.after + decided_after * is_decided(each) for each in self.story.turns)
        self.minutes = self.number * 3

    @property
    def at(self) -> datetime:
        """The instant at which the story stands."""
        return self.days.at(self.back, self.minutes)

    def wait(self, days: int) -> datetime:
        """Let so many working days pass; the instant then."""
        self.back -= days
        self.minutes = self.number * 3
        return self.at

    def soon(self, minutes: int = 10) -> datetime:
        """A little later on the same day."""
        self.minutes += minutes
        return self.at

    @property
    def case(self) -> Case:
        assert self.told_case is not None
        self.told_case.refresh_from_db()
        return self.told_case

    def account(self, role: str) -> Account:
        """The account of the body's first holder of a role."""
        return self.body[role][0].account

    def actor(self, role: str) -> Actor:
        """The body's first holder of a role, acting."""
        return self.body[role][0].actor

    @property
    def manager(self) -> Actor:
        """Who acts for the firm."""
        return self.people[0].actor

    def say(self, code: str) -> str:
        """What people write in the demonstration."""
        return self.plan.words[code]

    def chosen(self, act: str) -> str:
        """The reason of a closed list that people give in the demonstration."""
        return self.plan.chosen[act]

    def next_day_at(self, days: int, minutes: int) -> datetime:
        """An instant some working days on, that the story will come to."""
        return self.days.at(self.back - days, minutes)

    @property
    def ends_next(self) -> bool:
        """Whether the next step is the story's last."""
        return self.case.steps == len(self.story.way) - 1


def is_decided(turn: Turn) -> bool:
    """Whether something of a certificate is proposed and then decided."""
    return turn.change != ISSUED and not turn.left


decided_after = 1
"""How many working days after its proposal a change is decided."""

ISSUED = "issued"

Told = Iterator[datetime]
"""A story as it is told: before each deed it yields the instant, so that stories can be told side by side."""

ago = timedelta(minutes=2)
"""How long before a signature its signer has proven to be who they are."""
