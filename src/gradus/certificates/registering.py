# SPDX-License-Identifier: Apache-2.0
"""Telling the public register what was stated: the one place where it learns anything."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from gradus.certificates.convert import certificate_statement, leaf_statement, status_statement
from gradus.certificates.locking import lock_statements
from gradus.certificates.models import Certificate, Leaf, Publication, StatusChange
from gradus.register.enter import enter_certificate, note_change, rebuild
from gradus.trust.statement import CertificateStatement, Change, StatusStatement


def tell_decided(statement: StatusStatement, at: datetime) -> None:
    """Within the transaction that stages a change: what takes validity away is told as soon as it is decided, for the
    keys may not open when it is to be logged, and nobody may read "valid" meanwhile. What gives validity back is told
    once it is published."""
    if statement.change is not Change.RESTORED:
        note_change(statement, at)


def enter_register(leaf: Leaf, at: datetime) -> None:
    """Within the transaction that publishes it, so that neither is without the other. A leaf stated again after a theft
    comes here again, and is entered once."""
    statement = leaf_statement(leaf)
    if isinstance(statement, CertificateStatement):
        enter_certificate(statement, at)
    else:
        note_change(statement, at)


@transaction.atomic
def rebuild_register() -> tuple[int, int]:
    """Make the register anew from everything that was told, in the order in which it was staged; returns how many
    certificates and changes. It tells nothing new, and so it is in no journal."""
    lock_statements()
    certificates = Certificate.objects.filter(_handed_out("certificate", "pk")).order_by("status_index")
    changes = StatusChange.objects.filter(_handed_out("certificate", "certificate")).order_by("at", "certificate_id")
    rows = changes.annotate(handed_out=_handed_out("change", "pk"))
    told = [
        said
        for row in rows.iterator()
        if (said := status_statement(row)).change is not Change.RESTORED or row.handed_out
    ]
    rebuild(map(certificate_statement, certificates.iterator()), told)
    return certificates.count(), len(told)


def _handed_out(name: str, of: str) -> Exists:
    return Exists(Publication.objects.filter(**{f"leaf__{name}": OuterRef(of)}))
