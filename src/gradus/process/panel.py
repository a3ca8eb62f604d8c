# SPDX-License-Identifier: Apache-2.0
"""When experts vote, and what their votes come to. Experts advise; who decides is bound by them upward only."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction

from gradus.grading.faults import Fault, Refusal
from gradus.grading.scheme import Edition
from gradus.process.procedure import PanelRule


class Voice(StrEnum):
    """What a member says."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Opinion(StrEnum):
    """What the panel says."""

    FOR = "for"
    AGAINST = "against"


def needs_panel(rule: PanelRule, level: str, *, by_exception: bool) -> bool:
    """Whether a proposal goes to the panel: by the level proposed, or because the path's exception is asked for."""
    return by_exception or level in rule.levels


def may_vote(rule: PanelRule, members: int) -> list[Fault]:
    """What keeps the vote closed: too few members without a conflict."""
    least = int(rule.least.value)
    return [Fault("panel.too_few", params={"members": str(members), "least": str(least)})] if members < least else []


def opinion(rule: PanelRule, members: int, voices: Sequence[Voice]) -> Opinion:
    """What the votes of all members come to: for, when those for it are more than the share of all votes.

    An abstention is a vote cast and helps nobody. Raises Refusal while members are too few or a vote is out.
    """
    faults = may_vote(rule, members)
    if len(voices) < members:
        faults.append(Fault("panel.votes_out", params={"count": str(members - len(voices))}))
    if faults:
        raise Refusal(faults)
    count = sum(each is Voice.FOR for each in voices)
    return Opinion.FOR if Fraction(count, len(voices)) > rule.share.value else Opinion.AGAINST


def highest_without_panel(edition: Edition, rule: PanelRule, ranks: Iterable[int]) -> int:
    """The highest of some ranks whose level no panel is asked about; 0 when there is none."""
    return max((rank for rank in ranks if edition.outcomes[rank - 1].level not in rule.levels), default=0)
