# SPDX-License-Identifier: Apache-2.0
"""Every kind of event that the journal knows, in the past tense, alphabetical. Their words stand in ``sentences``."""

from enum import StrEnum


class Kind(StrEnum):
    """What was done."""

    ACCESS_ASKED = "access.asked"
    ACCESS_ENDED = "access.ended"
    ACCESS_GRANTED = "access.granted"
    ACCESS_REFUSED = "access.refused"
    ACCESS_USED = "access.used"
    ACCOUNT_CHANGED = "account.changed"
    ACCOUNT_CLOSED = "account.closed"
    ACCOUNT_CREATED = "account.created"
    ACCOUNT_SECOND_FACTOR_RESET = "account.second_factor_reset"
    APPOINTMENT_CHANGED = "appointment.changed"
    APPOINTMENT_ENDED = "appointment.ended"
    APPOINTMENT_MADE = "appointment.made"
    BACKUP_RESTORED = "backup.restored"
    CASE_ADVANCED = "case.advanced"
    CERTIFICATE_CHANGE_DECIDED = "certificate.change_decided"
    CERTIFICATE_CHANGE_PROPOSED = "certificate.change_proposed"
    CERTIFICATE_ISSUED = "certificate.issued"
    CERTIFICATE_PUBLISHED = "certificate.published"
    CITATION_ADDED = "citation.added"
    CITATION_REMOVED = "citation.removed"
    COMPETENCE_RECORDED = "competence.recorded"
    DECISION_GRANTED = "decision.granted"
    DECISION_REFUSED = "decision.refused"
    DOSSIER_AIMED = "dossier.aimed"
    DOSSIER_CREATED = "dossier.created"
    DOSSIER_IMPORTED = "dossier.imported"
    DOSSIER_ROLLED_FORWARD = "dossier.rolled_forward"
    DOSSIER_ROWS_CHANGED = "dossier.rows_changed"
    DOSSIER_ROWS_CONFIRMED = "dossier.rows_confirmed"
    DOSSIER_SUBMITTED = "dossier.submitted"
    DRAW_ANSWERED = "draw.answered"
    DRAW_COMMITTED = "draw.committed"
    DRAW_OPENED = "draw.opened"
    EVIDENCE_ADDED = "evidence.added"
    EVIDENCE_CHANGED = "evidence.changed"
    EVIDENCE_END_TOLD = "evidence.end_told"
    EVIDENCE_REMOVED = "evidence.removed"
    EVIDENCE_RESTORED = "evidence.restored"
    FINDING_ANSWERED = "finding.answered"
    FINDING_NOTED = "finding.noted"
    FINDING_RECORDED = "finding.recorded"
    FINDING_VERIFIED = "finding.verified"
    INVITATION_ACCEPTED = "invitation.accepted"
    INVITATION_MADE = "invitation.made"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    ISSUER_NAMED = "issuer.named"
    ITEM_RATED = "item.rated"
    KEY_MADE = "key.made"
    KEY_STOLEN = "key.stolen"
    LOG_EXTENDED = "log.extended"
    MARK_DECLARED = "mark.declared"
    NOTICE_ANSWERED = "notice.answered"
    NOTICE_OBJECTED = "notice.objected"
    ORGANISATION_CREATED = "organisation.created"
    PANEL_CONVENED = "panel.convened"
    PANEL_MEMBER_WITHDRAWN = "panel.member_withdrawn"
    PANEL_VOTED = "panel.voted"
    REGISTER_CERTIFICATE_CORRECTED = "register.certificate_corrected"
    REGISTER_CERTIFICATE_ENTERED = "register.certificate_entered"
    REGISTER_CERTIFICATES_IMPORTED = "register.certificates_imported"
    REGISTER_EVENT_RECORDED = "register.event_recorded"
    ROW_ACCEPTED = "row.accepted"
    ROWS_ACCEPTED = "row.others_accepted"
    ROW_REJECTED = "row.rejected"
    STATUS_LISTS_ISSUED = "status.lists_issued"
    TEAM_AGREED = "team.agreed"
    TEAM_OBJECTED = "team.objected"
    OBJECTION_ANSWERED = "team.objection_answered"
    OBJECTION_TAKEN_BACK = "team.objection_taken_back"
    TIES_FOUND = "tie.found"
    TIE_RECORDED = "tie.recorded"
    TOKEN_ENDED = "token.ended"  # noqa: S105  no password
    TOKEN_MADE = "token.made"  # noqa: S105  no password
    VISIT_EXPLAINED = "visit.explained"
    VISIT_RECORDED = "visit.recorded"
    VISIT_SIGNED = "visit.signed"


KEPT_BY_THE_BODY = frozenset(
    {
        Kind.FINDING_NOTED,
        Kind.ITEM_RATED,
        Kind.NOTICE_ANSWERED,
        Kind.NOTICE_OBJECTED,
        Kind.PANEL_CONVENED,
        Kind.PANEL_MEMBER_WITHDRAWN,
        Kind.PANEL_VOTED,
        Kind.ROWS_ACCEPTED,
        Kind.ROW_ACCEPTED,
        Kind.ROW_REJECTED,
        Kind.TIES_FOUND,
        Kind.TIE_RECORDED,
    }
)
"""What is written of a client's case and not for the client: who told the body of a tie, who objected in public, how an
expert voted, what an assessor thinks before the report (ISO/IEC 17065, 4.5: confidential also towards the client)."""
