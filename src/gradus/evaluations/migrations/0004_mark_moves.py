# SPDX-License-Identifier: Apache-2.0
"""Marks are looked for in every stage, so they stand where ties do (applications, migration 0006); the table stays."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluations", "0003_present_team")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Mark")]),
    ]
