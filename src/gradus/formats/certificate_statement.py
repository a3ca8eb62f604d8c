# SPDX-License-Identifier: Apache-2.0
"""From a decision to a drafted statement, and from a statement to what is printed: the edition lends its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gradus.formats.certificate_face import CertificateFace, Grantor, Rung, Signatory
from gradus.formats.certificate_face import Holder as PrintedHolder
from gradus.formats.level_words import asks_of
from gradus.formats.wording import words
from gradus.grading.identifiers import gb32100_valid
from gradus.grading.result import Result
from gradus.grading.scheme import Edition
from gradus.grading.texts import Text
from gradus.trust.instants import day_of
from gradus.trust.issue import Grant, Terms, last_valid_on
from gradus.trust.statement import (
    CertificateStatement,
    DecisionNamed,
    EditionNamed,
    Holder,
    Issuer,
    Name,
    OutcomeNamed,
    StatusEntry,
    Worded,
)

CREDIT_CODE = 18  # characters of a unified social credit code (GB 32100-2015)


@dataclass(frozen=True, slots=True)
class Particulars:
    """What neither the decision nor the edition says. ``supersedes`` is the number that this one takes the place of."""

    issuer: Issuer
    number: str
    holder: Holder
    first_issued_on: date
    issued_at: datetime
    valid_from: date
    verification_url: str
    status: tuple[StatusEntry, ...]
    supersedes: str | None = None


def holder_named(result: Result) -> tuple[Name, str]:
    """The holder's name and its credit code, as its dossier says them."""
    edition = result.edition
    table, column = edition.subject
    row = result.dossier.tables[table][0]
    cells = {each.id: str(cell or "") for each, cell in zip(edition.tables[table].columns, row.cells, strict=True)}
    code = next((cell for cell in cells.values() if len(cell) == CREDIT_CODE and gb32100_valid(cell)), "")
    return Name(cells[column], cells.get(f"{column}_en", "")), code


def terms_of(edition: Edition) -> Terms:
    """What an edition says about its certificates."""
    months = edition.process["validity"].value
    assert not isinstance(months, str | tuple)
    return Terms(edition.scheme, edition.name, edition.hash, int(months))


def draft_certificate(edition: Edition, grant: Grant, particulars: Particulars) -> CertificateStatement:
    """A statement that says what was granted in the edition's words; :func:`gradus.trust.issue.issue` judges it."""
    months = terms_of(edition).validity_months
    return CertificateStatement(
        issuer=particulars.issuer,
        number=particulars.number,
        supersedes=particulars.supersedes,
        scheme=Worded(edition.scheme, edition.text),
        edition=EditionNamed(edition.name, edition.hash, edition.criterion),
        holder=particulars.holder,
        scope=_scope(edition, grant.scope),
        outcome=_outcome(edition, grant.rank),
        decision=DecisionNamed(grant.decision_id, grant.decided_at),
        result_digest=grant.result_digest,
        submission_digest=grant.submission_digest,
        first_issued_on=particulars.first_issued_on,
        issued_at=particulars.issued_at,
        valid_from=particulars.valid_from,
        last_valid_on=last_valid_on(particulars.valid_from, months),
        surveillance=_both("certificate.surveillance"),
        verification_url=particulars.verification_url,
        status=particulars.status,
    )


def face_of(
    statement: CertificateStatement, edition: Edition, qr_text: str, signatories: Sequence[Signatory], seal: str
) -> CertificateFace:
    """What is printed: everything that the statement says, beside the edition's whole ladder. ``qr_text`` is
    :func:`gradus.trust.compact.qr_text`, which needs the key."""
    levels = {each.id: each.text for each in edition.levels}
    issuer, holder = statement.issuer, statement.holder
    return CertificateFace(
        number=statement.number,
        scheme=statement.scheme.text,
        criterion=statement.edition.criterion,
        holder=PrintedHolder(
            _text(holder.name),
            holder.uscc,
            _text(holder.registered_address),
            tuple(_text(each) for each in holder.assessed_addresses),
        ),
        outcome=statement.outcome.text,
        rungs=tuple(Rung(levels[each.level], each.stars) for each in edition.outcomes),
        reached=statement.outcome.rank - 1,
        meaning=statement.outcome.meaning,
        order=statement.outcome.order,
        asks=asks_of(edition, statement.outcome.rank),
        services=tuple(each.text for each in statement.scope),
        first_issued_on=statement.first_issued_on,
        issued_on=day_of(statement.issued_at),
        valid_from=statement.valid_from,
        last_valid_on=statement.last_valid_on,
        issuer=Grantor(issuer.name, issuer.address, issuer.approval_no, seal),
        signatories=tuple(signatories),
        surveillance=statement.surveillance,
        mark_use=_both("certificate.mark_use"),
        verification_url=statement.verification_url,
        qr_text=qr_text,
    )


def _scope(edition: Edition, granted: Sequence[str]) -> tuple[Worded, ...]:
    """The granted fields in the order of the edition's closed list."""
    assert edition.scope is not None
    options = edition.tables[edition.scope.table].column(edition.scope.column).options
    return tuple(Worded(each.id, each.text) for each in options if each.id in granted)


def _outcome(edition: Edition, rank: int) -> OutcomeNamed:
    outcome = edition.outcome(rank)
    assert outcome is not None
    levels = {each.id: each.text for each in edition.levels}
    highest = levels[edition.outcomes[-1].level]
    order = Text(*(words("certificate.order", each, level=highest[each]) for each in ("zh", "en")))
    return OutcomeNamed(
        outcome.rank, outcome.id, outcome.text, outcome.level, outcome.stars, outcome.band, outcome.meaning, order
    )


def _text(name: Name) -> Text:
    return Text(name.zh, name.en)


def _both(code: str) -> Text:
    return Text(*(words(code, each) for each in ("zh", "en")))
