# SPDX-License-Identifier: Apache-2.0
"""No visit is planned and no report issued without its record."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import refuse_rows, step_needs
from gradus.process.states import Step


class Migration(migrations.Migration):
    dependencies: ClassVar = [("visits", "0002_guards")]
    operations: ClassVar = [
        refuse_rows(
            step_needs("planned_without_visit", "visits_visit", Step.PLAN_VISIT),
            step_needs("issued_without_report", "visits_evaluationreport", Step.ISSUE_REPORT),
        )
    ]
