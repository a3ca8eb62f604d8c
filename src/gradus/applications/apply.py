# SPDX-License-Identifier: Apache-2.0
"""The client's own steps at the beginning: applying with a submission, and withdrawing."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Length
from django.utils.timezone import localdate

from gradus.applications.cases import advance, keep_procedure, lock, lock_for, refuse_others_than_client
from gradus.applications.facts import exception_claimed, frozen_dossier, requested_in
from gradus.applications.models import Case, Filing
from gradus.applications.register import Bar, bars_on
from gradus.dossiers.models import Submission
from gradus.dossiers.readiness import oldest_day
from gradus.formats.procedures import find_procedure
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.grade import declared_as_of
from gradus.journal.actor import Actor
from gradus.people.models import Organisation
from gradus.people.permissions import Kind
from gradus.process.procedure import Rules
from gradus.process.states import ENDED, State, Step

longest_text = 4000


def apply(submission: Submission, actor: Actor, at: datetime) -> Case:
    """Apply for certification with a submission: the case, bound to its edition and to the scheme's procedure.

    Raises Refusal with everything that prevents it: an open case of the client's, a submission that was filed before,
    is not the newest of its dossier or declares a day long past, no outcome asked for, or a bar that has not run out.
    """
    client = submission.dossier.client
    edition, declared = frozen_dossier(submission)
    rules, requested = find_procedure(edition), requested_in(edition, declared)
    with transaction.atomic():
        _take_turns()
        faults = _hindrances(submission, rules, requested, at)
        if faults:
            raise Refusal(faults)
        case = Case.objects.create(
            number=_next_number(at),
            client=client,
            edition=submission.edition,
            edition_hash=submission.edition_hash,
            procedure=keep_procedure(rules, at),
            submission=submission,
            requested=requested,
            by_exception=exception_claimed(edition, declared),
            state=State.NEW.value,
            steps=0,
            opened_at=at,
            changed_at=at,
        )
        Filing.objects.create(case=case, submission=submission, number=1, filed_at=at)
        said = {"submission": submission.digest, "requested": requested, "procedure": rules.procedure.hash}
        advance(lock(case), Step.APPLY, actor, at, said)
    case.refresh_from_db()
    return case


def withdraw(case: Case, reason: str, actor: Actor, at: datetime) -> Case:
    """The client takes the application back, at any time before the case has ended."""
    if len(reason) > longest_text:
        raise Refusal([Fault("application.text_too_long", Place(field="reason"), {"limit": str(longest_text)})])
    with transaction.atomic():
        locked = lock_for(case, Step.WITHDRAW)
        refuse_others_than_client(locked, actor, at)
        advance(locked, Step.WITHDRAW, actor, at, {"reason": reason.strip()})
    return locked


def file_submission(case: Case, submission: Submission, at: datetime) -> Filing:
    """File another submission in a locked case; the step that follows keeps it as the case's own. An exception of the
    path that was claimed once stays claimed, and one that it claims for the first time is claimed from now on.

    Raises Refusal when it was filed before, is not the newest of its dossier, another client's, of another edition, or
    asks for another outcome: for that a new application is made.
    """
    faults, (edition, declared) = _unfit(submission), frozen_dossier(submission)
    if submission.dossier.client_id != case.client_id:
        faults.append(Fault("application.another_client", Place(field="submission")))
    if submission.edition_hash != case.edition_hash:
        faults.append(Fault("application.another_edition", Place(field="submission"), {"value": case.edition}))
    elif (requested := requested_in(edition, declared)) != case.requested:
        blanks = {"value": requested, "expected": case.requested}
        faults.append(Fault("application.another_outcome", Place(field="submission"), blanks))
    if faults:
        raise Refusal(faults)
    number = Filing.objects.filter(case=case).count() + 1
    filing = Filing.objects.create(case=case, submission=submission, number=number, filed_at=at)
    case.submission = submission
    case.by_exception = case.by_exception or exception_claimed(edition, declared)
    return filing


def to_file(client: Organisation) -> list[Submission]:
    """The newest submission of each of a client's dossiers that has not been filed yet, newest first."""
    found = Submission.objects.filter(dossier__client=client).select_related("dossier")
    newest: dict[object, Submission] = {}
    for each in found.defer("facts", "evidence", "result").order_by("-submitted_at", "-number"):
        newest.setdefault(each.dossier_id, each)
    filed = set(Filing.objects.filter(submission__in=newest.values()).values_list("submission_id", flat=True))
    return [each for each in newest.values() if each.pk not in filed]


def is_spent(submission: Submission) -> bool:
    """Whether a submission served a case that has ended. No other case takes it: what was declared for one is declared
    anew for the next."""
    return Filing.objects.filter(submission=submission, case__state__in=ENDED).exists()


def _hindrances(submission: Submission, rules: Rules, requested: str, at: datetime) -> list[Fault]:
    faults = _unfit(submission)
    client = submission.dossier.client
    there = Case.objects.filter(client=client).exclude(state__in=ENDED).first()
    if there is not None:
        faults.append(Fault("application.open_case", params={"value": there.number}))
    if not requested:
        faults.append(Fault("application.nothing_requested"))
    day, today = declared_as_of(*frozen_dossier(submission)), localdate(at)
    if day < today - oldest_day:
        blanks = {"day": day.isoformat(), "today": today.isoformat(), "days": str(oldest_day.days)}
        faults.append(Fault("application.day_long_past", Place(field="submission"), blanks))
    return faults + [barred(each) for each in bars_on(client.pk, rules, today)]


def barred(bar: Bar) -> Fault:
    """The fault that a bar on applications is."""
    return Fault("application.barred", params={"value": bar.certificate.number, "until": bar.until.isoformat()})


def _unfit(submission: Submission) -> list[Fault]:
    faults = []
    if Filing.objects.filter(submission=submission).exists():
        faults.append(Fault("application.filed_already", Place(field="submission")))
    if Submission.objects.filter(dossier=submission.dossier_id, number__gt=submission.number).exists():
        faults.append(Fault("application.not_newest", Place(field="submission")))
    return faults


def _take_turns() -> None:
    """Case numbers are given one after the other."""
    list(Organisation.objects.select_for_update(no_key=True).filter(kind=Kind.BODY.value))


def _next_number(at: datetime) -> str:
    year = localdate(at).year
    given = Case.objects.filter(number__startswith=f"{year}-").values_list("number", flat=True)
    last = given.order_by(Length("number").desc(), "-number").first()
    return f"{year}-{int(last[5:]) + 1 if last else 1:04}"
