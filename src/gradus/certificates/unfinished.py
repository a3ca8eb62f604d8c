# SPDX-License-Identifier: Apache-2.0
"""What is left to do for certificates, kept in line: so that issuing reads as little among a million certificates as
among ten (ADR 13)."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from gradus.applications.models import Case
from gradus.certificates.models import Certificate, Leaf, StatusChange, Unfinished
from gradus.certificates.queries import not_handed_out, not_logged
from gradus.decisions.models import Uncertified
from gradus.process.states import State


def begin(row: Certificate | StatusChange) -> None:
    """Put what was just staged in line; in the transaction that stages it."""
    Unfinished.objects.create(**_of(row))


def finish(leaf: Leaf) -> None:
    """Take what is handed out from the line; in the transaction that hands it out, with statements locked, so that no
    key is stolen before it ends."""
    Unfinished.objects.filter(certificate=leaf.certificate_id, change=leaf.change_id).delete()


@transaction.atomic
def look_everywhere() -> int:
    """Put in line whatever all tables together tell is unfinished, after a theft or in doubt; returns how much is."""
    staged = [*not_logged(Certificate.objects.all()), *not_logged(StatusChange.objects.all())]
    logged = [each.certificate or each.change for each in not_handed_out(Leaf.objects.all())]
    for row in {*staged, *logged}:
        Unfinished.objects.get_or_create(**_of(row))
    certified = Certificate.objects.filter(decision__case=OuterRef("pk"))
    for case in Case.objects.filter(~Exists(certified), state=State.GRANTED.value):
        Uncertified.objects.get_or_create(case=case)
    return Unfinished.objects.count()


def _of(row: Certificate | StatusChange) -> dict[str, Certificate | StatusChange]:
    return {"certificate": row} if isinstance(row, Certificate) else {"change": row}
