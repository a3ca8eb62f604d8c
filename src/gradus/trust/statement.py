# SPDX-License-Identifier: Apache-2.0
"""Statements: what a certification body says, as frozen values. Docs: docs/formats/statement.md.

A :class:`CertificateStatement` says what was granted to whom until when; a :class:`StatusStatement` says that something
changed. Each rests on a recorded decision (ISO/IEC 17065, 7.6 and 7.11). Nothing is edited: a later one supersedes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from gradus.grading.faults import Fault
from gradus.grading.identifiers import gb32100_valid
from gradus.grading.texts import Text
from gradus.trust.certificate_number import Number, is_number
from gradus.trust.instants import day_of
from gradus.trust.records import Address, Count, Form, Line, MaybeLine, Sha256, Word

# Words of authorities that a certification body's certificate must not borrow.
AUTHORITIES = ("工业和信息化部", "工信部", "国家部委", "国务院", "MIIT", "Ministry", "State Council")


CreditCode = Annotated[str, Form(r"[0-9A-Z]{18}", "18 digits and capital letters")]


class Purpose(StrEnum):
    """What a bit of a status list says when it is set (W3C Bitstring Status List 1.0, section 2.1)."""

    REVOCATION = "revocation"  # for good: withdrawn, cancelled or superseded
    SUSPENSION = "suspension"


class Change(StrEnum):
    """What a decision may change about a certificate."""

    SUSPENDED = "suspended"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Name:
    """A legal name: the Chinese one is registered; the English one is "" where there is none."""

    zh: Line
    en: MaybeLine


@dataclass(frozen=True, slots=True)
class Issuer:
    """The certification body; ``id`` is the address where its keys are described."""

    id: Address
    name: Text
    address: Text
    approval_no: Line


@dataclass(frozen=True, slots=True)
class Holder:
    name: Name
    uscc: CreditCode
    registered_address: Name
    assessed_addresses: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Worded:
    """An id with its words."""

    id: Word
    text: Text


@dataclass(frozen=True, slots=True)
class EditionNamed:
    """The edition by its name and by the hash of its content, and the criterion it applies."""

    name: Line
    hash: Sha256
    criterion: Text


@dataclass(frozen=True, slots=True)
class OutcomeNamed:
    """What was granted; ``stars`` is 0 and ``band`` is "" where the scheme has none. ``order`` tells a buyer which
    end of the ladder is the high one."""

    rank: Count
    id: Word
    text: Text
    level: Word
    stars: Count
    band: MaybeLine
    meaning: Text
    order: Text


@dataclass(frozen=True, slots=True)
class DecisionNamed:
    id: Line
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where a status list says whether something ended or pauses the certificate."""

    purpose: Purpose
    list: Address
    index: Count


@dataclass(frozen=True, slots=True)
class CertificateStatement:
    """A certificate's content. ``result_digest`` is of the explained result, ``submission_digest`` of what was
    evaluated. ``last_valid_on`` is the last day on which it is valid."""

    issuer: Issuer
    number: Number
    supersedes: Number | None
    scheme: Worded
    edition: EditionNamed
    holder: Holder
    scope: tuple[Worded, ...]
    outcome: OutcomeNamed
    decision: DecisionNamed
    result_digest: Sha256
    submission_digest: Sha256
    first_issued_on: date
    issued_at: datetime
    valid_from: date
    last_valid_on: date
    surveillance: Text
    verification_url: Address
    status: tuple[StatusEntry, ...]


@dataclass(frozen=True, slots=True)
class StatusStatement:
    """A change of a certificate: decided, in effect from ``effective_at`` on, known to the world at ``recorded_at``."""

    issuer: Issuer
    number: Number
    change: Change
    reason: Worded
    decision: DecisionNamed
    effective_at: datetime
    recorded_at: datetime
    superseded_by: Number | None
    verification_url: Address


Statement = CertificateStatement | StatusStatement


def statement_faults(statement: Statement) -> list[Fault]:
    """What no statement may be, whoever signed it; checked before it is signed and again by whoever verifies."""
    found = [] if is_number(statement.number) else [Fault("statement.number", params={"value": statement.number})]
    found += _borrowed(statement)
    if isinstance(statement, CertificateStatement):
        return [*found, *_certificate_faults(statement)]
    return [*found, *_status_faults(statement)]


def _certificate_faults(statement: CertificateStatement) -> Iterator[Fault]:
    decided, issued = statement.decision.decided_at, statement.issued_at
    if issued < decided:
        yield Fault("statement.before_decision")
    if statement.valid_from < day_of(decided):
        yield Fault("statement.valid_before_decision", params={"value": str(statement.valid_from)})
    if statement.last_valid_on < statement.valid_from:
        yield Fault("statement.ends_before_it_begins")
    if statement.first_issued_on > day_of(issued):
        yield Fault("statement.first_issue_later")
    if not gb32100_valid(statement.holder.uscc):
        yield Fault("statement.uscc", params={"value": statement.holder.uscc})
    if not statement.scope or _repeats([each.id for each in statement.scope]):
        yield Fault("statement.scope")
    if statement.outcome.rank == 0:
        yield Fault("statement.no_outcome")
    if sorted(each.purpose for each in statement.status) != sorted(Purpose):
        yield Fault("statement.status_entries")
    if statement.supersedes == statement.number or (statement.supersedes and not is_number(statement.supersedes)):
        yield Fault("statement.supersedes")


def _status_faults(statement: StatusStatement) -> Iterator[Fault]:
    if statement.recorded_at < statement.decision.decided_at:
        yield Fault("statement.before_decision")
    successor = statement.superseded_by
    fits = successor is None or (is_number(successor) and successor != statement.number)
    if not fits or (successor is not None) != (statement.change is Change.SUPERSEDED):
        yield Fault("statement.superseded_by")


def _borrowed(statement: Statement) -> Iterator[Fault]:
    """A certification body is a company; nothing may read as if an authority had issued it."""
    texts = [statement.issuer.name]
    if isinstance(statement, CertificateStatement):
        texts += [statement.scheme.text, statement.outcome.text, statement.outcome.meaning]
        texts += [statement.outcome.order, statement.surveillance]
    said = " ".join(f"{each.zh} {each.en}" for each in texts)
    for authority in AUTHORITIES:
        if authority in said:
            yield Fault("statement.authority", params={"value": authority})


def _repeats(ids: list[str]) -> bool:
    return len(set(ids)) < len(ids)
