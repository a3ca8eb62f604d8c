# SPDX-License-Identifier: Apache-2.0
"""A certification body for one certificate: it grades a dossier, decides what it grants, signs, logs, and is gone."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey, generate_private_key

from gradus.formats.certificate_pdf import render_certificate
from gradus.formats.certificate_pki import Span, Subject, make_root, make_signing_certificate
from gradus.formats.certificate_signature import PdfSigner, sign_certificate
from gradus.formats.certificate_statement import Particulars, draft_certificate, face_of, holder_named, terms_of
from gradus.formats.dossier import read_dossier
from gradus.formats.editions import default_edition, find_edition
from gradus.formats.result_json import dumps, result_to_json
from gradus.formats.wording import words
from gradus.grading.assess import assess
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.result import Result
from gradus.grading.texts import Text
from gradus.trust.bundle import FORMAT, KeyPeriod, Log, PdfChain, TrustBundle, write_bundle
from gradus.trust.certificate_number import certificate_number
from gradus.trust.checkpoint import sign_checkpoint
from gradus.trust.compact import qr_text
from gradus.trust.credential import sign_statement
from gradus.trust.encodings import to_base64
from gradus.trust.instants import day_of
from gradus.trust.issue import Grant, issue
from gradus.trust.keys import ENTROPY, Algorithm, SoftwareSigner, new_key
from gradus.trust.log import CompactRange, leaf_hash
from gradus.trust.receipt import write_receipt
from gradus.trust.statement import CertificateStatement, Holder, Issuer, Name, Purpose, StatusEntry
from gradus.trust.status_list import bits_of, list_document, sign_list

_HOST = "certificates.example"
_ADDRESS = f"https://{_HOST}"
_INDEX = 42
_STATUS_LASTS = timedelta(days=7)
_KEYS_LAST = timedelta(days=5 * 365)


def certificate_of(dossier: Path, at: datetime) -> Mapping[str, bytes]:
    """What a client gets, and the trust file that a verifier keeps, by their names; issued at that instant."""
    edition = find_edition(default_edition())
    read, notices = read_dossier(dossier, edition)
    result = assess(edition, read, notices=notices)
    if not result.grantable:
        raise Refusal([Fault("demo_certificate.nothing_granted", Place(str(dossier)))])
    grant = _grant(result, at)
    statement = issue(draft_certificate(edition, grant, _particulars(result, at)), grant, terms_of(edition))
    key, log_key = _new_key(), _new_key()
    credential = sign_statement(statement, key)
    tree = CompactRange().append(leaf_hash(credential))
    checkpoint = sign_checkpoint(f"{_HOST}/log", tree.size, tree.root, log_key, at)
    receipt = write_receipt(credential, 0, tree.size, [], checkpoint)
    signer = _pdf_signer(statement.issuer, at)
    face = face_of(statement, edition, qr_text(statement, key), (), "")
    return {
        "certificate.pdf": sign_certificate(render_certificate(face, credential, receipt, at), signer, at),
        "credential.json": credential,
        "receipt.json": receipt,
        "trust.json": write_bundle(_bundle(statement, key, log_key, signer, at)),
    }


def _grant(result: Result, at: datetime) -> Grant:
    told = result_to_json(result)
    outcome = result.edition.outcome(result.grantable)
    assert outcome is not None
    return Grant(
        decision_id="DEMO-1",
        granted=True,
        decided_at=at,
        edition_hash=result.edition.hash,
        uscc=holder_named(result)[1],
        outcome_id=outcome.id,
        rank=outcome.rank,
        scope=tuple(result.scope),
        result_digest=_digest(dumps(told)),
        submission_digest=_digest(dumps(told["dossier"])),
    )


def _particulars(result: Result, at: datetime) -> Particulars:
    name, code = holder_named(result)
    number = certificate_number("DEMO", day_of(at).year, _INDEX)
    address = Name(*(words("demo_certificate.holder_address", each) for each in ("zh", "en")))
    return Particulars(
        issuer=Issuer(
            f"{_ADDRESS}/issuer",
            _both("demo_certificate.issuer"),
            _both("demo_certificate.issuer_address"),
            "CNCA-R-0000-000",
        ),
        number=number,
        holder=Holder(name, code, address, (address,)),
        first_issued_on=day_of(at),
        issued_at=at,
        valid_from=day_of(at),
        verification_url=f"{_ADDRESS}/v/{number}",
        status=tuple(StatusEntry(each, f"{_ADDRESS}/status/{each}/1", _INDEX) for each in Purpose),
    )


def _pdf_signer(issuer: Issuer, at: datetime) -> PdfSigner:
    """A root that certifies one key for documents."""
    root_key, key = generate_private_key(SECP256R1()), _new_key(Algorithm.P256)
    point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), key.public.raw)
    span = Span(at, at + _KEYS_LAST)
    root = make_root(root_key, Subject(issuer.name.zh, f"{issuer.name.en} Root"), span)
    own = make_signing_certificate(root, root_key, point, Subject(issuer.name.zh, issuer.name.en), span)
    return PdfSigner(key.sign, (own, root))


def _bundle(
    statement: CertificateStatement, key: SoftwareSigner, log_key: SoftwareSigner, signer: PdfSigner, at: datetime
) -> TrustBundle:
    issuer = statement.issuer
    lists = [
        sign_list(list_document(each.list, issuer.id, each.purpose, bits_of(()), at, at + _STATUS_LASTS), key)
        for each in statement.status
    ]
    return TrustBundle(
        format=FORMAT,
        made_at=at,
        issuer=issuer,
        former_issuers=(),
        keys=(_period(key, at),),
        log=Log(f"{_HOST}/log", (_period(log_key, at),)),
        witnesses=(),
        pdf=(PdfChain(tuple(to_base64(each) for each in signer.certificates), None),),
        status_lists=tuple(each.decode() for each in lists),
    )


def _period(key: SoftwareSigner, at: datetime) -> KeyPeriod:
    return KeyPeriod(key.public.multibase, at, at + _KEYS_LAST, None)


def _new_key(algorithm: Algorithm = Algorithm.ED25519) -> SoftwareSigner:
    return new_key(algorithm, secrets.token_bytes(ENTROPY))


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _both(code: str) -> Text:
    return Text(*(words(code, each) for each in ("zh", "en")))
