# SPDX-License-Identifier: Apache-2.0
"""Nobody but the client withdraws its application, or answers what the assessors ask."""

from typing import ClassVar

from django.db import migrations

from gradus.applications import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar = [("applications", "0007_panel_officer"), ("people", "0001_initial")]
    operations: ClassVar = [triggers.refuse_rows(triggers.step_not_clients())]
