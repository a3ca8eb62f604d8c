# SPDX-License-Identifier: Apache-2.0
"""The issuer: the certification body as its certificates name it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from gradus.certificates.models import IssuerNamed
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.texts import Text
from gradus.journal.actions import record
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.trust.certificate_number import certificate_number
from gradus.trust.records import from_json, to_json
from gradus.trust.statement import AUTHORITIES, Issuer

LONGEST_NAME = 64  # of an organisation in an X.509 certificate (RFC 5280, appendix A)


@dataclass(frozen=True, slots=True)
class Naming:
    """How the body is named: its names and addresses, the number of its approval, the letters that its certificates'
    numbers begin with, and what the seal on the page says ("" for no seal)."""

    name: Text
    address: Text
    approval_no: str
    prefix: str
    seal: str = ""


def name_issuer(naming: Naming, actor: Actor, at: datetime) -> IssuerNamed:
    """Name the issuer, or name it anew; certificates that bear an earlier name stay good."""
    with transaction.atomic():
        last = newest()
        address = last.address if last else settings.ADDRESS
        _refuse_wrong(naming, address)
        made = IssuerNamed.objects.create(
            name_zh=naming.name.zh,
            name_en=naming.name.en,
            address_zh=naming.address.zh,
            address_en=naming.address.en,
            approval_no=naming.approval_no,
            prefix=naming.prefix,
            seal=naming.seal,
            address=address,
            at=at,
        )
        told = {"name": naming.name.zh, "approval": naming.approval_no, "prefix": naming.prefix}
        record(Kind.ISSUER_NAMED, actor, at, told, subject="issuer")
    return made


def newest() -> IssuerNamed | None:
    """How the issuer is named now."""
    return IssuerNamed.objects.order_by("-id").first()


def named() -> IssuerNamed:
    """How the issuer is named now. Raises Refusal when it has not been named."""
    found = newest()
    if found is None:
        raise Refusal([Fault("issuer.not_named")])
    return found


def issuer_of(row: IssuerNamed) -> Issuer:
    """A naming as the value that stands in statements."""
    return Issuer(
        f"{row.address}/issuer",
        Text(row.name_zh, row.name_en),
        Text(row.address_zh, row.address_en),
        row.approval_no,
    )


def former_issuers(issuer: Issuer) -> tuple[Issuer, ...]:
    """Every other name that certificates bear."""
    found = dict.fromkeys(issuer_of(each) for each in IssuerNamed.objects.order_by("id"))
    return tuple(each for each in found if each != issuer)


def _refuse_wrong(naming: Naming, address: str) -> None:
    issuer = Issuer(f"{address}/issuer", naming.name, naming.address, naming.approval_no)
    from_json(Issuer, to_json(issuer), "issuer")
    faults = []
    try:
        certificate_number(naming.prefix, 2000, 1)
    except ValueError:
        faults.append(Fault("issuer.prefix", Place(field="prefix"), {"value": naming.prefix}))
    if max(len(naming.name.zh), len(naming.name.en)) > LONGEST_NAME:
        faults.append(Fault("issuer.name_long", Place(field="name"), {"limit": str(LONGEST_NAME)}))
    said = f"{naming.name.zh} {naming.name.en} {naming.seal}"
    faults += [Fault("statement.authority", params={"value": each}) for each in AUTHORITIES if each in said]
    if faults:
        raise Refusal(faults)
