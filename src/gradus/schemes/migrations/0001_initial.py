# SPDX-License-Identifier: Apache-2.0
"""Editions as they were used."""

from typing import ClassVar

from gradus.journal.migrating import CreateModels
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="KeptEdition",
                    fields=[
                        ("hash", models.CharField(max_length=80, primary_key=True, serialize=False)),
                        ("name", models.CharField(max_length=80)),
                        ("content", models.TextField()),
                        ("kept_at", models.DateTimeField()),
                    ],
                ),
            ]
        ),
    ]
