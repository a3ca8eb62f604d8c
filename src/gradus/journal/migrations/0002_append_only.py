# SPDX-License-Identifier: Apache-2.0
"""The journal is append-only in the database itself, and begins with an empty head."""

from typing import Any, ClassVar

from django.db import migrations

from gradus.journal.actions import genesis
from gradus.journal.triggers import append_only


def _first_head(apps: Any, _editor: Any) -> None:
    apps.get_model("journal", "Head").objects.create(pk=1, sequence=0, hash=genesis)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("journal", "0001_initial")]
    operations: ClassVar = [
        migrations.RunPython(_first_head, migrations.RunPython.noop),
        append_only("journal_entry"),
    ]
