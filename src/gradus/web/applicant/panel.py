# SPDX-License-Identifier: Apache-2.0
"""The live grade beside every table: outcome, ladder, radar, what stands in the way, faults and warnings."""

from datetime import datetime

from gradus.dossiers.grading import Graded, grade_dossier, keep_summary
from gradus.dossiers.models import Dossier
from gradus.formats.report_model import report_model
from gradus.web.ui.templates import language


def panel(dossier: Dossier, at: datetime, graded: Graded | None = None) -> dict[str, object]:
    """What the panel shows, ready to print, in the reader's language."""
    found = graded or grade_dossier(dossier, at)
    keep_summary(dossier, found, at)
    return {"report": report_model(found.result, language()), "faults": found.draft.faults}
