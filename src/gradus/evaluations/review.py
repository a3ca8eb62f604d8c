# SPDX-License-Identifier: Apache-2.0
"""The end of the document review, and the questions to the client that may come before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gradus.applications.apply import file_submission
from gradus.applications.cases import advance, leads, lock_for, refuse_others_than_client, rules_of
from gradus.applications.models import Case, CaseStep
from gradus.applications.supplements import most_items
from gradus.dossiers.models import Submission
from gradus.evaluations.rows import judged_tables, rated_items, submitted
from gradus.evaluations.team import hindered_now, look_for_team
from gradus.evaluations.verdicts import item_texts, too_long
from gradus.evaluations.verified import Standing, claimed_result, standing, verified_result
from gradus.formats.result_words import outcome_name
from gradus.grading.faults import Fault, Place, Refusal
from gradus.grading.result import Result, Status
from gradus.journal.actor import Actor
from gradus.process.states import Step

longest_text = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the client is asked to supplement: about which table or item, why (a reason of the procedure's list), and
    what would settle it."""

    about: str
    reason: str
    wanted: str


def finish_document_review(case: Case, actor: Actor, at: datetime) -> None:
    """The leader ends the document review. Raises Refusal with everything that is not judged or rated yet,
    and with whoever of the team is tied to the client: then the office changes the team."""
    look_for_team(case, actor, at)
    with transaction.atomic():
        locked = lock_for(case, Step.FINISH_DOCUMENT_REVIEW)
        _refuse_others_than_leader(locked, actor)
        said = standing(locked)
        result = verified_result(locked, said)
        faults = [*what_is_open(locked, said, result), *hindered_now(locked, at)]
        if faults:
            raise Refusal(faults)
        claimed = claimed_result(locked)
        told = {
            "claimed": outcome_name(claimed.edition, claimed.grantable, "en"),
            "verified": outcome_name(result.edition, result.grantable, "en"),
            "rejected": sorted(f"{table} {row}" for table, row in said.rejected(submitted(locked))),
        }
        advance(locked, Step.FINISH_DOCUMENT_REVIEW, actor, at, told)


def what_is_open(case: Case, said: Standing | None = None, result: Result | None = None) -> list[Fault]:
    """The tables with rows that have no verdict, and the items that apply and are not rated."""
    found, said = submitted(case), said or standing(case)
    result = result or verified_result(case, said)
    faults = []
    for table in judged_tables(found.edition):
        left = sum((table.id, row.id) not in said.verdicts for row in found.rows[table.id])
        if left:
            params = {"count": str(left), "said_zh": table.text.zh, "said_en": table.text.en}
            faults.append(Fault("review.rows_open", Place(table=table.id), params))
    texts = {each.id: each.text for each in found.edition.indicators}
    for item in rated_items(found.edition):
        if item not in said.ratings and result.indicators[item].status is not Status.NOT_APPLICABLE:
            text = texts[item]
            faults.append(Fault("review.item_open", Place(field=item), {"said_zh": text.zh, "said_en": text.en}))
    return faults


def ask_review_supplement(case: Case, items: Sequence[Wanted], actor: Actor, at: datetime) -> CaseStep:
    """The leader asks the client for more material; the clock stops. Raises Refusal."""
    with transaction.atomic():
        locked = lock_for(case, Step.ASK_REVIEW_SUPPLEMENT)
        _refuse_others_than_leader(locked, actor)
        rules = rules_of(locked)
        edition = rules.edition
        known = {*edition.tables, *item_texts(edition)}
        faults = [] if items else [Fault("supplement.nothing_asked")]
        if len(items) > most_items:
            faults.append(Fault("supplement.no_items", params={"limit": str(most_items)}))
        for number, each in enumerate(items, 1):
            if (
                each.about not in known
                or rules.procedure.reason("supplement", each.reason) is None
                or not 0 < len(each.wanted.strip()) <= longest_text
            ):
                faults.append(Fault("supplement.incomplete", params={"row": str(number)}))
        if faults:
            raise Refusal(faults)
        asked = [{"about": each.about, "reason": each.reason, "wanted": each.wanted.strip()} for each in items]
        return advance(locked, Step.ASK_REVIEW_SUPPLEMENT, actor, at, {"items": asked})


def asked(case: Case) -> list[Mapping[str, str]]:
    """What the client was asked for last in the document review."""
    step = CaseStep.objects.filter(case=case, step=Step.ASK_REVIEW_SUPPLEMENT).order_by("-number").first()
    found: list[Mapping[str, str]] = step.said["items"] if step else []
    return found


def answer_review_supplement(
    case: Case, answers: Sequence[str], submission: Submission | None, actor: Actor, at: datetime
) -> CaseStep:
    """The client answers exactly what was asked, item by item; a newer submission of the same dossier takes the place
    of the one that is reviewed. Rows that it changes lose their verdicts. Raises Refusal."""
    with transaction.atomic():
        locked = lock_for(case, Step.ANSWER_REVIEW_SUPPLEMENT)
        refuse_others_than_client(locked, actor, at)
        items = asked(locked)
        texts = [each.strip() for each in answers]
        faults = [
            Fault("supplement.answer_needed", Place(field=f"answer-{number}"), {"row": str(number)})
            for number in range(1, len(items) + 1)
            if number > len(texts) or not texts[number - 1]
        ]
        faults += [fault for number, each in enumerate(texts, 1) for fault in too_long(f"answer-{number}", each)]
        faults += _filed(locked, submission, at) if submission is not None else []
        if faults:
            raise Refusal(faults)
        said = {"answers": texts, "submission": submission.number if submission else None}
        return advance(locked, Step.ANSWER_REVIEW_SUPPLEMENT, actor, at, said)


def _filed(case: Case, submission: Submission, at: datetime) -> list[Fault]:
    """File a newer submission of the case's dossier; what is wrong with it."""
    if not _newer(case, submission):
        return [Fault("supplement.other_submission", Place(field="submission"))]
    try:
        file_submission(case, submission, at)
    except Refusal as refusal:
        return list(refusal.faults)
    return []


def newer_submission(case: Case) -> Submission | None:
    """The newest submission of the case's dossier, if it is not filed yet."""
    newest = Submission.objects.filter(dossier=case.submission.dossier_id).order_by("-number").first()
    return newest if newest is not None and _newer(case, newest) else None


def _newer(case: Case, submission: Submission) -> bool:
    return (
        submission.dossier_id == case.submission.dossier_id
        and submission.number > case.submission.number
        and submission.edition_hash == case.edition_hash
    )


def _refuse_others_than_leader(case: Case, actor: Actor) -> None:
    if not leads(case, actor.account):
        raise Refusal([Fault("evaluation.leader_only")])
