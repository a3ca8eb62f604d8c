# SPDX-License-Identifier: Apache-2.0
"""Whether a certificate's PDF is as the certification body signed it, in eight steps (docs/formats/certificate-pdf.md):

1. file: it is a page and one update, and every byte belongs to one of them.
2. update: the update adds the signature and nothing else.
3. range: the signature covers all of the file but its own container.
4. container: the container has its one form, down to the padding.
5. digest: what is covered has the digest that was signed.
6. signature: the key of the certificate in the container made it.
7. signer: a root of the trust bundle issued that certificate, for documents, and it was valid at the claimed time.
8. attachments: the files that belong to a certificate are attached, and no others.

A step that needs one that failed cannot tell. The claimed time is the signer's word; the log proves time, not this.
What is attached is handed on where no step failed, and proves itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from gradus.grading.faults import Fault, Refusal
from gradus.trust.pdf_attachments import CERTIFICATE_FILES, read_attachments
from gradus.trust.pdf_container import Container, SignedFile, read_container, read_file
from gradus.trust.pdf_signature import Signature, read_signature, verifies
from gradus.trust.pdf_syntax import Ref, refuse
from gradus.trust.pdf_trust import check_signer
from gradus.trust.pdf_update import signature_of


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    CANNOT_TELL = "cannot_tell"


STEPS = ("file", "update", "range", "container", "digest", "signature", "signer", "attachments")


@dataclass(frozen=True, slots=True)
class PdfStep:
    """A step with what was found; ``name`` is one of STEPS, its sentence is ``pdf.step_NAME``; faults say why not."""

    name: str
    verdict: Verdict
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class PdfFindings:
    """All eight steps; the attachments; the signer's certificate as DER and the claimed time, None where unknown."""

    steps: tuple[PdfStep, ...]
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    signer: bytes | None = None
    signed_at: datetime | None = None

    @property
    def verdict(self) -> Verdict:
        """Failed where a step failed, else cannot tell where one cannot."""
        found = {step.verdict for step in self.steps}
        return next(each for each in (Verdict.FAILED, Verdict.CANNOT_TELL, Verdict.PASSED) if each in found)


def check_pdf(data: bytes, roots: Sequence[bytes], files: Mapping[str, str] = CERTIFICATE_FILES) -> PdfFindings:
    """Check a signed PDF against the roots of a trust bundle (DER); ``files`` are the attachments that belong to it,
    with their relationship. Never raises, whatever the bytes are."""
    check = _Check(data, roots, files)
    steps: list[PdfStep] = []
    for name, work in zip(STEPS, check.works(), strict=True):
        if any(step.verdict is Verdict.FAILED for step in steps):
            steps.append(PdfStep(name, Verdict.CANNOT_TELL, (Fault("pdf.not_reached"),)))
            continue
        try:
            steps.append(PdfStep(name, *work()))
        except Refusal as refusal:
            steps.append(PdfStep(name, Verdict.FAILED, refusal.faults))
    failed = any(step.verdict is Verdict.FAILED for step in steps)
    return PdfFindings(tuple(steps), {} if failed else check.attachments, check.signer, check.signed_at)


_Found = tuple[Verdict] | tuple[Verdict, tuple[Fault, ...]]
_PASSED = (Verdict.PASSED,)


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

    def works(self) -> tuple[Callable[[], _Found], ...]:
        """What each of STEPS does."""
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

    def _read_file(self) -> _Found:
        self._file = read_file(self._data)
        return _PASSED

    def _read_update(self) -> _Found:
        self._reference, self._claimed = signature_of(self._file)
        return _PASSED

    def _read_container(self) -> _Found:
        self._container = read_container(self._file, self._reference)
        return _PASSED

    def _read_signature(self) -> _Found:
        self._signature = read_signature(self._container.content)
        return _PASSED

    def _compare_digest(self) -> _Found:
        covered = sha256(self._container.before)
        covered.update(self._container.after)
        if covered.digest() != self._signature.digest:
            refuse("pdf.digest")
        return _PASSED

    def _verify(self) -> _Found:
        signature = self._signature
        if not verifies(signature.certificate.key, signature.value, signature.attributes):
            refuse("pdf.signature")
        self.signer, self.signed_at = signature.certificate.raw, self._claimed
        return _PASSED

    def _check_signer(self) -> _Found:
        if not self._roots:
            return Verdict.CANNOT_TELL, (Fault("pdf.no_roots"),)
        check_signer(self._signature.certificate, self._roots, self._claimed)
        return _PASSED

    def _read_attachments(self) -> _Found:
        self.attachments = read_attachments(self._file.page, self._files)
        return _PASSED
