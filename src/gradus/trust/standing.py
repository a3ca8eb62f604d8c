# SPDX-License-Identifier: Apache-2.0
"""Standing: what a certificate is worth at an instant, derived from its statements and the calendar, never stored.

Two instants are asked: ``at``, what is asked about, and ``known_at``, as known when. A statement counts once it is
recorded; so an answer once given stays what it was, however far back a later decision reaches. Unknown is never valid.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gradus.trust.instants import begins, ends
from gradus.trust.statement import CertificateStatement, Change, StatusStatement


class Standing(StrEnum):
    VALID = "valid"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    NOT_YET_VALID = "not_yet_valid"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """``since`` is the instant from which it stands so; ``because`` the change that made it so, if it was one.
    ``so_far``: of an instant to come, how it will stand then by what is decided so far, where that may still change."""

    standing: Standing
    since: datetime | None = None
    because: StatusStatement | None = None
    so_far: Standing | None = None


# From a standing, by a change, to a standing (domain: valid and suspended may alternate; the others are for good).
_AFTER = {
    (Standing.VALID, Change.SUSPENDED): Standing.SUSPENDED,
    (Standing.SUSPENDED, Change.RESTORED): Standing.VALID,
    (Standing.VALID, Change.WITHDRAWN): Standing.WITHDRAWN,
    (Standing.SUSPENDED, Change.WITHDRAWN): Standing.WITHDRAWN,
    (Standing.VALID, Change.CANCELLED): Standing.CANCELLED,
    (Standing.SUSPENDED, Change.CANCELLED): Standing.CANCELLED,
    (Standing.VALID, Change.SUPERSEDED): Standing.SUPERSEDED,
    (Standing.SUSPENDED, Change.SUPERSEDED): Standing.SUPERSEDED,
}
_PAUSING = (Standing.VALID, Standing.SUSPENDED)


def standing(
    certificate: CertificateStatement | None, changes: Iterable[StatusStatement], at: datetime, known_at: datetime
) -> Answer:
    """The standing at ``at`` as known at ``known_at``; both instants count what happened at that very second."""
    if certificate is None or certificate.issued_at > known_at:
        return Answer(Standing.UNKNOWN)
    first = max(begins(certificate.valid_from), certificate.issued_at)
    last = ends(certificate.last_valid_on)
    known = (each for each in changes if each.number == certificate.number and each.recorded_at <= known_at)
    in_effect = sorted(
        (each for each in known if each.effective_at <= at), key=lambda each: (each.effective_at, each.recorded_at)
    )
    found, since, because = Standing.VALID, first, None
    for change in in_effect:
        if change.effective_at >= last:
            break  # what has expired can change no more
        after = _AFTER.get((found, change.change))
        if after is None:
            return Answer(Standing.UNKNOWN, change.effective_at, change)
        found, since, because = after, max(change.effective_at, first), change
        if found not in _PAUSING:
            return Answer(found, change.effective_at, change)
    if at < first:
        return Answer(Standing.NOT_YET_VALID)
    if at >= last:
        return Answer(Standing.EXPIRED, last)
    return Answer(found, since, because)


def standing_told(
    certificate: CertificateStatement, changes: Iterable[StatusStatement], at: datetime, now: datetime
) -> Answer:
    """The standing at ``at`` as it can be told now. Of an instant to come nobody knows what will be decided by then, so
    only what the calendar or a decision has ended for good is told of it."""
    found = standing(certificate, changes, at, now)
    if at > now and found.standing in _PAUSING:
        return Answer(Standing.UNKNOWN, because=found.because, so_far=found.standing)
    return found


def may_change(certificate: CertificateStatement, changes: Iterable[StatusStatement], change: StatusStatement) -> bool:
    """Whether a change leads from where a certificate stands, when it takes effect and when it is recorded, to
    somewhere else, and leaves what is recorded already possible."""
    before, known = list(changes), change.recorded_at
    last = ends(certificate.last_valid_on) - timedelta(seconds=1)
    if standing(certificate, before, known, known).standing not in (*_PAUSING, Standing.NOT_YET_VALID):
        return False
    made = standing(certificate, [*before, change], change.effective_at, known)
    return (
        made.because == change
        and standing(certificate, [*before, change], last, known).standing is not Standing.UNKNOWN
    )
