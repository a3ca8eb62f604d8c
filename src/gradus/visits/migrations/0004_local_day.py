# SPDX-License-Identifier: Apache-2.0
"""The day of an instant is that of the body's clock."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import not_the_clients, refuse_anew
from gradus.visits.triggers import explained_by_wrong_side


class Migration(migrations.Migration):
    dependencies: ClassVar = [("visits", "0003_records")]
    operations: ClassVar = [
        refuse_anew(
            *(not_the_clients(each, f"visits_{each}") for each in ("drawtext", "correction")),
            explained_by_wrong_side(),
        )
    ]
