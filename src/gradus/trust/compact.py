# SPDX-License-Identifier: Apache-2.0
"""The compact form for a QR code: the few fields that a forger would change, signed. Docs: docs/formats/compact.md.

``1~NUMBER~USCC~OUTCOME~FIRST DAY~LAST DAY~KEY~SIGNATURE`` stands behind the # of the verification address, so that it
is sent to nobody, and can be checked without a network. It says that the paper is genuine, never that it holds today.
"""

import re
from dataclasses import dataclass
from datetime import date

from gradus.grading.faults import Fault, Refusal
from gradus.trust.bundle import TrustBundle
from gradus.trust.certificate_number import is_number
from gradus.trust.encodings import from_base64url, to_base64url
from gradus.trust.instants import read_day
from gradus.trust.keys import PublicKey, Signer
from gradus.trust.statement import CertificateStatement
from gradus.trust.verdict import PASSED, Outcome, failed, untold

LONGEST_COMPACT = 400

_DOMAIN = "gradus-compact/1\n"  # signed with it, so that no other signature of the key can be passed off as this one
_SIGNATURE = 64
_HINT = 8  # the last characters of the key's name
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Compact:
    """What a compact form says; ``key`` is the end of the key's name."""

    number: str
    uscc: str
    outcome: str
    valid_from: date
    last_valid_on: date
    key: str
    signed: str
    signature: bytes


def sign_compact(statement: CertificateStatement, signer: Signer) -> str:
    """The compact form of a certificate."""
    days = [f"{day:%Y%m%d}" for day in (statement.valid_from, statement.last_valid_on)]
    fields = ["1", statement.number, statement.holder.uscc, statement.outcome.id, *days, _hint(signer.public)]
    signed = "~".join(fields)
    return f"{signed}~{to_base64url(signer.sign((_DOMAIN + signed).encode()))}"


def qr_text(statement: CertificateStatement, signer: Signer) -> str:
    """What the QR code holds: the verification address, and behind # the compact form."""
    return f"{statement.verification_url}#{sign_compact(statement, signer)}"


def read_compact(text: str) -> Compact:
    """A compact form from its text. Raises Refusal."""
    try:
        return _read(text)
    except ValueError:
        raise Refusal([Fault("compact.form")]) from None


def _read(text: str) -> Compact:
    version, number, uscc, outcome, begins, ends, key, signature = text.split("~")
    if len(text) > LONGEST_COMPACT or version != "1" or not is_number(number) or len(key) != _HINT:
        raise ValueError("not of the form")
    signed = from_base64url(signature)
    if len(signed) != _SIGNATURE:
        raise ValueError("not of the form")
    return Compact(number, uscc, outcome, _day(begins), _day(ends), key, text.rpartition("~")[0], signed)


def check_compact(compact: Compact, bundle: TrustBundle) -> Outcome:
    """Whether the certification body signed it. It is in no log: a key that was ever stolen proves nothing here."""
    period = next((each for each in bundle.keys if _hint(each.key) == compact.key), None)
    if period is None:
        return failed("verify.unknown_key", said=f"…{compact.key}", issuer=bundle.issuer.name.zh)
    if not period.key.verifies(compact.signature, (_DOMAIN + compact.signed).encode()):
        return failed("compact.proof")
    if period.compromised_at:
        return untold("compact.key_stolen")
    return PASSED


def _hint(key: PublicKey) -> str:
    return key.multibase[-_HINT:]


def _day(text: str) -> date:
    parts = _DAY.fullmatch(text)
    if parts is None:
        raise ValueError("not of the form")
    return read_day("-".join(parts.groups()))
