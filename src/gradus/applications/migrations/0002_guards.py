# SPDX-License-Identifier: Apache-2.0
"""The database itself keeps the order of steps, the separation of duties, and what stage 1 records: never changed, and written
by the right people while the case stands where it must."""

from typing import ClassVar

from django.db import migrations

from gradus.applications import triggers
from gradus.journal.triggers import append_only
from gradus.process.parts import Part
from gradus.process.states import State

_ASKING = (State.SUPPLEMENT.value, State.REVIEW_SUPPLEMENT.value)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("applications", "0001_initial")]
    operations: ClassVar = [
        append_only(
            "applications_agreement",
            "applications_applicationreview",
            "applications_bodyevent",
            "applications_casestep",
            "applications_filing",
            "applications_heldcertificate",
            "applications_involvement",
            "applications_keptprocedure",
            "applications_quotation",
            "applications_mark",
            "applications_relief",
            "applications_supplementanswer",
            "applications_supplementitem",
            "applications_tie",
        ),
        triggers.refuse_rows(
            triggers.unknown_step(),
            triggers.step_out_of_line(),
            triggers.case_begins_new(),
            triggers.state_without_step(),
            triggers.forbidden_parts(),
            triggers.part_of_tied(),
            triggers.part_of_clients_own(),
            triggers.deed_needs_part(
                "review_by_reviewer", "applications_applicationreview", Part.APPLICATION_REVIEWER.value
            ),
            triggers.deed_needs_state(
                "review_in_stage", "applications_applicationreview", State.APPLIED.value, State.SUPPLEMENT.value
            ),
            triggers.deed_needs_part(
                "item_by_reviewer",
                "applications_supplementitem",
                Part.APPLICATION_REVIEWER.value,
                Part.LEAD_ASSESSOR.value,
                Part.ASSESSOR.value,
            ),
            triggers.deed_needs_state("item_in_stage", "applications_supplementitem", *_ASKING),
            triggers.item_without_asking(),
            triggers.deed_needs_state("answer_in_stage", "applications_supplementanswer", *_ASKING),
            triggers.answer_elsewhere(),
            triggers.resumed_unanswered(),
            triggers.deed_needs_state(
                "quotation_in_stage", "applications_quotation", State.ACCEPTED.value, State.QUOTED.value
            ),
            triggers.deed_needs_state("agreement_in_stage", "applications_agreement", State.QUOTED.value),
            triggers.agreed_to_another(),
            triggers.concluded_without_review(),
            triggers.agreed_without_record(),
        ),
    ]
