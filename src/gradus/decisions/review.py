# SPDX-License-Identifier: Apache-2.0
"""The technical review: the file as it is, recommended or returned by somebody who did not evaluate (17065, 7.5)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from gradus.applications.cases import advance, lock, rules_of, take_part
from gradus.applications.models import Case
from gradus.applications.ties import look_for
from gradus.decisions.file import CaseFile, case_file, rank_of
from gradus.decisions.models import Review
from gradus.decisions.notice import open_notice
from gradus.decisions.record import bound_people, round_of
from gradus.formats.result_words import outcome_name
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor
from gradus.process.panel import needs_panel
from gradus.process.parts import Part
from gradus.process.procedure import Rules
from gradus.process.states import State, Step, after
from gradus.process.verdict import reasons_faults, refusal_faults

QUESTIONS = ("complete", "supported", "grade_correct", "scope_correct", "findings_closed")
"""What the review answers, each with yes."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An outcome ("" to refuse) of a scope, with reasons; ``answered`` are the questions answered with yes.
    ``against_verified``: the reviewer knows that what is to be refused was verified and may be granted."""

    outcome: str
    reasons: str
    scope: tuple[str, ...] = ()
    answered: Collection[str] = field(default_factory=tuple)
    against_verified: bool = False


def recommend(case: Case, said: Recommendation, seen: str, actor: Actor, at: datetime) -> Review:
    """Recommend an outcome, over the file whose digest was shown.

    The rules decide whether experts vote or the notice opens. Raises Refusal with everything that prevents it.
    """
    look_for(case, actor, at)
    with transaction.atomic():
        case = lock(case)
        after(State(case.state), Step.RECOMMEND)
        rules, file = rules_of(case), case_file(case)
        take_part(case, actor.account, Part.TECHNICAL_REVIEWER, at)  # afterwards: it is in the file from then on
        faults = [*seen_faults(file, seen), *_recommendation_faults(rules, file, said, localdate(at))]
        if said.outcome:
            faults += bound_people(case, localdate(at))
        if faults:
            raise Refusal(faults)
        made = _reviewed(case, file, actor, at)
        made.outcome, made.scope = said.outcome, sorted(said.scope) if said.outcome else []
        made.reasons, made.sheet = said.reasons.strip(), dict.fromkeys(sorted(said.answered), "yes")
        made.save(force_insert=True)
        _lead_on(case, rules, made, actor, at)
    return made


def _lead_on(case: Case, rules: Rules, made: Review, actor: Actor, at: datetime) -> None:
    told: Mapping[str, object] = {"outcome": made.outcome, "scope": made.scope, "reasons": made.reasons}
    if goes_to_panel(rules, case, made.outcome):
        advance(case, Step.OPEN_PANEL, actor, at, told)
    else:
        advance(case, Step.RECOMMEND, actor, at, told)
        open_notice(case, made, at)


def goes_to_panel(rules: Rules, case: Case, outcome: str) -> bool:
    """Whether experts vote on a recommendation. A refusal of what was asked by exception goes to them too."""
    rank = rank_of(rules.edition, outcome)
    level = rules.edition.outcomes[rank - 1].level if rank else ""
    return needs_panel(rules.procedure.panel, level, by_exception=case.by_exception)


def _recommendation_faults(rules: Rules, file: CaseFile, said: Recommendation, day: date) -> list[Fault]:
    faults = reasons_faults(said.reasons)
    rank = rank_of(rules.edition, said.outcome)
    if said.outcome and not 0 < rank <= file.recommendable:
        faults.append(Fault("review.above_verified", Place(field="outcome")))
    if rank and not set(said.scope) <= set(file.verified.scope):
        faults.append(Fault("decision.scope_beyond", Place(field="scope")))
    if rank and not said.scope and file.verified.scope:
        faults.append(Fault("decision.no_scope", Place(field="scope")))
    if rank:
        faults += file.gate(day)
    if not said.outcome and not said.against_verified and file.recommendable and not file.gate(day):
        blanks = {f"granted_{each}": outcome_name(rules.edition, file.recommendable, each) for each in ("zh", "en")}
        faults.append(Fault("review.refuses_grantable", Place(field="against_verified"), blanks))
    if set(said.answered) != set(QUESTIONS) and rank:
        faults.append(Fault("review.unanswered", Place(field="answered")))
    return faults


def return_to_evaluation(case: Case, reason: str, reasons: str, seen: str, actor: Actor, at: datetime) -> Review:
    """Send the case back to its evaluation, for a reason of the closed list."""
    look_for(case, actor, at)
    with transaction.atomic():
        case = lock(case)
        after(State(case.state), Step.RETURN_TO_EVALUATION)
        if case.state != State.TECHNICAL_REVIEW.value:
            raise Refusal([Fault("case.not_now", params={"step": "return_to_evaluation", "state": case.state})])
        file = case_file(case)
        take_part(case, actor.account, Part.TECHNICAL_REVIEWER, at)
        faults = [*seen_faults(file, seen), *refusal_faults(rules_of(case), "return", reason, reasons)]
        if faults:
            raise Refusal(faults)
        made = _reviewed(case, file, actor, at)
        made.returned_for, made.reasons = reason, reasons.strip()
        made.save(force_insert=True)
        advance(case, Step.RETURN_TO_EVALUATION, actor, at, {"reason": reason, "reasons": made.reasons})
    return made


def seen_faults(file: CaseFile, seen: str) -> list[Fault]:
    """A fault when the file is not the one that was shown."""
    return [] if seen == file.digest else [Fault("decision.file_changed")]


def _reviewed(case: Case, file: CaseFile, actor: Actor, at: datetime) -> Review:
    return Review(case=case, round=round_of(case), account_id=actor.account, at=at, file_digest=file.digest)
