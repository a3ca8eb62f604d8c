# SPDX-License-Identifier: Apache-2.0
"""What a verification finds: numbered steps, each passed, failed or cannot tell, and the verdict that follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gradus.grading.faults import Fault
from gradus.trust.statement import Statement


class State(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    CANNOT_TELL = "cannot_tell"


class Verdict(StrEnum):
    HOLDS = "holds"
    DOES_NOT_HOLD = "does_not_hold"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Named:
    """Bytes, and what a refusal calls them."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its number, how it ended, what there is to say. The steps of a PDF file have numbers of their own."""

    id: str
    state: State
    said: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found. ``statement`` is there once steps 1 to 4 passed, ``logged_at`` once 5 and 6 did; ``status_as_of``
    is the instant of the older one of the status lists that answered."""

    at: datetime
    steps: tuple[Step, ...]
    statement: Statement | None = None
    logged_at: datetime | None = None
    status_as_of: datetime | None = None

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.steps)


def verdict_of(steps: Sequence[Step]) -> Verdict:
    """One failed step is enough to refuse; nothing holds while something cannot be told."""
    states = {each.state for each in steps}
    if State.FAILED in states:
        return Verdict.DOES_NOT_HOLD
    return Verdict.CANNOT_TELL if State.CANNOT_TELL in states or not states else Verdict.HOLDS


Outcome = tuple[State, Sequence[Fault]]
PASSED: Outcome = (State.PASSED, ())


def failed(code: str, **blanks: str) -> Outcome:
    return State.FAILED, (Fault(code, params=blanks),)


def untold(code: str, **blanks: str) -> Outcome:
    return State.CANNOT_TELL, (Fault(code, params=blanks),)
