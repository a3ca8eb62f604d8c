# SPDX-License-Identifier: Apache-2.0
"""No case is removed or replaced to be bound to something else, and none rests on what was filed out of time."""

from typing import ClassVar

from django.db import migrations

from gradus.applications import triggers
from gradus.journal.triggers import RefuseReplacing
from gradus.process.states import State

_FILED_IN = (State.NEW.value, State.SUPPLEMENT.value, State.REVIEW_SUPPLEMENT.value)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("applications", "0005_local_day")]
    operations: ClassVar = [
        RefuseReplacing("applications_case"),
        triggers.refuse_rows(
            triggers.case_is_kept(),
            triggers.case_of_newest_filing(),
            triggers.deed_needs_state("filed_out_of_time", "applications_filing", *_FILED_IN),
        ),
        triggers.refuse_anew(triggers.case_is_fixed()),
    ]
