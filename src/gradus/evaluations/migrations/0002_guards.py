# SPDX-License-Identifier: Apache-2.0
"""The database itself keeps who may say what of a case in stage 2, and that nothing said is changed."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import refuse_rows
from gradus.evaluations import triggers
from gradus.journal.triggers import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluations", "0001_initial")]
    operations: ClassVar = [append_only(*triggers.APPEND_ONLY), refuse_rows(*triggers.rules())]
