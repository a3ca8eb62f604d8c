# SPDX-License-Identifier: Apache-2.0
"""The journal is append-only in the database itself, and begins with an empty head."""

from typing import ClassVar

from django.db import migrations

from gradus.journal.actions import genesis
from gradus.journal.migrating import Execute
from gradus.journal.triggers import append_only


_FIRST_HEAD = f"INSERT INTO journal_head (id, sequence, hash) VALUES (1, 0, '{genesis}')"  # noqa: S608  our own


class Migration(migrations.Migration):
    dependencies: ClassVar = [("journal", "0001_initial")]
    operations: ClassVar = [
        Execute(lambda _: [_FIRST_HEAD], lambda _: []),
        append_only("journal_entry"),
    ]
