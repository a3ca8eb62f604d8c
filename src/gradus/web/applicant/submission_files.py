# SPDX-License-Identifier: Apache-2.0
"""What can be downloaded of a submission: itself, sealed; its result; its report."""

import json

from django.http import Http404, HttpResponse

from gradus.dossiers.frozen import grade_submission
from gradus.dossiers.models import Submission
from gradus.dossiers.submit import sealed
from gradus.formats.report_pdf import render_pdf
from gradus.formats.result_json import dumps
from gradus.journal.canonical import canonical
from gradus.web.ui.templates import language

kinds = ("report.pdf", "result.json", "submission.json")


def submission_file(submission: Submission, kind: str) -> HttpResponse:
    """One of ``kinds``. The bytes of ``submission.json`` are exactly those whose SHA-256 is the digest."""
    match kind:
        case "submission.json":
            content, media_type = canonical(sealed(submission)).encode(), "application/json"
        case "result.json":
            content, media_type = dumps(json.loads(submission.result)).encode(), "application/json"
        case "report.pdf":
            content, media_type = render_pdf(grade_submission(submission), language()), "application/pdf"
        case _:
            raise Http404
    name = f"gradus-{submission.submitted_at:%Y-%m-%d}-{submission.number}-{kind}"
    return HttpResponse(content, media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
