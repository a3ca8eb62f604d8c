# SPDX-License-Identifier: Apache-2.0
"""What stage 2 records."""

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
        ("people", "__first__"),
    ]

    operations: ClassVar = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Competence",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("scheme", models.CharField(max_length=60)),
                        ("field", models.CharField(blank=True, max_length=60)),
                        ("level", models.CharField(max_length=60)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("basis", models.CharField(max_length=200)),
                        ("told_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="competences",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "replaces",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="evaluations.competence",
                            ),
                        ),
                        (
                            "told_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="DocumentFinding",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("item", models.CharField(max_length=80)),
                        ("text", models.TextField()),
                        ("made_at", models.DateTimeField()),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="document_findings",
                                to="applications.case",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Team",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        ("objections_until", models.DateField()),
                        ("proposed_at", models.DateTimeField()),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="teams",
                                to="applications.case",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("case", "number"), name="team_number_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Verdict",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("table", models.CharField(max_length=60)),
                        ("row", models.BigIntegerField()),
                        ("of", models.CharField(max_length=64)),
                        ("accepted", models.BooleanField()),
                        ("reason", models.CharField(blank=True, max_length=60)),
                        ("text", models.TextField(blank=True)),
                        ("made_at", models.DateTimeField()),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verdicts",
                                to="applications.case",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["case", "id"], name="verdict_case")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("accepted", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                                ),
                                name="rejection_has_a_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rating",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("item", models.CharField(max_length=80)),
                        ("value", models.PositiveSmallIntegerField()),
                        ("text", models.TextField()),
                        ("made_at", models.DateTimeField()),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ratings",
                                to="applications.case",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["case", "id"], name="rating_case")],
                    },
                ),
                migrations.CreateModel(
                    name="Member",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "part",
                            models.CharField(
                                choices=[
                                    ("lead_assessor", "lead_assessor"),
                                    ("assessor", "assessor"),
                                    ("technical_expert", "technical_expert"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("since", models.DateTimeField()),
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
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="members",
                                to="evaluations.team",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("team", "account"), name="one_seat_a_person"),
                            models.UniqueConstraint(
                                condition=models.Q(("part", "lead_assessor")),
                                fields=("team",),
                                name="one_leader_a_team",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Objection",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("reason", models.TextField(blank=True)),
                        ("made_at", models.DateTimeField()),
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
                            "member",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="objections",
                                to="evaluations.member",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="objections",
                                to="evaluations.team",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("member__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                                ),
                                name="objection_has_a_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ObjectionAnswer",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("text", models.TextField()),
                        ("made_at", models.DateTimeField()),
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
                            "objection",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="evaluations.objection",
                            ),
                        ),
                    ],
                ),
            ]
        ),
    ]
