# SPDX-License-Identifier: Apache-2.0
"""What the database itself refuses in stage 4, beside what it refuses in every stage."""

from gradus.applications.triggers import (
    RowRule,
    deed_needs_part,
    deed_needs_standing_part,
    deed_needs_state,
    step_needs,
)
from gradus.process.parts import Part
from gradus.process.states import State, Step

_NOT_VOID = "NOT EXISTS (SELECT 1 FROM decisions_voided AS v WHERE v.decision_id = d.id)"


def _played(part: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM applications_involvement AS p WHERE p.case_id = NEW.case_id "
        f"AND p.account_id = NEW.account_id AND p.part = {part})"
    )


def _standing(state: State) -> str:
    return f"EXISTS (SELECT 1 FROM applications_case AS c WHERE c.id = NEW.case_id AND c.state = '{state}')"


def vote_of_member() -> RowRule:
    """A vote in somebody else's seat, or in one that was left."""
    seat = (
        "SELECT 1 FROM decisions_seat AS s WHERE s.id = NEW.seat_id AND s.case_id = NEW.case_id "
        "AND s.account_id = NEW.account_id AND NOT EXISTS (SELECT 1 FROM decisions_leave AS l WHERE l.seat_id = s.id)"
    )
    return RowRule("vote_of_member", "decisions_vote", "INSERT", f"NOT EXISTS ({seat})")


def signature_of_part() -> RowRule:
    """A signature in a part that the signer does not play, or while the case waits for another."""
    first = f"(NEW.part = '{Part.DECISION_MAKER}' AND {_standing(State.DECISION)})"
    second = f"(NEW.part = '{Part.SECOND_SIGNATORY}' AND {_standing(State.SIGNATURE)})"
    return RowRule(
        "signature_of_part", "decisions_signature", "INSERT", f"NOT (({first} OR {second}) AND {_played('NEW.part')})"
    )


def signature_over_file() -> RowRule:
    """A signature over another file than the decision's, under a void decision, or proven after it was made."""
    decision = (
        "SELECT 1 FROM decisions_decision AS d WHERE d.id = NEW.decision_id AND d.case_id = NEW.case_id "
        f"AND d.file_digest = NEW.file_digest AND d.at <= NEW.at AND {_NOT_VOID}"
    )
    return RowRule(
        "signature_over_file",
        "decisions_signature",
        "INSERT",
        f"NOT EXISTS ({decision}) OR NEW.authenticated_at > NEW.at",
    )


def end_needs_signatures() -> RowRule:
    """The end of a case without a decision of that kind that bears two signatures."""
    signatures = "(SELECT COUNT(*) FROM decisions_signature AS g WHERE g.decision_id = d.id) = 2"
    decision = (
        f"SELECT 1 FROM decisions_decision AS d WHERE d.case_id = NEW.case_id AND {_NOT_VOID} AND {signatures} "
        f"AND ((NEW.step = '{Step.GRANT}' AND d.outcome <> '') OR (NEW.step = '{Step.REFUSE}' AND d.outcome = ''))"
    )
    return RowRule(
        "end_needs_signatures",
        "applications_casestep",
        "INSERT",
        f"NEW.step IN ('{Step.GRANT}', '{Step.REFUSE}') AND NOT EXISTS ({decision})",
    )


def steps_need_records() -> list[RowRule]:
    """A recommendation without a review that recommends, a closed panel without an opinion, a decision void without a
    record of it."""
    return [
        step_needs(
            "recommended_without_review",
            "decisions_review",
            Step.RECOMMEND,
            Step.OPEN_PANEL,
            further="r.returned_for = ''",
        ),
        step_needs("closed_without_opinion", "decisions_panelopinion", Step.CLOSE_PANEL),
        step_needs("voided_without_record", "decisions_voided", Step.VOID_DECISION),
    ]


def further_steps_need_records() -> list[RowRule]:
    """A decision to sign that nobody made and signed first, a client asked for its consent to nothing, an answer of the
    client's that it did not give, a return by the reviewer without a reason, a count reopened though nobody left: a
    case would wait for what can not come."""
    first = (
        f"{_NOT_VOID.replace('d.id', 'r.id')} AND EXISTS (SELECT 1 FROM decisions_signature AS g "
        f"WHERE g.decision_id = r.id AND g.part = '{Part.DECISION_MAKER}')"
    )
    returned, reviewing = "r.returned_for <> ''", (State.TECHNICAL_REVIEW,)
    leaves = "(SELECT s.case_id, l.at FROM decisions_leave AS l JOIN decisions_seat AS s ON s.id = l.seat_id)"
    return [
        step_needs("decided_without_decision", "decisions_decision", Step.DECIDE, further=first),
        step_needs("asked_without_proposal", "decisions_proposal", Step.ASK_CONSENT),
        step_needs("consent_not_given", "decisions_consent", Step.GIVE_CONSENT, further="r.given"),
        step_needs("consent_not_denied", "decisions_consent", Step.DENY_CONSENT, further="NOT r.given"),
        step_needs(
            "returned_without_review",
            "decisions_review",
            Step.RETURN_TO_EVALUATION,
            further=returned,
            before=reviewing,
        ),
        step_needs("reopened_without_leave", leaves, Step.REOPEN_PANEL),
    ]


def office_without_part() -> list[RowRule]:
    """A panel or a notice run by somebody who does not play that part, and so could go on to decide: a seat given, a
    member withdrawn, a panel counted, a notice closed."""
    steps = ", ".join(f"'{each}'" for each in (Step.CLOSE_PANEL, Step.REOPEN_PANEL, Step.CLOSE_NOTICE))

    def idle(case: str, who: str) -> str:
        return (
            f"NOT EXISTS (SELECT 1 FROM applications_involvement AS p WHERE p.case_id = {case} "
            f"AND p.account_id = NEW.{who} AND p.part = '{Part.PANEL_OFFICER}')"
        )

    seat = "(SELECT s.case_id FROM decisions_seat AS s WHERE s.id = NEW.seat_id)"
    own = "NEW.case_id"
    moved = f"NEW.step IN ({steps}) AND NEW.account_id IS NOT NULL AND {idle(own, 'account_id')}"
    return [
        RowRule("seat_by_part", "decisions_seat", "INSERT", idle(own, "convened_by_id")),
        RowRule("leave_by_part", "decisions_leave", "INSERT", idle(seat, "account_id")),
        RowRule("count_by_part", "decisions_panelopinion", "INSERT", idle(own, "account_id")),
        RowRule("moved_by_part", "applications_casestep", "INSERT", moved),
    ]


def notice_cut_short() -> RowRule:
    """A notice closed before its last day is over. One from before the panel counted anew, or from before another
    technical review, runs no more."""
    counted = "SELECT 1 FROM decisions_panelopinion AS o WHERE o.case_id = n.case_id AND o.at > n.at"
    reviewed = (
        "SELECT 1 FROM applications_casestep AS s WHERE s.case_id = n.case_id AND s.number > n.round "
        f"AND s.after = '{State.TECHNICAL_REVIEW}'"
    )
    running = (
        "SELECT 1 FROM decisions_notice AS n WHERE n.case_id = NEW.case_id AND date(n.last_day) >= local_day(NEW.at) "
        f"AND NOT EXISTS ({counted}) AND NOT EXISTS ({reviewed})"
    )
    condition = f"NEW.step = '{Step.CLOSE_NOTICE}' AND EXISTS ({running})"
    return RowRule("notice_cut_short", "applications_casestep", "INSERT", condition)


def review_anew() -> list[RowRule]:
    """A case returned to its review by somebody who neither decides nor runs panel or notice, or while the reviewer
    keeps the part."""
    returns = f"NEW.step = '{Step.RETURN_TO_REVIEW}'"
    parts = f"'{Part.DECISION_MAKER}', '{Part.PANEL_OFFICER}'"
    played = (
        "SELECT 1 FROM applications_involvement AS p WHERE p.case_id = NEW.case_id "
        f"AND p.account_id = NEW.account_id AND p.part IN ({parts})"
    )
    reviewer = (
        "EXISTS (SELECT 1 FROM applications_involvement AS p WHERE p.id = r.involvement_id "
        f"AND p.part = '{Part.TECHNICAL_REVIEWER}')"
    )
    return [
        RowRule("anew_by_part", "applications_casestep", "INSERT", f"{returns} AND NOT EXISTS ({played})"),
        step_needs("anew_without_relief", "applications_relief", Step.RETURN_TO_REVIEW, further=reviewer),
    ]


def of_standing_reviewer() -> list[RowRule]:
    """What the technical reviewer does, by one whose part has not ended."""
    return [
        deed_needs_standing_part(f"{name}_needs_part", f"decisions_{name}", Part.TECHNICAL_REVIEWER)
        for name in ("review", "objectionanswer")
    ]


def of_deeds() -> list[RowRule]:
    """Who may do what, and where the case must stand."""
    parts = {
        "review": Part.TECHNICAL_REVIEWER,
        "seat": Part.PANEL_MEMBER,
        "vote": Part.PANEL_MEMBER,
        "objectionanswer": Part.TECHNICAL_REVIEWER,
        "proposal": Part.DECISION_MAKER,
        "decision": Part.DECISION_MAKER,
    }
    states = {
        "review": State.TECHNICAL_REVIEW,
        "seat": State.PANEL,
        "vote": State.PANEL,
        "panelopinion": State.PANEL,
        "notice": State.NOTICE,
        "objection": State.NOTICE,
        "objectionanswer": State.NOTICE,
        "proposal": State.DECISION,
        "consent": State.CONSENT,
        "decision": State.DECISION,
        "voided": State.SIGNATURE,
    }
    return [
        *(deed_needs_part(f"{name}_needs_part", f"decisions_{name}", part) for name, part in parts.items()),
        *(deed_needs_state(f"{name}_needs_state", f"decisions_{name}", state) for name, state in states.items()),
    ]


TABLES = (
    "review",
    "seat",
    "leave",
    "vote",
    "panelopinion",
    "notice",
    "objection",
    "objectionanswer",
    "proposal",
    "consent",
    "decision",
    "signature",
    "voided",
)
"""Every table of this app, all of them append-only."""
