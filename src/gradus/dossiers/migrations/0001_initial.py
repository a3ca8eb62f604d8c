# SPDX-License-Identifier: Apache-2.0
"""Dossiers, evidence, submissions."""

from typing import ClassVar

from gradus.journal.migrating import CreateModels
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("people", "0001_initial"),
        ("people", "__first__"),
    ]

    operations: ClassVar = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="File",
                    fields=[
                        ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ("size", models.PositiveBigIntegerField()),
                        ("media_type", models.CharField(max_length=40)),
                        ("pages", models.PositiveIntegerField()),
                        ("stored_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Dossier",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("title", models.CharField(max_length=100)),
                        ("edition", models.CharField(max_length=80)),
                        ("edition_hash", models.CharField(max_length=80)),
                        ("aim", models.CharField(blank=True, max_length=40)),
                        ("created_at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField()),
                        ("revision", models.PositiveBigIntegerField(default=0)),
                        ("summary", models.JSONField(default=dict)),
                        ("summary_revision", models.PositiveBigIntegerField(null=True)),
                        ("summary_day", models.DateField(null=True)),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="dossiers",
                                to="people.organisation",
                            ),
                        ),
                        (
                            "rolled_from",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rolled_into",
                                to="dossiers.dossier",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["client", "-created_at"], name="dossier_client")],
                    },
                ),
                migrations.CreateModel(
                    name="Evidence",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("name", models.CharField(max_length=240)),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        ("added_at", models.DateTimeField()),
                        ("added_by", models.CharField(max_length=100)),
                        ("removed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evidence",
                                to="people.organisation",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="dossiers.file"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("removed_at__isnull", True)),
                                fields=("client", "name"),
                                name="evidence_name_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Intake",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("file_name", models.CharField(max_length=240)),
                        ("file_digest", models.CharField(max_length=64)),
                        ("rows", models.JSONField()),
                        ("notices", models.JSONField(default=list)),
                        ("revision", models.PositiveBigIntegerField()),
                        ("read_at", models.DateTimeField()),
                        ("read_by", models.CharField(max_length=100)),
                        (
                            "dossier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="intakes",
                                to="dossiers.dossier",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Row",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("table", models.CharField(max_length=60)),
                        ("position", models.PositiveIntegerField()),
                        ("cells", models.JSONField(default=dict)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("carried", models.BooleanField(default=False)),
                        ("removed_at", models.DateTimeField(blank=True, null=True)),
                        ("changed_at", models.DateTimeField()),
                        ("changed_by", models.CharField(max_length=100)),
                        (
                            "dossier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="dossiers.dossier"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["dossier", "table", "position", "id"], name="row_order")],
                    },
                ),
                migrations.CreateModel(
                    name="Submission",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        ("edition", models.CharField(max_length=80)),
                        ("edition_hash", models.CharField(max_length=80)),
                        ("facts", models.TextField()),
                        ("evidence", models.TextField()),
                        ("result", models.TextField()),
                        ("declaration", models.TextField()),
                        ("declared_by", models.CharField(max_length=100)),
                        ("declared_as", models.CharField(max_length=100)),
                        ("submitted_at", models.DateTimeField()),
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
                            "dossier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="submissions",
                                to="dossiers.dossier",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("dossier", "number"), name="submission_number_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Citation",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("page", models.PositiveIntegerField(default=1)),
                        (
                            "evidence",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="citations",
                                to="dossiers.evidence",
                            ),
                        ),
                        (
                            "row",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="citations", to="dossiers.row"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("row", "evidence", "page"), name="citation_once")
                        ],
                    },
                ),
            ]
        ),
    ]
