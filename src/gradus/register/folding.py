# SPDX-License-Identifier: Apache-2.0
"""Names as they are compared, and the short pieces by which an index finds any part of them.

A full-width sign is its half-width one, case does not count, and neither do spaces, brackets or punctuation: what is
left are letters and digits. "天工（北京） IT" and "天工(北京)it" are the same.
"""

from itertools import pairwise
from unicodedata import normalize

LEAST = 2
"""Signs of a name that suffice to search by."""

LEGAL_FORM = frozenset({"有限", "限公", "公司"})
"""Pieces of what the law puts into nearly every firm's name: to look for them in an index finds nearly everything."""


def folded(text: str) -> str:
    """The letters and digits of a text, in one form each."""
    return "".join(sign for sign in normalize("NFKC", normalize("NFKC", text).casefold()) if sign.isalnum())


def grams(name: str) -> set[str]:
    """The pieces of a folded name: every two neighbours, and every three where all are Latin, since two Latin letters
    tell little."""
    pairs = {first + second for first, second in pairwise(name)}
    return pairs | {three for three in _threes(name) if three.isascii()}


def asked_grams(part: str) -> set[str]:
    """The pieces that a name must have which contains the part: the fewest that cover it. A name that has them all need
    not contain it (they may stand apart), unless the part has only two signs."""
    found, start = set(), 0
    while start < len(part):
        three = part[start : start + 3]
        if len(three) < LEAST:  # one sign is left: with those before it
            before = part[-3:]
            three = before if before.isascii() and len(before) == 3 else part[-2:]
        piece = three if len(three) == 3 and three.isascii() else three[:2]
        found.add(piece)
        start += len(piece)
    return found


def _threes(name: str) -> list[str]:
    return [name[start : start + 3] for start in range(len(name) - 2)]
