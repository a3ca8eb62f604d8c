# SPDX-License-Identifier: Apache-2.0
"""Names as they are compared, and the short pieces by which an index finds any part of them.

A full-width sign is its half-width one, case does not count, and neither do spaces, brackets or punctuation: what is
left are letters and digits. "天工（北京） IT" and "天工(北京)it" are the same.
"""

from itertools import pairwise
from unicodedata import normalize

LEAST = 2
"""Signs of a name that suffice to search by."""


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
    if len(part) == LEAST:
        return {part}
    found = set()
    for three in _threes(part):
        found |= {three} if three.isascii() else {three[:2], three[1:]}
    return found


def _threes(name: str) -> list[str]:
    return [name[start : start + 3] for start in range(len(name) - 2)]
