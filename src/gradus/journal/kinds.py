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
    CITATION_ADDED = "citation.added"
    CITATION_REMOVED = "citation.removed"
    DOSSIER_AIMED = "dossier.aimed"
    DOSSIER_CREATED = "dossier.created"
    DOSSIER_IMPORTED = "dossier.imported"
    DOSSIER_ROLLED_FORWARD = "dossier.rolled_forward"
    DOSSIER_ROWS_CHANGED = "dossier.rows_changed"
    DOSSIER_ROWS_CONFIRMED = "dossier.rows_confirmed"
    DOSSIER_SUBMITTED = "dossier.submitted"
    EVIDENCE_ADDED = "evidence.added"
    EVIDENCE_CHANGED = "evidence.changed"
    EVIDENCE_REMOVED = "evidence.removed"
    INVITATION_ACCEPTED = "invitation.accepted"
    INVITATION_MADE = "invitation.made"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    ORGANISATION_CREATED = "organisation.created"
