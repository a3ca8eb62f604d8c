# SPDX-License-Identifier: Apache-2.0
"""What the last submission of a dossier came to, beside it; of those made before, its number and day."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.timezone import localdate


def number_and_day(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    dossiers, submissions = apps.get_model("dossiers", "Dossier"), apps.get_model("dossiers", "Submission")
    for each in submissions.objects.order_by("number").only("dossier_id", "number", "submitted_at"):
        said = {"number": each.number, "day": localdate(each.submitted_at).isoformat()}
        dossiers.objects.filter(pk=each.dossier_id).update(submitted=said)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0002_append_only")]

    operations = [
        migrations.AddField("dossier", "submitted", models.JSONField(null=True)),
        migrations.RunPython(number_and_day, migrations.RunPython.noop),
    ]
