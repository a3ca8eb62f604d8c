# SPDX-License-Identifier: Apache-2.0
"""A certification body that exists only here: keys made of words, a bundle, a log with a few leaves, a certificate."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from gradus.grading.texts import Text
from gradus.trust.bundle import FORMAT, KeyPeriod, Log, TrustBundle, Witness
from gradus.trust.certificate_number import certificate_number
from gradus.trust.checkpoint import sign_checkpoint, stamp_checkpoint
from gradus.trust.credential import sign_statement
from gradus.trust.issue import Grant, Terms
from gradus.trust.keys import ENTROPY, Algorithm, Signer, SoftwareSigner, new_key
from gradus.trust.log import CompactRange, inclusion_path, leaf_hash, over
from gradus.trust.pdf_verify import verify_file
from gradus.trust.receipt import write_receipt
from gradus.trust.statement import (
    CertificateStatement,
    Change,
    DecisionNamed,
    EditionNamed,
    Holder,
    Issuer,
    Name,
    OutcomeNamed,
    Purpose,
    StatusEntry,
    StatusStatement,
    Worded,
)
from gradus.trust.status_list import bits_of, list_document, sign_list
from gradus.trust.verdict import Named, Verification
from gradus.trust.verify import verify

HOST = "https://certificates.example"
NUMBER = certificate_number("XA", 2026, 42)
ORIGIN = "certificates.example/log"
WITNESS = "witness.example/w1"

DECIDED = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
ISSUED = datetime(2026, 6, 2, 1, 30, tzinfo=UTC)
LOGGED = datetime(2026, 6, 2, 1, 30, 5, tzinfo=UTC)
TODAY = datetime(2026, 6, 20, 4, 0, tzinfo=UTC)
KEYS_FROM = datetime(2026, 1, 1, tzinfo=UTC)

INDEX = 4711


def key(name: str, algorithm: Algorithm = Algorithm.ED25519) -> SoftwareSigner:
    """The key that this name always gets."""
    return new_key(algorithm, hashlib.sha512(name.encode()).digest()[:ENTROPY])


ISSUER_KEY, LOG_KEY, WITNESS_KEY, OTHER_KEY = (key(name) for name in ("issuer", "log", "witness", "somebody else"))

ISSUER = Issuer(
    f"{HOST}/issuer",
    Text("示例认证有限公司", "Example Certification Ltd"),
    Text("北京市海淀区示例路1号", "1 Example Road, Haidian, Beijing"),
    "CNCA-R-2099-001",
)


def statement(**changes: object) -> CertificateStatement:
    """The certificate, or one that differs in some fields."""
    whole = CertificateStatement(
        issuer=ISSUER,
        number=NUMBER,
        supersedes=None,
        scheme=Worded("example", Text("服务能力等级认证", "Service capability levels")),
        edition=EditionNamed("example/2026", "sha256:" + "1" * 64, Text("T/EX 001-2026", "T/EX 001-2026")),
        holder=Holder(
            Name("天工示例信息技术有限公司", "Tiangong Example IT Co., Ltd"),
            "91110108MA00TERT2P",
            Name("北京市海淀区天工路2号", ""),
            (Name("北京市海淀区天工路2号", ""), Name("上海市浦东新区天工路3号", "")),
        ),
        scope=(
            Worded("development", Text("软件开发", "Software development")),
            Worded("operation", Text("运行维护", "Operation and maintenance")),
        ),
        outcome=OutcomeNamed(
            5,
            "two-four",
            Text("二级四星", "Level two, four stars"),
            "two",
            4,
            "B4",
            Text("能力较强", "Strong capability"),
            Text("共四级，一级最高", "Of four levels, level one is the highest"),
        ),
        decision=DecisionNamed("D-2026-0042", DECIDED),
        result_digest="sha256:" + "2" * 64,
        submission_digest="sha256:" + "3" * 64,
        first_issued_on=date(2026, 6, 2),
        issued_at=ISSUED,
        valid_from=date(2026, 6, 2),
        last_valid_on=date(2029, 6, 1),
        surveillance=Text("须按期通过监督", "Valid while surveillance is passed"),
        verification_url=f"{HOST}/v/{NUMBER}",
        status=(
            StatusEntry(Purpose.REVOCATION, f"{HOST}/status/revocation/1", INDEX),
            StatusEntry(Purpose.SUSPENSION, f"{HOST}/status/suspension/1", INDEX),
        ),
    )
    return replace(whole, **changes)


GRANT = Grant(
    decision_id="D-2026-0042",
    granted=True,
    decided_at=DECIDED,
    edition_hash="sha256:" + "1" * 64,
    uscc="91110108MA00TERT2P",
    outcome_id="two-four",
    rank=5,
    scope=("development", "operation"),
    result_digest="sha256:" + "2" * 64,
    submission_digest="sha256:" + "3" * 64,
)
TERMS = Terms("example", "example/2026", "sha256:" + "1" * 64, 36)


def change(
    kind: Change, effective_at: datetime, recorded_at: datetime | None = None, **more: object
) -> StatusStatement:
    """A change of the certificate, decided when it was recorded."""
    recorded_at = recorded_at or effective_at
    whole = StatusStatement(
        issuer=ISSUER,
        number=NUMBER,
        change=kind,
        reason=Worded("contract-duties", Text("未履行合同义务", "Duties of the contract not met")),
        decision=DecisionNamed("D-2026-0099", recorded_at),
        effective_at=effective_at,
        recorded_at=recorded_at,
        superseded_by=certificate_number("XA", 2027, 7) if kind is Change.SUPERSEDED else None,
        verification_url=f"{HOST}/v/{NUMBER}",
    )
    return replace(whole, **more)


def period(signer: Signer, **changes: object) -> KeyPeriod:
    return replace(KeyPeriod(signer.public.multibase, KEYS_FROM, None, None), **changes)


BUNDLE = TrustBundle(
    format=FORMAT,
    made_at=TODAY,
    issuer=ISSUER,
    former_issuers=(),
    keys=(period(ISSUER_KEY),),
    log=Log(ORIGIN, (period(LOG_KEY),)),
    witnesses=(),
    pdf=(),
    status_lists=(),
)
WITNESSED = replace(BUNDLE, witnesses=(Witness(WITNESS, WITNESS_KEY.public.multibase),))

OTHERS = [leaf_hash(f"leaf {number}".encode()) for number in range(20)]


def receipt_of(
    credential: bytes,
    *,
    at: datetime = LOGGED,
    signer: Signer = LOG_KEY,
    origin: str = ORIGIN,
    others: list[bytes] = OTHERS,
    index: int = 13,
    witness: bool = False,
) -> bytes:
    """A receipt for a credential among other leaves."""
    leaves = [*others[:index], leaf_hash(credential), *others[index:]]
    tree = CompactRange()
    for leaf in leaves:
        tree = tree.append(leaf)
    checkpoint = sign_checkpoint(origin, tree.size, tree.root, signer, at)
    if witness:
        checkpoint = stamp_checkpoint(checkpoint, WITNESS, WITNESS_KEY, at + timedelta(seconds=3))
    return write_receipt(credential, index, tree.size, inclusion_path(index, tree.size, over(leaves)), checkpoint)


def status_lists(
    *,
    set_bits: dict[Purpose, set[int]] | None = None,
    signer: Signer = ISSUER_KEY,
    begins: datetime = TODAY - timedelta(hours=1),
    lasts: timedelta = timedelta(days=1),
    issuer: str = ISSUER.id,
) -> list[bytes]:
    """Both lists, with other certificates' bits set and, where asked for, its own."""
    return [
        sign_list(
            list_document(
                f"{HOST}/status/{purpose}/1",
                issuer,
                purpose,
                bits_of({1, 99} | (set_bits or {}).get(purpose, set())),
                begins,
                begins + lasts,
            ),
            signer,
        )
        for purpose in Purpose
    ]


@dataclass(frozen=True)
class Case:
    """What a verifier is given; good unless something is replaced."""

    credential: bytes = sign_statement(statement(), ISSUER_KEY)
    receipt: bytes | None = receipt_of(sign_statement(statement(), ISSUER_KEY))
    lists: tuple[bytes, ...] = tuple(status_lists())
    bundle: TrustBundle | None = BUNDLE
    at: datetime = TODAY

    def verify(self) -> Verification:
        return verify(*self.given())

    def verify_file(self) -> Verification:
        """As the command and the page do, which do not know yet that it is a credential."""
        return verify_file(*self.given())

    def given(self) -> tuple[Named, Named | None, list[Named], TrustBundle | None, datetime]:
        lists = [Named(f"status-{number}.json", data) for number, data in enumerate(self.lists, 1)]
        receipt = None if self.receipt is None else Named("receipt.json", self.receipt)
        return Named("credential.json", self.credential), receipt, lists, self.bundle, self.at


GOOD = Case()
