# SPDX-License-Identifier: Apache-2.0
"""What the database itself refuses in stage 2: deeds of people who do not evaluate the case, or at another time."""

from gradus.applications.triggers import (
    RowRule,
    deed_needs_standing_part,
    deed_needs_state,
    forbidden_parts,
    part_of_clients_own,
    part_of_tied,
)
from gradus.process.parts import EVALUATORS
from gradus.process.states import State

APPEND_ONLY = tuple(
    f"evaluations_{each}"
    for each in (
        "competence", "team", "member", "objection", "objectionanswer", "verdict", "rating", "documentfinding",
    )
)  # fmt: skip

_JUDGED = (State.DOCUMENT_REVIEW, State.ON_SITE, State.CORRECTION)


def rules() -> tuple[RowRule, ...]:
    """Every rule of this stage."""
    found: list[RowRule] = []
    parts = sorted(each.value for each in EVALUATORS)
    for each in ("verdict", "rating", "documentfinding"):
        table = f"evaluations_{each}"
        found.append(deed_needs_standing_part(f"{each}_of_stranger", table, *parts))
        found.append(deed_needs_state(f"{each}_out_of_time", table, *(state.value for state in _JUDGED)))
    member = "evaluations_member"
    found += [
        deed_needs_state("team_out_of_time", "evaluations_team", State.AGREED.value),
        deed_needs_state("member_out_of_time", member, State.AGREED.value),
        forbidden_parts("member_of_forbidden_parts", member),
        part_of_tied("member_tied", member),
        part_of_clients_own("member_of_client", member),
        deed_needs_state("objection_out_of_time", "evaluations_objection", State.OBJECTION.value),
        deed_needs_state("answer_out_of_time", "evaluations_objectionanswer", State.OBJECTION.value),
    ]
    return tuple(found)
