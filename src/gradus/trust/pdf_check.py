# SPDX-License-Identifier: Apache-2.0
"""Whether a certificate's PDF is as the certification body signed it, in eight steps (docs/formats/certificate-pdf.md):

P1 file: it is a page and one update, and every byte belongs to one of them.
P2 update: the update adds the signature and nothing else.
P3 range: the signature covers all of the file but its own container.
P4 container: the container has its one form, down to the padding.
P5 digest: what is covered has the digest that was signed.
P6 signature: the key of the certificate in the container made it.
P7 signer: a root of the trust bundle issued that certificate, for documents, and it was valid at the claimed time.
P8 attachments: the files that belong to a certificate are attached, and no others; nothing can be clicked but links to
   the address of the credential among them.

A step that needs one that failed cannot tell. The claimed time is the signer's word; the log proves time, not this.
What is attached is handed on where no step failed, and proves itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from gradus.grading.faults import Refusal
from gradus.trust.pdf_attachments import CERTIFICATE_FILES, read_attachments
from gradus.trust.pdf_certificate import verifies
from gradus.trust.pdf_container import Container, SignedFile, read_container, read_file
from gradus.trust.pdf_links import check_links
from gradus.trust.pdf_signature import Signature, read_signature
from gradus.trust.pdf_syntax import Ref, refuse
from gradus.trust.pdf_trust import check_signer
from gradus.trust.pdf_update import signature_of
from gradus.trust.verdict import PASSED, Outcome, State, Step, Verdict, untold, verdict_of


@dataclass(frozen=True, slots=True)
class PdfFindings:
    """Steps P1 to P8; the attachments by name; the signer's certificate as DER and the time it claims, None where the
    signature was not found good."""

    steps: tuple[Step, ...]
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    signer: bytes | None = None
    signed_at: datetime | None = None

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.steps)


def check_pdf(data: bytes, roots: Sequence[bytes], files: Mapping[str, str] = CERTIFICATE_FILES) -> PdfFindings:
    """Check a signed PDF against the roots of a trust bundle (DER); ``files`` are the attachments that belong to it,
    with their relationship. Nothing that is given makes it raise: what is wrong is in the steps."""
    check = _Check(data, roots, files)
    steps: list[Step] = []
    broken = ""
    for number, work in enumerate(check.works(), 1):
        try:
            state, said = work() if not broken else untold("verify.not_reached", step=broken)
        except Refusal as refusal:
            state, said, broken = State.FAILED, refusal.faults, f"P{number}"
        steps.append(Step(f"P{number}", state, tuple(said)))
    return PdfFindings(tuple(steps), {} if broken else check.attachments, check.signer, check.signed_at)


class _Check:
    """The steps of one check; each leaves behind what the next ones need."""

    _file: SignedFile
    _reference: Ref
    _container: Container
    _signature: Signature

    def __init__(self, data: bytes, roots: Sequence[bytes], files: Mapping[str, str]) -> None:
        self._data, self._roots, self._files = data, roots, files
        self.attachments: Mapping[str, bytes] = {}
        self.signer: bytes | None = None
        self.signed_at: datetime | None = None

    def works(self) -> tuple[Callable[[], Outcome], ...]:
        """What each step does, P1 first."""
        return (
            self._read_file,
            self._read_update,
            self._read_container,
            self._read_signature,
            self._compare_digest,
            self._verify,
            self._check_signer,
            self._read_attachments,
        )

    def _read_file(self) -> Outcome:
        self._file = read_file(self._data)
        return PASSED

    def _read_update(self) -> Outcome:
        self._reference, self._claimed = signature_of(self._file)
        return PASSED

    def _read_container(self) -> Outcome:
        self._container = read_container(self._file, self._reference)
        return PASSED

    def _read_signature(self) -> Outcome:
        self._signature = read_signature(self._container.content)
        return PASSED

    def _compare_digest(self) -> Outcome:
        covered = sha256(self._container.before)
        covered.update(self._container.after)
        if covered.digest() != self._signature.digest:
            refuse("pdf.digest")
        return PASSED

    def _verify(self) -> Outcome:
        signature = self._signature
        if not verifies(signature.certificate.key, signature.value, signature.attributes):
            refuse("pdf.signature")
        self.signer, self.signed_at = signature.certificate.raw, self._claimed
        return PASSED

    def _check_signer(self) -> Outcome:
        if not self._roots:
            return untold("verify.no_bundle")
        check_signer(self._signature.certificate, self._roots, self._claimed)
        return PASSED

    def _read_attachments(self) -> Outcome:
        self.attachments = read_attachments(self._file.page, self._files)
        check_links(self._file.page, self.attachments.get("credential.json"))
        return PASSED
