# SPDX-License-Identifier: Apache-2.0
"""Status lists: W3C Bitstring Status List 1.0. A list is a signed credential with a validity of its own; a list that is
missing, outdated or signed by somebody else tells nothing, and nothing is never "valid"."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gradus.grading.faults import Fault, Place, Refusal
from gradus.trust.canonical import Json, canonical, parse_canonical
from gradus.trust.credential import VC2
from gradus.trust.encodings import from_base64url, to_base64url
from gradus.trust.instants import read_instant, write_instant
from gradus.trust.keys import Signer
from gradus.trust.proof import Document, Proof, read_proof, sign_document, without_proof
from gradus.trust.statement import Purpose

LEAST_BITS = 131_072  # section 2.2: enough to hide one among many
MOST_BITS = 2**23
LARGEST_LIST = 2 * 2**20

_GZIP = 31  # zlib's window bits for a gzip wrapper; it writes no time and no name


@dataclass(frozen=True, slots=True)
class StatusList:
    """A list as read; ``id`` is its address. Nothing is known about its signature yet."""

    id: str
    issuer: str
    purpose: Purpose
    valid_from: datetime
    valid_until: datetime
    bits: bytes
    proof: Proof
    document: Document

    def is_set(self, index: int) -> bool | None:
        """Whether a bit is set, the first bit leftmost (section 3.4); None beyond the end."""
        if index >= 8 * len(self.bits):
            return None
        return bool(self.bits[index // 8] >> (7 - index % 8) & 1)


def bits_of(indices: Iterable[int], length: int = LEAST_BITS) -> bytes:
    """A bitstring with these bits set."""
    if length % 8 or not LEAST_BITS <= length <= MOST_BITS:
        raise ValueError(f"a status list has between {LEAST_BITS} and {MOST_BITS} bits")
    bits = bytearray(length // 8)
    for index in indices:
        bits[index // 8] |= 0x80 >> index % 8
    return bytes(bits)


def encode_bits(bits: bytes) -> str:
    """Compressed with gzip, in multibase base64url (section 3.3)."""
    press = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
    return "u" + to_base64url(press.compress(bits) + press.flush())


def decode_bits(text: str) -> bytes:
    """Raises ValueError for what is no list, or one too short or too long."""
    if not text.startswith("u"):
        raise ValueError("no multibase base64url")
    press = zlib.decompressobj(_GZIP)
    try:
        bits = press.decompress(from_base64url(text[1:]), MOST_BITS // 8 + 1)
    except zlib.error:
        raise ValueError("no gzip") from None
    if not press.eof or press.unused_data or not LEAST_BITS <= 8 * len(bits) <= MOST_BITS:
        raise ValueError("too short, too long, or more than one")
    return bits


def list_document(
    address: str, issuer: str, purpose: Purpose, bits: bytes, valid_from: datetime, valid_until: datetime
) -> dict[str, Json]:
    """The list's credential without its proof (section 2.2)."""
    return {
        "@context": [VC2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": write_instant(valid_from),
        "validUntil": write_instant(valid_until),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": encode_bits(bits),
        },
    }


def sign_list(document: Document, signer: Signer) -> bytes:
    """The bytes of a status list; made at the instant from which it is valid."""
    issuer, created = document["issuer"], document["validFrom"]
    assert isinstance(issuer, str)
    assert isinstance(created, str)
    return canonical(sign_document(document, signer, issuer, read_instant(created)))


def read_list(data: bytes, name: str) -> StatusList:
    """A list from its bytes. Raises Refusal."""
    document = parse_canonical(data, name, LARGEST_LIST)
    if not isinstance(document, dict):
        raise Refusal([Fault("status.not_a_list", Place(name))])
    proof = read_proof(document, name)
    try:
        return _read_list(document, proof)
    except (KeyError, TypeError, ValueError):
        raise Refusal([Fault("status.not_a_list", Place(name))]) from None


def _read_list(document: dict[str, Json], proof: Proof) -> StatusList:
    """Raises KeyError, TypeError or ValueError: what was read is written again and must be the same."""
    subject = document["credentialSubject"]
    address, issuer = document["id"], document["issuer"]
    begins, ends = document["validFrom"], document["validUntil"]
    if not isinstance(subject, dict) or not isinstance(address, str) or not isinstance(issuer, str):
        raise TypeError("not of the form")
    if not isinstance(begins, str) or not isinstance(ends, str):
        raise TypeError("not of the form")
    purpose, encoded = subject["statusPurpose"], subject["encodedList"]
    if not isinstance(purpose, str) or not isinstance(encoded, str):
        raise TypeError("not of the form")
    found = StatusList(
        address,
        issuer,
        Purpose(purpose),
        read_instant(begins),
        read_instant(ends),
        decode_bits(encoded),
        proof,
        document,
    )
    asked = list_document(address, issuer, found.purpose, found.bits, found.valid_from, found.valid_until)
    asked["credentialSubject"] = {**subject, "id": f"{address}#list", "type": "BitstringStatusList"}
    if asked != without_proof(document) or set(subject) != {"id", "type", "statusPurpose", "encodedList"}:
        raise ValueError("not of the form")
    if found.valid_until <= found.valid_from:
        raise ValueError("ends before it begins")
    return found
