# SPDX-License-Identifier: Apache-2.0
"""Status lists: signed anew with every change and before they run out; old ones stay for questions about the past."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min, Q

from gradus.certificates.issuer import issuer_of, named
from gradus.certificates.keys import current, signer_of
from gradus.certificates.locking import lock_statements
from gradus.certificates.models import Certificate, Key, KeyPurpose, StatusListIssue
from gradus.certificates.queries import lists_in_force
from gradus.journal.actions import record
from gradus.journal.actor import system
from gradus.journal.kinds import Kind
from gradus.register.models import Turn
from gradus.trust.instants import whole
from gradus.trust.standing import Standing
from gradus.trust.statement import Purpose
from gradus.trust.status_list import LEAST_BITS, bits_of, list_document, sign_list

LASTS = timedelta(days=2)
RENEWED_BEFORE = timedelta(days=1)

_SET = {
    Purpose.SUSPENSION: (Standing.SUSPENDED, Standing.UNKNOWN),  # of what is not known nobody says "valid"
    Purpose.REVOCATION: (Standing.WITHDRAWN, Standing.CANCELLED, Standing.SUPERSEDED),
}


def renew_lists(at: datetime) -> int:
    """Issue the lists anew when one of them will run out within a day, is missing, or is not believed; returns how many
    were issued."""
    if not Certificate.objects.exists():
        return 0
    with transaction.atomic():
        lock_statements()
        if not lists_due(at):
            return 0
        count = issue_lists(at)
        record(Kind.STATUS_LISTS_ISSUED, system, at, {"lists": count}, subject="status")
    return count


def lists_due(at: datetime) -> bool:
    """Whether some list does not serve any longer."""
    good = {(each.purpose, each.number) for each in lists_in_force(whole(at)) if _serves(each, whole(at))}
    return any((each.value, number) not in good for each in Purpose for number in range(1, _count() + 1))


def _serves(row: StatusListIssue, at: datetime) -> bool:
    """Whether a list that is in force serves another day, or ends with a decided change, so that none could last
    longer; and verifiers believe it."""
    lasts = row.valid_until > at + RENEWED_BEFORE or row.valid_until < row.valid_from + LASTS
    return lasts and not hasattr(row.key, "theft")


def issue_lists(at: datetime) -> int:
    """Sign every list as of an instant, and where the last one's is later as of that too: what another request signed,
    whose clock was ahead, must not hide this. In the caller's transaction, with statements locked. Returns how many
    were signed."""
    key, last = current(KeyPurpose.ISSUER), StatusListIssue.objects.order_by("-id").first()
    at = whole(max(at, key.valid_from))
    return sum(_issue_lists(key, each) for each in sorted({at, max(at, last.valid_from if last else at)}))


def _issue_lists(key: Key, at: datetime) -> int:
    row, signer, until = named(), signer_of(key), _next_change(at)
    for purpose in Purpose:
        found = _bits(purpose, at)
        for number in range(1, _count() + 1):
            address = f"{row.address}/status/{purpose}/{number}"
            bits = bits_of(found[number])
            document = list_document(address, issuer_of(row).id, purpose, bits, at, until)
            StatusListIssue.objects.create(
                purpose=purpose.value,
                number=number,
                key=key,
                content=sign_list(document, signer).decode(),
                valid_from=at,
                valid_until=until,
            )
    return len(Purpose) * _count()


def _count() -> int:
    """How many lists there are of each purpose: one before the first certificate."""
    last = Certificate.objects.aggregate(last=Max("status_index"))["last"] or 0
    return int(last) // LEAST_BITS + 1


def _bits(purpose: Purpose, at: datetime) -> dict[int, list[int]]:
    """The places of all certificates that stand so at an instant, by list: as the register was told, which is of
    everything that was published."""
    now = Turn.objects.filter(Q(until=None) | Q(until__gt=at), since__lte=at, standing__in=_SET[purpose])
    places = Certificate.objects.filter(number__in=now.values("entry__number")).values_list("status_index", flat=True)
    found: dict[int, list[int]] = defaultdict(list)
    for each in places:
        found[each // LEAST_BITS + 1].append(each % LEAST_BITS)
    return found


def _next_change(at: datetime) -> datetime:
    """No list speaks of a time beyond the next change that is decided already; that one expires stands in itself."""
    later = Turn.objects.filter(since__gt=at).exclude(standing=Standing.EXPIRED).aggregate(next=Min("since"))["next"]
    return min(at + LASTS, later or at + LASTS)
