# SPDX-License-Identifier: Apache-2.0
"""The signature container of a certificate: CMS SignedData (RFC 5652) in the profile PAdES baseline B asks
(ETSI EN 319 142-1, 6.3): one signer, its certificate, three signed attributes, none unsigned, ECDSA P-256 with
SHA-256.

Everything in it is either of one fixed form, or covered by the signature, or the signature itself in its lower form, or
the certificate, of which a signed attribute holds the digest. So no bit of it can be another.
"""

from dataclasses import dataclass
from hashlib import sha256

from gradus.trust.keys import P256_ORDER
from gradus.trust.pdf_certificate import ECDSA_SHA256, Certificate, read_certificate, signature_numbers
from gradus.trust.pdf_der import INTEGER, OCTETS, OID, SEQUENCE, SET, Der, read_padded
from gradus.trust.pdf_syntax import refuse

_ONE = bytes.fromhex("020101")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_SHA256 = bytes.fromhex("300d06096086480165030402010500")

_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE = bytes.fromhex("060b2a864886f70d010910022f")
_ATTRIBUTES = {_CONTENT_TYPE, _MESSAGE_DIGEST, _SIGNING_CERTIFICATE}


@dataclass(frozen=True, slots=True)
class Signature:
    """What a container says: the digest it signs, by which certificate, and the signature itself."""

    digest: bytes
    attributes: bytes
    value: bytes
    certificate: Certificate


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
        (algorithm.raw, ECDSA_SHA256),
    )
    if any(found != expected for found, expected in fixed):
        refuse("pdf.container_form")
    _check_lower(value.content)
    signed = bytes([SET]) + attributes.raw[1:]
    return Signature(_digest_of(attributes, parts), signed, value.content, parts)


def _digest_of(attributes: Der, certificate: Certificate) -> bytes:
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
    r, s = signature_numbers(signature)
    if not (0 < r < P256_ORDER and 0 < s <= P256_ORDER // 2):
        refuse("pdf.container_form")
