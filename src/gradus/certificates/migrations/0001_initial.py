# SPDX-License-Identifier: Apache-2.0
"""Keys, certificates, their standing and the log."""

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
        ("decisions", "0001_initial"),
        ("dossiers", "0001_initial"),
        ("people", "__first__"),
    ]

    operations: ClassVar = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Checkpoint",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("size", models.BigIntegerField(db_index=True)),
                        ("text", models.TextField()),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="IssuerNamed",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("name_zh", models.CharField(max_length=200)),
                        ("name_en", models.CharField(max_length=200)),
                        ("address_zh", models.CharField(max_length=300)),
                        ("address_en", models.CharField(max_length=300)),
                        ("approval_no", models.CharField(max_length=100)),
                        ("prefix", models.CharField(max_length=8)),
                        ("seal", models.CharField(blank=True, max_length=100)),
                        ("address", models.CharField(max_length=200)),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Key",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "purpose",
                            models.CharField(
                                choices=[("issuer", "issuer"), ("log", "log"), ("pdf", "pdf")], max_length=10
                            ),
                        ),
                        ("public_key", models.CharField(max_length=100, unique=True)),
                        ("certificates", models.JSONField(default=list)),
                        ("valid_from", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="LogHead",
                    fields=[
                        ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                        ("size", models.BigIntegerField()),
                        ("roots", models.JSONField(default=list)),
                    ],
                ),
                migrations.CreateModel(
                    name="Certificate",
                    fields=[
                        ("at", models.DateTimeField()),
                        ("number", models.CharField(max_length=30, primary_key=True, serialize=False)),
                        ("year", models.PositiveIntegerField()),
                        ("serial", models.PositiveIntegerField()),
                        ("status_index", models.PositiveBigIntegerField(unique=True)),
                        ("supersedes", models.CharField(max_length=30, null=True, unique=True)),
                        ("statement", models.TextField()),
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
                        (
                            "decision",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificate",
                                to="decisions.decision",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["year", "serial"], name="certificate_serial")],
                    },
                ),
                migrations.CreateModel(
                    name="Node",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("level", models.PositiveSmallIntegerField()),
                        ("index", models.BigIntegerField()),
                        ("hash", models.CharField(max_length=64)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("level", "index"), name="node_once")],
                    },
                ),
                migrations.CreateModel(
                    name="ChangeProposal",
                    fields=[
                        ("at", models.DateTimeField()),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "change",
                            models.CharField(
                                choices=[
                                    ("suspended", "suspended"),
                                    ("restored", "restored"),
                                    ("withdrawn", "withdrawn"),
                                    ("cancelled", "cancelled"),
                                    ("superseded", "superseded"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("reason", models.CharField(max_length=40)),
                        ("reasons", models.TextField()),
                        ("effective_at", models.DateTimeField(blank=True, null=True)),
                        ("holder", models.TextField(blank=True)),
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
                            "certificate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="certificates.certificate",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="KeyEnd",
                    fields=[
                        (
                            "key",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="end",
                                serialize=False,
                                to="certificates.key",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="KeyTheft",
                    fields=[
                        (
                            "key",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="theft",
                                serialize=False,
                                to="certificates.key",
                            ),
                        ),
                        ("since", models.DateTimeField()),
                        ("noted_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="StatusListIssue",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("purpose", models.CharField(max_length=12)),
                        ("number", models.PositiveIntegerField()),
                        ("content", models.TextField()),
                        ("valid_from", models.DateTimeField()),
                        ("valid_until", models.DateTimeField()),
                        (
                            "key",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="certificates.key"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["purpose", "number", "-valid_from"], name="status_list_newest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChangeDecision",
                    fields=[
                        ("at", models.DateTimeField()),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("accepted", models.BooleanField()),
                        ("reasons", models.TextField()),
                        ("name", models.CharField(max_length=100)),
                        ("method", models.CharField(max_length=20)),
                        ("authenticated_at", models.DateTimeField()),
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
                        (
                            "proposal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="certificates.changeproposal",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="StatusChange",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("statement", models.TextField()),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("at", models.DateTimeField()),
                        (
                            "certificate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="changes",
                                to="certificates.certificate",
                            ),
                        ),
                        (
                            "decision",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="status_change",
                                to="certificates.changedecision",
                            ),
                        ),
                        (
                            "successor",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="certificates.certificate",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("decision", None), ("successor", None), _connector="XOR"),
                                name="change_rests_on_one",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Leaf",
                    fields=[
                        ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("credential", models.TextField()),
                        ("hash", models.CharField(max_length=64)),
                        ("at", models.DateTimeField()),
                        (
                            "certificate",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="leaves",
                                to="certificates.certificate",
                            ),
                        ),
                        (
                            "key",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="certificates.key"
                            ),
                        ),
                        (
                            "log_key",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="certificates.key"
                            ),
                        ),
                        (
                            "change",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="leaves",
                                to="certificates.statuschange",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("certificate", None), ("change", None), _connector="XOR"),
                                name="leaf_is_of_one",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Publication",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("receipt", models.TextField()),
                        ("at", models.DateTimeField()),
                        (
                            "leaf",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="publications",
                                to="certificates.leaf",
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="dossiers.file",
                            ),
                        ),
                        (
                            "pdf_key",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="certificates.key",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("leaf", "pdf_key"), name="page_of_leaf_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("pdf_key", None)), fields=("leaf",), name="receipt_of_leaf_once"
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.AddField(
            model_name="certificate",
            name="replacement",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificate",
                to="certificates.changedecision",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision", None), ("replacement", None), _connector="XOR"),
                name="certificate_rests_on_one",
            ),
        ),
    ]
