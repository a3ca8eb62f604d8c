# SPDX-License-Identifier: Apache-2.0
"""Suspending, restoring, withdrawing, cancelling and replacing: proposed by one person for a reason of the closed list,
decided and signed by another who did not evaluate (ISO/IEC 17065, 7.6 and 7.11). Expiry is the calendar's alone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from django.db import transaction

from gradus.applications.cases import lock, note, rules_of, take_part
from gradus.applications.telling import staff_with
from gradus.certificates.assertions import ready_faults
from gradus.certificates.convert import (
    certificate_statement,
    holder_of,
    replacing_grant,
    status_decision,
    status_statements,
    written,
)
from gradus.certificates.issue import Addresses, address_faults
from gradus.certificates.locking import lock_statements
from gradus.certificates.models import Certificate, ChangeDecision, ChangeProposal
from gradus.certificates.queries import publication_of, standing_of
from gradus.certificates.recover import recover
from gradus.certificates.stage import (
    REASONS,
    Basis,
    draft_change,
    stage_certificate,
    stage_change,
)
from gradus.decisions.file import instant
from gradus.decisions.sign import Proof, proof_faults
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor
from gradus.journal.canonical import digest
from gradus.journal.kinds import Kind
from gradus.people.notifications import client_named, notify
from gradus.people.permissions import Permission
from gradus.process.parts import Part
from gradus.process.verdict import reasons_faults
from gradus.trust.instants import whole
from gradus.trust.issue import StatusDecision
from gradus.trust.records import LONGEST_TEXT, from_json, to_json
from gradus.trust.standing import Standing, may_change
from gradus.trust.statement import Change, Holder, Name

FORMAT = "gradus-certificate-decision/1"


class Replacement(StrEnum):
    """Why a certificate is replaced without a new evaluation, as changes are reported to the regulator (CNCA's code
    table, 01, 02 and 98)."""

    NAME = "name-changed"
    ADDRESS = "address-changed"
    CORRECTION = "error-corrected"


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed: a change for a ``reason`` of its list, in words too; in effect at an instant, or (None) when it
    is decided. A replacement says what the holder is called and where it is from then on."""

    change: Change
    reason: str
    reasons: str
    effective_at: datetime | None = None
    name: Name | None = None
    addresses: Addresses | None = None


def propose_change(certificate: Certificate, proposed: Proposed, actor: Actor, at: datetime) -> ChangeProposal:
    """Propose a change. Raises Refusal with everything that hinders it."""
    with transaction.atomic():
        case = lock(certificate.case)
        faults = [*_reason_faults(certificate, proposed), *reasons_faults(proposed.reasons)]
        if open_proposal(certificate):
            faults.append(Fault("change.proposed_already"))
        holder = _holder(certificate, proposed, faults)
        made = ChangeProposal(
            id=uuid4(),
            case=case,
            account_id=actor.account,
            at=at,
            certificate=certificate,
            change=proposed.change.value,
            reason=proposed.reason,
            reasons=proposed.reasons.strip(),
            effective_at=whole(proposed.effective_at) if proposed.effective_at else None,
            holder=written(holder) if holder else "",
        )
        if not faults:
            faults = _possible_faults(certificate, made, at)
        if faults:
            raise Refusal(faults)
        made.save(force_insert=True)
        told = {"certificate": certificate.number, "change": made.change, "reason": made.reason}
        note(case, Kind.CERTIFICATE_CHANGE_PROPOSED, actor, at, told)
        blanks = {"certificate": certificate.number, **client_named(case.client)}
        deciders = [each for each in staff_with(Permission.CERTIFICATE_DECIDE, at) if str(each.pk) != actor.account]
        notify(deciders, "change_proposed", blanks, f"/office/cases/{case.pk}/certificate/", at)
    return made


def decide_change(
    proposal: ChangeProposal, proof: Proof, actor: Actor, at: datetime, *, accepted: bool, reasons: str
) -> ChangeDecision:
    """Accept or reject a proposal, and sign. Once accepted it is stated, logged and published."""
    recover(at)
    with transaction.atomic():
        case = lock(proposal.case)
        lock_statements()
        take_part(case, actor.account, Part.DECISION_MAKER, at)
        faults = [*proof_faults(proof, at), *reasons_faults(reasons)]
        if str(proposal.account_id) == actor.account:
            faults.append(Fault("change.own_proposal"))
        if ChangeDecision.objects.filter(proposal=proposal).exists():
            faults.append(Fault("change.decided_already"))
        if accepted:
            faults += _possible_faults(proposal.certificate, proposal, at) + ready_faults(at)
        if faults:
            raise Refusal(faults)
        made = _decision(proposal, proof, actor, at, accepted=accepted, reasons=reasons)
        if accepted:
            _state(proposal, made, actor, at)
        told = {"certificate": proposal.certificate_id, "decision": str(made.pk), "digest": made.digest}
        note(case, Kind.CERTIFICATE_CHANGE_DECIDED, actor, at, told | {"accepted": accepted})
    recover(at)
    return made


def open_proposal(certificate: Certificate) -> ChangeProposal | None:
    """What is proposed about a certificate and not decided, if anything is."""
    return ChangeProposal.objects.filter(certificate=certificate, decision=None).first()


def reason_ids(certificate: Certificate, change: Change) -> list[str]:
    """The closed list of reasons for a change."""
    if change is Change.SUPERSEDED:
        return [each.value for each in Replacement]
    return [each.id for each in rules_of(certificate.case).procedure.reasons[REASONS[change]]]


def _state(proposal: ChangeProposal, decision: ChangeDecision, actor: Actor, at: datetime) -> None:
    certificate = proposal.certificate
    if proposal.change != Change.SUPERSEDED:
        stage_change(certificate, status_decision(decision), decision, at)
        return
    grant = replacing_grant(certificate_statement(certificate), decision)
    basis = Basis(certificate.case, grant, replacement=decision)
    stage_certificate(basis, holder_of(proposal.holder), certificate, actor, at)


def _reason_faults(certificate: Certificate, proposed: Proposed) -> list[Fault]:
    known = proposed.reason in reason_ids(certificate, proposed.change)
    return [] if known else [Fault("decision.reason_not_listed", Place(field="reason"))]


def _holder(certificate: Certificate, proposed: Proposed, faults: list[Fault]) -> Holder | None:
    """The holder as a replacement names it; its credit code stays."""
    if proposed.change is not Change.SUPERSEDED:
        return None
    before = certificate_statement(certificate).holder
    name, addresses = proposed.name or before.name, proposed.addresses
    if addresses is None:
        addresses = Addresses(before.registered_address, before.assessed_addresses)
    wrong = address_faults(addresses)
    try:
        from_json(Name, to_json(name), "name")
    except Refusal:
        wrong.append(Fault("change.name", Place(field="name"), {"limit": str(LONGEST_TEXT)}))
    after = Holder(name, before.uscc, addresses.registered, addresses.sites)
    if after == before and not wrong:
        wrong.append(Fault("change.nothing_new", Place(field="name")))
    if proposed.effective_at:
        wrong.append(Fault("change.replaced_at_once", Place(field="effective_at")))
    faults += wrong
    return None if wrong else after


def _possible_faults(certificate: Certificate, proposal: ChangeProposal, at: datetime) -> list[Fault]:
    """What keeps a change from being made, were it decided at an instant."""
    now = standing_of(certificate.number, at).standing
    impossible = Fault("change.not_possible", params={"standing": f"standing.{now}", "change": proposal.change})
    if publication_of(certificate) is None:
        return [Fault("change.not_published")]
    said = status_statements(certificate.changes.order_by("at"))
    if proposal.change == Change.SUPERSEDED:
        # What takes its place begins valid: nothing that is decided may be got rid of so.
        ahead = any(each.effective_at > whole(at) for each in said)
        return [] if now in (Standing.VALID, Standing.NOT_YET_VALID) and not ahead else [impossible]
    effective = proposal.effective_at or whole(at)
    decision = StatusDecision(
        "-", whole(at), certificate.number, Change(proposal.change), proposal.reason, whole(effective)
    )
    fits = may_change(certificate_statement(certificate), said, draft_change(certificate, decision, at))
    return [] if fits else [impossible]


def _decision(
    proposal: ChangeProposal, proof: Proof, actor: Actor, at: datetime, *, accepted: bool, reasons: str
) -> ChangeDecision:
    made = ChangeDecision(
        id=uuid4(),
        case=proposal.case,
        account_id=actor.account,
        at=at,
        proposal=proposal,
        accepted=accepted,
        reasons=reasons.strip(),
        name=actor.name,
        method=proof.method,
        authenticated_at=proof.at,
    )
    made.digest = digest(decided(made))
    made.save(force_insert=True)
    return made


def decided(decision: ChangeDecision) -> dict[str, object]:
    """What the digest of a decision covers."""
    proposal = decision.proposal
    return {
        "format": FORMAT,
        "id": str(decision.pk),
        "certificate": proposal.certificate_id,
        "change": proposal.change,
        "reason": proposal.reason,
        "proposed_by": str(proposal.account_id),
        "proposed_for": proposal.reasons,
        "effective_at": instant(proposal.effective_at) if proposal.effective_at else "",
        "holder": proposal.holder,
        "by": str(decision.account_id),
        "at": instant(decision.at),
        "accepted": decision.accepted,
        "reasons": decision.reasons,
    }
