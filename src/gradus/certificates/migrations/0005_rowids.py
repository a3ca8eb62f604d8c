# SPDX-License-Identifier: Apache-2.0
"""Nor is a row replaced by the number that SQLite gives it, or by a key that holds for some rows only."""

from typing import ClassVar

from django.db import migrations

from gradus.journal.triggers import RefuseReplacing


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("certificates", "0004_replacing"),
        ("decisions", "0006_office"),
        ("visits", "0005_explained"),
        ("evaluations", "0005_taken_back"),
    ]
    operations: ClassVar = [RefuseReplacing()]
