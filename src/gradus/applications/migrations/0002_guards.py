# SPDX-License-Identifier: Apache-2.0
"""The database itself keeps the order of steps and the separation of duties."""

from typing import ClassVar

from django.db import migrations

from gradus.applications import triggers
from gradus.journal.triggers import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [("applications", "0001_initial")]
    operations: ClassVar = [
        append_only(
            "applications_casestep",
            "applications_filing",
            "applications_involvement",
            "applications_keptprocedure",
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
        ),
    ]
