# SPDX-License-Identifier: Apache-2.0
"""Ties between a person and a client that bar the person from the client's cases (ISO/IEC 17065, 4.2 and 7.13).

A tie is known by declaration, by the body's own record, or because the person was found in the client's papers: the
same certificate number, the same keyed hash of an identity, or the client among the person's declared employers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gradus.grading.calendar import plus_months


class TieKind(StrEnum):
    """What ties a person to a client."""

    CONSULTED = "consulted"
    EMPLOYED = "employed"
    INVESTED = "invested"
    RELATED = "related"
    IN_PAPERS = "in_papers"


@dataclass(frozen=True, slots=True)
class Tie:
    """From a day until the day before another; None: it still holds. ``source`` says how the body knows."""

    kind: TieKind
    starts_on: date
    ends_on: date | None
    source: str


def barred_until(tie: Tie, window_months: int) -> date | None:
    """The first day on which a tie no longer bars; None while it holds. A close relative bars as long as it is one."""
    if tie.ends_on is None:
        return None
    return plus_months(tie.ends_on, window_months)


def conflicts(ties: Iterable[Tie], day: date, window_months: int) -> tuple[Tie, ...]:
    """The ties that bar a person on a day: those that hold, and those that ended within the window before it."""
    found = []
    for tie in ties:
        until = barred_until(tie, window_months)
        if tie.starts_on <= day and (until is None or day < until):
            found.append(tie)
    return tuple(found)
