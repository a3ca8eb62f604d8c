# SPDX-License-Identifier: Apache-2.0
"""The day of an instant is that of the body's clock."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import not_the_clients, part_of_clients_own, part_of_tied, refuse_anew


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluations", "0003_clients_own")]
    operations: ClassVar = [
        refuse_anew(
            part_of_tied("member_tied", "evaluations_member"),
            part_of_clients_own("member_of_client", "evaluations_member"),
            not_the_clients("team_objection", "evaluations_objection", "made_at"),
        )
    ]
