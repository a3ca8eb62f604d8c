# SPDX-License-Identifier: Apache-2.0
"""Whoever takes part in a case is looked for in the client's papers first, in every stage."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gradus.applications.models import Tie
from gradus.applications.review import refuse_application
from gradus.applications.ties import TieTold, declare_mark, record_tie
from gradus.decisions.decide import Verdict, decide, return_from_decision
from gradus.decisions.file import case_file
from gradus.decisions.models import Seat, Voided, Vote
from gradus.decisions.panel import convene, vote
from gradus.decisions.sign import sign_second
from gradus.evaluations.review import finish_document_review
from gradus.evaluations.rows import submitted as papers_of
from gradus.grading.faults import Refusal
from gradus.journal.kinds import Kind
from gradus.journal.models import Entry
from gradus.process.impartiality import TieKind
from gradus.process.procedure import Holds
from gradus.process.states import State
from gradus.visits.report import issue_report, proposals
from tests.applications.stage_one import all_yes
from tests.applications.walk import bring_to, open_case
from tests.decisions.deciding import BECAUSE, announced, decided, proof, recommended, reviewable, signed
from tests.evaluations.review import LEADER, MEMBER, reviewed_case

MINUTE = timedelta(minutes=1)


def marked(case, world, who, at):
    """Somebody holds a certificate whose number stands in the client's papers."""
    number = papers_of(case).rows["person_certificates"][0].cells["number"]
    declare_mark(Holds.CERTIFICATE, number, world.actor(who), at)


def refused_as_tied(deed):
    with pytest.raises(Refusal) as refused:
        deed()
    assert {"case.tied", "team.hindered"} & {fault.code for fault in refused.value.faults}
    [tie] = Tie.objects.all()
    assert tie.kind == TieKind.IN_PAPERS, "what was found stays known, although the act was refused"
    assert Entry.objects.filter(kind=Kind.TIES_FOUND.value).count() == 1


def test_a_reviewer_of_the_application(submitted, world):
    submission = submitted()
    case = open_case(submission, submission.submitted_at)
    at = case.changed_at + MINUTE
    marked(case, world, "application_reviewer", at)
    refused_as_tied(
        lambda: refuse_application(
            case, all_yes(case), "scope-outside", BECAUSE, world.actor("application_reviewer"), at
        )
    )
    assert not case.application_reviews.exists()


def test_a_technical_reviewer(submitted, world):
    case = reviewable(submitted())
    at = case.changed_at + MINUTE
    marked(case, world, "technical_reviewer", at)
    refused_as_tied(lambda: recommended(case, world, at))


def test_a_decision_maker_and_a_second_signatory(submitted, world):
    case = reviewable(submitted())
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    marked(case, world, "head_of_body", at)
    made = decided(case, world, at)
    refused_as_tied(lambda: sign_second(case, proof(at), made.file_digest, world.actor("head_of_body"), at))
    case.refresh_from_db()
    assert case.state == State.SIGNATURE


def test_a_decision_maker_who_took_the_part_before_the_tie_was_known(submitted, world):
    case = reviewable(submitted())
    recommended(case, world, case.changed_at + MINUTE)
    at, file = announced(case, world), case_file(case)
    marked(case, world, "decision_maker", at)
    verdict = Verdict(BECAUSE, "level-4", file.verified.scope)
    refused_as_tied(lambda: decide(case, verdict, proof(at), file.digest, world.actor("decision_maker"), at))


def test_a_member_of_the_panel_when_convened_and_when_a_tie_comes_to_be_known_before_the_vote(submitted, world, at):
    world.join("second", world.body, "panel_member", at)
    world.join("third", world.body, "panel_member", at)
    case = reviewable(submitted())
    case.by_exception = True
    case.save(update_fields=["by_exception"])
    recommended(case, world, case.changed_at + MINUTE)
    case.refresh_from_db()
    then, office = case.changed_at + MINUTE, world.actor("office")
    everybody = [world.people[who] for who in ("panel_member", "second", "third")]
    convene(case, everybody, office, then)
    told = TieTold(case.client, TieKind.RELATED, then.date(), None, "举报后查实")
    record_tie(world.people["second"], told, office, then)
    with pytest.raises(Refusal) as refused:
        vote(case, "for", BECAUSE, world.actor("second"), then)
    assert {fault.code for fault in refused.value.faults} == {"case.tied"}
    world.join("fourth", world.body, "panel_member", at)
    marked(case, world, "fourth", then)
    with pytest.raises(Refusal) as refused:
        convene(case, [world.people["fourth"]], office, then)
    assert {fault.code for fault in refused.value.faults} == {"case.tied"}
    assert (Seat.objects.count(), Vote.objects.count()) == (3, 0)


def test_a_member_of_the_team_at_work(submitted, world):
    case = reviewed_case(world, submitted())
    at = case.changed_at + MINUTE
    marked(case, world, MEMBER, at)
    refused_as_tied(lambda: finish_document_review(case, world.actor(LEADER), at))


def test_a_team_that_reports(submitted, world):
    case = reviewed_case(world, submitted())
    bring_to(case, State.REPORTING, case.changed_at)
    at = case.changed_at + MINUTE
    marked(case, world, MEMBER, at)
    refused_as_tied(lambda: issue_report(case, proposals(case)[0], BECAUSE, world.actor(LEADER), at))


def known_to_be_tied(case, world, who, at):
    told = TieTold(case.client, TieKind.RELATED, at.date(), None, "举报后查实")
    record_tie(world.people[who], told, world.actor("office"), at)


def hinders_by(deed):
    """The names of those on whose word nothing is granted."""
    with pytest.raises(Refusal) as refused:
        deed()
    assert {fault.code for fault in refused.value.faults} == {"team.hindered"}
    return {fault.params["name"] for fault in refused.value.faults}


def test_nothing_is_recommended_on_the_word_of_an_evaluator_who_is_known_to_be_tied_by_now(submitted, world):
    case = reviewable(submitted())
    at = case.changed_at + MINUTE
    known_to_be_tied(case, world, "assessor", at)
    assert hinders_by(lambda: recommended(case, world, at)) == {"assessor"}
    recommended(case, world, at, outcome="", scope=())
    assert case.state == State.NOTICE, "to refuse stays possible"


@pytest.mark.parametrize("who", ["lead_assessor", "technical_reviewer"])
def test_nothing_is_granted_on_the_word_of_somebody_who_is_known_to_be_tied_by_now(submitted, world, who, sign_in):
    case = reviewable(submitted())
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    known_to_be_tied(case, world, who, at)
    name = world.people[who].name
    assert hinders_by(lambda: decided(case, world, at)) == {name}
    page = sign_in("decision_maker").get(reverse("decision_desk", kwargs={"case": case.pk})).text
    assert f"{name}：此人与申请人存在利益关系" in page
    return_from_decision(case, "new-information", BECAUSE, case_file(case).digest, world.actor("decision_maker"), at)


@pytest.mark.parametrize("who", ["lead_assessor", "decision_maker"])
def test_what_comes_to_be_known_before_the_second_signature_voids_the_grant(submitted, world, who):
    case = reviewable(submitted())
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    decided(case, world, at)
    known_to_be_tied(case, world, who, at)
    assert isinstance(signed(case, world, at), Voided)
    assert case.state == State.DECISION


def test_a_refusal_by_somebody_tied_is_void_too_but_not_one_on_a_tied_evaluators_word(submitted, world):
    case = reviewable(submitted())
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    refusal = {"outcome": "", "scope": (), "refused_for": "other"}
    decided(case, world, at, **refusal)
    known_to_be_tied(case, world, "decision_maker", at)
    assert isinstance(signed(case, world, at), Voided)
    known_to_be_tied(case, world, "lead_assessor", at)
    world.join("another", world.body, "decision_maker", at)
    decide(case, Verdict(BECAUSE, refused_for="other"), proof(at), case_file(case).digest, world.actor("another"), at)
    world.join("chair", world.body, "head_of_body", at)
    sign_second(case, proof(at), case_file(case).digest, world.actor("chair"), at)
    case.refresh_from_db()
    assert case.state == State.REFUSED
