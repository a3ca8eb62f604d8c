# SPDX-License-Identifier: Apache-2.0
"""A technical review can be made anew by somebody else: the database knows the step."""

from typing import ClassVar

from django.db import migrations, models

from gradus.applications import triggers
from gradus.process.states import Step


class Migration(migrations.Migration):
    dependencies: ClassVar = [("applications", "0010_quoted")]
    operations: ClassVar = [
        migrations.AlterField(
            model_name="casestep",
            name="step",
            field=models.CharField(choices=[(each.value, each.value) for each in Step], max_length=40),
        ),
        triggers.refuse_anew(triggers.unknown_step()),
    ]
