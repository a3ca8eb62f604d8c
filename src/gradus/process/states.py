# SPDX-License-Identifier: Apache-2.0
"""Where a case can stand, and the only ways from one state to another.

The stages follow each other strictly and none can be skipped (Regulation on Certification and Accreditation, art. 21:
no prescribed procedure is added, dropped or skipped). The database refuses the same steps (applications, migration
0002), made from the same table.
"""

from collections.abc import Mapping
from enum import StrEnum

from gradus.grading.faults import Fault, Refusal


class State(StrEnum):
    """The whole state of a case; what can be derived (overdue, waiting for whom) is never stored."""

    NEW = "new"  # before its first step; no case rests here
    APPLIED = "applied"  # stage 1: completeness and the application review
    SUPPLEMENT = "supplement"  # stage 1: the client supplements, the clock stands still
    ACCEPTED = "accepted"  # stage 1: to be quoted
    QUOTED = "quoted"  # stage 1: the client reads quotation and agreement
    AGREED = "agreed"  # stage 2: a team is to be appointed
    OBJECTION = "objection"  # stage 2: the client may object to members of the team
    DOCUMENT_REVIEW = "document_review"  # stage 2: claimed facts beside their evidence
    REVIEW_SUPPLEMENT = "review_supplement"  # stage 2: the client supplements, the clock stands still
    PLANNING = "planning"  # stage 3: the visit is to be planned
    ON_SITE = "on_site"  # stage 3: between the plan and the closing meeting
    CORRECTION = "correction"  # stage 3: nonconformities are open
    REPORTING = "reporting"  # stage 3: the evaluation report is to be issued
    TECHNICAL_REVIEW = "technical_review"  # stage 4
    PANEL = "panel"  # stage 4: experts vote
    NOTICE = "notice"  # stage 4: the public may speak
    DECISION = "decision"  # stage 4: to be decided
    CONSENT = "consent"  # stage 4: the client is asked whether a lower outcome or a smaller scope is wanted
    SIGNATURE = "signature"  # stage 4: decided by one, to be signed by another
    GRANTED = "granted"
    REFUSED = "refused"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"  # by the client, before a decision
    TERMINATED = "terminated"  # by the body, without a decision: the client let its time pass


class Step(StrEnum):
    """What moves a case, as a verb; the actions bear these names."""

    APPLY = "apply"
    ASK_SUPPLEMENT = "ask_supplement"
    ANSWER_SUPPLEMENT = "answer_supplement"
    ACCEPT_APPLICATION = "accept_application"
    REFUSE_APPLICATION = "refuse_application"
    QUOTE = "quote"
    RECORD_AGREEMENT = "record_agreement"
    PROPOSE_TEAM = "propose_team"
    CHANGE_TEAM = "change_team"
    START_DOCUMENT_REVIEW = "start_document_review"
    ASK_REVIEW_SUPPLEMENT = "ask_review_supplement"
    ANSWER_REVIEW_SUPPLEMENT = "answer_review_supplement"
    FINISH_DOCUMENT_REVIEW = "finish_document_review"
    PLAN_VISIT = "plan_visit"
    WITHDRAW_PLAN = "withdraw_plan"
    FINISH_VISIT = "finish_visit"
    CLOSE_CORRECTIONS = "close_corrections"
    REPEAT_VISIT = "repeat_visit"
    ISSUE_REPORT = "issue_report"
    RECOMMEND = "recommend"
    RETURN_TO_EVALUATION = "return_to_evaluation"
    RETURN_TO_REVIEW = "return_to_review"
    OPEN_PANEL = "open_panel"
    CLOSE_PANEL = "close_panel"
    REOPEN_PANEL = "reopen_panel"
    CLOSE_NOTICE = "close_notice"
    ASK_CONSENT = "ask_consent"
    GIVE_CONSENT = "give_consent"
    DENY_CONSENT = "deny_consent"
    DECIDE = "decide"
    VOID_DECISION = "void_decision"
    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"


STAGES: Mapping[State, int] = {
    State.APPLIED: 1,
    State.SUPPLEMENT: 1,
    State.ACCEPTED: 1,
    State.QUOTED: 1,
    State.AGREED: 2,
    State.OBJECTION: 2,
    State.DOCUMENT_REVIEW: 2,
    State.REVIEW_SUPPLEMENT: 2,
    State.PLANNING: 3,
    State.ON_SITE: 3,
    State.CORRECTION: 3,
    State.REPORTING: 3,
    State.TECHNICAL_REVIEW: 4,
    State.PANEL: 4,
    State.NOTICE: 4,
    State.DECISION: 4,
    State.CONSENT: 4,
    State.SIGNATURE: 4,
    State.GRANTED: 5,
}
"""The stage, counted from 1, that a state belongs to; a case that ended without a grant belongs to none."""

ENDED = frozenset({State.GRANTED, State.REFUSED, State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED})
"""States that nothing leaves: an ended case is never reopened, a new one begins."""

CLIENT_TURN = frozenset({State.SUPPLEMENT, State.QUOTED, State.REVIEW_SUPPLEMENT, State.CONSENT})
"""States in which the client is awaited and the body's clock stands still."""

TERMINABLE = (
    State.SUPPLEMENT,
    State.QUOTED,
    State.REVIEW_SUPPLEMENT,
    State.ON_SITE,
    State.CORRECTION,
    State.CONSENT,
)
"""States that only the client may be able to bring to an end; from them the body terminates a case whose client let its
time pass."""

TEAM_CHANGES = (
    State.OBJECTION,
    State.DOCUMENT_REVIEW,
    State.PLANNING,
    State.ON_SITE,
    State.CORRECTION,
    State.REPORTING,
)
"""States in which the office may take a team back, to propose another: the client hears of it again, and the
evaluation begins anew with the document review. A member may fall ill, or turn out to be tied to the client."""

REVIEWED = (State.PANEL, State.NOTICE, State.DECISION, State.CONSENT)
"""States that rest on a technical review. From them the case goes back to another one, when the reviewer turns out to
be tied to the client: the evaluation stands, and is not done again for that."""

_STEPS: tuple[tuple[Step, State, State], ...] = (
    (Step.APPLY, State.NEW, State.APPLIED),
    (Step.ASK_SUPPLEMENT, State.APPLIED, State.SUPPLEMENT),
    (Step.ANSWER_SUPPLEMENT, State.SUPPLEMENT, State.APPLIED),
    (Step.ACCEPT_APPLICATION, State.APPLIED, State.ACCEPTED),
    (Step.REFUSE_APPLICATION, State.APPLIED, State.NOT_ACCEPTED),
    (Step.REFUSE_APPLICATION, State.SUPPLEMENT, State.NOT_ACCEPTED),
    (Step.QUOTE, State.ACCEPTED, State.QUOTED),
    (Step.QUOTE, State.QUOTED, State.QUOTED),
    (Step.RECORD_AGREEMENT, State.QUOTED, State.AGREED),
    (Step.PROPOSE_TEAM, State.AGREED, State.OBJECTION),
    *((Step.CHANGE_TEAM, state, State.AGREED) for state in TEAM_CHANGES),
    (Step.START_DOCUMENT_REVIEW, State.OBJECTION, State.DOCUMENT_REVIEW),
    (Step.ASK_REVIEW_SUPPLEMENT, State.DOCUMENT_REVIEW, State.REVIEW_SUPPLEMENT),
    (Step.ANSWER_REVIEW_SUPPLEMENT, State.REVIEW_SUPPLEMENT, State.DOCUMENT_REVIEW),
    (Step.FINISH_DOCUMENT_REVIEW, State.DOCUMENT_REVIEW, State.PLANNING),
    (Step.PLAN_VISIT, State.PLANNING, State.ON_SITE),
    (Step.WITHDRAW_PLAN, State.ON_SITE, State.PLANNING),
    (Step.FINISH_VISIT, State.ON_SITE, State.CORRECTION),
    (Step.CLOSE_CORRECTIONS, State.CORRECTION, State.REPORTING),
    (Step.REPEAT_VISIT, State.CORRECTION, State.PLANNING),
    (Step.ISSUE_REPORT, State.REPORTING, State.TECHNICAL_REVIEW),
    (Step.RETURN_TO_EVALUATION, State.TECHNICAL_REVIEW, State.DOCUMENT_REVIEW),
    (Step.RETURN_TO_EVALUATION, State.DECISION, State.DOCUMENT_REVIEW),
    (Step.RECOMMEND, State.TECHNICAL_REVIEW, State.NOTICE),
    (Step.OPEN_PANEL, State.TECHNICAL_REVIEW, State.PANEL),
    (Step.CLOSE_PANEL, State.PANEL, State.NOTICE),
    (Step.REOPEN_PANEL, State.NOTICE, State.PANEL),
    (Step.REOPEN_PANEL, State.DECISION, State.PANEL),
    (Step.REOPEN_PANEL, State.CONSENT, State.PANEL),
    *((Step.RETURN_TO_REVIEW, state, State.TECHNICAL_REVIEW) for state in REVIEWED),
    (Step.CLOSE_NOTICE, State.NOTICE, State.DECISION),
    (Step.ASK_CONSENT, State.DECISION, State.CONSENT),
    (Step.GIVE_CONSENT, State.CONSENT, State.DECISION),
    (Step.DENY_CONSENT, State.CONSENT, State.DECISION),
    (Step.DECIDE, State.DECISION, State.SIGNATURE),
    (Step.VOID_DECISION, State.SIGNATURE, State.DECISION),
    (Step.GRANT, State.SIGNATURE, State.GRANTED),
    (Step.REFUSE, State.SIGNATURE, State.REFUSED),
    *((Step.WITHDRAW, state, State.WITHDRAWN) for state in STAGES if state not in ENDED),
    *((Step.TERMINATE, state, State.TERMINATED) for state in TERMINABLE),
)

TRANSITIONS: Mapping[tuple[State, Step], State] = {(before, step): after for step, before, after in _STEPS}
"""(state, step) to the state it leads to; what is not here is refused."""


def after(state: State, step: Step) -> State:
    """The state that a step leads to. Raises Refusal (``case.not_now``) when it may not be taken from here."""
    found = TRANSITIONS.get((state, step))
    if found is None:
        raise Refusal([Fault("case.not_now", params={"step": step.value, "state": state.value})])
    return found
