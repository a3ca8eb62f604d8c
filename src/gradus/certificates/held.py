# SPDX-License-Identifier: Apache-2.0
"""What the body's own register learns of certificates that Gradus issued: the level held, for the client's next
application, and the end of it, for bars after a withdrawal."""

from datetime import datetime

from gradus.applications.register import Certificate as Said
from gradus.applications.register import follow_statement
from gradus.certificates.convert import certificate_statement
from gradus.certificates.models import Certificate
from gradus.certificates.queries import history_of
from gradus.formats.wording import words
from gradus.schemes.queries import edition_named
from gradus.trust.instants import day_of
from gradus.trust.statement import Change

_ENDS = (Change.WITHDRAWN, Change.CANCELLED, Change.SUPERSEDED)


def note_held(certificate: Certificate, at: datetime) -> None:
    """Let the body's register say what a certificate and all that was decided about it say. One that is suspended is
    held all the same; the last day of one that expires stands in it. A case that has ended knows the register of the
    time when it ended (``applications/facts.py``): its file stays as it was signed."""
    statement = certificate_statement(certificate)
    ends = [each for each in history_of(certificate) if each.change in _ENDS]
    last = min(ends, key=lambda each: each.effective_at, default=None)
    said = Said(
        level=statement.outcome.level,
        number=statement.number,
        since=statement.valid_from,
        valid_until=statement.last_valid_on,
        source=" · ".join(words("certificates.issued_here", each) for each in ("zh", "en")),
        proof=None,
        ended_on=day_of(last.effective_at) if last else None,
        withdrawn_for=last.reason.id if last and last.change is Change.WITHDRAWN else "",
    )
    edition = edition_named(statement.edition.hash)
    follow_statement(certificate.case.client, edition, said, statement.supersedes or "", at)
