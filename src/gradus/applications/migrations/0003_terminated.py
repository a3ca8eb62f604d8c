# SPDX-License-Identifier: Apache-2.0
"""Cases that are terminated: the database knows the step, and a client whose case was terminated may apply anew."""

from django.db import migrations, models

from gradus.applications import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0002_guards"),
        ("dossiers", "0002_append_only"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="one_open_case_a_client",
        ),
        migrations.AlterField(
            model_name="case",
            name="state",
            field=models.CharField(
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
                    ("terminated", "terminated"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="casestep",
            name="step",
            field=models.CharField(
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
                    ("terminate", "terminate"),
                ],
                max_length=40,
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ["granted", "refused", "not_accepted", "withdrawn", "terminated"]), _negated=True
                ),
                fields=("client",),
                name="one_open_case_a_client",
            ),
        ),
        triggers.refuse_anew(triggers.unknown_step()),
    ]
