# SPDX-License-Identifier: Apache-2.0
"""The words by which the index finds an entry: pieces of its names, and ``what=value`` for all it can be chosen by.

The month in which a certificate ends stands there too, so that the index finds what has ended before some day.
A piece of a name has no equals sign, so that the two never meet.
"""

from collections.abc import Iterable
from datetime import date

from gradus.register.folding import grams
from gradus.trust.standing import Standing
from gradus.trust.statement import CertificateStatement

Group = tuple[str, ...]
"""Terms of which one is enough."""

GRANTED = "granted"
"""A choice's kind: a level together with the stars that were granted with it."""


def level_key(scheme: str, level: str) -> str:
    """A level is one of a scheme's."""
    return f"{scheme}:{level}"


def outcome_key(level: str, stars: int) -> str:
    """A level with its stars."""
    return f"{level}:{stars}"


def terms_of(statement: CertificateStatement, names: str, region: str, stood: Iterable[Standing] = ()) -> list[str]:
    """Every term of an entry. ``names`` are its folded names, a line each; ``stood`` all that it ever stood as, once it
    was changed."""
    found = {gram for name in names.split("\n") for gram in grams(name)}
    last = statement.last_valid_on
    found |= {
        f"level={level_key(statement.scheme.id, statement.outcome.level)}",
        f"stars={statement.outcome.stars}",
        f"region={region}",
        f"ends={last.year}",
        f"ends={last:%Y-%m}",
    }
    found |= {f"field={each.id}" for each in statement.scope}
    found |= {f"stood={each}" for each in stood}
    return sorted(found)


def ends_until(day: date, earliest: int) -> Group:
    """Of what ends in the month of a day or earlier, down to some year."""
    months = [f"ends={day.year}-{month:02}" for month in range(1, day.month + 1)]
    return (*(f"ends={year}" for year in range(earliest, day.year)), *months)
