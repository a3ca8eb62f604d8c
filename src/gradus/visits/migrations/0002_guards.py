# SPDX-License-Identifier: Apache-2.0
"""The database itself keeps who may do what in stage 3, when, and that nothing of it is changed afterwards."""

from typing import ClassVar

from django.db import migrations

from gradus.applications.triggers import deed_needs_state, not_the_clients, refuse_rows
from gradus.journal.triggers import append_only
from gradus.visits import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar = [("visits", "0001_initial"), ("applications", "0002_guards")]
    operations: ClassVar = [
        append_only(
            *(
                f"visits_{each}"
                for each in (
                    "attendant", "correction", "draw", "drawopening", "drawtext", "evaluationreport", "explanation",
                    "finding", "findingphoto", "signing", "verification", "visit", "visitrecord",
                )
            )
        ),
        refuse_rows(
            *triggers.of_the_present_team(),
            deed_needs_state("visit_when", "visits_visit", "planning"),
            *(deed_needs_state(f"{each}_when", f"visits_{each}", "on_site")
              for each in ("signing", "explanation", "draw", "drawtext", "drawopening", "visitrecord", "finding")),
            *(deed_needs_state(f"{each}_when", f"visits_{each}", "on_site", "correction")
              for each in ("correction", "verification")),
            deed_needs_state("evaluationreport_when", "visits_evaluationreport", "reporting"),
            *(triggers.other_case(each, "visit_id", "visit")
              for each in ("signing", "explanation", "draw", "visitrecord", "finding")),
            *(triggers.other_case(each, "draw_id", "draw") for each in ("drawtext", "drawopening")),
            triggers.other_case("correction", "finding_id", "finding"),
            triggers.other_case("verification", "correction_id", "correction"),
            *(not_the_clients(each, f"visits_{each}") for each in ("drawtext", "correction")),
            triggers.attendant_of_no_part(),
            triggers.signing_of_no_attendant(),
            triggers.explained_by_wrong_side(),
            triggers.opened_without_text(),
        ),
    ]  # fmt: skip
