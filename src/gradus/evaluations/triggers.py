# SPDX-License-Identifier: Apache-2.0
"""What the database itself refuses in stage 2: deeds of people who do not evaluate the case, or at another time."""

from gradus.applications.triggers import (
    RowRule,
    deed_needs_standing_part,
    deed_needs_state,
    forbidden_parts,
    not_the_clients,
    part_of_clients_own,
    part_of_tied,
    step_needs,
)
from gradus.process.parts import EVALUATORS, Part
from gradus.process.states import State, Step

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


TAKEN_BACK = "evaluations_objectiontakenback"


def of_taking_back() -> tuple[RowRule, ...]:
    """An objection taken back by another than the client, in another case or out of time, or one that is answered; and
    an answer to one that is taken back."""
    answered = "SELECT 1 FROM evaluations_objectionanswer AS a WHERE a.objection_id = NEW.objection_id"
    back = "SELECT 1 FROM evaluations_objectiontakenback AS b WHERE b.objection_id = NEW.objection_id"
    own = "SELECT 1 FROM evaluations_objection AS o WHERE o.id = NEW.objection_id AND o.case_id = NEW.case_id"
    return (
        deed_needs_state("taken_back_out_of_time", TAKEN_BACK, State.OBJECTION.value),
        not_the_clients("taken_back", TAKEN_BACK, "made_at"),
        RowRule("taken_back_elsewhere", TAKEN_BACK, "INSERT", f"NOT EXISTS ({own} AND o.member_id IS NOT NULL)"),
        RowRule("taken_back_after_answer", TAKEN_BACK, "INSERT", f"EXISTS ({answered})"),
        RowRule("answer_to_taken_back", "evaluations_objectionanswer", "INSERT", f"EXISTS ({back})"),
    )


def answer_of_ones_own() -> RowRule:
    """An objection answered by the very member whom the client objects to."""
    member = (
        "SELECT 1 FROM evaluations_objection AS o JOIN evaluations_member AS m ON m.id = o.member_id "
        "WHERE o.id = NEW.objection_id AND m.account_id = NEW.account_id"
    )
    return RowRule("answer_of_ones_own", "evaluations_objectionanswer", "INSERT", f"EXISTS ({member})")


_NEWEST = (
    "SELECT 1 FROM evaluations_team AS r WHERE r.case_id = NEW.case_id AND NOT EXISTS "
    "(SELECT 1 FROM evaluations_team AS later WHERE later.case_id = r.case_id AND later.number > r.number)"
)
_SEATED = "SELECT 1 FROM evaluations_member AS m WHERE m.team_id = r.id"
_PLAYS = (
    "SELECT 1 FROM applications_involvement AS p WHERE p.case_id = m.case_id AND p.account_id = m.account_id "
    "AND p.part = m.part AND NOT EXISTS (SELECT 1 FROM applications_relief AS e WHERE e.involvement_id = p.id)"
)
_OBJECTED = (
    "SELECT 1 FROM evaluations_objection AS o WHERE o.team_id = r.id AND o.member_id IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM evaluations_objectionanswer AS a WHERE a.objection_id = o.id) "
    "AND NOT EXISTS (SELECT 1 FROM evaluations_objectiontakenback AS b WHERE b.objection_id = o.id)"
)
_AGREED = "SELECT 1 FROM evaluations_objection AS o WHERE o.team_id = r.id AND o.member_id IS NULL"


def steps_need_team() -> tuple[RowRule, ...]:
    """A team proposed that there is not, or that nobody leads: no review could begin. A document review that begins
    while a member does not play its part, and so could judge nothing; or before the client's time to object is over,
    unless it agreed, or while it waits for the answer to an objection."""
    led = f"EXISTS ({_SEATED} AND m.part = '{Part.LEAD_ASSESSOR}')"
    idle = f"EXISTS ({_SEATED} AND NOT EXISTS ({_PLAYS}))"
    heard = f"NOT EXISTS ({_OBJECTED}) AND (EXISTS ({_AGREED}) OR date(r.objections_until) < local_day(NEW.at))"
    begins = f"NEW.step = '{Step.START_DOCUMENT_REVIEW}' AND NOT EXISTS ({_NEWEST}"
    return (
        step_needs("proposed_without_team", "evaluations_team", Step.PROPOSE_TEAM, further=led, at="proposed_at"),
        RowRule("begun_without_team", "applications_casestep", "INSERT", f"{begins} AND NOT {idle})"),
        RowRule("begun_unheard", "applications_casestep", "INSERT", f"{begins} AND {heard})"),
    )


def competence_of_ones_own() -> RowRule:
    """A competence recorded, corrected or ended by the very person whose it is."""
    return RowRule("competence_of_ones_own", "evaluations_competence", "INSERT", "NEW.told_by_id = NEW.account_id")
