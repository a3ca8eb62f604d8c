# SPDX-License-Identifier: Apache-2.0
"""Whom a case awaits in each state: the client, whoever plays a part in it, or whoever may come to play one."""

from collections.abc import Mapping
from dataclasses import dataclass

from gradus.process.parts import EVALUATORS, Part
from gradus.process.states import State


@dataclass(frozen=True, slots=True)
class Awaited:
    """``client``: the client is awaited. Else those who play one of ``parts``; where nobody plays the ``part`` yet that
    the work is, whoever has the ``permission`` and is not kept from playing it. Office work (no ``part``) is for
    everybody with the permission, and named by ``task`` where the state does not name it. Those who play one of
    ``watching`` see the case beside their work, though it awaits others."""

    client: bool = False
    parts: frozenset[Part] = frozenset()
    permission: str = ""
    part: Part | None = None
    watching: frozenset[Part] = frozenset()
    task: str = ""


_CLIENT = Awaited(client=True)
_LEADER = Awaited(parts=frozenset({Part.LEAD_ASSESSOR}))

AWAITED: Mapping[State, Awaited] = {
    State.APPLIED: Awaited(permission="application:review", part=Part.APPLICATION_REVIEWER),
    State.SUPPLEMENT: _CLIENT,
    State.ACCEPTED: Awaited(permission="case:quote"),
    State.QUOTED: _CLIENT,
    State.AGREED: Awaited(permission="team:appoint"),
    State.OBJECTION: Awaited(client=True, watching=frozenset({Part.LEAD_ASSESSOR})),
    State.DOCUMENT_REVIEW: Awaited(parts=EVALUATORS),
    State.REVIEW_SUPPLEMENT: _CLIENT,
    State.PLANNING: _LEADER,
    State.ON_SITE: Awaited(parts=EVALUATORS),
    State.CORRECTION: Awaited(client=True, watching=EVALUATORS),
    State.REPORTING: _LEADER,
    State.TECHNICAL_REVIEW: Awaited(permission="case:recommend", part=Part.TECHNICAL_REVIEWER),
    State.PANEL: Awaited(permission="panel:convene", parts=frozenset({Part.PANEL_MEMBER})),
    State.NOTICE: Awaited(permission="panel:convene"),
    State.DECISION: Awaited(permission="case:decide", part=Part.DECISION_MAKER),
    State.CONSENT: _CLIENT,
    State.SIGNATURE: Awaited(permission="case:sign", part=Part.SECOND_SIGNATORY),
}
"""Every state that awaits somebody; an ended case awaits nobody."""
