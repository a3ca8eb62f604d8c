# SPDX-License-Identifier: Apache-2.0
"""Only who plays that part runs a panel and a notice, and no notice is closed before its last day is over."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import refuse_anew, refuse_rows
from gradus.decisions import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar = [("decisions", "0007_uncertified"), ("applications", "0007_panel_officer")]
    operations: ClassVar = [
        refuse_anew(*triggers.office_without_part()),
        refuse_rows(triggers.notice_cut_short()),
    ]
