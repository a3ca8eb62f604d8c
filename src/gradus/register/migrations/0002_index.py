# SPDX-License-Identifier: Apache-2.0
"""The index of terms, which is no model."""

from typing import ClassVar

from django.db import migrations

from gradus.register import index


class Migration(migrations.Migration):
    dependencies: ClassVar = [("register", "0001_initial")]
    operations: ClassVar = [index.made()]
