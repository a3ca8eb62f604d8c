# SPDX-License-Identifier: Apache-2.0
"""No client is asked to agree to a quotation that there is not."""

from typing import ClassVar

from django.db import migrations

from gradus.applications import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar = [("applications", "0009_plan_withdrawn")]
    operations: ClassVar = [triggers.refuse_rows(triggers.quoted_without_quotation())]
