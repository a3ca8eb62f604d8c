# SPDX-License-Identifier: Apache-2.0
"""A random draw that nobody can steer and everybody can repeat.

1. The population is frozen (its ids, sorted) and the body commits to a secret seed by publishing its SHA-256.
2. The client, who now knows the commitment, adds a text of its own.
3. The seed is opened. Each id's ticket is HMAC-SHA256 with the seed as key over the client's text, the population's
   digest and the id; the ids with the smallest tickets are drawn.

The body cannot choose a seed that suits it, because the client's text comes after the commitment; the client cannot
choose a text that suits it, because it does not know the seed.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable


def commitment(seed: bytes) -> str:
    """What the body publishes before the client adds its text: the SHA-256 of the seed, as hexadecimal digits."""
    return hashlib.sha256(seed).hexdigest()


def population_digest(population: Iterable[str]) -> str:
    """The SHA-256 of the population's ids, each once, sorted, as a JSON list without spaces."""
    text = json.dumps(sorted(set(population)), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def drawn(seed: bytes, client_text: str, population: Iterable[str], count: int) -> tuple[str, ...]:
    """The ids drawn, in the order of their tickets; all of them when there are not more than ``count``."""
    frozen = sorted(set(population))
    prefix = f"{client_text}\n{population_digest(frozen)}\n"
    tickets = {each: hmac.new(seed, f"{prefix}{each}".encode(), hashlib.sha256).digest() for each in frozen}
    return tuple(sorted(frozen, key=lambda each: (tickets[each], each))[:count])
