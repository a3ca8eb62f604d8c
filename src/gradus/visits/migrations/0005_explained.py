# SPDX-License-Identifier: Apache-2.0
"""Nobody signs whose absence was explained."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import refuse_rows
from gradus.visits.triggers import signing_after_explanation


class Migration(migrations.Migration):
    dependencies: ClassVar = [("visits", "0004_local_day")]
    operations: ClassVar = [refuse_rows(signing_after_explanation())]
