# SPDX-License-Identifier: Apache-2.0
"""The day of an instant is that of the body's clock."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import not_the_clients, refuse_anew


class Migration(migrations.Migration):
    dependencies: ClassVar = [("decisions", "0004_records")]
    operations: ClassVar = [refuse_anew(not_the_clients("consent", "decisions_consent"))]
