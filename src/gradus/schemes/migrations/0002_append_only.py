# SPDX-License-Identifier: Apache-2.0
"""An edition in use stays as it is."""

from typing import ClassVar

from django.db import migrations

from gradus.journal.triggers import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [("schemes", "0001_initial")]
    operations: ClassVar = [append_only("schemes_keptedition")]
