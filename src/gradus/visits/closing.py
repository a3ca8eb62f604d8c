# SPDX-License-Identifier: Apache-2.0
"""Finishing a visit, closing its corrections, or repeating it."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from gradus.applications.cases import advance, leads, lock
from gradus.applications.models import Case, CaseStep
from gradus.applications.telling import tell_client
from gradus.formats.wording import words
from gradus.grading.faults import Fault, Refusal
from gradus.journal.actor import Actor
from gradus.process.states import State, Step
from gradus.process.visits import FindingGrade, Moment, RecordKind
from gradus.visits.draws import drawn_in, population_of
from gradus.visits.findings import findings_of, open_findings
from gradus.visits.models import Draw, Explanation, Finding, Signing, Visit, VisitRecord
from gradus.visits.presence import presence
from gradus.visits.queries import refuse_others, refuse_unless, text_faults, visit_on_site
from gradus.visits.records import held_records, untraced


def finish_visit(case: Case, actor: Actor, at: datetime) -> CaseStep:
    """The leader ends the visit. Raises Refusal with everything that is still owed for it."""
    with transaction.atomic():
        locked = lock(case)
        visit = visit_on_site(locked)
        refuse_others(leads(locked, actor.account), "visit.leader_only")
        faults = owed(visit)
        if at < visit.closing_from:
            faults.append(Fault("visit.not_over"))
        if faults:
            raise Refusal(faults)
        found = [each for each in findings_of(locked) if each.visit_id == visit.pk]
        counted = {grade.value: sum(each.grade == grade.value for each in found) for grade in FindingGrade}
        return advance(locked, Step.FINISH_VISIT, actor, at, {"visit": visit.number, "findings": counted})


def owed(visit: Visit) -> list[Fault]:
    """What must still be done before a visit can be finished."""
    faults = [
        Fault(f"visit.unexplained_{side.value}", params={"who": each.attendant.account.name, **_meeting(each.moment)})
        for each in presence(visit)
        for side in each.open_sides
    ]
    if population_of(visit.case) and not drawn_in(visit):
        faults.append(Fault("visit.not_drawn_yet"))
    faults += [Fault("visit.untraced", params={"subject": each}) for each in untraced(visit)]
    if not held_records(visit, RecordKind.INTERVIEW):
        faults.append(Fault("visit.no_interview"))
    return faults


def _meeting(moment: Moment) -> dict[str, str]:
    return {f"meeting_{language}": words(f"moment.{moment.value}", language) for language in ("zh", "en")}


def withdraw_plan(case: Case, reason: str, actor: Actor, at: datetime) -> CaseStep:
    """The leader takes back a plan of which nothing was carried out, to set another; the client is told."""
    with transaction.atomic():
        locked = lock(case)
        visit = visit_on_site(locked)
        refuse_others(leads(locked, actor.account), "visit.leader_only")
        faults = text_faults("reason", reason, 5, 500)
        if has_begun(visit):
            faults.append(Fault("visit.begun"))
        if faults:
            raise Refusal(faults)
        said = {"visit": visit.number, "reason": reason.strip()}
        taken = advance(locked, Step.WITHDRAW_PLAN, actor, at, said)
        opening = localtime(visit.opening).strftime("%Y-%m-%d %H:%M")
        tell_client(locked, "visit_taken_back", "visit/", at, {"opening": opening, "reason": reason.strip()})
        return taken


def has_begun(visit: Visit) -> bool:
    """Whether anything was done of a visit that is planned."""
    return any(each.objects.filter(visit=visit).exists() for each in (Signing, Explanation, Draw, VisitRecord, Finding))


def close_corrections(case: Case, actor: Actor, at: datetime) -> CaseStep:
    """The leader closes the corrections: every nonconformity was corrected and verified."""
    with transaction.atomic():
        locked = lock(case)
        refuse_unless(locked, State.CORRECTION)
        refuse_others(leads(locked, actor.account), "visit.leader_only")
        faults = [Fault("visit.finding_open", params={"text": each.text}) for each in open_findings(locked)]
        if faults:
            raise Refusal(faults)
        return advance(locked, Step.CLOSE_CORRECTIONS, actor, at)


def repeat_visit(case: Case, reason: str, actor: Actor, at: datetime) -> CaseStep:
    """The leader has another visit planned, because a major nonconformity can not be closed from afar."""
    with transaction.atomic():
        locked = lock(case)
        refuse_unless(locked, State.CORRECTION)
        refuse_others(leads(locked, actor.account), "visit.leader_only")
        faults = []
        if not any(each.grade == FindingGrade.MAJOR.value for each in open_findings(locked)):
            faults.append(Fault("visit.nothing_to_repeat"))
        faults += text_faults("reason", reason, 5, 2000)
        if faults:
            raise Refusal(faults)
        return advance(locked, Step.REPEAT_VISIT, actor, at, {"reason": reason.strip()})
