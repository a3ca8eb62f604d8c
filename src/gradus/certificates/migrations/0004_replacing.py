# SPDX-License-Identifier: Apache-2.0
"""No row of any append-only table is put in the place of another."""

from typing import ClassVar

from django.db import migrations

from gradus.journal.triggers import RefuseReplacing


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("certificates", "0003_unfinished"),
        ("decisions", "0005_local_day"),
        ("visits", "0004_local_day"),
        ("evaluations", "0004_local_day"),
        ("applications", "0005_local_day"),
        ("dossiers", "0002_append_only"),
        ("schemes", "0002_append_only"),
        ("journal", "0002_append_only"),
    ]
    operations: ClassVar = [RefuseReplacing()]
