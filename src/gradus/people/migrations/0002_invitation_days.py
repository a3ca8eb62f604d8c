# SPDX-License-Identifier: Apache-2.0
"""The days for which a seat is offered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField("invitation", "starts_on", models.DateField(blank=True, null=True)),
        migrations.AddField("invitation", "ends_on", models.DateField(blank=True, null=True)),
    ]
