# SPDX-License-Identifier: Apache-2.0
"""Status lists: signed anew with every change and before they run out; old ones stay for questions about the past."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from gradus.certificates.convert import certificate_statement, status_statements
from gradus.certificates.issuer import issuer_of, named
from gradus.certificates.keys import current, signer_of
from gradus.certificates.models import Certificate, KeyPurpose, StatusChange, StatusListIssue
from gradus.certificates.queries import lists_in_force
from gradus.certificates.stage import lock_statements
from gradus.journal.actions import record
from gradus.journal.actor import system
from gradus.journal.kinds import Kind
from gradus.trust.instants import whole
from gradus.trust.standing import Standing, standing
from gradus.trust.statement import Purpose
from gradus.trust.status_list import LEAST_BITS, bits_of, list_document, sign_list

LASTS = timedelta(days=2)
RENEWED_BEFORE = timedelta(days=1)

_SET = {
    Standing.SUSPENDED: Purpose.SUSPENSION,
    Standing.WITHDRAWN: Purpose.REVOCATION,
    Standing.CANCELLED: Purpose.REVOCATION,
    Standing.SUPERSEDED: Purpose.REVOCATION,
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
    """Whether some list does not serve another day. One that ends before its time ends at the next change that is
    decided already: until then a new one would say the same."""
    good = {
        (each.purpose, each.number)
        for each in lists_in_force(whole(at))
        if not hasattr(each.key, "theft")
        and (each.valid_until > at + RENEWED_BEFORE or each.valid_until < each.valid_from + LASTS)
    }
    return any((each.value, number) not in good for each in Purpose for number in range(1, _count() + 1))


def issue_lists(at: datetime) -> int:
    """Sign every list as of an instant; in the caller's transaction, with statements locked."""
    at, row, key = whole(at), named(), current(KeyPurpose.ISSUER)
    signer, found = signer_of(key), _bits(at)
    until = _next_change(at)
    for purpose in Purpose:
        for number in range(1, _count() + 1):
            address = f"{row.address}/status/{purpose}/{number}"
            bits = bits_of(found[purpose, number])
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


def _bits(at: datetime) -> dict[tuple[Purpose, int], list[int]]:
    """The places of all certificates that are ended or suspended at an instant, by purpose and list."""
    found: dict[tuple[Purpose, int], list[int]] = defaultdict(list)
    for each in _changed():
        answer = standing(certificate_statement(each), status_statements(each.changes.all()), at, at)
        purpose = _SET.get(answer.standing)
        if purpose:
            found[purpose, each.status_index // LEAST_BITS + 1].append(each.status_index % LEAST_BITS)
    return found


def _next_change(at: datetime) -> datetime:
    """No list speaks of a time beyond the next change that is decided already."""
    later = (said.effective_at for each in _changed() for said in status_statements(each.changes.all()))
    return min([at + LASTS, *(each for each in later if each > at)])


def _changed() -> list[Certificate]:
    changed = StatusChange.objects.values("certificate")
    return list(Certificate.objects.filter(pk__in=changed).prefetch_related("changes"))
