# SPDX-License-Identifier: Apache-2.0
"""What stage 3 records."""

from typing import ClassVar

from gradus.journal.migrating import CreateModels
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("applications", "0001_initial"),
        ("dossiers", "0001_initial"),
        ("people", "__first__"),
    ]

    operations: ClassVar = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Visit",
                    fields=[
                        ("at", models.DateTimeField()),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        ("opening", models.DateTimeField()),
                        ("closing_from", models.DateTimeField()),
                        ("closing_until", models.DateTimeField()),
                        ("sites", models.JSONField()),
                        ("agenda", models.JSONField()),
                        ("table_days", models.CharField(max_length=20)),
                        ("man_days", models.CharField(max_length=20)),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.case"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("case", "number"), name="visit_number_once")],
                    },
                ),
                migrations.CreateModel(
                    name="EvaluationReport",
                    fields=[
                        ("at", models.DateTimeField()),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        ("content", models.TextField()),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.case"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("case", "number"), name="evaluation_report_number_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Finding",
                    fields=[
                        ("at", models.DateTimeField()),
                        ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                        (
                            "grade",
                            models.CharField(
                                choices=[("major", "major"), ("minor", "minor"), ("observation", "observation")],
                                max_length=12,
                            ),
                        ),
                        ("rule", models.CharField(max_length=80)),
                        ("text", models.TextField(max_length=4000)),
                        ("written_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.case"
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="visits.visit"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Signing",
                    fields=[
                        ("at", models.DateTimeField()),
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("moment", models.CharField(choices=[("in", "in"), ("out", "out")], max_length=3)),
                        ("north", models.CharField(blank=True, max_length=20)),
                        ("east", models.CharField(blank=True, max_length=20)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.case"
                            ),
                        ),
                        (
                            "photo",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="dossiers.file",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="signings", to="visits.visit"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "account", "moment"), name="signing_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Explanation",
                    fields=[
                        ("at", models.DateTimeField()),
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("moment", models.CharField(choices=[("in", "in"), ("out", "out")], max_length=3)),
                        ("side", models.CharField(choices=[("assessor", "assessor"), ("body", "body")], max_length=10)),
                        ("text", models.CharField(max_length=1000)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.case"
                            ),
                        ),
                        (
                            "who",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="explanations",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("visit", "who", "moment", "side"), name="explanation_once_a_side"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Draw",
                    fields=[
                        ("at", models.DateTimeField()),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("population", models.JSONField()),
                        ("population_digest", models.CharField(max_length=64)),
                        ("count", models.PositiveIntegerField()),
                        ("commitment", models.CharField(max_length=64)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.case"
                            ),
                        ),
                        (
                            "visit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="draw", to="visits.visit"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Attendant",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "attends_as",
                            models.CharField(
                                choices=[
                                    ("leader", "leader"),
                                    ("assessor", "assessor"),
                                    ("expert", "expert"),
                                    ("trainee", "trainee"),
                                    ("observer", "observer"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("days", models.CharField(max_length=20)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attendants",
                                to="visits.visit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("visit", "account"), name="attendant_once")],
                    },
                ),
                migrations.CreateModel(
                    name="VisitRecord",
                    fields=[
                        ("at", models.DateTimeField()),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("interview", "interview"), ("sampling", "sampling"), ("trace", "trace")],
                                max_length=10,
                            ),
                        ),
                        ("subject", models.CharField(max_length=200)),
                        ("notes", models.TextField(max_length=4000)),
                        ("links", models.JSONField(default=dict)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.case"
                            ),
                        ),
                        (
                            "replaces",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="visits.visitrecord",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="records", to="visits.visit"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Correction",
                    fields=[
                        ("at", models.DateTimeField()),
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        ("correction", models.TextField(max_length=4000)),
                        ("cause", models.TextField(max_length=4000)),
                        ("action", models.TextField(max_length=4000)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.case"
                            ),
                        ),
                        (
                            "proof",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="dossiers.file",
                            ),
                        ),
                        (
                            "finding",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="visits.finding",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("finding", "number"), name="correction_number_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FindingPhoto",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="dossiers.file"
                            ),
                        ),
                        (
                            "finding",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="visits.finding"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("finding", "file"), name="finding_photo_once")],
                    },
                ),
                migrations.CreateModel(
                    name="DrawOpening",
                    fields=[
                        ("at", models.DateTimeField()),
                        (
                            "draw",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="opening",
                                serialize=False,
                                to="visits.draw",
                            ),
                        ),
                        ("seed", models.CharField(max_length=64)),
                        ("drawn", models.JSONField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.case"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="DrawText",
                    fields=[
                        ("at", models.DateTimeField()),
                        (
                            "draw",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="answer",
                                serialize=False,
                                to="visits.draw",
                            ),
                        ),
                        ("text", models.CharField(max_length=200)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.case"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Verification",
                    fields=[
                        ("at", models.DateTimeField()),
                        (
                            "correction",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="verification",
                                serialize=False,
                                to="visits.correction",
                            ),
                        ),
                        ("accepted", models.BooleanField()),
                        ("text", models.CharField(max_length=2000)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.case"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
            ]
        ),
    ]
