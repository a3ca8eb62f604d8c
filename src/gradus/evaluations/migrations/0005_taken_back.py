# SPDX-License-Identifier: Apache-2.0
"""The client may take an objection to a member back."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gradus.applications.triggers import refuse_rows
from gradus.evaluations import triggers
from gradus.journal.triggers import RefuseReplacing, append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("evaluations", "0004_local_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ObjectionTakenBack",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
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
                (
                    "objection",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back",
                        to="evaluations.objection",
                    ),
                ),
            ],
        ),
        append_only(triggers.TAKEN_BACK),
        RefuseReplacing(triggers.TAKEN_BACK),
        refuse_rows(*triggers.of_taking_back()),
    ]
