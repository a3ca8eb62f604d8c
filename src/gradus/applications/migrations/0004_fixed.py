# SPDX-License-Identifier: Apache-2.0
"""What a case is bound to stays, and what is the client's to say in stage 1 nobody else says."""

from typing import ClassVar

from django.db import migrations

from gradus.applications import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar = [("applications", "0003_terminated")]
    operations: ClassVar = [
        triggers.refuse_rows(
            triggers.case_is_fixed(),
            *(triggers.not_the_clients(each, f"applications_{each}") for each in ("supplementanswer", "agreement")),
        )
    ]
