# SPDX-License-Identifier: Apache-2.0
"""The first step of stating something: every word of it and its number are fixed, in one transaction (ADR 13)."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Max

from gradus.applications.cases import rules_of
from gradus.applications.models import Case
from gradus.certificates.convert import certificate_statement, digest_of, written
from gradus.certificates.issuer import issuer_of, named
from gradus.certificates.models import Certificate, ChangeDecision, IssuerNamed, StatusChange
from gradus.certificates.queries import standing_of
from gradus.certificates.registering import tell_decided
from gradus.certificates.unfinished import begin
from gradus.decisions.models import Decision, Uncertified
from gradus.formats.certificate_statement import Particulars, draft_certificate, terms_of
from gradus.formats.wording import words
from gradus.grading.faults import Fault, Refusal
from gradus.grading.texts import Text
from gradus.journal.actor import Actor
from gradus.trust.canonical import canonical
from gradus.trust.certificate_number import certificate_number
from gradus.trust.credential import credential_document
from gradus.trust.instants import day_of, whole
from gradus.trust.issue import Grant, StatusDecision, issue, issue_change
from gradus.trust.standing import Standing
from gradus.trust.statement import (
    CertificateStatement,
    Change,
    DecisionNamed,
    Holder,
    Purpose,
    StatusEntry,
    StatusStatement,
    Worded,
)
from gradus.trust.status_list import LEAST_BITS

REPLACED = "replaced"  # the one reason for which a certificate is superseded
LARGEST = 2**16 - 1024
"""Bytes of a credential before its proof: an entry of the log has a length of two bytes (C2SP tlog-tiles)."""

_STILL = (Standing.VALID, Standing.SUSPENDED, Standing.NOT_YET_VALID)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a certificate rests on: a grant, or a decided replacement, and what it says as the core sees it."""

    case: Case
    grant: Grant
    decision: Decision | None = None
    replacement: ChangeDecision | None = None


def stage_certificate(
    basis: Basis, holder: Holder, replaced: Certificate | None, actor: Actor, at: datetime
) -> Certificate:
    """Write a certificate's statement, and that it takes the place of another; in the caller's transaction, with
    statements locked. Raises Refusal with everything that is wrong with it."""
    row, year = named(), day_of(at).year
    serial = _next(Certificate.objects.filter(year=year), "serial", 1)
    index = _next(Certificate.objects.all(), "status_index", 0)
    number = certificate_number(row.prefix, year, serial)
    statement = _statement(basis, row, (number, index), holder, replaced, at)
    if len(canonical(credential_document(statement))) > LARGEST:
        raise Refusal([Fault("issue.too_long", params={"limit": str(LARGEST)})])
    text = written(statement)
    made = Certificate.objects.create(
        number=number,
        case=basis.case,
        account_id=actor.account,
        at=at,
        decision=basis.decision,
        replacement=basis.replacement,
        year=year,
        serial=serial,
        status_index=index,
        supersedes=replaced.number if replaced else None,
        statement=text,
        digest=digest_of(text),
    )
    begin(made)
    Uncertified.objects.filter(case=basis.case).delete()
    if replaced:
        _stage_superseded(replaced, made, statement, at)
    return made


def stage_change(certificate: Certificate, decision: StatusDecision, row: ChangeDecision, at: datetime) -> StatusChange:
    """Write a change's statement; in the caller's transaction, with statements locked."""
    return _change_row(certificate, issue_change(draft_change(certificate, decision, at), decision), at, decision=row)


def draft_change(certificate: Certificate, decision: StatusDecision, at: datetime) -> StatusStatement:
    """What a decided change says."""
    option = rules_of(certificate.case).procedure.reason(REASONS[decision.change], decision.reason_id)
    assert option is not None, "a proposal names a reason of the list"
    return _change(certificate, decision, Worded(option.id, option.text), None, at)


REASONS = {
    Change.SUSPENDED: "suspend",
    Change.RESTORED: "restore",
    Change.WITHDRAWN: "withdraw",
    Change.CANCELLED: "cancel",
}
"""The closed list of the procedure from which the reason of a change comes."""


def still_held(case: Case, at: datetime) -> Certificate | None:
    """The certificate of the case's client under the same scheme that a later grant takes the place of."""
    scheme = case.edition.partition("/")[0]
    held = Certificate.objects.filter(case__client=case.client_id, case__edition__startswith=f"{scheme}/")
    for each in held.order_by("-at"):
        if standing_of(each.number, at).standing in _STILL:
            return each
    return None


def _statement(
    basis: Basis,
    row: IssuerNamed,
    place: tuple[str, int],
    holder: Holder,
    replaced: Certificate | None,
    at: datetime,
) -> CertificateStatement:
    (number, index), before = place, certificate_statement(replaced) if replaced else None
    edition = rules_of(basis.case).edition
    lists, index = index // LEAST_BITS + 1, index % LEAST_BITS
    draft = draft_certificate(
        edition,
        basis.grant,
        Particulars(
            issuer=issuer_of(row),
            number=number,
            holder=holder,
            first_issued_on=before.first_issued_on if before else day_of(at),
            issued_at=whole(at),
            valid_from=day_of(at),
            verification_url=f"{row.address}/v/{number}",
            status=tuple(StatusEntry(each, f"{row.address}/status/{each}/{lists}", index) for each in Purpose),
            supersedes=before.number if before else None,
        ),
    )
    if before and basis.grant.keeps_validity:
        draft = replace(draft, last_valid_on=before.last_valid_on)
    return issue(draft, basis.grant, terms_of(edition), before)


def _stage_superseded(before: Certificate, after: Certificate, statement: CertificateStatement, at: datetime) -> None:
    """From the second on in which the new certificate is issued, the other is not valid any more."""
    decision = StatusDecision(
        decision_id=statement.decision.id,
        decided_at=statement.decision.decided_at,
        number=before.number,
        change=Change.SUPERSEDED,
        reason_id=REPLACED,
        effective_at=statement.issued_at,
    )
    reason = Worded(REPLACED, Text(*(words("certificates.replaced", each) for each in ("zh", "en"))))
    draft = _change(before, decision, reason, after.number, at)
    _change_row(before, issue_change(draft, decision), at, successor=after)


def _change(
    certificate: Certificate, decision: StatusDecision, reason: Worded, successor: str | None, at: datetime
) -> StatusStatement:
    row = named()
    return StatusStatement(
        issuer=issuer_of(row),
        number=certificate.number,
        change=decision.change,
        reason=reason,
        decision=DecisionNamed(decision.decision_id, decision.decided_at),
        effective_at=decision.effective_at,
        recorded_at=whole(at),
        superseded_by=successor,
        verification_url=f"{row.address}/v/{certificate.number}",
    )


def _change_row(
    certificate: Certificate, statement: StatusStatement, at: datetime, **rests_on: Certificate | ChangeDecision
) -> StatusChange:
    text = written(statement)
    made = StatusChange.objects.create(
        certificate=certificate, statement=text, digest=digest_of(text), at=at, **rests_on
    )
    begin(made)
    tell_decided(statement, at)
    return made


def _next(rows, name: str, first: int) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
    last = rows.aggregate(last=Max(name))["last"]
    return first if last is None else last + 1
