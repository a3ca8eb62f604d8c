# SPDX-License-Identifier: Apache-2.0
"""Findings on site, what the client does about them, and its verification (ISO/IEC 17021-1, 9.4.9 and 9.4.10)."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.timezone import localdate

from gradus.applications.cases import evaluates, lock, note, refuse_earlier, rules_of
from gradus.applications.models import Case, CaseStep
from gradus.applications.work_calendar import work_calendar
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.scheme import Indicator, Requirement
from gradus.grading.texts import Text
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.process.states import State, Step
from gradus.process.visits import TO_CLOSE, FindingGrade
from gradus.process.working_days import Due, due
from gradus.visits.models import Correction, Finding, FindingPhoto, Verification, Visit
from gradus.visits.photos import Chunks, keep_file
from gradus.visits.queries import of_client, refuse_others, refuse_unless, text_faults, visit_begun

most_photos = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as it was written; ``id`` was made where it was written."""

    id: uuid.UUID
    grade: FindingGrade
    rule: str
    text: str
    written_at: datetime


def record_finding(case: Case, found: Found, photos: Sequence[Chunks], actor: Actor, at: datetime) -> Finding:
    """Record a finding with its pictures. The same id sent again by the same person is the same finding: it is answered
    and nothing is written; but what says something else under that id is refused."""
    if len(photos) > most_photos:
        raise Refusal([Fault("visit.too_many_photos", Place(field="photos"), {"most": str(most_photos)})])
    before = Finding.objects.filter(pk=found.id).first()
    files = [] if before else [keep_file(each, at, picture=True) for each in photos]
    with transaction.atomic():
        locked = lock(case)
        refuse_others(evaluates(locked, actor.account))
        before = Finding.objects.filter(pk=found.id).first()
        if before is not None:
            own = before.case_id == locked.pk and str(before.account_id) == actor.account
            same = (before.grade, before.rule, before.text) == (found.grade.value, found.rule, found.text.strip())
            refuse_others(own and same, "visit.id_taken")
            return before
        if locked.state != State.ON_SITE.value and Visit.objects.filter(case=locked).exists():
            raise Refusal([Fault("visit.finding_late")])  # written without a connection, it may arrive when all is over
        visit = visit_begun(locked, at)
        faults = _faults(locked, found)
        if faults:
            raise Refusal(faults)
        made = Finding.objects.create(
            id=found.id,
            case=locked,
            visit=visit,
            account_id=actor.account,
            at=at,
            grade=found.grade.value,
            rule=found.rule,
            text=found.text.strip(),
            written_at=found.written_at if visit.at <= found.written_at <= at else at,
        )
        digests = sorted({each.pk for each in files})
        FindingPhoto.objects.bulk_create(FindingPhoto(finding=made, file_id=each) for each in digests)
        said = {"finding": str(made.pk), "grade": made.grade, "rule": made.rule, "text": made.text}
        written = found.written_at.isoformat()  # as the device says, however wrong its clock is
        note(locked, Kind.FINDING_RECORDED, actor, at, {**said, "written_at": written, "photos": digests})
    return made


def _faults(case: Case, found: Found) -> list[Fault]:
    faults = []
    if found.rule not in rules_that_may_fail(case):
        faults.append(Fault("visit.no_such_rule", Place(field="rule")))
    return [*faults, *text_faults("text", found.text, 5, 4000)]


def rules_that_may_fail(case: Case) -> dict[str, Text]:
    """The requirements and indicators of the case's edition by id, with their words."""
    edition = rules_of(case).edition
    every: tuple[Requirement | Indicator, ...] = (*edition.requirements, *edition.indicators)
    return {each.id: each.text for each in every}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client says about a finding."""

    correction: str
    cause: str
    action: str


def answer_finding(
    finding: Finding, answer: Answer, actor: Actor, at: datetime, proof: Chunks | None = None
) -> Correction:
    """The client corrects: what was put right, the cause, and what keeps it from happening again."""
    kept = keep_file(proof, at, picture=False) if proof is not None else None
    with transaction.atomic():
        locked = lock(finding.case)
        refuse_unless(locked, State.ON_SITE, State.CORRECTION)
        refuse_others(of_client(locked, actor.account), "visit.client_only")
        refuse_earlier(locked, at, finding.at)
        last = Correction.objects.filter(finding=finding).order_by("-number").first()
        faults = [
            fault
            for name in ("correction", "cause", "action")
            for fault in text_faults(name, getattr(answer, name), 5, 4000)
        ]
        if FindingGrade(finding.grade) not in TO_CLOSE:
            faults.append(Fault("visit.only_an_observation"))
        if last is not None and _verdict(last) is not False:
            faults.append(Fault("visit.answered_already"))
        if faults:
            raise Refusal(faults)
        made = Correction.objects.create(
            case=locked,
            finding=finding,
            account_id=actor.account,
            at=at,
            number=last.number + 1 if last else 1,
            correction=answer.correction.strip(),
            cause=answer.cause.strip(),
            action=answer.action.strip(),
            proof=kept,
        )
        said = {"finding": str(finding.pk), "correction": made.correction, "cause": made.cause, "action": made.action}
        note(locked, Kind.FINDING_ANSWERED, actor, at, {**said, "proof": kept.pk if kept else ""})
    return made


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an assessor says about a correction."""

    accepted: bool
    text: str


def verify_correction(correction: Correction, verdict: Verdict, actor: Actor, at: datetime) -> Verification:
    """An assessor of the team accepts a correction or not, with the reason.

    Past the last day for a major nonconformity none is accepted any more: the visit is repeated.
    """
    with transaction.atomic():
        locked = lock(correction.case)
        refuse_unless(locked, State.ON_SITE, State.CORRECTION)
        refuse_others(evaluates(locked, actor.account))
        refuse_earlier(locked, at, correction.at)
        faults = []
        if _verdict(correction) is not None:
            faults.append(Fault("visit.verified_already"))
        faults += text_faults("text", verdict.text, 5, 2000)
        latest = latest_day(correction.finding)
        if verdict.accepted and latest is not None and latest.overdue(localdate(at)):
            faults.append(Fault("visit.past_latest", params={"latest": latest.on.isoformat()}))
        if faults:
            raise Refusal(faults)
        made = Verification.objects.create(
            case=locked,
            correction=correction,
            account_id=actor.account,
            at=at,
            accepted=verdict.accepted,
            text=verdict.text.strip(),
        )
        said = {"finding": str(correction.finding_id), "round": correction.number, "text": made.text}
        note(locked, Kind.FINDING_VERIFIED, actor, at, {**said, "accepted": made.accepted})
    return made


def _verdict(correction: Correction) -> bool | None:
    found = Verification.objects.filter(correction=correction).first()
    return found.accepted if found else None


def findings_of(case: Case) -> list[Finding]:
    """Every finding of a case, in the order in which they came, with what was done about them."""
    found = Finding.objects.filter(case=case).select_related("account", "visit", "case")
    return list(found.prefetch_related("photos", "corrections__verification").order_by("at", "id"))


def is_open(finding: Finding) -> bool:
    """Whether a finding is a nonconformity whose correction nobody has accepted yet."""
    if FindingGrade(finding.grade) not in TO_CLOSE:
        return False
    return not any(hasattr(each, "verification") and each.verification.accepted for each in finding.corrections.all())


def open_findings(case: Case) -> list[Finding]:
    """The nonconformities of a case that are not closed."""
    return [each for each in findings_of(case) if is_open(each)]


_CLOSURE = {FindingGrade.MAJOR: "major_closure", FindingGrade.MINOR: "minor_closure"}


def due_day(finding: Finding) -> Due | None:
    """The last day for closing a nonconformity; None for an observation, and before the visit is finished."""
    grade, began = FindingGrade(finding.grade), finished_on(finding.case)
    if began is None or grade not in TO_CLOSE:
        return None
    return due(began, rules_of(finding.case).limit(_CLOSURE[grade]), work_calendar())


def closing_days(cases: Iterable[Case]) -> dict[object, Due]:
    """Of cases in correction, the first day by which a nonconformity that is open must be closed; with two queries
    (:class:`gradus.applications.worklist.Known`)."""
    correcting = {each.pk: each for each in cases if each.state == State.CORRECTION}
    steps = CaseStep.objects.filter(case__in=correcting, step=Step.FINISH_VISIT.value).order_by("number")
    began = {case: localdate(at) for case, at in steps.values_list("case_id", "at")}
    to_close = [each.value for each in TO_CLOSE]
    left = Finding.objects.filter(case__in=correcting, grade__in=to_close)
    left = left.exclude(corrections__verification__accepted=True).values_list("case_id", "grade").distinct()
    found: dict[object, Due] = {}
    for case, grade in left:
        limit = rules_of(correcting[case]).limit(_CLOSURE[FindingGrade(grade)])
        last = due(began[case], limit, work_calendar())
        if last is not None and (case not in found or last.on < found[case].on):
            found[case] = last
    return found


def answer_day(case: Case) -> Due | None:
    """Of a case in correction the first last day of a nonconformity that awaits the client: one without a correction
    that is to be verified."""
    left = [each for each in open_findings(case) if all(hasattr(one, "verification") for one in each.corrections.all())]
    return min((day for each in left if (day := due_day(each))), key=lambda day: day.on, default=None)


class Turn(NamedTuple):
    """Whom a case in correction awaits: the client, who has nonconformities to answer; the team, which has corrections
    to verify or nothing left to wait for. It may be both."""

    client: bool
    team: bool


def correction_turns(cases: Iterable[Case]) -> dict[object, Turn]:
    """Whose turn it is in cases in correction, with two queries."""
    correcting = [each.pk for each in cases if each.state == State.CORRECTION]
    left = Finding.objects.filter(case__in=correcting, grade__in=[each.value for each in TO_CLOSE])
    left = left.exclude(corrections__verification__accepted=True)
    pending = Correction.objects.filter(case__in=correcting, verification=None)
    to_verify = dict(pending.values_list("finding_id", "case_id"))
    open_ones = list(left.values_list("pk", "case_id"))
    client = {case for finding, case in open_ones if finding not in to_verify}
    team = set(to_verify.values()) | (set(correcting) - {case for _, case in open_ones})
    return {each: Turn(each in client, each in team) for each in correcting}


def latest_day(finding: Finding) -> Due | None:
    """The day past which a major nonconformity can only be closed by another visit; None for others, and before the
    visit is finished."""
    began = finished_on(finding.case)
    if began is None or finding.grade != FindingGrade.MAJOR.value:
        return None
    return due(began, rules_of(finding.case).limit("major_closure_latest"), work_calendar())


def finished_on(case: Case) -> date | None:
    """The day on which the last visit was finished; None while none is, or another is planned or under way."""
    if case.state in (State.PLANNING.value, State.ON_SITE.value):
        return None
    step = CaseStep.objects.filter(case=case, step=Step.FINISH_VISIT.value).order_by("-number").first()
    return localdate(step.at) if step else None
