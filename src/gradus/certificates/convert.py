# SPDX-License-Identifier: Apache-2.0
"""Rows of the database as values of the core, and back."""

import hashlib
from collections.abc import Iterable

from gradus.applications.models import Case
from gradus.certificates.models import Certificate, ChangeDecision, Leaf, StatusChange
from gradus.decisions.file import rank_of
from gradus.decisions.record import decision_of
from gradus.formats.certificate_statement import holder_named
from gradus.formats.result_json import dumps, result_to_json
from gradus.grading.result import Result
from gradus.schemes.queries import edition_named
from gradus.trust.canonical import canonical, parse_canonical
from gradus.trust.instants import whole
from gradus.trust.issue import Grant, StatusDecision
from gradus.trust.records import from_json, to_json
from gradus.trust.statement import CertificateStatement, Change, Holder, Statement, StatusStatement

SIGNATURES = 2
_LONGEST = 256 * 1024


def grant_of(case: Case, verified: Result) -> Grant | None:
    """What the case's decision granted over a verified result, once both signatures stand under it; None before."""
    decision = decision_of(case)
    if decision is None:
        return None
    signed = sorted(each.at for each in decision.signatures.all())
    if len(signed) < SIGNATURES:
        return None
    return Grant(
        decision_id=str(decision.pk),
        granted=bool(decision.outcome),
        decided_at=whole(signed[-1]),
        edition_hash=case.edition_hash,
        uscc=holder_named(verified)[1],
        outcome_id=decision.outcome,
        rank=rank_of(edition_named(case.edition_hash), decision.outcome),
        scope=tuple(decision.scope),
        result_digest=result_digest(verified),
        submission_digest=f"sha256:{case.submission.digest}",
    )


def replacing_grant(replaced: CertificateStatement, decision: ChangeDecision) -> Grant:
    """What a decided replacement grants: the same as the certificate that it replaces, for the rest of its period."""
    return Grant(
        decision_id=str(decision.pk),
        granted=decision.accepted,
        decided_at=whole(decision.at),
        edition_hash=replaced.edition.hash,
        uscc=replaced.holder.uscc,
        outcome_id=replaced.outcome.id,
        rank=replaced.outcome.rank,
        scope=tuple(each.id for each in replaced.scope),
        result_digest=replaced.result_digest,
        submission_digest=replaced.submission_digest,
        keeps_validity=True,
    )


def status_decision(decision: ChangeDecision) -> StatusDecision:
    """A decided change as the core sees it."""
    proposal, at = decision.proposal, whole(decision.at)
    return StatusDecision(
        decision_id=str(decision.pk),
        decided_at=at,
        number=proposal.certificate_id,
        change=Change(proposal.change),
        reason_id=proposal.reason,
        effective_at=whole(proposal.effective_at) if proposal.effective_at else at,
    )


def result_digest(result: Result) -> str:
    """The digest of an explained result."""
    return "sha256:" + hashlib.sha256(dumps(result_to_json(result)).encode()).hexdigest()


def certificate_statement(row: Certificate) -> CertificateStatement:
    return from_json(CertificateStatement, _parsed(row.statement, row.number), row.number)


def status_statement(row: StatusChange) -> StatusStatement:
    return from_json(StatusStatement, _parsed(row.statement, row.certificate_id), row.certificate_id)


def status_statements(rows: Iterable[StatusChange]) -> list[StatusStatement]:
    return [status_statement(each) for each in rows]


def leaf_statement(leaf: Leaf) -> Statement:
    """What a leaf states."""
    return certificate_statement(leaf.certificate) if leaf.certificate else status_statement(leaf.change)


def holder_of(text: str) -> Holder:
    """A holder from its canonical JSON."""
    return from_json(Holder, _parsed(text, "holder"), "holder")


def written(value: Statement | Holder) -> str:
    """Canonical JSON, as it is kept."""
    return canonical(to_json(value)).decode()


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _parsed(text: str, name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return parse_canonical(text.encode(), name, _LONGEST)
