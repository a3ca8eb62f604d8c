# SPDX-License-Identifier: Apache-2.0
"""A statement as a W3C Verifiable Credential 2.0. Docs: docs/formats/credential.md.

The statement stands whole in ``credentialSubject.statement``; everything around it follows from it, so a credential
whose outside says something else than its inside is refused. The context of our few words is :data:`CONTEXT`, a file.
"""

from collections.abc import Sequence

from gradus.grading.faults import Fault, Place, Refusal
from gradus.trust.canonical import Json, canonical
from gradus.trust.instants import begins, ends, write_instant
from gradus.trust.keys import Signer
from gradus.trust.proof import Document, sign_document, without_proof
from gradus.trust.records import from_json, to_json
from gradus.trust.statement import CertificateStatement, Issuer, Statement, StatusEntry, StatusStatement

VC2 = "https://www.w3.org/ns/credentials/v2"
CONTEXT_NAME = "urn:gradus:certification:1"
CONTEXT: dict[str, Json] = {
    "@context": {
        "@protected": True,
        "GradedCertificate": f"{CONTEXT_NAME}#GradedCertificate",
        "CertificateStatusChange": f"{CONTEXT_NAME}#CertificateStatusChange",
        "statement": {"@id": f"{CONTEXT_NAME}#statement", "@type": "@json"},
    }
}

LARGEST_CREDENTIAL = 256 * 1024

_TYPES = {"GradedCertificate": CertificateStatement, "CertificateStatusChange": StatusStatement}


def credential_document(statement: Statement) -> dict[str, Json]:
    """The credential without its proof."""
    if isinstance(statement, CertificateStatement):
        return _envelope(statement, "GradedCertificate", statement.verification_url) | {
            "validFrom": write_instant(begins(statement.valid_from)),
            "validUntil": write_instant(ends(statement.last_valid_on)),
            "credentialStatus": [_status(each) for each in statement.status],
            "credentialSubject": {"name": statement.holder.name.zh, "statement": to_json(statement)},
        }
    at = write_instant(statement.recorded_at)
    return _envelope(statement, "CertificateStatusChange", f"{statement.verification_url}#{at}") | {
        "validFrom": write_instant(statement.effective_at),
        "credentialSubject": {"statement": to_json(statement)},
    }


def sign_statement(statement: Statement, signer: Signer) -> bytes:
    """The bytes of credential.json: canonical, and the leaf of the log."""
    created = statement.issued_at if isinstance(statement, CertificateStatement) else statement.recorded_at
    return canonical(sign_document(credential_document(statement), signer, statement.issuer.id, created))


def read_statement(document: Document, name: str) -> Statement:
    """The statement of a credential, whose outside must say the same. Raises Refusal."""
    types, subject = document.get("type"), document.get("credentialSubject")
    last = types[-1] if isinstance(types, list) and types else ""
    kind = _TYPES.get(last) if isinstance(last, str) else None
    if kind is None or not isinstance(subject, dict) or "statement" not in subject:
        raise Refusal([Fault("credential.other_kind", Place(name))])
    statement: Statement = from_json(kind, subject["statement"], name)
    asked, said = credential_document(statement), without_proof(document)
    if asked != said:
        raise Refusal([Fault("credential.outside_differs", Place(name), {"keys": ", ".join(_unequal(asked, said))})])
    return statement


def issuer_of(issuer: Issuer) -> dict[str, Json]:
    return {"id": issuer.id, "name": issuer.name.zh}


def _envelope(statement: Statement, kind: str, address: str) -> dict[str, Json]:
    return {
        "@context": [VC2, CONTEXT_NAME],
        "id": address,
        "type": ["VerifiableCredential", kind],
        "issuer": issuer_of(statement.issuer),
    }


def _status(entry: StatusEntry) -> dict[str, Json]:
    return {
        "id": f"{entry.list}#{entry.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": entry.purpose.value,
        "statusListIndex": str(entry.index),
        "statusListCredential": entry.list,
    }


def _unequal(one: Document, other: Document) -> Sequence[str]:
    return [key for key in sorted({*one, *other}) if one.get(key) != other.get(key)]
