# SPDX-License-Identifier: Apache-2.0
"""The database itself keeps who may decide, and that two sign the same file."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import refuse_rows
from gradus.decisions import triggers
from gradus.journal.triggers import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [("decisions", "0001_initial"), ("applications", "0002_guards")]
    operations: ClassVar = [
        append_only(*(f"decisions_{each}" for each in triggers.TABLES)),
        refuse_rows(
            *triggers.of_deeds(),
            triggers.vote_of_member(),
            triggers.signature_of_part(),
            triggers.signature_over_file(),
            triggers.end_needs_signatures(),
        ),
    ]
