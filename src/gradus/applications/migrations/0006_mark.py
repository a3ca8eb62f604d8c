# SPDX-License-Identifier: Apache-2.0
"""Marks of people stand beside ties, because every stage looks for them. The table is the one that there is."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_HOLDS = [("name", "name"), ("certificate", "certificate"), ("employer", "employer")]


def _of_account(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("applications", "0005_relief"),
        ("evaluations", "0004_mark_moves"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Mark",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("holds", models.CharField(choices=_HOLDS, max_length=20)),
                        ("mark", models.CharField(max_length=64)),
                        ("starts_on", models.DateField(blank=True, null=True)),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("told_at", models.DateTimeField()),
                        ("account", _of_account("marks")),
                        ("told_by", _of_account("+")),
                    ],
                    options={
                        "db_table": "evaluations_mark",
                        "indexes": [models.Index(fields=["holds", "mark"], name="mark_known")],
                    },
                )
            ]
        ),
    ]
