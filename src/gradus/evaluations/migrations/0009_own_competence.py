# SPDX-License-Identifier: Apache-2.0
"""Nobody records a competence of their own."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import refuse_rows
from gradus.evaluations.triggers import competence_of_ones_own


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluations", "0008_team")]
    operations: ClassVar = [refuse_rows(competence_of_ones_own())]
