# SPDX-License-Identifier: Apache-2.0
"""X.509 certificates of the one kind that signs certificates' PDF files (RFC 5280): version 3, a P-256 key, signed with
ECDSA and SHA-256. Read in DER alone, without a library that brings a network with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from gradus.trust.pdf_der import BITS, BOOLEAN, INTEGER, OCTETS, OID, SEQUENCE, Der, read_sequence
from gradus.trust.pdf_syntax import refuse

ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")

BASIC_CONSTRAINTS = bytes.fromhex("551d13")
KEY_USAGE = bytes.fromhex("551d0f")
KEY_PURPOSES = bytes.fromhex("551d25")

_P256_KEY = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
_VERSION_3 = bytes.fromhex("a003020102")
_TRUE = bytes.fromhex("0101ff")
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_TIME = re.compile(rb"(\d\d|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z")


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension's value, and whether a verifier that does not know it must refuse the certificate."""

    value: bytes
    must_be_known: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate taken apart: what is signed and the signature on it; names and serial number as DER."""

    raw: bytes
    signed: bytes
    signature: bytes
    serial: bytes
    issuer: bytes
    subject: bytes
    first: datetime
    last: datetime
    key: EllipticCurvePublicKey
    extensions: Mapping[bytes, Extension]

    def issued(self, other: "Certificate") -> bool:
        """Whether its subject and its key issued the other."""
        return self.subject == other.issuer and verifies(self.key, other.signature, other.signed)


def read_certificate(raw: bytes) -> Certificate:
    """A certificate from DER. Raises Refusal."""
    signed, algorithm, signature = read_sequence(raw).parts(SEQUENCE, SEQUENCE, BITS)
    version, serial, inner, issuer, validity, subject, key, extensions = signed.parts(
        0xA0, INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, 0xA3
    )
    if algorithm.raw != ECDSA_SHA256 or inner.raw != ECDSA_SHA256 or not key.raw.startswith(_P256_KEY):
        refuse("pdf.algorithm")
    if version.raw != _VERSION_3 or signature.content[:1] != b"\0":
        refuse("pdf.certificate_form")
    try:
        point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), key.raw[len(_P256_KEY) :])
    except ValueError:
        refuse("pdf.algorithm")
    signature_numbers(signature.content[1:])
    first, last = _instants(validity)
    return Certificate(
        raw=raw,
        signed=signed.raw,
        signature=signature.content[1:],
        serial=serial.raw,
        issuer=issuer.raw,
        subject=subject.raw,
        first=first,
        last=last,
        key=point,
        extensions=_extensions(extensions),
    )


def verifies(key: EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    """Whether a key made a signature."""
    try:
        key.verify(signature, signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def signature_numbers(signature: bytes) -> tuple[int, int]:
    """The numbers r and s (RFC 3279, 2.2.3), positive and without a needless byte. Raises Refusal."""
    r, s = (part.content for part in read_sequence(signature).parts(INTEGER, INTEGER))
    for written in (r, s):
        if not written or written[0] > 0x7F or (len(written) > 1 and written[0] == 0 and written[1] < 0x80):
            refuse("pdf.container_form")
    return int.from_bytes(r), int.from_bytes(s)


def _instants(validity: Der) -> tuple[datetime, datetime]:
    both = validity.all()
    if len(both) != 2:
        refuse("pdf.certificate_form")
    return _instant(both[0]), _instant(both[1])


def _instant(time: Der) -> datetime:
    """RFC 5280, 4.1.2.5: years of two digits are 1950 to 2049."""
    found = _TIME.fullmatch(time.content)
    if found is None or (time.tag, len(found[1])) not in ((_UTC_TIME, 2), (_GENERALIZED_TIME, 4)):
        refuse("pdf.certificate_form")
    year, *rest = (int(part) for part in found.groups())
    if len(found[1]) == 2:
        year += 1900 if year >= 50 else 2000
    try:
        return datetime(year, rest[0], rest[1], rest[2], rest[3], rest[4], tzinfo=UTC)
    except ValueError:
        refuse("pdf.certificate_form")


def _extensions(wrapped: Der) -> dict[bytes, Extension]:
    (listed,) = wrapped.parts(SEQUENCE)
    found: dict[bytes, Extension] = {}
    for each in listed.all():
        inside = each.all()
        marked = len(inside) == 3
        if [part.tag for part in inside] != [OID, *([BOOLEAN] if marked else []), OCTETS]:
            refuse("pdf.certificate_form")
        if inside[0].content in found or (marked and inside[1].raw != _TRUE):
            refuse("pdf.certificate_form")
        found[inside[0].content] = Extension(inside[-1].content, marked)
    return found
