# SPDX-License-Identifier: Apache-2.0
"""What the actions and pages of stage 3 ask: the current visit, the team, what is refused to whom."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.timezone import localdate

from gradus.applications.cases import parts_of
from gradus.applications.models import Case, CaseStep, Involvement
from gradus.formats.wording import words
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor
from gradus.people.models import Account, Appointment
from gradus.people.permissions import Kind
from gradus.process.parts import EVALUATORS, Part
from gradus.process.states import State, Step
from gradus.visits.models import Visit


def current_visit(case: Case) -> Visit | None:
    """The visit planned last; None before the first plan."""
    return Visit.objects.filter(case=case).select_related("case").order_by("-number").first()


def plans_taken_back(case: Case) -> dict[int, CaseStep]:
    """The steps by which plans were taken back, by the number of the visit."""
    found = CaseStep.objects.filter(case=case, step=Step.WITHDRAW_PLAN.value)
    return {int(each.said.get("visit", 0)): each for each in found}


def planned_visit(case: Case) -> Visit | None:
    """The visit planned last, unless its plan was taken back."""
    found = current_visit(case)
    return None if found is None or found.number in plans_taken_back(case) else found


def visit_days(cases: Iterable[Case]) -> dict[object, date]:
    """On which day the visit of each case on site begins, with one query."""
    on_site = [each.pk for each in cases if each.state == State.ON_SITE.value]
    found = Visit.objects.filter(case__in=on_site).order_by("number").values_list("case_id", "opening")
    return {case: localdate(opening) for case, opening in found} if on_site else {}


def visit_on_site(case: Case) -> Visit:
    """The visit that is under way in a locked case. Raises Refusal outside it."""
    refuse_unless(case, State.ON_SITE)
    return Visit.objects.filter(case=case).order_by("-number")[0]


def visit_begun(case: Case, at: datetime) -> Visit:
    """The same, on the day of its opening meeting or later. Raises Refusal before: nothing is found where nobody has
    been, and a draw known days before is none."""
    visit = visit_on_site(case)
    day = localdate(visit.opening)
    if localdate(at) < day:
        raise Refusal([Fault("visit.not_begun", params={"day": day.isoformat()})])
    return visit


def team_of(case: Case) -> list[Involvement]:
    """Who evaluates in a case now, not whom others replaced: the leader first, then by name."""
    parts = [part.value for part in EVALUATORS]
    found = list(Involvement.objects.filter(case=case, part__in=parts, relief=None).select_related("account"))
    return sorted(found, key=lambda each: (each.part != Part.LEAD_ASSESSOR.value, each.account.name, each.part))


def of_client(case: Case, account: object) -> bool:
    """Whether somebody is appointed at the case's client and the appointment has no end."""
    return Appointment.objects.filter(account_id=account, organisation=case.client_id, ends_on=None).exists()


def of_body_beside(case: Case, account: object) -> bool:
    """Whether somebody is appointed at the body, the appointment has no end, and no part in the case is or was an
    evaluator's."""
    appointed = Appointment.objects.filter(account_id=account, organisation__kind=Kind.BODY.value, ends_on=None)
    return appointed.exists() and not any(part in EVALUATORS for part in parts_of(case, account))


def account_named(actor: Actor) -> Account:
    """The account of somebody who acts."""
    return Account.objects.get(pk=actor.account)


def refuse_unless(case: Case, *states: State) -> None:
    """Raises Refusal unless the case stands in one of the states."""
    if case.state not in {each.value for each in states}:
        told = {f"state_{language}": words(f"state.{case.state}", language) for language in ("zh", "en")}
        raise Refusal([Fault("visit.not_now", params=told)])


def text_faults(field: str, text: str, least: int, most: int) -> list[Fault]:
    """A fault when a text, without the spaces around it, is not there, or has less than ``least`` or more than ``most``
    signs."""
    length = len(text.strip())
    if not length and least:
        return [Fault("visit.unfit", Place(field=field))]
    if length > most:
        return [Fault("visit.text_too_long", Place(field=field), {"limit": str(most)})]
    return [Fault("visit.text_too_short", Place(field=field), {"least": str(least)})] if length < least else []


def refuse_others(allowed: object, code: str = "visit.team_only") -> None:
    """Raises Refusal unless the person may do it."""
    if not allowed:
        raise Refusal([Fault(code)])
