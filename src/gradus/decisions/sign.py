# SPDX-License-Identifier: Apache-2.0
"""Signatures: two people, each proven anew, over the digest of the file that both were shown (art. 22; 17065, 7.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from gradus.applications.cases import advance, bonds, lock, lock_for, note, refuse_earlier, take_part
from gradus.applications.models import Case
from gradus.applications.ties import look_for
from gradus.decisions.file import case_file
from gradus.decisions.models import Decision, Signature, Uncertified, Voided
from gradus.decisions.record import bound_people, decision_of
from gradus.grading.faults import Fault, Refusal
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.process.parts import Part
from gradus.process.states import State, Step, after
from gradus.process.verdict import is_fresh, reasons_faults


@dataclass(frozen=True, slots=True)
class Proof:
    """How and when somebody last proved to be who they are: ``method`` is password or mfa."""

    method: str
    at: datetime | None


def proof_faults(proof: Proof, at: datetime) -> list[Fault]:
    """A fault when the password or second factor was not given shortly before."""
    return [] if is_fresh(proof.at, at) else [Fault("decision.prove_again")]


def signed(decision: Decision, part: Part, proof: Proof, actor: Actor, at: datetime) -> Signature:
    """A signature, as part of the action that makes it."""
    return Signature.objects.create(
        case=decision.case,
        round=decision.round,
        account_id=actor.account,
        at=at,
        decision=decision,
        part=part.value,
        name=actor.name,
        file_digest=decision.file_digest,
        method=proof.method,
        authenticated_at=proof.at,
    )


def sign_second(case: Case, proof: Proof, seen: str, actor: Actor, at: datetime) -> Signature | Voided:
    """Sign a decision as the second person; with it the decision takes effect.

    When the file is no longer the one that was decided over, or nothing may be granted over it any more, the decision
    is voided instead, and the case goes back to be decided. Raises Refusal with what hinders the signer, and when the
    file that was shown is not that of the decision.
    """
    look_for(case, actor, at)
    with transaction.atomic():
        case = lock(case)
        after(State(case.state), Step.GRANT)
        refuse_earlier(case, at)
        take_part(case, actor.account, Part.SECOND_SIGNATORY, at)
        decision = decision_of(case)
        assert decision is not None, "a case waits for a signature under a decision"
        voided = void_if_changed(case, actor, at)
        if voided is not None:
            return voided
        faults = proof_faults(proof, at)
        if seen != decision.file_digest:
            faults.append(Fault("decision.file_changed"))
        if faults:
            raise Refusal(faults)
        made = signed(decision, Part.SECOND_SIGNATORY, proof, actor, at)
        _take_effect(case, decision, actor, at)
    return made


def decline_to_sign(case: Case, why: str, actor: Actor, at: datetime) -> Voided:
    """Do not sign, as the second person, and say why: the decision is void, and the case goes back to be decided. Else
    a decision that the second person does not share would wait for ever, or be signed against better knowledge."""
    look_for(case, actor, at)
    with transaction.atomic():
        case = lock_for(case, Step.VOID_DECISION)
        refuse_earlier(case, at)
        take_part(case, actor.account, Part.SECOND_SIGNATORY, at)
        decision, faults = decision_of(case), reasons_faults(why)
        assert decision is not None, "a case waits for a signature under a decision"
        if faults:
            raise Refusal(faults)
        return _voided(case, decision, case_file(case).digest, actor, at, {"reasons": why.strip()})


def _voided(
    case: Case, decision: Decision, file_digest: str, actor: Actor, at: datetime, said: Mapping[str, object]
) -> Voided:
    made = Voided.objects.create(
        case=case, round=decision.round, account_id=actor.account, at=at, decision=decision, file_digest=file_digest
    )
    told = {"decision": str(decision.pk), "file_digest": file_digest, **said}
    advance(case, Step.VOID_DECISION, actor, at, told)
    return made


def _take_effect(case: Case, decision: Decision, actor: Actor, at: datetime) -> None:
    told: dict[str, object] = {"decision": str(decision.pk), "digest": decision.digest, "reasons": decision.reasons}
    if decision.outcome:
        told |= {"outcome": decision.outcome, "scope": decision.scope}
        Uncertified.objects.create(case=case)
        advance(case, Step.GRANT, actor, at, told)
        note(case, Kind.DECISION_GRANTED, actor, at, told)
    else:
        told |= {"reason": decision.refused_for}
        advance(case, Step.REFUSE, actor, at, told)
        note(case, Kind.DECISION_REFUSED, actor, at, told)


def void_if_changed(case: Case, actor: Actor, at: datetime) -> Voided | None:
    """Void a decision that waits for its second signature when the file is no longer what it was decided over, when who
    decided turned out to be tied to the client, or a grant when something stands against any grant by now, as what was
    not settled in time.

    For every action that changes the file of a case in that state; within its transaction, the case locked.
    """
    if case.state != State.SIGNATURE.value:
        return None
    decision, file = decision_of(case), case_file(case)
    if decision is None:
        return None
    day = localdate(at)
    against = [*file.gate(day), *bound_people(case, day)] if decision.outcome else bonds(case, decision.account_id, day)
    if decision.file_digest == file.digest and not against:
        return None
    return _voided(case, decision, file.digest, actor, at, {})
