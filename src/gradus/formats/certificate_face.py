# SPDX-License-Identifier: Apache-2.0
"""What is printed on a certificate, as plain values in both languages; everything on the page comes from here.

ISO/IEC 17065, 7.7.1 names what formal certification documentation must say; the measures for the administration of
certificates and marks (认证证书和认证标志管理办法) add number, issuer and validity. No scheme is known here.
"""

from dataclasses import dataclass
from datetime import date

from gradus.grading.texts import Text


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the scheme's ladder: its level, and its stars (0 where it has none)."""

    level: Text
    stars: int


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signed the decision, and as what (Regulation on Certification and Accreditation, article 22)."""

    role: Text
    name: Text


@dataclass(frozen=True, slots=True)
class Grantor:
    """The certification body. ``seal`` is what its vermilion seal says, "" where none is to be shown."""

    name: Text
    address: Text
    approval_no: str
    seal: str


@dataclass(frozen=True, slots=True)
class Holder:
    """The enterprise. What it has no English for is "" there."""

    name: Text
    credit_code: str
    registered_address: Text
    assessed_addresses: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class CertificateFace:
    """A certificate as it is read on a wall.

    ``rungs`` lead from the lowest to the highest, ``reached`` is the one that was granted. ``order`` says which end is
    the high one, since "level 1" is misread as the lowest; ``asks`` what it takes, for whoever never heard of the
    scheme. It holds on ``last_valid_on`` too.
    ``surveillance`` says under which condition, ``mark_use`` what the certificate must not suggest (article 24).
    ``verification_url`` contains the number; the QR code says ``qr_text``, which begins with it and may carry a signed
    compact form behind it (docs/formats/compact.md).
    """

    number: str
    scheme: Text
    criterion: Text
    holder: Holder
    outcome: Text
    rungs: tuple[Rung, ...]
    reached: int
    meaning: Text
    order: Text
    asks: Text
    services: tuple[Text, ...]
    first_issued_on: date
    issued_on: date
    valid_from: date
    last_valid_on: date
    issuer: Grantor
    signatories: tuple[Signatory, ...]
    surveillance: Text
    mark_use: Text
    verification_url: str
    qr_text: str
