# SPDX-License-Identifier: Apache-2.0
"""Building the demonstration: the body first, then all stories side by side in the order of time, then firms of today.

Day by day, the order of time is that of the journal and of the cases' numbers, as if it had all happened here.
"""

import heapq
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from itertools import pairwise

from django.contrib.auth.hashers import get_hasher

from gradus.applications.work_calendar import work_calendar
from gradus.certificates.status_lists import renew_lists
from gradus.cli.platform.accounts import DemonstrationAccount
from gradus.cli.platform.demonstration import certification, conclusion, evaluation, stage_one
from gradus.cli.platform.demonstration.days import Days
from gradus.cli.platform.demonstration.firms import Person, join, make_firm
from gradus.cli.platform.demonstration.plan import Plan
from gradus.cli.platform.demonstration.telling import Telling, decided_after, is_decided
from gradus.evaluations.competence import CompetenceTold, fields_of, record_competence
from gradus.formats.editions import default_edition, find_edition
from gradus.journal.actor import system
from gradus.people.actions import create_organisation
from gradus.people.models import Account
from gradus.people.notifications import mark_read
from gradus.people.permissions import Kind, Permission, roles
from gradus.process.states import TRANSITIONS, State, Step

Deed = Callable[[Telling], None]

DEEDS: Mapping[Step, Deed] = {
    Step.APPLY: stage_one.applied,
    Step.ASK_SUPPLEMENT: stage_one.asked_for_supplement,
    Step.ANSWER_SUPPLEMENT: stage_one.supplemented,
    Step.ACCEPT_APPLICATION: stage_one.accepted,
    Step.REFUSE_APPLICATION: stage_one.not_accepted,
    Step.QUOTE: stage_one.quoted,
    Step.RECORD_AGREEMENT: stage_one.agreed,
    Step.PROPOSE_TEAM: evaluation.team_proposed,
    Step.START_DOCUMENT_REVIEW: evaluation.review_started,
    Step.ASK_REVIEW_SUPPLEMENT: evaluation.review_supplement_asked,
    Step.ANSWER_REVIEW_SUPPLEMENT: stage_one.supplemented_in_review,
    Step.FINISH_DOCUMENT_REVIEW: evaluation.review_finished,
    Step.PLAN_VISIT: evaluation.visit_planned,
    Step.FINISH_VISIT: evaluation.visit_finished,
    Step.CLOSE_CORRECTIONS: evaluation.corrections_closed,
    Step.ISSUE_REPORT: evaluation.reported,
    Step.RECOMMEND: conclusion.recommended,
    Step.OPEN_PANEL: conclusion.recommended,
    Step.RETURN_TO_EVALUATION: conclusion.returned,
    Step.CLOSE_PANEL: conclusion.panel_closed,
    Step.CLOSE_NOTICE: conclusion.notice_closed,
    Step.ASK_CONSENT: conclusion.consent_asked,
    Step.GIVE_CONSENT: conclusion.consent_given,
    Step.DECIDE: conclusion.decided,
    Step.GRANT: conclusion.signed,
    Step.REFUSE: conclusion.signed,
    Step.WITHDRAW: stage_one.withdrawn,
    Step.TERMINATE: conclusion.terminated,
}
"""What is done for each step of the way."""

PARTLY: Mapping[State, Deed] = {
    State.OBJECTION: evaluation.objected,
    State.DOCUMENT_REVIEW: evaluation.reviewed_partly,
    State.ON_SITE: evaluation.visit_begun,
    State.CORRECTION: evaluation.correction_answered,
    State.PANEL: conclusion.panel_voting,
    State.NOTICE: conclusion.spoken_against,
}
"""What has been done in the state where a story ends, when its work has begun."""

_BODY_SINCE = 900  # more than a certificate lasts
_QUICK = 1000  # rounds: the one password is printed, and to be slow to guess would protect nothing
_UNREAD_SINCE = 2  # working days: what people were told before, they have read
_COMPETENT_SINCE = date(2020, 1, 1)


def build(plan: Plan, now: datetime, tell: Callable[[str], None]) -> list[DemonstrationAccount]:
    """Everything; who can sign in. ``tell`` is told the name of each firm as its story ends."""
    get_hasher().iterations = _QUICK
    days = Days(now, work_calendar())
    at = days.at(_BODY_SINCE, 0)
    body = create_organisation(Kind.BODY, plan.body["zh"], plan.body["en"], system, at)
    people = [join(person, body, plan.password, at) for person in plan.people]
    by_role: dict[str, tuple[Person, ...]] = {}
    for each in people:
        by_role[each.told.role] = (*by_role.get(each.told.role, ()), each)
    _competent(by_role, at)
    certification.equipped(plan.issuer, at)
    stories = [Telling(story, plan, days, by_role, number) for number, story in enumerate(plan.stories, 1)]
    for story in stories:
        if story.story.again:
            story.before = next(each for each in stories if each.story.email == story.story.email)
    for story in _side_by_side(stories, days.at(_UNREAD_SINCE, 0)):
        tell(story.story.name)
    for firm in plan.firms:
        tell(firm["name"])
        people += make_firm(firm, plan.password, now)
    renew_lists(now)
    told = [person for story in stories if not story.before for person in story.people]
    return [each.told for each in (*people, *told)]


def _competent(body: Mapping[str, tuple[Person, ...]], at: datetime) -> None:
    """Everybody who evaluates is competent for every field of the default edition, up to its highest level."""
    edition = find_edition(default_edition())
    office = next(iter(body["office"])).actor
    for role, people in body.items():
        if Permission.CASE_EVALUATE in roles()[role].permits:
            for person in people:
                for field in fields_of(edition):
                    told = CompetenceTold(field.id, edition.levels[-1].id, _COMPETENT_SINCE, None, edition.text.zh)
                    record_competence(person.account, edition, told, office, at)


def _side_by_side(stories: list[Telling], read: datetime) -> Iterator[Telling]:
    """Tell all stories, always that one on whose next deed it is; each as it ends. At the instant ``read`` everybody
    reads what they were told."""
    told: dict[int, Telling] = {each.number: each for each in stories}
    waiting = [(each.at, each.number, _told(each)) for each in stories] + [(read, 0, _read(read))]
    heapq.heapify(waiting)
    while waiting:
        _, number, deeds = heapq.heappop(waiting)
        at = next(deeds, None)
        if at is not None:
            heapq.heappush(waiting, (at, number, deeds))
        elif number:
            yield told[number]


def _read(at: datetime) -> Iterator[datetime]:
    yield at
    for account in Account.objects.all():
        mark_read(account, at)


def _told(t: Telling) -> Iterator[datetime]:
    """A story's deeds, one after each instant."""
    way = t.story.way
    yield t.at
    stage_one.submitted(t)
    if not way:
        return
    yield t.wait(1)
    stage_one.applied(t)
    for before, after in pairwise(way):
        yield t.wait(t.story.pace[before])
        step = next(step for (state, step), led_to in TRANSITIONS.items() if state is before and led_to is after)
        DEEDS[step](t)
    if t.story.partly:
        yield t.soon()
        PARTLY[way[-1]](t)
    for turn in t.story.turns:
        yield t.wait(turn.after)
        certification.begun(t, turn)
        if is_decided(turn):
            yield t.wait(decided_after)
            certification.decided(t)
