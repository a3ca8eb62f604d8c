# SPDX-License-Identifier: Apache-2.0
"""The steps know how a panel is reopened; nothing is accepted, refused or agreed to without its record."""

from typing import ClassVar

from django.db import migrations, models

from gradus.applications import triggers
from gradus.process.states import Step


class Migration(migrations.Migration):
    dependencies: ClassVar = [("applications", "0006_mark")]
    operations: ClassVar = [
        migrations.AlterField(
            model_name="casestep",
            name="step",
            field=models.CharField(choices=[(each.value, each.value) for each in Step], max_length=40),
        ),
        triggers.refuse_anew(triggers.unknown_step()),
        triggers.refuse_rows(triggers.concluded_without_review(), triggers.agreed_without_record()),
    ]
