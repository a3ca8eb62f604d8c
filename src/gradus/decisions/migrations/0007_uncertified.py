# SPDX-License-Identifier: Apache-2.0
"""What waits for its certificate stands in line; certificates/0006 fills it."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

_CASE = models.OneToOneField(
    on_delete=django.db.models.deletion.PROTECT,
    primary_key=True,
    related_name="+",
    serialize=False,
    to="applications.case",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("decisions", "0006_office"), ("applications", "0005_local_day")]
    operations: ClassVar = [migrations.CreateModel(name="Uncertified", fields=[("case", _CASE)])]
