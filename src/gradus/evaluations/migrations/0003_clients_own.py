# SPDX-License-Identifier: Apache-2.0
"""What is the client's to say of the team nobody else says."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import not_the_clients, refuse_rows


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluations", "0002_guards"), ("people", "0001_initial")]
    operations: ClassVar = [refuse_rows(not_the_clients("team_objection", "evaluations_objection", "made_at"))]
