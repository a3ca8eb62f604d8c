# SPDX-License-Identifier: Apache-2.0
"""The public register."""

from typing import ClassVar

from gradus.journal.migrating import CreateModels
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.CharField(max_length=40, unique=True)),
                        ("uscc", models.CharField(db_index=True, max_length=18)),
                        ("folded", models.TextField()),
                        ("region", models.CharField(max_length=2)),
                        ("scheme", models.CharField(max_length=80)),
                        ("level", models.CharField(max_length=80)),
                        ("stars", models.IntegerField()),
                        ("first_at", models.DateTimeField()),
                        ("last_at", models.DateTimeField(db_index=True)),
                        ("changed", models.BooleanField(default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name="Extent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("longest", models.IntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Choice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=10)),
                        ("key", models.CharField(max_length=170)),
                        ("zh", models.CharField(max_length=500)),
                        ("en", models.CharField(max_length=500)),
                        ("rank", models.IntegerField(default=0)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="register_choice_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Said",
                    fields=[
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                serialize=False,
                                to="register.entry",
                            ),
                        ),
                        ("statement", models.TextField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Changed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("statement", models.TextField()),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="register.entry"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Turn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("standing", models.CharField(max_length=20)),
                        ("since", models.DateTimeField()),
                        ("until", models.DateTimeField(null=True)),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="turns", to="register.entry"
                            ),
                        ),
                    ],
                ),
            ]
        ),
    ]
