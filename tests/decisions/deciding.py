# SPDX-License-Identifier: Apache-2.0
"""Cases brought through stage 4 by its real actions, for the tests of this stage and of those after it."""

from datetime import timedelta

from gradus.applications.cases import rules_of, take_part
from gradus.decisions.decide import Verdict, decide
from gradus.decisions.file import case_file, outcome_id
from gradus.decisions.models import Decision
from gradus.decisions.notice import close_notice
from gradus.decisions.record import notice_of
from gradus.decisions.review import QUESTIONS, Recommendation, recommend
from gradus.decisions.sign import Proof, sign_second
from gradus.evaluations.models import Rating
from gradus.evaluations.rows import rated_items
from gradus.journal.actor import Actor
from gradus.people.models import Account
from gradus.process.parts import Part
from gradus.process.states import State
from gradus.visits.report import issue_report, proposals
from tests.applications.walk import bring_to, open_case

BECAUSE = "案卷完整，结论有记录支持。"


def reviewable(submission, requested="level-4", **more):
    """A case at its technical review, an hour after it was opened."""
    case = open_case(submission, submission.submitted_at, requested, **more)
    return evaluated(case, case.opened_at + timedelta(hours=1))


def evaluated(case, at, proposed=None):
    """Bring a case to its technical review, every item rated 4 by the assessor and the report issued on the way: it
    proposes what was verified, where nothing else is given."""
    bring_to(case, State.DOCUMENT_REVIEW, at)
    assessor = Account.objects.get(email="assessor@example.com")
    take_part(case, assessor.pk, Part.ASSESSOR, case.changed_at)
    Rating.objects.bulk_create(
        Rating(case=case, account=assessor, item=item, value=4, text="见记录", made_at=case.changed_at)
        for item in rated_items(rules_of(case).edition)
    )
    leader = Account.objects.get(email="lead_assessor@example.com")
    take_part(case, leader.pk, Part.LEAD_ASSESSOR, case.changed_at)
    bring_to(case, State.REPORTING, case.changed_at)
    actor = Actor(str(leader.pk), leader.name, "lead_assessor")
    issue_report(
        case,
        proposals(case)[0] if proposed is None else proposed,
        BECAUSE,
        actor,
        case.changed_at + timedelta(seconds=1),
    )
    case.refresh_from_db()
    return case


def recommended(case, world, at, **changes):
    """Recommend what was verified, by the technical reviewer."""
    file = case_file(case)
    said = {
        "outcome": outcome_id(file.verified.edition, file.verified.grantable),
        "reasons": BECAUSE,
        "scope": file.verified.scope,
        "answered": QUESTIONS,
        "against_verified": True,
        **changes,
    }
    made = recommend(case, Recommendation(**said), file.digest, world.actor("technical_reviewer"), at)
    case.refresh_from_db()
    return made


def announced(case, world):
    """Close the notice on the day after its last one; returns that instant."""
    at = case.changed_at + timedelta(minutes=1)
    notice = notice_of(case)
    if notice is not None:
        at += timedelta(days=(notice.last_day - notice.opened_on).days + 1)
    close_notice(case, world.actor("office"), at)
    case.refresh_from_db()
    return at


def proof(at):
    """Somebody gave the password a minute ago."""
    return Proof("password", at - timedelta(minutes=1))


def decided(case, world, at, **changes) -> Decision:
    """Decide to grant what was recommended, by the decision maker."""
    file = case_file(case)
    said = {
        "outcome": outcome_id(file.verified.edition, file.verified.grantable),
        "scope": file.verified.scope,
        "reasons": BECAUSE,
        **changes,
    }
    made = decide(case, Verdict(**said), proof(at), file.digest, world.actor("decision_maker"), at)
    case.refresh_from_db()
    return made


def signed(case, world, at):
    """Sign as the head of the body."""
    made = sign_second(case, proof(at), case_file(case).digest, world.actor("head_of_body"), at)
    case.refresh_from_db()
    return made


def granted(submission, world, requested="level-4"):
    """A case from its technical review to a grant."""
    return brought_to_grant(reviewable(submission, requested), world)


def brought_to_grant(case, world):
    """A case that stands before its technical review, or in it, brought to a grant by the actions of stage 4."""
    if case.state != State.TECHNICAL_REVIEW:
        evaluated(case, case.changed_at)
    recommended(case, world, case.changed_at + timedelta(minutes=1))
    at = announced(case, world)
    decided(case, world, at + timedelta(minutes=1))
    signed(case, world, at + timedelta(minutes=2))
    return case
