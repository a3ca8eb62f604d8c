# SPDX-License-Identifier: Apache-2.0
"""What may be decided in a case: never more than was verified, recommended and, where they vote, said by experts.

Ranks are those of the edition's outcomes; 0 is no outcome.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from gradus.grading.faults import Fault, Place
from gradus.grading.scheme import Edition
from gradus.process.panel import Opinion, highest_without_panel
from gradus.process.procedure import Condition, Rules

FRESH = timedelta(minutes=5)
"""How long ago, at most, somebody who signs gave the password or the second factor."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a decision may reach: ``rank`` at most, of ``scope`` at most; below ``asked``, or without a field of
    ``asked_scope``, only if the client agrees."""

    rank: int
    scope: frozenset[str]
    asked: int
    asked_scope: frozenset[str] = frozenset()

    def is_lesser(self, rank: int, scope: Collection[str]) -> bool:
        """Whether a grant would be less than what was applied for and recommended."""
        return rank < self.asked or not self.asked_scope <= set(scope)


def asked_ranks(edition: Edition, requested: str) -> tuple[int, int]:
    """The lowest rank that satisfies an application, which names an outcome or a level, and the highest that it asks
    for. One that the edition does not know is satisfied by the highest rank alone, and asks for none."""
    found = [each.rank for each in edition.outcomes if requested in (each.id, each.level)]
    return min(found, default=len(edition.outcomes)), max(found, default=0)


def ceiling(rules: Rules, verified: int, recommended: int, said: Opinion | None, *, by_exception: bool) -> int:
    """The highest rank that may be granted. Experts who speak against leave what needs no panel, and after the path's
    exception nothing."""
    rank = min(verified, recommended)
    if said is not Opinion.AGAINST:
        return rank
    return 0 if by_exception else highest_without_panel(rules.edition, rules.procedure.panel, range(1, rank + 1))


Consented = tuple[int, frozenset[str]]
"""The rank and the scope, both, that a client has agreed to."""


def grant_faults(bounds: Bounds, rank: int, scope: Collection[str], consented: Consented | None) -> list[Fault]:
    """What is wrong with granting an outcome. ``consented`` is what the client has agreed to, if anything: a consent
    to more fields, or to others, is none."""
    faults = []
    if not 0 < rank <= bounds.rank:
        faults.append(Fault("decision.above_bounds", Place(field="outcome")))
    if not scope and bounds.scope:
        faults.append(Fault("decision.no_scope", Place(field="scope")))
    if not set(scope) <= bounds.scope:
        faults.append(Fault("decision.scope_beyond", Place(field="scope")))
    if rank > 0 and bounds.is_lesser(rank, scope) and consented != (rank, frozenset(scope)):
        faults.append(Fault("decision.no_consent", Place(field="outcome")))
    return faults


def refusal_faults(rules: Rules, act: str, reason: str, reasons: str, true: Collection[Condition] = ()) -> list[Fault]:
    """What is wrong with refusing or returning: a reason outside the closed list, or one that says what is not so
    where these conditions hold; nothing said beside it."""
    faults = reasons_faults(reasons)
    if rules.procedure.reason(act, reason) is None:
        faults.append(Fault("decision.reason_not_listed", Place(field="reason")))
    elif reason not in [each.id for each in rules.procedure.reasons_where(act, true)]:
        faults.append(Fault("decision.reason_untrue", Place(field="reason")))
    return faults


def reasons_faults(reasons: str) -> list[Fault]:
    """Reasons are given in words (ISO/IEC 17065, 7.6.6)."""
    if SHORTEST_REASONS <= len(reasons.strip()) <= LONGEST_REASONS:
        return []
    blanks = {"least": str(SHORTEST_REASONS), "limit": str(LONGEST_REASONS)}
    return [Fault("decision.reasons_needed", Place(field="reasons"), blanks)]


SHORTEST_REASONS, LONGEST_REASONS = 10, 4000
"""Signs that reasons have at least, and at most."""


def is_fresh(authenticated_at: datetime | None, at: datetime) -> bool:
    """Whether somebody has proven shortly before an instant to be who they are."""
    return authenticated_at is not None and authenticated_at <= at <= authenticated_at + FRESH
