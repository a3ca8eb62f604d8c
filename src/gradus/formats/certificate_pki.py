# SPDX-License-Identifier: Apache-2.0
"""A certification body's own small PKI (RFC 5280): a root, and the certificate that signs documents (RFC 9336).

For demonstration and tests, and for a body that has no certificate from elsewhere. Everything is an argument; serial
numbers come from what is certified, so the same arguments give the same certificate where the key signs
deterministically.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID, ObjectIdentifier

_MUST, _MAY = True, False  # whether who does not understand an extension must refuse the certificate

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate names; both texts in one language."""

    organization: str
    name: str
    country: str = "CN"


@dataclass(frozen=True, slots=True)
class Span:
    """The instants, both included, between which a certificate may be used."""

    first: datetime
    last: datetime


def make_root(key: EllipticCurvePrivateKey, subject: Subject, span: Span) -> bytes:
    """A self-signed root, as DER. It issues end certificates only."""
    name = _name(subject)
    builder = (
        _builder(name, name, key.public_key(), span)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), _MUST)
        .add_extension(_usage(certifies=True), _MUST)
    )
    return _signed(builder, key)


def make_signing_certificate(
    root: bytes, root_key: EllipticCurvePrivateKey, public_key: EllipticCurvePublicKey, subject: Subject, span: Span
) -> bytes:
    """A certificate for signing documents, as DER."""
    issuer = x509.load_der_x509_certificate(root)
    builder = (
        _builder(_name(subject), issuer.subject, public_key, span)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), _MUST)
        .add_extension(_usage(certifies=False), _MUST)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), _MAY)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), _MAY)
    )
    return _signed(builder, root_key)


def _name(subject: Subject) -> x509.Name:
    parts = (
        (NameOID.COUNTRY_NAME, subject.country),
        (NameOID.ORGANIZATION_NAME, subject.organization),
        (NameOID.COMMON_NAME, subject.name),
    )
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def _usage(*, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies,
        content_commitment=not certifies,
        key_cert_sign=certifies,
        crl_sign=certifies,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _builder(subject: x509.Name, issuer: x509.Name, key: EllipticCurvePublicKey, span: Span) -> x509.CertificateBuilder:
    written = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    certified = written + subject.public_bytes() + issuer.public_bytes() + str(span).encode()
    serial = int.from_bytes(sha256(certified).digest()[:16], "big") >> 1 or 1
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(serial)
        .not_valid_before(span.first)
        .not_valid_after(span.last)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), _MAY)
    )


def _signed(builder: x509.CertificateBuilder, key: EllipticCurvePrivateKey) -> bytes:
    return builder.sign(key, SHA256(), ecdsa_deterministic=True).public_bytes(Encoding.DER)
