# SPDX-License-Identifier: Apache-2.0
"""What must be true before a certificate is issued, each shown passed or failed (ISO/IEC 17065, 7.7.1 and 7.7.3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from gradus.applications.models import Case, CaseStep
from gradus.certificates.issuer import newest
from gradus.certificates.keys import chain_ends, current_or_none, signer_of
from gradus.certificates.models import Certificate, KeyPurpose
from gradus.decisions.file import CaseFile
from gradus.decisions.models import Decision
from gradus.decisions.record import decision_of
from gradus.formats.certificate_statement import holder_named
from gradus.grading.faults import Fault, Refusal
from gradus.process.states import Step
from gradus.trust.instants import day_of

WARNED_BEFORE = timedelta(days=90)
"""So long before they end it is said that keys for pages need others."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """``code`` is the sentence that says what is asserted; it holds where there is no fault."""

    code: str
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def assertions_of(case: Case, file: CaseFile, at: datetime) -> list[Assertion]:
    """Every assertion about a case and its file, in the order in which they are read."""
    decision = decision_of(case)
    said = {
        "granted": _granted(decision),
        "signed": _signed(decision, at),
        "agreed": _agreed(case),
        "unchanged": _unchanged(decision, file),
        "supported": _supported(decision, file, at),
        "holder": _holder(file),
        "once": _once(decision),
        "ready": ready_faults(at),
    }
    return [Assertion(f"assertion.{code}", tuple(faults)) for code, faults in said.items()]


def ready_faults(at: datetime) -> list[Fault]:
    """What keeps the body from stating anything: no name, no key, one that does not open or has ended."""
    faults = [] if newest() else [Fault("issuer.not_named")]
    for purpose in KeyPurpose:
        key = current_or_none(purpose)
        if key is None:
            faults.append(Fault("keys.none", params={"purpose": purpose.value}))
            continue
        try:
            signer_of(key)
        except Refusal as refusal:
            faults += refusal.faults
    return faults + _chain_faults(at, "keys.chain_ended")


def soon_faults(at: datetime) -> list[Fault]:
    """What will keep the body from it within some months, unless somebody sees to it."""
    return [] if _chain_faults(at, "") else _chain_faults(at + WARNED_BEFORE, "keys.chain_ends")


def _chain_faults(at: datetime, code: str) -> list[Fault]:
    key = current_or_none(KeyPurpose.PDF)
    if key is None or at < chain_ends(key):
        return []
    return [Fault(code, params={"value": day_of(chain_ends(key)).isoformat()})]


def _granted(decision: Decision | None) -> list[Fault]:
    return [] if decision and decision.outcome else [Fault("issue.no_decision")]


def _signed(decision: Decision | None, at: datetime) -> list[Fault]:
    signed = [each.at for each in decision.signatures.all()] if decision else []
    faults = [] if len(signed) == 2 else [Fault("issue.not_signed")]
    return [*faults, *([Fault("statement.before_decision")] if signed and max(signed) > at else [])]


def _agreed(case: Case) -> list[Fault]:
    agreed = CaseStep.objects.filter(case=case, step=Step.RECORD_AGREEMENT.value).exists()
    return [] if agreed else [Fault("issue.no_agreement")]


def _unchanged(decision: Decision | None, file: CaseFile) -> list[Fault]:
    return [] if decision and decision.file_digest == file.digest else [Fault("issue.file_changed")]


def _supported(decision: Decision | None, file: CaseFile, at: datetime) -> list[Fault]:
    """Nothing of the file spoke against a grant when it was decided: no record missing, no major finding open, no
    veto."""
    day = localdate(decision.at if decision else at)
    vetoes = [Fault("issue.veto", params={"value": each}) for each in file.verified.vetoed]
    return [*file.gate(day), *vetoes]


def _holder(file: CaseFile) -> list[Fault]:
    name, code = holder_named(file.verified)
    return [] if name.zh and code else [Fault("issue.no_holder")]


def _once(decision: Decision | None) -> list[Fault]:
    made = Certificate.objects.filter(decision=decision).first() if decision else None
    return [Fault("issue.issued_already", params={"value": made.number})] if made else []
