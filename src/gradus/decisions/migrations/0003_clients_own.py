# SPDX-License-Identifier: Apache-2.0
"""The client's consent nobody else gives."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import not_the_clients, refuse_rows


class Migration(migrations.Migration):
    dependencies: ClassVar = [("decisions", "0002_guards")]
    operations: ClassVar = [refuse_rows(not_the_clients("consent", "decisions_consent"))]
