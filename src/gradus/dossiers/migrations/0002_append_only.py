# SPDX-License-Identifier: Apache-2.0
"""What was submitted stays as it was submitted."""

from typing import ClassVar

from django.db import migrations

from gradus.journal.triggers import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [("dossiers", "0001_initial")]
    operations: ClassVar = [append_only("dossiers_submission", "dossiers_file")]
