# SPDX-License-Identifier: Apache-2.0
"""What must be true before a statement is signed: no Decision, no Statement. The caller brings the recorded decision
and the edition's terms as values; the drafted statement must say what they say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gradus.grading.calendar import plus_months
from gradus.grading.faults import Fault, Refusal
from gradus.trust.instants import day_of
from gradus.trust.statement import CertificateStatement, Change, StatusStatement, statement_faults


@dataclass(frozen=True, slots=True)
class Grant:
    """What a recorded decision granted, as the decision's record says it. ``keeps_validity`` is set for a change that
    begins no new period (a new address, a corrected name): the replaced certificate's last day stays."""

    decision_id: str
    granted: bool
    decided_at: datetime
    edition_hash: str
    uscc: str
    outcome_id: str
    rank: int
    scope: tuple[str, ...]
    result_digest: str
    submission_digest: str
    keeps_validity: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What the edition says about its certificates."""

    scheme: str
    edition_name: str
    edition_hash: str
    validity_months: int


@dataclass(frozen=True, slots=True)
class StatusDecision:
    """What a recorded decision about a certificate's standing says."""

    decision_id: str
    decided_at: datetime
    number: str
    change: Change
    reason_id: str
    effective_at: datetime


def last_valid_on(valid_from: date, months: int) -> date:
    """The day before the months are full: 36 months from 29 February 2024 end on 27 February 2027."""
    return plus_months(valid_from, months) - timedelta(days=1)


def issue(
    draft: CertificateStatement, grant: Grant | None, terms: Terms, replaced: CertificateStatement | None = None
) -> CertificateStatement:
    """The drafted statement, fit to be signed. Raises Refusal with everything that is wrong with it."""
    if grant is None:
        raise Refusal([Fault("issue.no_decision")])
    faults = [] if grant.granted else [Fault("issue.not_granted", params={"value": grant.decision_id})]
    faults += statement_faults(draft)
    faults += _differences(draft, grant, terms)
    faults += _period(draft, grant, terms, replaced)
    if faults:
        raise Refusal(faults)
    return draft


def _differences(draft: CertificateStatement, grant: Grant, terms: Terms) -> Iterator[Fault]:
    pairs = {
        "decision": (draft.decision.id, grant.decision_id),
        "decided_at": (draft.decision.decided_at, grant.decided_at),
        "edition": (draft.edition.hash, grant.edition_hash),
        "terms": (terms.edition_hash, grant.edition_hash),
        "edition_name": ((draft.scheme.id, draft.edition.name), (terms.scheme, terms.edition_name)),
        "holder": (draft.holder.uscc, grant.uscc),
        "outcome": ((draft.outcome.id, draft.outcome.rank), (grant.outcome_id, grant.rank)),
        "scope": (tuple(sorted(each.id for each in draft.scope)), tuple(sorted(grant.scope))),
        "result": (draft.result_digest, grant.result_digest),
        "submission": (draft.submission_digest, grant.submission_digest),
    }
    for part, (said, granted) in pairs.items():
        if said != granted:
            yield Fault(f"issue.differs.{part}", params={"said": _shown(said), "granted": _shown(granted)})


def _period(
    draft: CertificateStatement, grant: Grant, terms: Terms, replaced: CertificateStatement | None
) -> Iterator[Fault]:
    """A new period is as long as the edition says; a replacement without one ends when the replaced one would."""
    last = last_valid_on(draft.valid_from, terms.validity_months)
    if (replaced.number if replaced else None) != draft.supersedes:
        yield Fault("issue.replaces_another", params={"value": draft.supersedes or "-"})
    first = replaced.first_issued_on if replaced else day_of(draft.issued_at)
    if draft.first_issued_on != first:
        yield Fault("issue.first_issue", params={"value": str(draft.first_issued_on), "expected": str(first)})
    if replaced and replaced.holder.uscc != draft.holder.uscc:
        yield Fault("issue.replaces_another_holders", params={"value": replaced.number})
    if grant.keeps_validity and replaced is None:
        yield Fault("issue.nothing_to_keep")
    if grant.keeps_validity and replaced:
        last = replaced.last_valid_on
    if draft.last_valid_on != last:
        yield Fault("issue.validity", params={"value": str(draft.last_valid_on), "expected": str(last)})


def issue_change(draft: StatusStatement, decision: StatusDecision | None) -> StatusStatement:
    """The drafted change, fit to be signed. Raises Refusal."""
    if decision is None:
        raise Refusal([Fault("issue.no_decision")])
    faults = statement_faults(draft)
    pairs = {
        "decision": (draft.decision.id, decision.decision_id),
        "decided_at": (draft.decision.decided_at, decision.decided_at),
        "number": (draft.number, decision.number),
        "change": (draft.change, decision.change),
        "reason": (draft.reason.id, decision.reason_id),
        "effective_at": (draft.effective_at, decision.effective_at),
    }
    for part, (said, decided) in pairs.items():
        if said != decided:
            faults.append(Fault(f"issue.differs.{part}", params={"said": _shown(said), "granted": _shown(decided)}))
    if faults:
        raise Refusal(faults)
    return draft


def _shown(value: object) -> str:
    return ", ".join(str(each) for each in value) if isinstance(value, tuple) else str(value)
