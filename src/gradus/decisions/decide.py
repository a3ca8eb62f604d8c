# SPDX-License-Identifier: Apache-2.0
"""The decision, by somebody who did not evaluate (ISO/IEC 17065, 7.6): grant, grant lower with the client's consent,
refuse with reasons, or return. What is decided takes effect with the second signature (:mod:`.sign`)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from django.utils.timezone import localdate

from gradus.applications.agreement import longest_name
from gradus.applications.cases import advance, lock, refuse_others_than_client, rules_of, take_part
from gradus.applications.models import Case
from gradus.applications.ties import look_for
from gradus.decisions.file import CaseFile, case_file, instant, rank_of
from gradus.decisions.models import Consent, Decision, Proposal
from gradus.decisions.record import bound_people, consent_of, opinion_of, proposal_of, review_of, round_of
from gradus.decisions.review import seen_faults
from gradus.decisions.sign import Proof, proof_faults, signed
from gradus.dossiers.readiness import vetoes_since
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor
from gradus.journal.canonical import digest
from gradus.process.panel import Opinion
from gradus.process.parts import Part
from gradus.process.procedure import Condition
from gradus.process.states import State, Step, after
from gradus.process.verdict import Bounds, Consented, asked_ranks, ceiling, grant_faults, reasons_faults, refusal_faults

FORMAT = "gradus-decision/1"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A grant of an outcome and a scope, or (outcome "") a refusal for a reason of the closed list; with reasons."""

    reasons: str
    outcome: str = ""
    scope: tuple[str, ...] = ()
    refused_for: str = ""


def bounds_of(case: Case, file: CaseFile) -> Bounds:
    """What a decision of the case may reach."""
    rules, review, said = rules_of(case), review_of(case), opinion_of(case)
    recommended = rank_of(rules.edition, review.outcome) if review else 0
    opinion = Opinion(said.opinion) if said else None
    rank = ceiling(rules, file.recommendable, recommended, opinion, by_exception=case.by_exception)
    reviewed = frozenset(review.scope if review else [])
    scope, asked = frozenset(file.verified.scope) & reviewed, frozenset(file.claimed.scope) | reviewed
    return Bounds(rank, scope, asked_ranks(rules.edition, case.requested)[0], asked)


def consented(case: Case) -> Consented | None:
    """What the client has agreed to last, if it has."""
    last = consent_of(case)
    if last is None or not last.given:
        return None
    return rank_of(rules_of(case).edition, last.proposal.outcome), frozenset(last.proposal.scope)


def conditions_of(case: Case, file: CaseFile, day: date) -> set[Condition]:
    """What is so in a case that a reason for refusing may say."""
    bounds, answer = bounds_of(case, file), consent_of(case)
    declined = answer is not None and not answer.given
    found = {
        Condition.NOTHING_REACHED: file.verified.grantable == 0,
        Condition.LESS_DECLINED: declined and bounds.is_lesser(bounds.rank, bounds.scope),
        Condition.VETO: bool([*file.verified.vetoed, *vetoes_since(file.verified, day)]),
        Condition.OPEN_MAJOR: bool(file.open_major),
    }
    return {each for each, holds in found.items() if holds}


def ask_consent(case: Case, proposed: Verdict, seen: str, actor: Actor, at: datetime) -> Proposal:
    """Ask the client whether it wants an outcome below what it applied for, or a smaller scope."""
    look_for(case, actor, at)
    with transaction.atomic():
        case, file = _at_the_decision(case, Step.ASK_CONSENT, actor, at)
        rank, bounds = rank_of(rules_of(case).edition, proposed.outcome), bounds_of(case, file)
        as_agreed = (rank, frozenset(proposed.scope))
        faults = [*seen_faults(file, seen), *grant_faults(bounds, rank, proposed.scope, as_agreed)]
        faults += reasons_faults(proposed.reasons)
        if not bounds.is_lesser(rank, proposed.scope):
            faults.append(Fault("decision.not_lower", Place(field="outcome")))
        if faults:
            raise Refusal(faults)
        made = Proposal.objects.create(
            case=case,
            round=round_of(case),
            account_id=actor.account,
            at=at,
            outcome=proposed.outcome,
            scope=sorted(proposed.scope),
            reasons=proposed.reasons.strip(),
        )
        advance(case, Step.ASK_CONSENT, actor, at, {"outcome": made.outcome, "reasons": made.reasons})
    return made


def answer_proposal(case: Case, *, given: bool, name: str, actor: Actor, at: datetime) -> Consent:
    """The client's answer to the lesser grant, by a named person who may speak for it."""
    with transaction.atomic():
        case = lock(case)
        after(State(case.state), Step.GIVE_CONSENT)
        refuse_others_than_client(case, actor, at)
        proposal = proposal_of(case)
        assert proposal is not None, "a case in this state has a proposal"
        if not 0 < len(name.strip()) <= longest_name:
            raise Refusal([Fault("consent.name_needed", Place(field="name"), {"limit": str(longest_name)})])
        made = Consent.objects.create(
            case=case,
            round=proposal.round,
            account_id=actor.account,
            at=at,
            proposal=proposal,
            given=given,
            name=name.strip(),
        )
        step = Step.GIVE_CONSENT if given else Step.DENY_CONSENT
        advance(case, step, actor, at, {"outcome": proposal.outcome, "name": made.name})
    return made


def decide(case: Case, verdict: Verdict, proof: Proof, seen: str, actor: Actor, at: datetime) -> Decision:
    """Decide over the file whose digest was shown, and sign as the first of two."""
    look_for(case, actor, at)
    with transaction.atomic():
        case, file = _at_the_decision(case, Step.DECIDE, actor, at)
        faults = [
            *proof_faults(proof, at),
            *seen_faults(file, seen),
            *_verdict_faults(case, file, verdict, at),
        ]
        if faults:
            raise Refusal(faults)
        made = _decision(case, verdict, file, actor, at)
        made.save(force_insert=True)
        signed(made, Part.DECISION_MAKER, proof, actor, at)
        told = {"decision": str(made.pk), "digest": made.digest, "file_digest": made.file_digest}
        advance(case, Step.DECIDE, actor, at, told)
    return made


def return_from_decision(case: Case, reason: str, reasons: str, seen: str, actor: Actor, at: datetime) -> None:
    """Send the case back to its evaluation instead of deciding, for a reason of the closed list."""
    look_for(case, actor, at)
    with transaction.atomic():
        case, file = _at_the_decision(case, Step.RETURN_TO_EVALUATION, actor, at)
        faults = [*seen_faults(file, seen), *refusal_faults(rules_of(case), "return", reason, reasons)]
        if faults:
            raise Refusal(faults)
        advance(case, Step.RETURN_TO_EVALUATION, actor, at, {"reason": reason, "reasons": reasons.strip()})


def _at_the_decision(case: Case, step: Step, actor: Actor, at: datetime) -> tuple[Case, CaseFile]:
    """The case, locked, in the state in which it is decided, with the actor as its decision maker; and its file."""
    locked = lock(case)
    after(State(locked.state), step)
    if locked.state != State.DECISION.value:
        raise Refusal([Fault("case.not_now", params={"step": step.value, "state": locked.state})])
    take_part(locked, actor.account, Part.DECISION_MAKER, at)
    return locked, case_file(locked)


def _verdict_faults(case: Case, file: CaseFile, verdict: Verdict, at: datetime) -> list[Fault]:
    rules = rules_of(case)
    if not verdict.outcome:
        true = conditions_of(case, file, localdate(at))
        return refusal_faults(rules, "refuse", verdict.refused_for, verdict.reasons, true)
    rank = rank_of(rules.edition, verdict.outcome)
    faults = grant_faults(bounds_of(case, file), rank, verdict.scope, consented(case))
    day = localdate(at)
    return [*faults, *file.gate(day), *bound_people(case, day), *reasons_faults(verdict.reasons)]


def _decision(case: Case, verdict: Verdict, file: CaseFile, actor: Actor, at: datetime) -> Decision:
    made = Decision(
        id=uuid4(),
        case=case,
        round=round_of(case),
        account_id=actor.account,
        at=at,
        outcome=verdict.outcome,
        scope=sorted(verdict.scope) if verdict.outcome else [],
        refused_for="" if verdict.outcome else verdict.refused_for,
        reasons=verdict.reasons.strip(),
        file_digest=file.digest,
    )
    made.digest = digest(decided(made))
    return made


def decided(decision: Decision) -> dict[str, object]:
    """What the digest of a decision covers."""
    return {
        "format": FORMAT,
        "id": str(decision.pk),
        "case": str(decision.case_id),
        "by": str(decision.account_id),
        "at": instant(decision.at),
        "outcome": decision.outcome,
        "scope": decision.scope,
        "refused_for": decision.refused_for,
        "reasons": decision.reasons,
        "file": decision.file_digest,
    }
