# SPDX-License-Identifier: Apache-2.0
"""The database itself keeps those who conclude a case from running its panel and its notice."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import refuse_rows
from gradus.decisions import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar = [("decisions", "0005_local_day"), ("applications", "0002_guards")]
    operations: ClassVar = [refuse_rows(*triggers.office_without_part())]
