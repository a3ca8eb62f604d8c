# SPDX-License-Identifier: Apache-2.0
"""The public notice: what is about to be granted, announced for the edition's working days, and who objects.

A recommendation to refuse is not announced: nothing would be granted that somebody could speak against, and a firm that
is refused need not be known for it. So nothing keeps the notice of a refusal open (ADR 11).
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import localdate

from gradus.applications.agreement import longest_name
from gradus.applications.apply import longest_text
from gradus.applications.cases import advance, lock, note, rules_of, take_part
from gradus.applications.models import Case, CaseStep, Involvement
from gradus.applications.ties import look_for
from gradus.applications.work_calendar import work_calendar
from gradus.decisions.models import Notice, Objection, ObjectionAnswer, PanelOpinion, Review
from gradus.decisions.record import notice_of, objections_of, review_of, round_of
from gradus.grading.faults import Fault, Place, Refusal
from gradus.journal.actor import Actor
from gradus.journal.kinds import Kind
from gradus.people.notifications import client_named, notify
from gradus.people.queries import staff_at
from gradus.process.parts import Part
from gradus.process.states import State, Step, after
from gradus.process.verdict import reasons_faults
from gradus.process.working_days import due

longest_contact = 200

Told = tuple[str, str, str]
"""By whom, how to reach them, and what."""


def open_notice(case: Case, review: Review, at: datetime, outcome: str | None = None) -> Notice | None:
    """Announce what is recommended (or the lesser ``outcome`` that experts left of it), as part of the step that led
    to the notice; nothing when nothing can be granted."""
    announced = review.outcome if outcome is None else outcome
    if not announced:
        return None
    day = localdate(at)
    ends = due(day, rules_of(case).limit("notice"), work_calendar())
    assert ends is not None
    return Notice.objects.create(
        case=case,
        round=round_of(case),
        account_id=review.account_id,
        at=at,
        outcome=announced,
        scope=review.scope,
        opened_on=day,
        last_day=ends.on,
        provisional=ends.provisional,
    )


def open_notices(at: datetime) -> QuerySet[Notice]:
    """What is announced on the day of an instant, newest first. A case that has moved on is announced no more, nor what
    was announced before the panel counted anew, before another notice, or on the word of an earlier review."""
    later = {"case": OuterRef("case"), "at__gt": OuterRef("at")}
    found = Notice.objects.filter(last_day__gte=localdate(at), case__state=State.NOTICE.value)
    found = found.filter(~Exists(Notice.objects.filter(**later)), ~Exists(PanelOpinion.objects.filter(**later)))
    anew = CaseStep.objects.filter(case=OuterRef("case"), after=State.TECHNICAL_REVIEW, number__gt=OuterRef("round"))
    return found.filter(~Exists(anew)).select_related("case__client").order_by("-opened_on", "case__number")


def record_objection(
    case: Case, told: tuple[str, str, str], received_on: date, actor: Actor, at: datetime
) -> Objection:
    """Record what somebody of the public said: ``told`` is by whom, how to reach them, and what. Sent twice it is
    recorded once: the row that is there is given back."""
    said_by, contact, text = (each.strip() for each in told)
    with transaction.atomic():
        case = lock(case)
        notice = notice_of(case)
        if case.state != State.NOTICE.value or notice is None:
            raise Refusal([Fault("notice.not_open")])
        faults = [
            Fault(code, Place(field=field), {"limit": str(limit)})
            for code, field, words, least, limit in (
                ("notice.said_by_needed", "said_by", said_by, 1, longest_name),
                ("notice.contact_too_long", "contact", contact, 0, longest_contact),
                ("notice.text_needed", "text", text, 1, longest_text),
            )
            if not least <= len(words) <= limit
        ]
        if not notice.opened_on <= received_on <= min(notice.last_day, localdate(at)):
            faults.append(Fault("notice.received_outside", Place(field="received_on")))
        if faults:
            raise Refusal(faults)
        there = Objection.objects.filter(notice=notice, said_by=said_by, text=text).first()
        if there is not None:
            return there
        made = Objection.objects.create(
            case=case,
            round=round_of(case),
            account_id=actor.account,
            at=at,
            notice=notice,
            said_by=said_by,
            contact=contact,
            text=text,
            received_on=received_on,
        )
        _tell_reviewer(case, at)
        note(case, Kind.NOTICE_OBJECTED, actor, at, {"said_by": said_by})
    return made


def _tell_reviewer(case: Case, at: datetime) -> None:
    """Tell those who have to answer before the notice can close."""
    reviewing = Involvement.objects.filter(case=case, part=Part.TECHNICAL_REVIEWER.value, relief=None)
    playing = reviewing.filter(account__in=staff_at(at))
    blanks = {"number": case.number, **client_named(case.client)}
    accounts = [each.account for each in playing.select_related("account")]
    notify(accounts, "case_objected", blanks, f"/office/cases/{case.pk}/decision/", at)


def unannounced(case: Case) -> bool:
    """Whether a case stands where a notice runs and has none: a refusal is recommended, of which nothing is told."""
    return case.state == State.NOTICE.value and notice_of(case) is None


def answer_objection(objection: Objection, text: str, actor: Actor, at: datetime) -> ObjectionAnswer:
    """Say what the technical review finds about an objection."""
    look_for(objection.case, actor, at)
    with transaction.atomic():
        case = lock(objection.case)
        if case.state != State.NOTICE.value or objection.round != round_of(case):
            raise Refusal([Fault("notice.not_open")])
        take_part(case, actor.account, Part.TECHNICAL_REVIEWER, at)
        faults = reasons_faults(text)
        if ObjectionAnswer.objects.filter(objection=objection).exists():
            faults.append(Fault("notice.answered"))
        if faults:
            raise Refusal(faults)
        made = ObjectionAnswer.objects.create(
            case=case,
            round=objection.round,
            account_id=actor.account,
            at=at,
            objection=objection,
            text=text.strip(),
        )
        note(case, Kind.NOTICE_ANSWERED, actor, at, {"said_by": objection.said_by})
    return made


def close_notice(case: Case, actor: Actor, at: datetime) -> None:
    """Close the notice: after its last day, and when every objection has its answer."""
    look_for(case, actor, at)
    with transaction.atomic():
        case = lock(case)
        after(State(case.state), Step.CLOSE_NOTICE)
        take_part(case, actor.account, Part.PANEL_OFFICER, at)
        faults = closing_faults(case, localdate(at))
        if faults:
            raise Refusal(faults)
        advance(case, Step.CLOSE_NOTICE, actor, at, {"objections": objections_of(case).count()})


def closing_faults(case: Case, day: date) -> list[Fault]:
    """What keeps the notice open on a day."""
    notice, faults = notice_of(case), []
    if review_of(case) is None:
        faults.append(Fault("notice.none"))
    if notice is not None and day <= notice.last_day:
        faults.append(Fault("notice.runs", params={"until": notice.last_day.isoformat()}))
    unanswered = objections_of(case).filter(answer=None).count()
    if unanswered:
        faults.append(Fault("notice.unanswered", params={"count": str(unanswered)}))
    return faults
