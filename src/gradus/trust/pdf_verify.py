# SPDX-License-Identifier: Apache-2.0
"""A PDF certificate opened with a trust bundle: its own steps, then what it carries, which is verified as if it had
come as files of its own. Docs: docs/formats/certificate-pdf.md."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gradus.trust.bundle import PdfChain, TrustBundle
from gradus.trust.encodings import from_base64
from gradus.trust.instants import shown
from gradus.trust.pdf_check import check_pdf
from gradus.trust.verdict import Named, State, Step, Verification, untold
from gradus.trust.verify import verify

MARKS = ("GradedCertificate", "CertificateStatusChange", "urn:gradus:certification:1", "credential.json")
"""Words of which every certificate of ours, as PDF or as credential, has several: a file that has none, and is of no
form of ours either, is none that was altered but something else."""


@dataclass(frozen=True, slots=True)
class OpenedPdf:
    """The steps P1 to P8; credential and receipt, None where a step failed."""

    steps: tuple[Step, ...]
    credential: Named | None
    receipt: Named | None


def open_pdf(data: bytes, bundle: TrustBundle | None) -> OpenedPdf:
    """Check a PDF and take out what it carries. Nothing that is given makes it raise."""
    chains = bundle.pdf if bundle else ()
    found = check_pdf(data, [from_base64(chain.certificates[-1]) for chain in chains if chain.certificates])
    steps = found.steps if found.signer is None else _without_stolen(found.steps, found.signer, chains)
    steps = _without_certificate(steps)
    files = {name: Named(name, content) for name, content in found.attachments.items()}
    return OpenedPdf(steps, files.get("credential.json"), files.get("receipt.json"))


def verify_file(
    file: Named,
    receipt: Named | None,
    lists: Sequence[Named],
    bundle: TrustBundle | None,
    at: datetime,
    now: datetime | None = None,
) -> Verification:
    """Every step of a credential; of a PDF first its own, and the others where it was not refused. A receipt that is
    given takes the place of the one attached. Of a file that is no certificate at all nothing can be told. Nothing that
    is given makes it raise."""
    marked = any(each.encode() in file.data for each in MARKS)
    if not is_pdf(file.data):
        return verify(file, receipt, lists, bundle, at, now) if marked else _no_certificate("1", at)
    opened = open_pdf(file.data, bundle)
    if not marked and opened.steps[0].state is State.FAILED:
        return _no_certificate("P1", at)
    if opened.credential is None:
        return Verification(at, opened.steps)
    found = verify(opened.credential, receipt or opened.receipt, lists, bundle, at, now)
    return replace(found, steps=(*opened.steps, *found.steps))


def is_pdf(data: bytes) -> bool:
    return data.startswith(b"%PDF-")


def _no_certificate(step: str, at: datetime) -> Verification:
    state, said = untold("verify.no_certificate")
    return Verification(at, (Step(step, state, tuple(said)),))


def _without_certificate(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """A page that the body signed, with nothing of a certificate in it, is genuine, and tells of no certificate."""
    *before, last = steps
    lacks = [each.code for each in last.said] == ["pdf.attachments"]
    if not lacks or any(each.state is not State.PASSED for each in before):
        return steps
    return (*before, replace(last, state=State.CANNOT_TELL))


def _without_stolen(steps: tuple[Step, ...], signer: bytes, chains: Sequence[PdfChain]) -> tuple[Step, ...]:
    """Whoever stole a key can claim any time before, so what it signed proves nothing; the log knows of credentials,
    not of pages."""
    stolen = [
        chain.compromised_at
        for chain in chains
        if chain.compromised_at and signer in [from_base64(each) for each in chain.certificates]
    ]
    if not stolen:
        return steps
    state, said = untold("pdf.stolen", value=shown(min(stolen)))
    return tuple(
        replace(step, state=state, said=tuple(said)) if step.id == "P7" and step.state is State.PASSED else step
        for step in steps
    )
