# SPDX-License-Identifier: Apache-2.0
"""Whom another team replaced judges and rates no more, also not by raw SQL."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import refuse_anew
from gradus.evaluations import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluations", "0002_guards"), ("applications", "0005_relief")]
    operations: ClassVar = [refuse_anew(*triggers.of_the_present_team())]
