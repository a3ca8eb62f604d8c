# SPDX-License-Identifier: Apache-2.0
"""Issuing a certificate for a granted case (ISO/IEC 17065, 7.7)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gradus.applications.cases import lock, note
from gradus.applications.models import Case
from gradus.certificates.assertions import assertions_of
from gradus.certificates.convert import certificate_statement, grant_of
from gradus.certificates.locking import lock_statements
from gradus.certificates.models import Certificate
from gradus.certificates.recover import recover
from gradus.certificates.stage import Basis, stage_certificate, still_held
from gradus.decisions.file import case_file
from gradus.decisions.record import decision_of
from gradus.formats.certificate_statement import holder_named
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.trust.records import LONGEST_TEXT, from_json, to_json
from gradus.trust.statement import CertificateStatement, Holder, Name

MOST_ADDRESSES = 8


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the holder is registered, and the sites that were evaluated, as licence and evaluation report say."""

    registered: Name
    sites: tuple[Name, ...]


def issue_certificate(case: Case, addresses: Addresses, actor: Actor, at: datetime) -> Certificate:
    """Issue the certificate of a granted case. A certificate that the client holds under the same scheme is superseded
    by it. Raises Refusal with every assertion that fails."""
    recover(at)
    made = stage(case, addresses, actor, at)
    recover(at)
    return made


def stage(case: Case, addresses: Addresses, actor: Actor, at: datetime) -> Certificate:
    """The first step: from here on there is one certificate, of one number, whatever happens."""
    with transaction.atomic():
        locked = lock(case)
        lock_statements()
        made = _staged(locked, addresses, actor, at)
        told = {"certificate": made.number, "decision": str(made.decision_id), "digest": made.digest}
        note(locked, Kind.CERTIFICATE_ISSUED, actor, at, told)
    return made


def draft(case: Case, addresses: Addresses, actor: Actor, at: datetime) -> tuple[Certificate, CertificateStatement]:
    """What would be issued now, for a preview: as it is staged, and nothing is kept of it."""
    with transaction.atomic():
        locked = lock(case)
        lock_statements()
        made = _staged(locked, addresses, actor, at)
        statement = certificate_statement(made)
        transaction.set_rollback(True)
    return made, statement


def _staged(case: Case, addresses: Addresses, actor: Actor, at: datetime) -> Certificate:
    file = case_file(case)
    faults = [fault for each in assertions_of(case, file, at) for fault in each.faults] + address_faults(addresses)
    if faults:
        raise Refusal(faults)
    grant = grant_of(case, file.verified)
    assert grant is not None
    name, code = holder_named(file.verified)
    holder = Holder(name, code, addresses.registered, addresses.sites)
    return stage_certificate(Basis(case, grant, decision_of(case)), holder, still_held(case, at), actor, at)


def address_faults(addresses: Addresses) -> list[Fault]:
    """What is wrong with addresses, by their fields."""
    faults = []
    if not 0 < len(addresses.sites) <= MOST_ADDRESSES:
        faults.append(Fault("issue.sites", Place(field="sites"), {"limit": str(MOST_ADDRESSES)}))
    fields = [("registered", addresses.registered), *(("sites", each) for each in addresses.sites)]
    for field, each in fields:
        try:
            from_json(Name, to_json(each), field)
        except Refusal:
            faults.append(Fault("issue.address", Place(field=field), {"limit": str(LONGEST_TEXT)}))
    return faults
