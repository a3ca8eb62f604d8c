# SPDX-License-Identifier: Apache-2.0
"""The database itself keeps that nothing is stated without a decision, and that nothing stated is edited."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import refuse_rows
from gradus.certificates import triggers
from gradus.journal.migrating import Execute
from gradus.journal.triggers import append_only


_EMPTY_LOG = "INSERT INTO certificates_loghead (id, size, roots) VALUES (1, 0, '[]')"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("certificates", "0001_initial"), ("decisions", "0002_guards")]
    operations: ClassVar = [
        append_only(*(f"certificates_{each}" for each in triggers.TABLES)),
        refuse_rows(
            *triggers.of_deeds(),
            triggers.certificate_needs_grant(),
            triggers.decision_by_another(),
            triggers.proposal_of_case(),
            triggers.change_needs_decision(),
            triggers.leaf_in_line(),
            triggers.checkpoint_over_leaves(),
        ),
        Execute(lambda _: [_EMPTY_LOG], lambda _: []),
    ]
