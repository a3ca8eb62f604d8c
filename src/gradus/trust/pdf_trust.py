# SPDX-License-Identifier: Apache-2.0
"""Whether a document signing certificate is good: issued by a trusted root, for documents, at the instant of signing
(RFC 5280, 6.1; RFC 9336). A path has two certificates: the root issues the signer's directly."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.x509.oid import ExtensionOID, ObjectIdentifier

from gradus.grading.faults import Fault, Refusal
from gradus.trust.pdf_signature import CertificateParts, read_certificate
from gradus.trust.pdf_syntax import refuse

Kind = TypeVar("Kind", bound=x509.ExtensionType)

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")

_UNDERSTOOD = {ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE, ExtensionOID.EXTENDED_KEY_USAGE}
_UNREADABLE = (ValueError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


def check_signer(certificate: CertificateParts, roots: Sequence[bytes], at: datetime) -> None:
    """Raises Refusal with everything that speaks against the certificate at an instant."""
    known = [read for each in roots if (read := _root(each)) is not None and read.issued(certificate)]
    if not known:
        refuse("pdf.unknown_root")
    signer, root = _loaded(certificate), _loaded(known[0])
    faults = [] if _signs_documents(signer) else [Fault("pdf.key_usage")]
    if not _issues(root):
        faults.append(Fault("pdf.root_usage"))
    for each, code in ((signer, "pdf.certificate_dates"), (root, "pdf.root_dates")):
        first, last = each.not_valid_before_utc, each.not_valid_after_utc
        if not first <= at <= last:
            days = {"first": first.date().isoformat(), "last": last.date().isoformat(), "at": at.date().isoformat()}
            faults.append(Fault(code, params=days))
    if faults:
        raise Refusal(faults)


def _root(raw: bytes) -> CertificateParts | None:
    """A root of the bundle, None where it is of a kind that signs no certificate of ours."""
    try:
        return read_certificate(raw)
    except Refusal:
        return None


def _loaded(certificate: CertificateParts) -> x509.Certificate:
    """The certificate with its extensions read. Its root vouches for its content, yet it may be of a strange form."""
    try:
        loaded = x509.load_der_x509_certificate(certificate.raw)
        extensions = loaded.extensions
    except _UNREADABLE:
        refuse("pdf.certificate_form")
    if any(each.critical and each.oid not in _UNDERSTOOD for each in extensions):
        refuse("pdf.certificate_form")
    return loaded


def _signs_documents(certificate: x509.Certificate) -> bool:
    usage, purposes = _usage(certificate), _extension(certificate, x509.ExtendedKeyUsage)
    return (
        not _is_authority(certificate)
        and usage is not None
        and (usage.digital_signature or usage.content_commitment)
        and purposes is not None
        and DOCUMENT_SIGNING in purposes
    )


def _issues(certificate: x509.Certificate) -> bool:
    usage = _usage(certificate)
    return _is_authority(certificate) and usage is not None and usage.key_cert_sign


def _is_authority(certificate: x509.Certificate) -> bool:
    constraints = _extension(certificate, x509.BasicConstraints)
    return constraints is not None and constraints.ca


def _usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    return _extension(certificate, x509.KeyUsage)


def _extension(certificate: x509.Certificate, kind: type[Kind]) -> Kind | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
