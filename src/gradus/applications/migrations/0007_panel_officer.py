# SPDX-License-Identifier: Apache-2.0
"""Running a panel and a notice from the office is a part, and goes with none that concludes the case."""

from typing import ClassVar

from django.db import migrations, models

from gradus.applications import triggers
from gradus.process.parts import Part


class Migration(migrations.Migration):
    dependencies: ClassVar = [("applications", "0006_kept")]
    operations: ClassVar = [
        migrations.AlterField(
            model_name="involvement",
            name="part",
            field=models.CharField(choices=[(each.value, each.value) for each in Part], max_length=30),
        ),
        triggers.refuse_anew(triggers.forbidden_parts()),
    ]
