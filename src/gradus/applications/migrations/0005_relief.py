# SPDX-License-Identifier: Apache-2.0
"""A part can end, which is never taken back; and the table of steps knows more ways."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gradus.applications import triggers
from gradus.journal.triggers import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("applications", "0004_stage_one_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Relief",
            fields=[
                (
                    "involvement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="relief",
                        serialize=False,
                        to="applications.involvement",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.case"
                    ),
                ),
            ],
        ),
        append_only("applications_relief"),
        triggers.refuse_anew(triggers.unknown_step()),
    ]
