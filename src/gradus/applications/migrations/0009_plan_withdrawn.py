# SPDX-License-Identifier: Apache-2.0
"""The plan of a visit that has not begun can be taken back: the database knows the step."""

from typing import ClassVar

from django.db import migrations, models

from gradus.applications import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("applications", "0008_clients_steps"),
    ]

    operations: ClassVar = [
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
                    ("withdraw_plan", "withdraw_plan"),
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
        triggers.refuse_anew(triggers.unknown_step()),
    ]
