# SPDX-License-Identifier: Apache-2.0
"""Whether a document signing certificate is good: issued by a trusted root, for documents, at the instant of signing
(RFC 5280, 6.1; RFC 9336). A path has two certificates: the root issues the signer's directly."""

from collections.abc import Sequence
from datetime import datetime

from gradus.grading.faults import Fault, Refusal
from gradus.trust.pdf_certificate import BASIC_CONSTRAINTS, KEY_PURPOSES, KEY_USAGE, Certificate, read_certificate
from gradus.trust.pdf_der import BITS, BOOLEAN, read_one, read_sequence
from gradus.trust.pdf_syntax import refuse

_DOCUMENT_SIGNING = bytes.fromhex("2b06010505070324")
_UNDERSTOOD = {BASIC_CONSTRAINTS, KEY_USAGE, KEY_PURPOSES}
_SIGNS, _CERTIFIES = 0xC0, 0x04  # digitalSignature or contentCommitment; keyCertSign


def check_signer(certificate: Certificate, roots: Sequence[bytes], at: datetime) -> None:
    """Raises Refusal with everything that speaks against the certificate at an instant."""
    known = [read for each in roots if (read := _root(each)) is not None and read.issued(certificate)]
    if not known:
        refuse("pdf.unknown_root")
    root = known[0]
    if any(ext.must_be_known and oid not in _UNDERSTOOD for oid, ext in certificate.extensions.items()):
        refuse("pdf.certificate_form")
    faults = [] if _signs_documents(certificate) else [Fault("pdf.key_usage")]
    if not (_is_authority(root) and _usage(root) & _CERTIFIES):
        faults.append(Fault("pdf.root_usage"))
    for each, code in ((certificate, "pdf.certificate_dates"), (root, "pdf.root_dates")):
        if not each.first <= at <= each.last:
            days = {"first": each.first, "last": each.last, "at": at}
            faults.append(Fault(code, params={key: day.date().isoformat() for key, day in days.items()}))
    if faults:
        raise Refusal(faults)


def _root(raw: bytes) -> Certificate | None:
    """A root of the bundle, None where it is of a kind that signs no certificate of ours."""
    try:
        return read_certificate(raw)
    except Refusal:
        return None


def _signs_documents(certificate: Certificate) -> bool:
    purposes = certificate.extensions.get(KEY_PURPOSES)
    named = {each.content for each in read_sequence(purposes.value).all()} if purposes else set()
    return not _is_authority(certificate) and bool(_usage(certificate) & _SIGNS) and _DOCUMENT_SIGNING in named


def _is_authority(certificate: Certificate) -> bool:
    """RFC 5280, 4.2.1.9."""
    constraints = certificate.extensions.get(BASIC_CONSTRAINTS)
    inside = read_sequence(constraints.value).all() if constraints else []
    return bool(inside) and inside[0].tag == BOOLEAN and inside[0].content == b"\xff"


def _usage(certificate: Certificate) -> int:
    """The first eight bits of RFC 5280, 4.2.1.3, the highest first; none where nothing is said."""
    usage = certificate.extensions.get(KEY_USAGE)
    if usage is None:
        return 0
    bits = read_one(usage.value)
    return bits.content[1] if bits.tag == BITS and len(bits.content) > 1 else 0
