# SPDX-License-Identifier: Apache-2.0
"""Nor is anybody seated in a team who runs the panel or the notice."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import forbidden_parts, refuse_anew


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluations", "0005_taken_back"), ("applications", "0007_panel_officer")]
    operations: ClassVar = [refuse_anew(forbidden_parts("member_of_forbidden_parts", "evaluations_member"))]
