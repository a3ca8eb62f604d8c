# SPDX-License-Identifier: Apache-2.0
"""The parts that people play in one case, and which two parts nobody may play both (ISO/IEC 17065, 7.5, 7.6, 7.13).

The database refuses the same pairs (applications, migration 0002), made from the same table.
"""

from collections.abc import Iterable
from enum import StrEnum


class Part(StrEnum):
    """What somebody does in a case, by what is done and not by what the person's role is called."""

    CONSULTANT = "consultant"
    APPLICATION_REVIEWER = "application_reviewer"
    LEAD_ASSESSOR = "lead_assessor"
    ASSESSOR = "assessor"
    TECHNICAL_EXPERT = "technical_expert"
    TECHNICAL_REVIEWER = "technical_reviewer"
    PANEL_MEMBER = "panel_member"
    PANEL_OFFICER = "panel_officer"
    DECISION_MAKER = "decision_maker"
    SECOND_SIGNATORY = "second_signatory"
    SURVEILLANCE_OFFICER = "surveillance_officer"
    COMPLAINTS_OFFICER = "complaints_officer"
    APPEAL_PANEL = "appeal_panel"


EVALUATORS = frozenset({Part.LEAD_ASSESSOR, Part.ASSESSOR, Part.TECHNICAL_EXPERT})
"""Who evaluates: none of them reviews, votes, decides or signs in the same case."""

DECIDERS = frozenset({Part.DECISION_MAKER, Part.SECOND_SIGNATORY, Part.PANEL_MEMBER})
CONCLUDING = EVALUATORS | DECIDERS | {Part.TECHNICAL_REVIEWER}
"""Who concludes a case: evaluates, reviews, votes or decides."""

_AFTERWARDS = frozenset({Part.COMPLAINTS_OFFICER, Part.APPEAL_PANEL})


def _pairs(ones: Iterable[Part], others: Iterable[Part]) -> set[frozenset[Part]]:
    return {frozenset({one, other}) for one in ones for other in others if one is not other}


_WITHOUT_CONSULTANT = frozenset(Part) - {Part.CONSULTANT}

FORBIDDEN: frozenset[frozenset[Part]] = frozenset(
    _pairs([Part.CONSULTANT], _WITHOUT_CONSULTANT)
    | _pairs(EVALUATORS, {Part.TECHNICAL_REVIEWER} | DECIDERS)
    | _pairs(_WITHOUT_CONSULTANT - _AFTERWARDS, _AFTERWARDS)
    | _pairs([Part.DECISION_MAKER], [Part.SECOND_SIGNATORY])
    | _pairs([Part.PANEL_MEMBER], [Part.TECHNICAL_REVIEWER, Part.DECISION_MAKER, Part.SECOND_SIGNATORY])
    | _pairs([Part.PANEL_OFFICER], CONCLUDING)
)
"""Unordered pairs of parts that one person may not play in one case. Whoever consulted plays no other part; whoever
evaluated neither reviews nor decides; whoever had any part hears neither complaint nor appeal about it; a decision
bears two persons' signatures; an expert who votes neither recommends nor decides; whoever runs the panel and the notice
from the office has no hand in what is concluded, before or after."""


def forbidden_with(part: Part, played: Iterable[Part]) -> tuple[Part, ...]:
    """The parts already played that rule out another one."""
    return tuple(each for each in played if frozenset({each, part}) in FORBIDDEN and each is not part)
