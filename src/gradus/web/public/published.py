# SPDX-License-Identifier: Apache-2.0
"""What the certification body has published, as the verification page needs it: the only place where the page learns
of it. Where the body issues, that is its database. A platform whose body has no keys may stand elsewhere and show the
same page from a copy, the folder ``published`` of its data:

    trust.json                                       the trust bundle
    status/*.json                                    status lists, today's and those of days gone by
    certificates/NUMBER/credential.json, receipt.json
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from gradus.certificates.bundle import bundle_at, lists_in_force
from gradus.certificates.issuer import newest
from gradus.certificates.models import Certificate
from gradus.certificates.queries import publication_of
from gradus.formats.files import read_file
from gradus.trust.bundle import LARGEST_BUNDLE, TrustBundle, read_bundle
from gradus.trust.credential import LARGEST_CREDENTIAL
from gradus.trust.receipt import LARGEST_RECEIPT
from gradus.trust.status_list import LARGEST_LIST
from gradus.trust.verdict import Named

FOLDER = "published"


@dataclass(frozen=True, slots=True)
class Published:
    """A certificate's files."""

    credential: Named
    receipt: Named


def trust(at: datetime) -> TrustBundle | None:
    """The trust bundle of the certification body, None before it has keys."""
    if newest():
        return bundle_at(at)
    file = settings.DATA / FOLDER / "trust.json"
    return read_bundle(read_file(file, LARGEST_BUNDLE), file.name) if file.is_file() else None


def status_lists(at: datetime) -> list[Named]:
    """The signed status lists that may speak of an instant: whether they do is for the verification to say."""
    if newest():
        found = lists_in_force(at)
        return [Named(f"{each.purpose}-{each.number}.json", each.content.encode()) for each in found]
    files = sorted((settings.DATA / FOLDER / "status").glob("*.json"))
    return [Named(each.name, read_file(each, LARGEST_LIST)) for each in files]


def published(number: str) -> Published | None:
    """The files of the certificate with that number (in its one form), None where none is published."""
    if newest():
        row = Certificate.objects.filter(number=number).first()
        handed = publication_of(row) if row else None
        if handed is None:
            return None
        credential, receipt = handed.leaf.credential.encode(), handed.receipt.encode()
        return Published(Named("credential.json", credential), Named("receipt.json", receipt))
    folder = settings.DATA / FOLDER / "certificates" / number
    if not folder.is_dir():
        return None
    credential, receipt = folder / "credential.json", folder / "receipt.json"
    return Published(
        Named(credential.name, read_file(credential, LARGEST_CREDENTIAL)),
        Named(receipt.name, read_file(receipt, LARGEST_RECEIPT)),
    )
