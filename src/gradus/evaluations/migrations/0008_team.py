# SPDX-License-Identifier: Apache-2.0
"""No team is proposed that there is not, and no document review begins without one that the client was heard about."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import refuse_rows
from gradus.evaluations.triggers import steps_need_team


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluations", "0007_own_objection"), ("applications", "0002_guards")]
    operations: ClassVar = [refuse_rows(*steps_need_team())]
