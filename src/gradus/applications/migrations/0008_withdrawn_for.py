# SPDX-License-Identifier: Apache-2.0
"""Why a certificate that was held was withdrawn, from which follows how long its client may not apply anew."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("applications", "0007_reopen_panel")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="heldcertificate",
            name="withdrawn_for",
            field=models.CharField(blank=True, max_length=60, null=True),
        ),
    ]
