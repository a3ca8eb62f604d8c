# SPDX-License-Identifier: Apache-2.0
"""What the certification body has published, as the verification page needs it: the only place where the page learns
of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from gradus.certificates.bundle import bundle_at
from gradus.certificates.issuer import newest
from gradus.certificates.models import Certificate
from gradus.certificates.queries import lists_in_force, overtaken, publication_of
from gradus.certificates.recover import recover_when_asked
from gradus.trust.bundle import TrustBundle
from gradus.trust.verdict import Named


@dataclass(frozen=True, slots=True)
class Trusted:
    """What a verification rests on: the trust bundle, None before the body has keys, and signed status lists."""

    bundle: TrustBundle | None
    lists: tuple[Named, ...] = ()
    overtaken: frozenset[str] = frozenset()
    """Numbers of which these lists do not know yet what was decided: of them they tell nothing."""


@dataclass(frozen=True, slots=True)
class Files:
    """A certificate, as PDF or as credential, and its receipt where it comes as a file of its own."""

    certificate: Named
    receipt: Named | None = None


def trusted(at: datetime, now: datetime) -> Trusted:
    """The keys as they are known now, and the status lists that spoke of an instant, or of now where that has not come;
    those of days gone by are kept."""
    recover_when_asked(now)
    spoke = lists_in_force(min(at, now))
    lists = (Named(f"{each.purpose}-{each.number}.json", each.content.encode()) for each in spoke)
    bundle = replace(bundle_at(now), status_lists=()) if newest() else None
    return Trusted(bundle, tuple(lists), frozenset(overtaken(at)))


def published(number: str) -> Files | None:
    """What was handed out under a number in its one form, None where nothing was."""
    certificate = Certificate.objects.filter(number=number).first()
    handed = publication_of(certificate) if certificate else None
    if handed is None:
        return None
    credential = Named("credential.json", handed.leaf.credential.encode())
    return Files(credential, Named("receipt.json", handed.receipt.encode()))
