# SPDX-License-Identifier: Apache-2.0
"""Grants that wait for their certificate, in line. Those of a platform that is there already are put there once."""

from typing import ClassVar

from django.db import migrations

from gradus.journal.migrating import Execute

_FILL = (
    "INSERT INTO decisions_uncertified (case_id) SELECT c.id FROM applications_case AS c WHERE c.state = 'granted' "
    "AND NOT EXISTS (SELECT 1 FROM certificates_certificate AS t JOIN decisions_decision AS d ON d.id = t.decision_id "
    "WHERE d.case_id = c.id)"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("certificates", "0005_rowids"), ("decisions", "0007_uncertified")]
    operations: ClassVar = [Execute(lambda _: [_FILL], lambda _: [])]
