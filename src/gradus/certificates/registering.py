# SPDX-License-Identifier: Apache-2.0
"""Telling the public register what was stated: the one place where it learns anything."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from gradus.certificates.convert import certificate_statement, leaf_statement, status_statement
from gradus.certificates.models import Certificate, Leaf, Publication, StatusChange
from gradus.certificates.stage import lock_statements
from gradus.register.enter import enter_certificate, note_change, rebuild
from gradus.trust.statement import CertificateStatement


def enter_register(leaf: Leaf, at: datetime) -> bool:
    """Within the transaction that publishes it, so that neither is without the other. A leaf stated again after a theft
    comes here again, and is entered once. Returns whether a change was told that was not known."""
    statement = leaf_statement(leaf)
    if isinstance(statement, CertificateStatement):
        enter_certificate(statement, at)
        return False
    return note_change(statement, at)


@transaction.atomic
def rebuild_register() -> tuple[int, int]:
    """Make the register anew from everything that was published, in the order in which it was staged; returns how many
    certificates and changes. It tells nothing new, and so it is in no journal."""
    lock_statements()
    certificates = Certificate.objects.filter(_handed_out("certificate")).order_by("status_index")
    changes = StatusChange.objects.filter(_handed_out("change")).order_by("at", "certificate_id")
    rebuild(map(certificate_statement, certificates.iterator()), map(status_statement, changes.iterator()))
    return certificates.count(), changes.count()


def _handed_out(name: str) -> Exists:
    return Exists(Publication.objects.filter(**{f"leaf__{name}": OuterRef("pk")}))
