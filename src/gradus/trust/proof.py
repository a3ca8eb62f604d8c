# SPDX-License-Identifier: Apache-2.0
"""Data Integrity proofs, cryptosuite eddsa-jcs-2022 (W3C Data Integrity EdDSA Cryptosuites 1.0, section 3.3): Ed25519
over SHA-256 of the canonical proof configuration followed by SHA-256 of the canonical document."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from gradus.grading.faults import Fault, Place, Refusal
from gradus.trust.canonical import Json, canonical
from gradus.trust.encodings import from_base58, to_base58
from gradus.trust.instants import write_instant
from gradus.trust.keys import PublicKey, Signer
from gradus.trust.records import Address, Form, from_json

Document = Mapping[str, Json]

CRYPTOSUITE: Literal["eddsa-jcs-2022"] = "eddsa-jcs-2022"

_SIGNATURE = 64


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof's configuration and its value; every key is needed and no other may be there."""

    type: Annotated[str, Form("DataIntegrityProof", "DataIntegrityProof")]
    cryptosuite: Annotated[str, Form(CRYPTOSUITE, CRYPTOSUITE)]
    created: datetime
    verificationMethod: Address  # noqa: N815  the standard's own words
    proofPurpose: Annotated[str, Form("assertionMethod", "assertionMethod")]  # noqa: N815
    proofValue: Annotated[str, Form(r"z[1-9A-HJ-NP-Za-km-z]{60,90}", "z...")]  # noqa: N815


def method_of(controller: str, key: PublicKey) -> str:
    """The address of a key: its controller's, and behind # the key itself."""
    return f"{controller}#{key.multibase}"


def sign_document(document: Document, signer: Signer, controller: str, created: datetime) -> dict[str, Json]:
    """The document with its proof (section 3.3.1)."""
    config: dict[str, Json] = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": write_instant(created),
        "verificationMethod": method_of(controller, signer.public),
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
    }
    value = to_base58(signer.sign(_hash_data(config, document)))
    return {**document, "proof": {**config, "proofValue": value}}


def read_proof(document: Document, name: str) -> Proof:
    """The proof of a signed document. Raises Refusal for none, several, or one of another make."""
    found = document.get("proof")
    if not isinstance(found, dict) or found.get("@context") != document.get("@context"):
        raise Refusal([Fault("credential.no_proof", Place(name))])
    return from_json(Proof, {key: each for key, each in found.items() if key != "@context"}, name)


def proof_holds(document: Document, proof: Proof, key: PublicKey) -> bool:
    """Whether that key made the proof over that document (section 3.3.2)."""
    config = document["proof"]
    assert isinstance(config, dict)
    try:
        signature = from_base58(proof.proofValue, _SIGNATURE)
    except ValueError:
        return False
    unsigned = {each: config[each] for each in config if each != "proofValue"}
    return key.verifies(signature, _hash_data(unsigned, without_proof(document)))


def without_proof(document: Document) -> dict[str, Json]:
    return {key: each for key, each in document.items() if key != "proof"}


def _hash_data(config: Document, document: Document) -> bytes:
    return hashlib.sha256(canonical(config)).digest() + hashlib.sha256(canonical(document)).digest()
