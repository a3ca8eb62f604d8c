# SPDX-License-Identifier: Apache-2.0
"""Whether a certificate holds, found out from bytes alone. Docs: docs/formats/verify.md, with the same numbers.

 1  the credential is readable: strict JSON in canonical form, of a kind that is known, with one proof
 2  the issuer is known: the proof names a key of the trust bundle
 3  the proof is good: that key signed this content
 4  the statement is well formed, and the issuer's rules hold for it
 5  the checkpoint is signed and stamped by the log, and by every witness that the bundle names
 6  the log includes the credential: the receipt leads from it to the checkpoint
 7  the key was good when the credential was logged: within its period, and before it was stolen
 8  the certificate is within its dates at the instant asked about
 9  the status lists in force at that instant, which has come, say neither ended nor suspended

A step rests on those before it. Time is what the log says, never what the signer says. What cannot be told is never
taken for good.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gradus.grading.faults import Fault, Place, Refusal
from gradus.trust.bundle import KeyPeriod, TrustBundle
from gradus.trust.canonical import parse_canonical
from gradus.trust.checkpoint import Checkpoint, signed_by, stamped_by, strangers
from gradus.trust.credential import LARGEST_CREDENTIAL, read_statement
from gradus.trust.instants import begins, ends, shown
from gradus.trust.proof import Document, Proof, proof_holds, read_proof
from gradus.trust.receipt import Receipt, read_receipt, receipt_holds
from gradus.trust.statement import CertificateStatement, Statement, statement_faults
from gradus.trust.status_check import check_status
from gradus.trust.verdict import PASSED, Named, Outcome, State, Step, Verification, failed, untold


@dataclass(slots=True)
class _Found:
    """What was given, and what the steps so far made of it."""

    credential: Named
    receipt: Named | None
    lists: Sequence[Named]
    bundle: TrustBundle | None
    at: datetime
    now: datetime
    steps: list[Step] = field(default_factory=list)
    document: Document = field(default_factory=dict)
    proof: Proof | None = None
    period: KeyPeriod | None = None
    statement: Statement | None = None
    read_receipt: Receipt | None = None
    checkpoint: Checkpoint | None = None
    stamped_at: datetime | None = None
    logged_at: datetime | None = None
    status_as_of: datetime | None = None

    @property
    def trusted(self) -> Statement | None:
        """The statement, once steps 1 to 4 passed."""
        return None if self.stopped_at else self.statement

    @property
    def stopped_at(self) -> str:
        """The first of steps 1 to 4 that did not pass; "" once all did."""
        return next((each.id for each in self.steps[:4] if each.state is not State.PASSED), "")


def verify(
    credential: Named,
    receipt: Named | None,
    lists: Sequence[Named],
    bundle: TrustBundle | None,
    at: datetime,
    now: datetime | None = None,
) -> Verification:
    """Run every step. ``now``: when it is asked, where that is not ``at`` itself; of an instant after it no status is
    known. Nothing that is given makes it raise: what is wrong is in the steps."""
    found = _Found(credential, receipt, lists, bundle, at, now or at)
    for number, step in enumerate(_STEPS, 1):
        try:
            state, said = step(found)
        except Refusal as refusal:
            state, said = State.FAILED, refusal.faults
        found.steps.append(Step(str(number), state, tuple(said)))
    return Verification(at, tuple(found.steps), found.trusted, found.logged_at, found.status_as_of)


def _readable(found: _Found) -> Outcome:
    """Step 1."""
    name = found.credential.name
    document = parse_canonical(found.credential.data, name, LARGEST_CREDENTIAL)
    if not isinstance(document, dict):
        raise Refusal([Fault("credential.other_kind", Place(name))])
    found.proof = read_proof(document, name)
    found.document = document
    return PASSED


def _issuer_known(found: _Found) -> Outcome:
    """Step 2."""
    if found.proof is None:
        return untold("verify.not_reached", step="1")
    if found.bundle is None:
        return untold("verify.no_bundle")
    found.period = found.bundle.key_of(found.proof.verificationMethod)
    if found.period is None:
        name = found.bundle.issuer.name
        return failed("verify.unknown_key", said=found.proof.verificationMethod, issuer_zh=name.zh, issuer_en=name.en)
    return PASSED


def _proof_good(found: _Found) -> Outcome:
    """Step 3."""
    if found.proof is None or found.period is None:
        return untold("verify.not_reached", step="2")
    return PASSED if proof_holds(found.document, found.proof, found.period.key) else failed("verify.proof")


def _statement_good(found: _Found) -> Outcome:
    """Step 4."""
    if found.proof is None:
        return untold("verify.not_reached", step="1")
    statement = read_statement(found.document, found.credential.name)
    faults = statement_faults(statement)
    signed_at = statement.issued_at if isinstance(statement, CertificateStatement) else statement.recorded_at
    if found.proof.created != signed_at:
        blanks = {"value": shown(found.proof.created), "expected": shown(signed_at)}
        faults.append(Fault("verify.made_at", params=blanks))
    if found.bundle and statement.issuer not in (found.bundle.issuer, *found.bundle.former_issuers):
        faults.append(Fault("verify.issuer_differs", params={"value": statement.issuer.name.zh}))
    if faults:
        return State.FAILED, faults
    found.statement = statement
    return PASSED


def _checkpoint_signed(found: _Found) -> Outcome:
    """Step 5."""
    if found.receipt is None:
        return untold("verify.no_receipt")
    found.read_receipt, checkpoint = read_receipt(found.receipt.data, found.receipt.name)
    if found.bundle is None:
        return untold("verify.no_bundle")
    log, witnesses = found.bundle.log, found.bundle.witnesses
    if checkpoint.origin != log.origin:
        return failed("verify.other_log", value=checkpoint.origin, expected=log.origin)
    period = next((each for each in log.keys if signed_by(checkpoint, each.key)), None)
    stamped_at = stamped_by(checkpoint, log.origin, period.key) if period else None
    if period is None or stamped_at is None:
        return failed("verify.checkpoint")
    stamps = [(each.name, stamped_by(checkpoint, each.name, each.key)) for each in witnesses]
    if missing := [name for name, at in stamps if at is None]:
        return failed("verify.no_witness", value=", ".join(missing))
    if not period.signs_at(stamped_at):
        return failed("verify.log_key_period", value=shown(stamped_at))
    # The latest stamp counts: whoever stamps too early gains nothing as long as one of the others is honest.
    stamped_last = max([stamped_at, *(at for _, at in stamps if at)])
    if period.compromised_at and not (witnesses and stamped_last < period.compromised_at):
        return untold("verify.log_key_stolen", value=shown(period.compromised_at))
    if unknown := strangers(checkpoint, period.key, [(each.name, each.key) for each in witnesses]):
        return untold("verify.stranger", value=", ".join(unknown))
    found.stamped_at, found.checkpoint = stamped_last, checkpoint
    return PASSED


def _included(found: _Found) -> Outcome:
    """Step 6."""
    if found.receipt is None:
        return untold("verify.no_receipt")
    if found.read_receipt is None or found.checkpoint is None:
        return untold("verify.not_reached", step="5")
    if not receipt_holds(found.read_receipt, found.checkpoint, found.credential.data):
        return failed("verify.not_included")
    found.logged_at = found.stamped_at
    return PASSED


def _key_good(found: _Found) -> Outcome:
    """Step 7."""
    if found.period is None:
        return untold("verify.not_reached", step="2")
    stolen = found.period.compromised_at
    if found.logged_at is None:
        if stolen:
            return untold("verify.key_stolen_no_receipt", value=shown(stolen))
        return untold("verify.not_reached", step="6")
    logged = shown(found.logged_at)
    if found.proof and found.logged_at < found.proof.created:
        return failed("verify.logged_before_made", value=logged, expected=shown(found.proof.created))
    if not found.period.signs_at(found.logged_at):
        return failed("verify.key_period", value=logged)
    if stolen and found.logged_at >= stolen:
        return failed("verify.key_stolen", value=logged, expected=shown(stolen))
    return PASSED


def _within_dates(found: _Found) -> Outcome:
    """Step 8."""
    statement = found.trusted
    if statement is None:
        return untold("verify.not_reached", step=found.stopped_at)
    at = shown(found.at)
    if not isinstance(statement, CertificateStatement):
        early = found.at < statement.effective_at
        return failed("verify.not_in_effect", at=at) if early else PASSED
    if found.at < max(begins(statement.valid_from), statement.issued_at):
        return failed("verify.not_yet_valid", at=at, value=str(statement.valid_from))
    if found.at >= ends(statement.last_valid_on):
        return failed("verify.expired", at=at, value=str(statement.last_valid_on))
    return PASSED


def _status_clear(found: _Found) -> Outcome:
    """Step 9. A change of status has no status of its own."""
    statement = found.trusted
    if statement is None:
        return untold("verify.not_reached", step=found.stopped_at)
    if not isinstance(statement, CertificateStatement):
        return PASSED
    if found.bundle is None:
        return untold("verify.no_bundle")
    outcome, found.status_as_of = check_status(statement, found.lists, found.bundle, found.at, found.now)
    return outcome


_STEPS = (
    _readable,
    _issuer_known,
    _proof_good,
    _statement_good,
    _checkpoint_signed,
    _included,
    _key_good,
    _within_dates,
    _status_clear,
)
