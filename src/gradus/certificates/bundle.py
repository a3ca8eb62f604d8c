# SPDX-License-Identifier: Apache-2.0
"""The trust bundle: every key that ever signed, and the status lists that are in force."""

from datetime import datetime
from urllib.parse import urlsplit

from gradus.certificates.issuer import former_issuers, issuer_of, named
from gradus.certificates.models import IssuerNamed as Row
from gradus.certificates.models import Key, KeyPurpose, StatusListIssue
from gradus.certificates.queries import lists_in_force
from gradus.trust.bundle import FORMAT, KeyPeriod, Log, PdfChain, TrustBundle
from gradus.trust.instants import whole


def bundle_at(at: datetime) -> TrustBundle:
    """What a verifier keeps. Raises Refusal when no issuer is named."""
    row = named()
    issuer = issuer_of(row)
    keys = list(Key.objects.select_related("end", "theft").order_by("id"))
    of = {purpose: [each for each in keys if each.purpose == purpose] for purpose in KeyPurpose}
    lists = lists_in_force(at)
    return TrustBundle(
        format=FORMAT,
        made_at=_newest(row, keys, lists, at),
        issuer=issuer,
        former_issuers=former_issuers(issuer),
        keys=tuple(_period(each) for each in of[KeyPurpose.ISSUER]),
        log=Log(origin_of(row), tuple(_period(each) for each in of[KeyPurpose.LOG])),
        witnesses=(),
        pdf=tuple(PdfChain(tuple(each.certificates), _stolen_since(each)) for each in of[KeyPurpose.PDF]),
        status_lists=tuple(each.content for each in lists),
    )


def _newest(row: Row, keys: list[Key], lists: list[StatusListIssue], at: datetime) -> datetime:
    """The instant of the newest thing in it: while nothing changes everybody gets the same bytes."""
    told = [row.at, *(each.valid_from for each in keys), *(each.valid_from for each in lists)]
    for each in keys:
        told += [each.end.at] if hasattr(each, "end") else []
        told += [each.theft.noted_at] if hasattr(each, "theft") else []
    return whole(min(max(told), at))


def origin_of(row: Row) -> str:
    """The log's name: its address without the scheme (C2SP tlog-checkpoint)."""
    address = urlsplit(row.address)
    return f"{address.netloc}{address.path}/log"


def _period(key: Key) -> KeyPeriod:
    end = getattr(key, "end", None)
    return KeyPeriod(key.public_key, key.valid_from, end.at if end else None, _stolen_since(key))


def _stolen_since(key: Key) -> datetime | None:
    theft = getattr(key, "theft", None)
    return theft.since if theft else None
