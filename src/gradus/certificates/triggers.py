# SPDX-License-Identifier: Apache-2.0
"""What the database itself refuses in stage 5."""

from gradus.applications.triggers import RowRule, deed_needs_part, deed_needs_state
from gradus.process.parts import Part
from gradus.process.states import State

TABLES = (
    "issuernamed",
    "key",
    "keyend",
    "keytheft",
    "changeproposal",
    "changedecision",
    "certificate",
    "statuschange",
    "leaf",
    "node",
    "checkpoint",
    "publication",
    "statuslistissue",
)
"""Every table of this app that is append-only."""


def certificate_needs_grant() -> RowRule:
    """A certificate that rests on no grant of its case, one that is void, without its two signatures, or signed later;
    nor on an accepted replacement in its case."""
    signatures = "SELECT COUNT(*) FROM decisions_signature AS g WHERE g.decision_id = d.id AND g.at <= NEW.at"
    grant = (
        "SELECT 1 FROM decisions_decision AS d WHERE d.id = NEW.decision_id AND d.case_id = NEW.case_id "
        f"AND d.outcome <> '' AND ({signatures}) = 2 "
        "AND NOT EXISTS (SELECT 1 FROM decisions_voided AS v WHERE v.decision_id = d.id)"
    )
    replacement = (
        "SELECT 1 FROM certificates_changedecision AS d JOIN certificates_changeproposal AS p ON p.id = d.proposal_id "
        "WHERE d.id = NEW.replacement_id AND d.case_id = NEW.case_id AND d.accepted AND d.at <= NEW.at "
        "AND p.change = 'superseded' AND p.certificate_id = NEW.supersedes"
    )
    return RowRule(
        "certificate_needs_grant",
        "certificates_certificate",
        "INSERT",
        f"NOT EXISTS ({grant}) AND NOT EXISTS ({replacement})",
    )


def decision_by_another() -> RowRule:
    """A decision by whoever proposed it, about a proposal of another case, before it, or proven after it was made."""
    proposal = (
        "SELECT 1 FROM certificates_changeproposal AS p WHERE p.id = NEW.proposal_id AND p.case_id = NEW.case_id "
        "AND p.account_id <> NEW.account_id AND p.at <= NEW.at"
    )
    return RowRule(
        "decision_by_another",
        "certificates_changedecision",
        "INSERT",
        f"NOT EXISTS ({proposal}) OR NEW.authenticated_at > NEW.at",
    )


def proposal_of_case() -> RowRule:
    """A proposal about a certificate of another case."""
    own = "SELECT 1 FROM certificates_certificate AS c WHERE c.number = NEW.certificate_id AND c.case_id = NEW.case_id"
    return RowRule("proposal_of_case", "certificates_changeproposal", "INSERT", f"NOT EXISTS ({own})")


def change_needs_decision() -> RowRule:
    """A change of standing that nobody decided, or for which no certificate takes the place of the other."""
    decided = (
        "SELECT 1 FROM certificates_changedecision AS d JOIN certificates_changeproposal AS p ON p.id = d.proposal_id "
        "WHERE d.id = NEW.decision_id AND d.accepted AND d.at <= NEW.at AND p.change <> 'superseded' "
        "AND p.certificate_id = NEW.certificate_id"
    )
    succeeded = (
        "SELECT 1 FROM certificates_certificate AS c WHERE c.number = NEW.successor_id "
        "AND c.supersedes = NEW.certificate_id"
    )
    return RowRule(
        "change_needs_decision",
        "certificates_statuschange",
        "INSERT",
        f"NOT EXISTS ({decided}) AND NOT EXISTS ({succeeded})",
    )


def leaf_in_line() -> RowRule:
    """A leaf that does not follow the last one."""
    before = 'SELECT 1 FROM certificates_leaf AS l WHERE l."index" = NEW."index" - 1'
    return RowRule(
        "leaf_in_line", "certificates_leaf", "INSERT", f'NEW."index" < 0 OR (NEW."index" > 0 AND NOT EXISTS ({before}))'
    )


def checkpoint_over_leaves() -> RowRule:
    """A checkpoint over leaves that are not there, or not over all of them."""
    last = 'SELECT 1 FROM certificates_leaf AS l WHERE l."index" = NEW.size - 1'
    more = 'SELECT 1 FROM certificates_leaf AS l WHERE l."index" = NEW.size'
    return RowRule(
        "checkpoint_over_leaves",
        "certificates_checkpoint",
        "INSERT",
        f"NEW.size > 0 AND NOT EXISTS ({last}) OR EXISTS ({more})",
    )


def of_deeds() -> list[RowRule]:
    """Who may do what, and where the case must stand."""
    return [
        deed_needs_part("change_by_decision_maker", "certificates_changedecision", Part.DECISION_MAKER),
        *(
            deed_needs_state(f"{name}_of_granted", f"certificates_{name}", State.GRANTED)
            for name in ("certificate", "changeproposal", "changedecision")
        ),
    ]
