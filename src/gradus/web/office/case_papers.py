# SPDX-License-Identifier: Apache-2.0
"""The pages of a case that have something on them by now, for who may read them."""

from collections.abc import Iterable

from django.urls import reverse

from gradus.applications.models import Case, CaseStep
from gradus.decisions.letters import lettered_steps
from gradus.people.permissions import Permission
from gradus.process.states import State
from gradus.visits.models import EvaluationReport
from gradus.visits.queries import current_visit
from gradus.web.ui.desk import Desk
from gradus.web.ui.templates import t


def papers_of(case: Case, taken: Iterable[CaseStep], desk: Desk, *, reads: bool) -> list[tuple[str, str]]:
    """Each page's address and name, in the order of the stages; ``reads``: the file of the case is open to the reader,
    else there is at most its certificate."""
    been, writes = {State(each.after) for each in taken}, reads and desk.may(Permission.WORKBOOK_READ)
    pages = [
        ("case_submission", "decisions.submission", reads),
        ("application_review", "stage_one.review", reads),
        ("assessor_workbook", "workbook.title", writes and State.DOCUMENT_REVIEW in been),
        ("visit", "onsite.title", reads and current_visit(case)),
        ("evaluation_report", "evaluation.title", reads and EvaluationReport.objects.filter(case=case).exists()),
        ("technical_review", "decisions.review", reads and State.TECHNICAL_REVIEW in been),
        ("panel", "decisions.panel", reads and State.PANEL in been),
        ("decision_desk", "decisions.decision", reads and been & {State.NOTICE, State.DECISION}),
        ("case_letters", "letters.title", reads and lettered_steps(case, for_client=False)),
        ("certificate_desk", "certificates.of_case", State.GRANTED in been and desk.may(Permission.CERTIFICATE_LIST)),
    ]
    return [(reverse(page, kwargs={"case": case.pk}), t(name)) for page, name, there in pages if there]
