# SPDX-License-Identifier: Apache-2.0
"""Cases, and what stage 1 records."""

from typing import ClassVar

from gradus.journal.migrating import CreateModels
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("dossiers", "0001_initial"),
        ("people", "0001_initial"),
        ("people", "__first__"),
    ]

    operations: ClassVar = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="KeptProcedure",
                    fields=[
                        ("hash", models.CharField(max_length=80, primary_key=True, serialize=False)),
                        ("name", models.CharField(max_length=80)),
                        ("content", models.TextField()),
                        ("kept_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="HeldCertificate",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("scheme", models.CharField(max_length=60)),
                        ("level", models.CharField(max_length=40)),
                        ("number", models.CharField(max_length=80)),
                        ("since", models.DateField()),
                        ("valid_until", models.DateField()),
                        ("ended_on", models.DateField(blank=True, null=True)),
                        ("withdrawn_for", models.CharField(blank=True, max_length=60, null=True)),
                        ("barred_until", models.DateField(blank=True, null=True)),
                        ("source", models.CharField(max_length=200)),
                        ("file_name", models.CharField(blank=True, max_length=240)),
                        ("void", models.BooleanField(default=False)),
                        ("entered_at", models.DateTimeField()),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="held_certificates",
                                to="people.organisation",
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="dossiers.file",
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="superseded",
                                to="applications.heldcertificate",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["client", "scheme", "entered_at"], name="held_certificate_client")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("valid_until__gte", models.F("since"))), name="held_in_order"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Mark",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "holds",
                            models.CharField(
                                choices=[("name", "name"), ("certificate", "certificate"), ("employer", "employer")],
                                max_length=20,
                            ),
                        ),
                        ("mark", models.CharField(max_length=64)),
                        ("starts_on", models.DateField(blank=True, null=True)),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("told_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="marks",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "told_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["holds", "mark"], name="mark_known")],
                    },
                ),
                migrations.CreateModel(
                    name="Tie",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("kind", models.CharField(max_length=20)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("bars_until", models.DateField(blank=True, null=True)),
                        ("source", models.CharField(max_length=200)),
                        ("told_at", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ties",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ties",
                                to="people.organisation",
                            ),
                        ),
                        (
                            "replaces",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="applications.tie",
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
                    name="BodyEvent",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("scheme", models.CharField(max_length=60)),
                        ("cells", models.JSONField()),
                        ("source", models.CharField(max_length=200)),
                        ("void", models.BooleanField(default=False)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="body_events",
                                to="people.organisation",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="superseded",
                                to="applications.bodyevent",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["client", "scheme", "recorded_at"], name="body_event_client")],
                    },
                ),
                migrations.CreateModel(
                    name="Case",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("number", models.CharField(max_length=20, unique=True)),
                        ("edition", models.CharField(max_length=80)),
                        ("edition_hash", models.CharField(max_length=80)),
                        ("requested", models.CharField(max_length=40)),
                        ("by_exception", models.BooleanField(default=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "new"),
                                    ("applied", "applied"),
                                    ("supplement", "supplement"),
                                    ("accepted", "accepted"),
                                    ("quoted", "quoted"),
                                    ("agreed", "agreed"),
                                    ("objection", "objection"),
                                    ("document_review", "document_review"),
                                    ("review_supplement", "review_supplement"),
                                    ("planning", "planning"),
                                    ("on_site", "on_site"),
                                    ("correction", "correction"),
                                    ("reporting", "reporting"),
                                    ("technical_review", "technical_review"),
                                    ("panel", "panel"),
                                    ("notice", "notice"),
                                    ("decision", "decision"),
                                    ("consent", "consent"),
                                    ("signature", "signature"),
                                    ("granted", "granted"),
                                    ("refused", "refused"),
                                    ("not_accepted", "not_accepted"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("steps", models.PositiveIntegerField()),
                        ("opened_at", models.DateTimeField()),
                        ("changed_at", models.DateTimeField()),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="people.organisation",
                            ),
                        ),
                        (
                            "submission",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="dossiers.submission"
                            ),
                        ),
                        (
                            "procedure",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="applications.keptprocedure",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["state", "changed_at"], name="case_state"),
                            models.Index(fields=["client", "-opened_at"], name="case_client"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state__in", ["granted", "refused", "not_accepted", "withdrawn"]), _negated=True
                                ),
                                fields=("client",),
                                name="one_open_case_a_client",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Involvement",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "part",
                            models.CharField(
                                choices=[
                                    ("consultant", "consultant"),
                                    ("application_reviewer", "application_reviewer"),
                                    ("lead_assessor", "lead_assessor"),
                                    ("assessor", "assessor"),
                                    ("technical_expert", "technical_expert"),
                                    ("technical_reviewer", "technical_reviewer"),
                                    ("panel_member", "panel_member"),
                                    ("decision_maker", "decision_maker"),
                                    ("second_signatory", "second_signatory"),
                                    ("surveillance_officer", "surveillance_officer"),
                                    ("complaints_officer", "complaints_officer"),
                                    ("appeal_panel", "appeal_panel"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("since", models.DateTimeField()),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="involvements",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="involvements",
                                to="applications.case",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("case", "account", "part"), name="part_once")],
                    },
                ),
                migrations.CreateModel(
                    name="CaseStep",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("apply", "apply"),
                                    ("ask_supplement", "ask_supplement"),
                                    ("answer_supplement", "answer_supplement"),
                                    ("accept_application", "accept_application"),
                                    ("refuse_application", "refuse_application"),
                                    ("quote", "quote"),
                                    ("record_agreement", "record_agreement"),
                                    ("propose_team", "propose_team"),
                                    ("change_team", "change_team"),
                                    ("start_document_review", "start_document_review"),
                                    ("ask_review_supplement", "ask_review_supplement"),
                                    ("answer_review_supplement", "answer_review_supplement"),
                                    ("finish_document_review", "finish_document_review"),
                                    ("plan_visit", "plan_visit"),
                                    ("finish_visit", "finish_visit"),
                                    ("close_corrections", "close_corrections"),
                                    ("repeat_visit", "repeat_visit"),
                                    ("issue_report", "issue_report"),
                                    ("recommend", "recommend"),
                                    ("return_to_evaluation", "return_to_evaluation"),
                                    ("open_panel", "open_panel"),
                                    ("close_panel", "close_panel"),
                                    ("reopen_panel", "reopen_panel"),
                                    ("close_notice", "close_notice"),
                                    ("ask_consent", "ask_consent"),
                                    ("give_consent", "give_consent"),
                                    ("deny_consent", "deny_consent"),
                                    ("decide", "decide"),
                                    ("void_decision", "void_decision"),
                                    ("grant", "grant"),
                                    ("refuse", "refuse"),
                                    ("withdraw", "withdraw"),
                                ],
                                max_length=40,
                            ),
                        ),
                        ("before", models.CharField(max_length=30)),
                        ("after", models.CharField(max_length=30)),
                        ("at", models.DateTimeField()),
                        ("said", models.JSONField(default=dict)),
                        (
                            "account",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="taken",
                                to="applications.case",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("case", "number"), name="case_step_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Filing",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        ("filed_at", models.DateTimeField()),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="filings",
                                to="applications.case",
                            ),
                        ),
                        (
                            "submission",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="filing",
                                to="dossiers.submission",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("case", "number"), name="filing_number_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Quotation",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        ("extra_sites", models.PositiveIntegerField()),
                        ("man_days", models.DecimalField(decimal_places=2, max_digits=8)),
                        ("application", models.DecimalField(decimal_places=2, max_digits=14)),
                        ("evaluation", models.DecimalField(decimal_places=2, max_digits=14)),
                        ("certificate", models.DecimalField(decimal_places=2, max_digits=14)),
                        ("total", models.DecimalField(decimal_places=2, max_digits=14)),
                        ("currency", models.CharField(max_length=10)),
                        ("plan", models.TextField()),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="quotations",
                                to="applications.case",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("case", "number"), name="quotation_number_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApplicationReview",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("answers", models.JSONField()),
                        ("found", models.JSONField()),
                        ("verdict", models.CharField(max_length=40)),
                        ("reason", models.CharField(blank=True, max_length=60)),
                        ("text", models.TextField(blank=True)),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="application_reviews",
                                to="applications.case",
                            ),
                        ),
                        (
                            "filing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.filing"
                            ),
                        ),
                    ],
                ),
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
                ),
                migrations.CreateModel(
                    name="SupplementItem",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.PositiveIntegerField()),
                        ("reason", models.CharField(max_length=60)),
                        ("document", models.CharField(blank=True, max_length=60)),
                        ("table", models.CharField(blank=True, max_length=60)),
                        ("row", models.PositiveIntegerField(blank=True, null=True)),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="supplement_items",
                                to="applications.case",
                            ),
                        ),
                        (
                            "step",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="applications.casestep",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("step", "number"), name="supplement_item_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Agreement",
                    fields=[
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="agreement",
                                serialize=False,
                                to="applications.case",
                            ),
                        ),
                        ("duties", models.JSONField()),
                        ("signatory", models.CharField(max_length=100)),
                        ("position", models.CharField(max_length=100)),
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
                            "quotation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agreement",
                                to="applications.quotation",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="SupplementAnswer",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("note", models.TextField()),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="supplement_answers",
                                to="applications.case",
                            ),
                        ),
                        (
                            "filing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.filing"
                            ),
                        ),
                        (
                            "asked",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="applications.supplementitem",
                            ),
                        ),
                    ],
                ),
            ]
        ),
    ]
