# SPDX-License-Identifier: Apache-2.0
"""Nobody answers what the client objects to in themselves."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import refuse_rows
from gradus.evaluations.triggers import answer_of_ones_own


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluations", "0006_panel_officer")]
    operations: ClassVar = [refuse_rows(answer_of_ones_own())]
