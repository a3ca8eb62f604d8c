# SPDX-License-Identifier: Apache-2.0
"""What a client is to do in a case, until when, and which pages the case has by now."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from gradus.applications.models import Case
from gradus.decisions.letters import lettered_steps
from gradus.decisions.terminate import client_until
from gradus.evaluations.changed import Answered, answered
from gradus.evaluations.review import asked
from gradus.evaluations.team import current_team
from gradus.process.states import State
from gradus.visits.models import EvaluationReport
from gradus.visits.queries import current_visit
from gradus.web.ui.case_words import asked_words


@dataclass(frozen=True, slots=True)
class ToDo:
    """The codes of what waits and of the link, the page it leads to, and the last day; ``needs_right``: only who may
    speak for the client is led there."""

    said: str
    page: str
    act: str
    until: date | None = None
    late: bool = False
    needs_right: bool = True


_ASKED = {
    State.SUPPLEMENT: ("stage_one.supplement_waits", "answer_supplement", "stage_one.supplement"),
    State.REVIEW_SUPPLEMENT: ("stage_one.review_waits", "review_supplement", "step.answer_review_supplement"),
    State.QUOTED: ("stage_one.agreement_waits", "agreement", "stage_one.read_agreement"),
    State.CONSENT: ("stage_one.consent_waits", "consent", "stage_one.to_consent"),
}
_VISIT = ("client_visit", "stage_one.to_visit")


def to_do(case: Case, at: datetime) -> list[ToDo]:
    """What waits for the client in a case."""
    state, day = State(case.state), localdate(at)
    if state in _ASKED and (due := client_until(case)):
        return [ToDo(*_ASKED[state], due.on, due.overdue(day))]
    if state is State.OBJECTION:
        team = current_team(case)
        if team and day <= team.objections_until and not team.objections.filter(member=None).exists():
            until = team.objections_until
            return [ToDo("stage_one.team_waits", "client_team", "stage_one.to_team", until, needs_right=False)]
    waits = {State.ON_SITE: "stage_one.draw_waits", State.CORRECTION: "stage_one.corrections_wait"}
    if state in waits and (due := client_until(case)):
        return [ToDo(waits[state], *_VISIT, due.on, due.overdue(day))]
    return []


def parts_there_are(case: Case) -> list[tuple[str, str]]:
    """The pages of a case that have something on them, each with the code of its name."""
    pages = [
        ("client_team", "team.title", current_team(case)),
        ("review_supplement", "stage_one.review_questions", asked(case)),
        ("client_visit", "onsite.title", current_visit(case)),
        ("client_evaluation_report", "evaluation.title", EvaluationReport.objects.filter(case=case).exists()),
        ("client_letters", "letters.title", lettered_steps(case, for_client=True)),
    ]
    return [(page, name) for page, name, there in pages if there]


def review_answers(case: Case) -> list[tuple[tuple[str, str, str], Answered]]:
    """What was asked for in document reviews and is answered, in words beside what is known of it."""
    found = [each for each in answered(case) if each.at is not None]
    items = [{"about": each.about, "reason": each.reason, "wanted": each.wanted} for each in found]
    return list(zip(asked_words(case, items), found, strict=True))
