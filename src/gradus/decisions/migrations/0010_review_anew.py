# SPDX-License-Identifier: Apache-2.0
"""A technical review is made anew only by somebody else, and ends the notice of the one before."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import refuse_anew, refuse_rows
from gradus.decisions import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar = [("decisions", "0009_further_records"), ("applications", "0011_review_anew")]
    operations: ClassVar = [
        refuse_rows(*triggers.review_anew()),
        refuse_anew(triggers.notice_cut_short(), *triggers.of_standing_reviewer()),
    ]
