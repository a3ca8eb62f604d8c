# SPDX-License-Identifier: Apache-2.0
"""The journal."""

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
                    name="Head",
                    fields=[
                        ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                        ("sequence", models.BigIntegerField()),
                        ("hash", models.CharField(max_length=64)),
                    ],
                ),
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("kind", models.CharField(max_length=40)),
                        ("actor", models.CharField(max_length=36)),
                        ("actor_name", models.CharField(max_length=200)),
                        ("appointment", models.CharField(max_length=80)),
                        ("organisation", models.CharField(blank=True, max_length=36)),
                        ("subject", models.CharField(blank=True, max_length=80)),
                        ("payload", models.TextField()),
                        ("previous", models.CharField(max_length=64)),
                        ("hash", models.CharField(max_length=64, unique=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["organisation", "sequence"], name="journal_organisation"),
                            models.Index(fields=["subject", "sequence"], name="journal_subject"),
                        ],
                    },
                ),
            ]
        ),
    ]
