# SPDX-License-Identifier: Apache-2.0
"""The day of an instant is that of the body's clock."""

from typing import ClassVar

from django.db import migrations

from gradus.applications import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar = [("applications", "0004_fixed")]
    operations: ClassVar = [
        triggers.refuse_anew(
            triggers.part_of_tied(),
            triggers.part_of_clients_own(),
            *(triggers.not_the_clients(each, f"applications_{each}") for each in ("supplementanswer", "agreement")),
        )
    ]
