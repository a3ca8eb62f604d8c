# SPDX-License-Identifier: Apache-2.0
"""How a case ended without a grant, as its client is told: why, and until when it may appeal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gradus.applications.cases import rules_of
from gradus.applications.models import Case, CaseStep
from gradus.decisions.letters import APPEALABLE, appeal_until
from gradus.decisions.record import decision_of
from gradus.process.states import State
from gradus.web.ui.templates import language


@dataclass(frozen=True, slots=True)
class Ending:
    """``reasons`` are those of a decision to refuse, which the step does not say itself."""

    reasons: tuple[str, ...]
    appeal_by: date | None


def ending(case: Case, taken: Sequence[CaseStep]) -> Ending | None:
    """Of a case that was refused, not accepted or terminated; else None."""
    last = max(taken, key=lambda each: each.number, default=None)
    if last is None or last.step not in APPEALABLE or case.state == State.GRANTED:
        return None
    reasons: tuple[str, ...] = ()
    if case.state == State.REFUSED and (decision := decision_of(case)) is not None:
        listed = rules_of(case).procedure.reason("refuse", decision.refused_for)
        reasons = tuple(each for each in (listed.text[language()] if listed else "", decision.reasons) if each)
    return Ending(reasons, appeal_until(last))
