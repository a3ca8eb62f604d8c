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
    given takes the place of the one attached. Nothing that is given makes it raise."""
    if not is_pdf(file.data):
        return verify(file, receipt, lists, bundle, at, now)
    opened = open_pdf(file.data, bundle)
    if opened.credential is None:
        return Verification(at, opened.steps)
    found = verify(opened.credential, receipt or opened.receipt, lists, bundle, at, now)
    return replace(found, steps=(*opened.steps, *found.steps))


def is_pdf(data: bytes) -> bool:
    return data.startswith(b"%PDF-")


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
