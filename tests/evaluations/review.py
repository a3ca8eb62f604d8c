# SPDX-License-Identifier: Apache-2.0
"""A case under review by its team, for the tests of this stage and later ones: by the real actions where they exist."""

from datetime import date, timedelta

from gradus.applications.cases import rules_of
from gradus.evaluations.competence import CompetenceTold, fields_of, record_competence
from gradus.evaluations.team import Seat, agree_to_team, propose_team, start_document_review
from gradus.process.parts import Part
from gradus.process.states import State
from tests.applications.walk import bring_to, open_case

LEADER, MEMBER, EXPERT = "lead_assessor", "assessor", "technical_expert"


def competent(world, who, case, at, level="level-1"):
    """Somebody is competent for every field of the case's scheme."""
    edition = rules_of(case).edition
    for field in fields_of(edition):
        told = CompetenceTold(field.id, level, date(2020, 1, 1), None, "记录")
        record_competence(world.people[who], edition, told, world.actor("office"), at)


def seats(world, **who):
    """``seats(world, lead_assessor="lead_assessor", assessor="assessor")``: people by part."""
    return [Seat(world.people[name], Part(part)) for part, name in who.items()]


def usual(world):
    return seats(world, lead_assessor=LEADER, assessor=MEMBER, technical_expert=EXPERT)


def agreed_case(submission, **more):
    """A case whose team is to be appointed."""
    case = open_case(submission, submission.submitted_at, **more)
    return bring_to(case, State.AGREED, case.opened_at + timedelta(minutes=1))


def reviewed_case(world, submission):
    """A case in its document review, with leader, assessor and expert."""
    case = agreed_case(submission)
    at = case.changed_at + timedelta(minutes=1)
    competent(world, LEADER, case, at)
    propose_team(case, usual(world), world.actor("office"), at)
    agree_to_team(case, world.actor("manager"), at + timedelta(minutes=1))
    start_document_review(case, world.actor(LEADER), at + timedelta(minutes=2))
    case.refresh_from_db()
    assert case.state == State.DOCUMENT_REVIEW
    return case
