# SPDX-License-Identifier: Apache-2.0
"""A technical review that can not stand, made anew by somebody else (ISO/IEC 17065, 4.2 and 7.5)."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from gradus.applications.cases import advance, bonds, lock_for, relieve, take_part
from gradus.applications.models import Case, CaseStep, Involvement
from gradus.applications.ties import look_for, record_found
from gradus.decisions.record import review_of
from gradus.grading.faults import Fault, Refusal
from gradus.journal.actor import Actor
from gradus.process.parts import Part
from gradus.process.states import REVIEWED, State, Step
from gradus.process.verdict import reasons_faults


def reviewer_is_bound(case: Case, at: datetime) -> bool:
    """Whether a case rests on a recommendation of somebody whom the body knows by now to be tied to its client."""
    review = review_of(case) if State(case.state) in REVIEWED else None
    return review is not None and bool(bonds(case, review.account_id, localdate(at)))


def return_to_review(case: Case, why: str, part: Part, actor: Actor, at: datetime) -> CaseStep:
    """Have the review made anew, because the reviewer is tied to the client: by who decides, or by the office that runs
    panel and notice (``part``).

    The reviewer's part ends, and nobody takes up again a part that ended. What was recommended, voted, announced and
    answered since stays, and counts no more. Raises Refusal while nothing ties the reviewer: another recommendation is
    not had by asking for another reviewer.
    """
    look_for(case, actor, at)
    review = review_of(case)
    if review is not None:
        record_found(case, [review.account], actor, at)
    with transaction.atomic():
        case = lock_for(case, Step.RETURN_TO_REVIEW)
        take_part(case, actor.account, part, at)
        review, faults = review_of(case), reasons_faults(why)
        assert review is not None, "a case in these states has a recommendation"
        if not reviewer_is_bound(case, at):
            faults.append(Fault("review.stands", params={"name": review.account.name}))
        if faults:
            raise Refusal(faults)
        part_played = {"part": Part.TECHNICAL_REVIEWER.value, "account": review.account_id}
        relieve(Involvement.objects.get(case=case, **part_played), actor, at)
        said = {"reviewer": review.account.name, "reasons": why.strip()}
        return advance(case, Step.RETURN_TO_REVIEW, actor, at, said)
