# SPDX-License-Identifier: Apache-2.0
"""The signature container of a certificate: CMS SignedData (RFC 5652) in the profile PAdES baseline B asks
(ETSI EN 319 142-1, 6.3): one signer, its certificate, three signed attributes, none unsigned, ECDSA P-256 with
SHA-256.

Everything in it is either of one fixed form, or covered by the signature, or the signature itself in its lower form, or
the certificate, of which a signed attribute holds the digest. So no bit of it can be another.
"""

from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from gradus.trust.pdf_der import BITS, INTEGER, OCTETS, OID, SEQUENCE, SET, Der, read_padded, read_sequence
from gradus.trust.pdf_syntax import refuse

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_ONE = bytes.fromhex("020101")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_SHA256 = bytes.fromhex("300d06096086480165030402010500")
_ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
_P256_KEY = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")

_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE = bytes.fromhex("060b2a864886f70d010910022f")
_ATTRIBUTES = {_CONTENT_TYPE, _MESSAGE_DIGEST, _SIGNING_CERTIFICATE}

_ISSUER, _SUBJECT, _KEY = 3, 5, 6  # places in a TBSCertificate (RFC 5280, 4.1)


@dataclass(frozen=True, slots=True)
class CertificateParts:
    """An X.509 certificate of version 3 taken apart: what is signed, and the signature on it."""

    raw: bytes
    signed: bytes
    signature: bytes
    serial: bytes
    issuer: bytes
    subject: bytes
    key: EllipticCurvePublicKey

    def issued(self, other: "CertificateParts") -> bool:
        """Whether its subject and its key issued the other."""
        return self.subject == other.issuer and verifies(self.key, other.signature, other.signed)


@dataclass(frozen=True, slots=True)
class Signature:
    """What a container says: the digest it signs, by which certificate, and the signature itself."""

    digest: bytes
    attributes: bytes
    value: bytes
    certificate: CertificateParts


def read_signature(content: bytes) -> Signature:
    """A container with its padding. Raises Refusal for any form but the one."""
    kind, inside = read_padded(content).parts(OID, 0xA0)
    (signed_data,) = inside.parts(SEQUENCE)
    version, digests, about, certificates, signers = signed_data.parts(INTEGER, SET, SEQUENCE, 0xA0, SET)
    (certificate,) = certificates.parts(SEQUENCE)
    (signer,) = signers.parts(SEQUENCE)
    number, who, digest, attributes, algorithm, value = signer.parts(
        INTEGER, SEQUENCE, SEQUENCE, 0xA0, SEQUENCE, OCTETS
    )
    parts = read_certificate(certificate.raw)
    fixed = (
        (kind.raw, _SIGNED_DATA),
        (version.raw, _ONE),
        (digests.content, _SHA256),
        (about.content, _DATA),
        (number.raw, _ONE),
        (who.content, parts.issuer + parts.serial),
        (digest.raw, _SHA256),
        (algorithm.raw, _ECDSA_SHA256),
    )
    if any(found != expected for found, expected in fixed):
        refuse("pdf.container_form")
    _check_lower(value.content)
    signed = bytes([SET]) + attributes.raw[1:]
    return Signature(_digest_of(attributes, parts), signed, value.content, parts)


def read_certificate(raw: bytes) -> CertificateParts:
    """A certificate for a P-256 key, signed with ECDSA and SHA-256. Raises Refusal."""
    signed, algorithm, signature = read_sequence(raw).parts(SEQUENCE, SEQUENCE, BITS)
    inside = signed.parts(0xA0, INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, 0xA3)
    key = inside[_KEY].raw
    if algorithm.raw != _ECDSA_SHA256 or inside[2].raw != _ECDSA_SHA256 or not key.startswith(_P256_KEY):
        refuse("pdf.algorithm")
    if signature.content[:1] != b"\0":
        refuse("pdf.container_form")
    try:
        point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), key[len(_P256_KEY) :])
    except ValueError:
        refuse("pdf.algorithm")
    _numbers(signature.content[1:])
    return CertificateParts(
        raw, signed.raw, signature.content[1:], inside[1].raw, inside[_ISSUER].raw, inside[_SUBJECT].raw, point
    )


def verifies(key: EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    """Whether a key made a signature."""
    try:
        key.verify(signature, signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _digest_of(attributes: Der, certificate: CertificateParts) -> bytes:
    """The digest among the signed attributes, which must be the ones PAdES asks, in their order."""
    each = [attribute.parts(OID, SET) for attribute in attributes.all()]
    values = {kind.raw: value for kind, value in each}
    written = [attribute.raw for attribute in attributes.all()]
    if set(values) != _ATTRIBUTES or len(each) != len(values) or written != sorted(written):
        refuse("pdf.attributes")
    if values[_CONTENT_TYPE].content != _DATA:
        refuse("pdf.attributes")
    (digest,) = values[_MESSAGE_DIGEST].parts(OCTETS)
    (list_of_lists,) = values[_SIGNING_CERTIFICATE].parts(SEQUENCE)
    (named,) = list_of_lists.parts(SEQUENCE)
    (first,) = named.parts(SEQUENCE)
    hashes = [part.content for part in first.all() if part.tag == OCTETS]
    if hashes != [sha256(certificate.raw).digest()]:
        refuse("pdf.signing_certificate")
    return digest.content


def _check_lower(signature: bytes) -> None:
    """Of the two valid signatures (r, s) and (r, n - s) only the one with the lower s."""
    r, s = _numbers(signature)
    if not (0 < r < _ORDER and 0 < s <= _ORDER // 2):
        refuse("pdf.container_form")


def _numbers(signature: bytes) -> tuple[int, int]:
    """The numbers r and s (RFC 3279, 2.2.3), positive and without a needless byte."""
    r, s = (part.content for part in read_sequence(signature).parts(INTEGER, INTEGER))
    for written in (r, s):
        if written[:1] == b"" or written[0] > 0x7F or (len(written) > 1 and written[0] == 0 and written[1] < 0x80):
            refuse("pdf.container_form")
    return int.from_bytes(r), int.from_bytes(s)
