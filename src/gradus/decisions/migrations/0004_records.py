# SPDX-License-Identifier: Apache-2.0
"""No step of stage 4 is taken without the record that it rests on."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import refuse_rows
from gradus.decisions import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar = [("decisions", "0003_clients_own")]
    operations: ClassVar = [refuse_rows(*triggers.steps_need_records())]
