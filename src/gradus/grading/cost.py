# SPDX-License-Identifier: Apache-2.0
"""What is cheapest to mend first: the order in which to tell what stands in the way. It ranks effort, not merit.

A missing fact costs looking it up; a few rows or papers cost work; sums of money cost business; months cost only
waiting, and nothing hastens them; a score takes several of these together; an event that rules out cannot be mended by
facts at all. Within a kind, the smaller part of what is asked comes first.
"""

from collections.abc import Sequence
from fractions import Fraction

from gradus.grading.result import Block, Status

_PIECES = {"count", "ratio", "boolean", ""}
_MONTHS = {"months": Fraction(1), "days": Fraction(1, 30), "year": Fraction(12)}
"""The formula language's units of time, roughly, in months."""


def cheapest_first(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, those first that take the least effort."""
    return sorted(blocks, key=_effort)


def _effort(block: Block) -> tuple[int, Fraction]:
    distance = block.distance
    if block.kind == "veto":
        return 9, Fraction(0)
    if block.kind in {"dimension", "overall"}:
        return 8, distance.amount if distance and distance.amount else Fraction(0)
    if block.status is Status.UNKNOWN:
        return 0, Fraction(0)
    if distance is None or distance.amount is None:
        return 7, Fraction(0)
    part = distance.amount / block.asked if block.asked else distance.amount
    if distance.unit in _MONTHS:
        return 6, distance.amount * _MONTHS[distance.unit]
    return (1 if distance.unit in _PIECES else 4), part
