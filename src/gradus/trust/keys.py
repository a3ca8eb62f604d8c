# SPDX-License-Identifier: Apache-2.0
"""Keys: what is public is a Multikey (W3C Controlled Identifiers 1.0, section 2.2.2), what is secret stays behind
:class:`Signer`, so that a hardware module can take the place of :class:`SoftwareSigner`.

Ed25519 (RFC 8032) signs credentials and the log, ECDSA P-256 with SHA-256 (FIPS 186-5) signs PDF files.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from gradus.grading.faults import Fault, Place, Refusal
from gradus.trust.encodings import from_base58, to_base58

ENTROPY = 48  # bytes for a new key
SHORTEST_PASSPHRASE = 12

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Algorithm(StrEnum):
    ED25519 = "Ed25519"
    P256 = "P-256"


_PREFIXES = {Algorithm.ED25519: (b"\xed\x01", 34), Algorithm.P256: (b"\x80\x24", 35)}  # multicodec, length with it


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key, named by itself: its ``multibase`` is its thumbprint."""

    algorithm: Algorithm
    raw: bytes  # 32 bytes of Ed25519, or the compressed point of P-256

    @property
    def multibase(self) -> str:
        return to_base58(_PREFIXES[self.algorithm][0] + self.raw)

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether it made the signature: 64 bytes of Ed25519, or DER of ECDSA with SHA-256."""
        try:
            if self.algorithm is Algorithm.ED25519:
                Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
            else:
                point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), self.raw)
                point.verify(signature, message, ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


class Signer(Protocol):
    """Who signs: software here, or a module that never lets its key out."""

    @property
    def public(self) -> PublicKey: ...

    def sign(self, message: bytes) -> bytes: ...


class SoftwareSigner:
    """A key in memory. The same message gets the same signature (RFC 8032, RFC 6979)."""

    def __init__(self, key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> None:
        self._key = key

    @property
    def public(self) -> PublicKey:
        key = self._key.public_key()
        if isinstance(key, Ed25519PublicKey):
            return PublicKey(Algorithm.ED25519, key.public_bytes_raw())
        return PublicKey(Algorithm.P256, key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))

    def sign(self, message: bytes) -> bytes:
        if isinstance(self._key, Ed25519PrivateKey):
            return self._key.sign(message)
        return self._key.sign(message, ECDSA(SHA256(), deterministic_signing=True))

    def to_pem(self, passphrase: str) -> bytes:
        """Encrypted PKCS#8. Raises Refusal for a passphrase that is too short to protect anything."""
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise Refusal([Fault("keys.passphrase_short", Place(), {"least": str(SHORTEST_PASSPHRASE)})])
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))


def new_key(algorithm: Algorithm, entropy: bytes) -> SoftwareSigner:
    """A key from 48 random bytes of the caller's (FIPS 186-5, A.2.1: more bits than the order, taken modulo)."""
    if len(entropy) != ENTROPY:
        raise ValueError(f"a key takes {ENTROPY} random bytes")
    if algorithm is Algorithm.ED25519:
        return SoftwareSigner(Ed25519PrivateKey.from_private_bytes(entropy[:32]))
    secret = int.from_bytes(entropy, "big") % (P256_ORDER - 1) + 1
    return SoftwareSigner(derive_private_key(secret, SECP256R1()))


def load_key(pem: bytes, passphrase: str, name: str) -> SoftwareSigner:
    """A key from its encrypted file. Raises Refusal: not a key, another kind, or another passphrase."""
    try:
        key = load_pem_private_key(pem, passphrase.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: the file is not encrypted
        raise Refusal([Fault("keys.not_opened", Place(name))]) from None
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return SoftwareSigner(key)
    if isinstance(key, Ed25519PrivateKey):
        return SoftwareSigner(key)
    raise Refusal([Fault("keys.other_kind", Place(name))])


def read_public_key(multibase: str) -> PublicKey:
    """Raises ValueError."""
    for algorithm, (prefix, length) in _PREFIXES.items():
        try:
            data = from_base58(multibase, length)
        except ValueError:
            continue
        if not data.startswith(prefix):
            continue
        if algorithm is Algorithm.P256:
            EllipticCurvePublicKey.from_encoded_point(SECP256R1(), data[2:])
        return PublicKey(algorithm, data[2:])
    raise ValueError("no public key of a kind that is used here")
