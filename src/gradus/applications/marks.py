# SPDX-License-Identifier: Apache-2.0
"""Keyed hashes by which a person of the body is recognised in a client's papers without keeping what is hashed.

HMAC-SHA256 under a key made from the platform's own secret, over the kind and the text without spaces, hyphens or
regard to case. Who has the database but not the secret can try no numbers out.
"""

import re
import unicodedata

from django.utils.crypto import salted_hmac

from gradus.grading.faults import Fault, Place, Refusal
from gradus.process.procedure import Holds

_NOISE = re.compile(r"[\s\-_.·]+")
_RESIDENT_ID = re.compile(r"\d{17}[\dxX]|\d{15}")
longest = 120


def mark_of(holds: Holds, text: str) -> str:
    """The keyed hash of a name or number; the same for writings that people would take for the same."""
    return salted_hmac(f"gradus.evaluations.{holds.value}", _plain(text), algorithm="sha256").hexdigest()


def refuse_unmarkable(text: str, field: str) -> None:
    """Raises Refusal for nothing at all, too much, and what looks like the number of a resident identity card: such
    a number is never asked for, and not hashed either, because few enough exist to be tried out."""
    plain = _plain(text)
    if not plain or len(text) > longest:
        raise Refusal([Fault("tie.mark_needed", Place(field=field), {"limit": str(longest)})])
    if _RESIDENT_ID.fullmatch(plain):
        raise Refusal([Fault("tie.resident_id", Place(field=field))])


def _plain(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()
