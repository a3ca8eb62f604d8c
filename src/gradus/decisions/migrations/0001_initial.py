# SPDX-License-Identifier: Apache-2.0
"""What stage 4 records."""

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
                    name="Decision",
                    fields=[
                        ("round", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("outcome", models.CharField(blank=True, max_length=40)),
                        ("scope", models.JSONField(default=list)),
                        ("refused_for", models.CharField(blank=True, max_length=40)),
                        ("reasons", models.TextField()),
                        ("file_digest", models.CharField(max_length=64)),
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
                            models.CheckConstraint(
                                condition=models.Q(("outcome", ""), ("refused_for", ""), _connector="XOR"),
                                name="decision_grants_or_refuses",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        ("round", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("outcome", models.CharField(max_length=40)),
                        ("scope", models.JSONField(default=list)),
                        ("opened_on", models.DateField()),
                        ("last_day", models.DateField()),
                        ("provisional", models.BooleanField()),
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
                    name="PanelOpinion",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("round", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        ("opinion", models.CharField(choices=[("for", "for"), ("against", "against")], max_length=10)),
                        ("counts", models.JSONField()),
                        ("seats", models.JSONField()),
                        ("reasons", models.TextField()),
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
                    name="Proposal",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("round", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        ("outcome", models.CharField(max_length=40)),
                        ("scope", models.JSONField(default=list)),
                        ("reasons", models.TextField()),
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
                    name="Review",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("round", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        ("outcome", models.CharField(blank=True, max_length=40)),
                        ("scope", models.JSONField(default=list)),
                        ("returned_for", models.CharField(blank=True, max_length=40)),
                        ("reasons", models.TextField()),
                        ("sheet", models.JSONField(default=dict)),
                        ("file_digest", models.CharField(max_length=64)),
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
                    name="Seat",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("round", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
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
                            "convened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("case", "round", "account"), name="panel_seat_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Objection",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("round", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        ("said_by", models.CharField(max_length=100)),
                        ("contact", models.CharField(blank=True, max_length=200)),
                        ("text", models.TextField()),
                        ("received_on", models.DateField()),
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
                            "notice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="objections",
                                to="decisions.notice",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("round", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        ("given", models.BooleanField()),
                        ("name", models.CharField(max_length=100)),
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
                            "proposal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consent",
                                to="decisions.proposal",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Leave",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("why", models.TextField()),
                        ("at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "seat",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="leave", to="decisions.seat"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Signature",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("round", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        ("part", models.CharField(max_length=30)),
                        ("name", models.CharField(max_length=100)),
                        ("file_digest", models.CharField(max_length=64)),
                        ("method", models.CharField(max_length=20)),
                        ("authenticated_at", models.DateTimeField()),
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
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="decisions.decision",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("decision", "part"), name="signature_of_part_once"),
                            models.UniqueConstraint(fields=("decision", "account"), name="signature_of_person_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Voided",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("round", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        ("file_digest", models.CharField(max_length=64)),
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
                            "decision",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="voided",
                                to="decisions.decision",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Vote",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("round", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        (
                            "voice",
                            models.CharField(
                                choices=[("for", "for"), ("against", "against"), ("abstain", "abstain")], max_length=10
                            ),
                        ),
                        ("reasons", models.TextField()),
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
                            "seat",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="vote", to="decisions.seat"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ObjectionAnswer",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("round", models.PositiveIntegerField()),
                        ("at", models.DateTimeField()),
                        ("text", models.TextField()),
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
                                to="decisions.objection",
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
