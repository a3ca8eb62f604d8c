# SPDX-License-Identifier: Apache-2.0
"""What is left to do, in line. A platform that was stopped between two steps of a statement has it there at once."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from gradus.journal.migrating import CreateModels, Execute

_UNPUBLISHED = (
    "INSERT INTO certificates_unfinished ({column}) SELECT r.{key} FROM {table} AS r WHERE NOT EXISTS ("
    'SELECT 1 FROM certificates_publication AS p JOIN certificates_leaf AS l ON l."index" = p.leaf_id '
    "WHERE l.{column} = r.{key})"
)
_FILL = [
    _UNPUBLISHED.format(column="certificate_id", table="certificates_certificate", key="number"),
    _UNPUBLISHED.format(column="change_id", table="certificates_statuschange", key="id"),
]


def _of(model: str) -> models.OneToOneField:
    protect = django.db.models.deletion.PROTECT
    return models.OneToOneField(null=True, on_delete=protect, related_name="+", to=f"certificates.{model}")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("certificates", "0002_guards")]
    operations: ClassVar = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Unfinished",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("certificate", _of("certificate")),
                        ("change", _of("statuschange")),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("certificate", None), ("change", None), _connector="XOR"),
                                name="unfinished_is_of_one",
                            )
                        ],
                    },
                )
            ]
        ),
        Execute(lambda _: _FILL, lambda _: []),
    ]
