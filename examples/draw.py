# SPDX-License-Identifier: Apache-2.0
"""Numbers and days that look drawn by chance and are the same on every machine and in every year."""

import hashlib
from datetime import date, timedelta


class Draw:
    """Each draw follows from the seed and its own name alone, so that a row added here changes no row elsewhere."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def number(self, low: int, high: int, *name: object) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        words = "/".join(map(str, (self._seed, *name)))
        return low + int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big") % (high - low + 1)

    def day(self, first: date, last: date, *name: object) -> date:
        """A day from ``first`` to ``last``, both included; ``first`` when there is none between."""
        return first + timedelta(days=self.number(0, max(0, (last - first).days), *name))
