# SPDX-License-Identifier: Apache-2.0
"""Nor is a case moved on to wait for a signature or a consent without what is to be signed or consented to."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import refuse_rows
from gradus.decisions.triggers import further_steps_need_records


class Migration(migrations.Migration):
    dependencies: ClassVar = [("decisions", "0008_panel_officer")]
    operations: ClassVar = [refuse_rows(*further_steps_need_records())]
