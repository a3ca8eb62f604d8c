# SPDX-License-Identifier: Apache-2.0
"""Ways back within stage 4, nothing overwritten: the review of somebody who turns out to be tied to the client is made
anew by another; a decision that the second person does not share is made again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from gradus.applications.cases import take_part
from gradus.applications.models import Case, CaseStep, Relief
from gradus.applications.worklist import work_of
from gradus.decisions.anew import return_to_review
from gradus.decisions.file import case_file
from gradus.decisions.models import Notice, Review, Voided
from gradus.decisions.notice import close_notice, open_notices
from gradus.decisions.panel import close_panel, convene, vote
from gradus.decisions.record import decision_of, notice_of, review_of, seats_of
from gradus.decisions.review import QUESTIONS, Recommendation, recommend
from gradus.decisions.sign import decline_to_sign
from gradus.decisions.whose_turn import LATER
from gradus.evaluations.models import Rating
from gradus.grading.faults import Refusal
from gradus.people.models import Notification
from gradus.people.queries import appointments_of
from gradus.process.parts import Part
from gradus.process.states import State
from tests.decisions.deciding import BECAUSE, announced, decided, recommended, reviewable, signed
from tests.decisions.test_found_late import hinders_by, known_to_be_tied

MINUTE = timedelta(minutes=1)
WHY = "复核人配偶在申请人处任职"
OFFICE, DECIDES = ("office", Part.PANEL_OFFICER), ("decision_maker", Part.DECISION_MAKER)


@pytest.fixture
def case(submitted, world):
    """A case at its technical review, which two people may do."""
    made = reviewable(submitted())
    world.join("second_reviewer", world.body, "technical_reviewer", made.changed_at)
    return made


def returned(case, world, by, at):
    who, part = by
    made = return_to_review(case, WHY, part, world.actor(who), at)
    case.refresh_from_db()
    return made


def reviewed_again(case, world, at, outcome="level-4"):
    file = case_file(case)
    said = Recommendation(outcome, BECAUSE, file.verified.scope if outcome else (), QUESTIONS, against_verified=True)
    made = recommend(case, said, file.digest, world.actor("second_reviewer"), at)
    case.refresh_from_db()
    return made


def codes(deed):
    with pytest.raises(Refusal) as refused, transaction.atomic():
        deed()
    return {fault.code for fault in refused.value.faults}


def test_another_reviews_anew_and_what_the_first_recommended_stays_on_record(case, world):
    first = recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    ratings = Rating.objects.filter(case=case).count()
    known_to_be_tied(case, world, "technical_reviewer", at)
    assert hinders_by(lambda: decided(case, world, at)) == {"technical reviewer"}
    step = returned(case, world, DECIDES, at)
    assert (case.state, step.said["reviewer"]) == (State.TECHNICAL_REVIEW, "technical reviewer")
    assert (review_of(case), notice_of(case), decision_of(case)) == (None, None, None)
    assert Rating.objects.filter(case=case).count() == ratings > 0
    assert "case.part_ended" in codes(lambda: recommended(case, world, at))
    second = reviewed_again(case, world, at + MINUTE)
    assert list(Review.objects.filter(case=case).order_by("id")) == [first, second]
    at = announced(case, world)
    decided(case, world, at)
    signed(case, world, at)
    assert case.state == State.GRANTED


def test_a_review_that_nothing_binds_is_not_made_anew(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    for by in (OFFICE, DECIDES):
        assert codes(lambda by=by: returned(case, world, by, at)) == {"review.stands"}
    known_to_be_tied(case, world, "technical_reviewer", at)
    actor = world.actor("office")
    assert codes(lambda: return_to_review(case, "  ", Part.PANEL_OFFICER, actor, at)) == {"decision.reasons_needed"}
    assert Case.objects.get(pk=case.pk).state == State.DECISION
    assert not Relief.objects.exists()


def test_nobody_asks_for_it_who_evaluated_or_is_tied(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    known_to_be_tied(case, world, "technical_reviewer", at)
    for who, part in (("assessor", Part.DECISION_MAKER), ("lead_assessor", Part.PANEL_OFFICER)):
        assert codes(lambda by=(who, part): returned(case, world, by, at)) == {"case.forbidden_part"}
    tied = codes(lambda: returned(case, world, ("technical_reviewer", Part.DECISION_MAKER), at))
    assert tied == {"case.tied"}


def test_the_notice_of_a_review_that_fell_is_announced_no_more_and_keeps_nothing_open(case, world):
    """The second reviewer recommends to refuse, which is not announced: nobody waits for the first notice's days,
    neither the action nor the database."""
    recommended(case, world, case.changed_at + MINUTE)
    at = case.changed_at + MINUTE
    assert open_notices(at).count() == 1
    known_to_be_tied(case, world, "technical_reviewer", at)
    returned(case, world, OFFICE, at)
    reviewed_again(case, world, at, outcome="")
    assert case.state == State.NOTICE
    assert not open_notices(at).exists()
    close_notice(case, world.actor("office"), at)
    case.refresh_from_db()
    assert (case.state, Notice.objects.filter(case=case).count()) == (State.DECISION, 1)


def test_votes_that_rested_on_it_count_no_more_and_are_given_anew(case, world):
    experts = ["expert0", "expert1", "expert2"]
    for each in experts:
        world.join(each, world.body, "panel_member", case.changed_at)
    case.by_exception = True
    case.save(update_fields=["by_exception"])
    recommended(case, world, case.changed_at + MINUTE)
    at, office = case.changed_at + MINUTE, world.actor("office")

    def voted():
        convene(case, [world.people[each] for each in experts], office, at)
        for each in experts:
            vote(case, "for", BECAUSE, world.actor(each), at)
        close_panel(case, BECAUSE, office, at)
        case.refresh_from_db()
        return case.state

    assert voted() == State.NOTICE
    known_to_be_tied(case, world, "technical_reviewer", at)
    returned(case, world, OFFICE, at)
    assert list(seats_of(case)) == []
    reviewed_again(case, world, at)
    assert (case.state, list(seats_of(case))) == (State.PANEL, [])
    assert voted() == State.NOTICE


def test_the_database_returns_no_case_while_the_reviewer_keeps_the_part_nor_by_anybody_else(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at, reviewer, office = case.changed_at, world.people["technical_reviewer"], world.people["office"]
    back = {"case": case, "number": case.steps + 1, "step": "return_to_review"}
    back |= {"before": "notice", "after": "technical_review", "at": at}
    take_part(case, office.pk, Part.PANEL_OFFICER, at)

    def refused_as(guard, who):
        with pytest.raises(IntegrityError, match=guard), transaction.atomic():
            CaseStep.objects.create(account=world.people[who], **back)

    refused_as("anew_without_relief", "office")
    [part] = case.involvements.filter(account=reviewer, part="technical_reviewer")
    Relief.objects.create(involvement=part, case=case, account=office, at=at)
    refused_as("anew_by_part", "second_reviewer")
    CaseStep.objects.create(account=office, **back)
    Case.objects.filter(pk=case.pk).update(state="technical_review", steps=case.steps + 1)
    again = {"round": 1, "outcome": "level-4", "reasons": "x", "file_digest": "0" * 64}
    with pytest.raises(IntegrityError, match="review_needs_part"), transaction.atomic():
        Review.objects.create(case=case, account=reviewer, at=at, **again)


def test_it_awaits_the_other_reviewer_and_not_the_one_who_is_tied(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at = case.changed_at + MINUTE
    known_to_be_tied(case, world, "technical_reviewer", at)
    returned(case, world, OFFICE, at)

    def listed(who):
        person = world.people[who]
        return [item.case for item in work_of(person, appointments_of(person, at), at, LATER)]

    assert (listed("technical_reviewer"), listed("second_reviewer")) == ([], [case])
    told = Notification.objects.filter(code="case_awaits", told_at=at).values_list("account__name", flat=True)
    assert list(told) == ["second reviewer"]


@pytest.mark.parametrize("who", ["office", "decision_maker"])
def test_the_page_offers_it_where_the_reviewer_is_tied_and_the_new_reviewer_reads_why(case, world, sign_in, who):
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    address, act = (reverse(name, kwargs={"case": case.pk}) for name in ("decision_desk", "review_anew"))
    assert act not in sign_in(who).get(address).text
    known_to_be_tied(case, world, "technical_reviewer", at)
    assert act in sign_in(who).get(address).text
    assert act not in sign_in("head_of_body").get(address).text
    assert sign_in(who).post(act, {"anew-reasons": ""}).status_code == 422
    done = sign_in(who, "en").post(act, {"anew-reasons": WHY}, follow=True)
    assert "awaits another reviewer" in done.text
    assert WHY in sign_in("office").get(reverse("technical_review", kwargs={"case": case.pk})).text


def test_who_does_not_share_a_decision_does_not_sign_it_and_it_is_made_again(case, world, sign_in):
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    first = decided(case, world, at)
    head, desk = world.actor("head_of_body"), reverse("decision_desk", kwargs={"case": case.pk})
    assert codes(lambda: decline_to_sign(case, "  ", head, at)) == {"decision.reasons_needed"}
    assert codes(lambda: decline_to_sign(case, WHY, world.actor("decision_maker"), at)) == {"case.forbidden_part"}
    page = reverse("decline_signature", kwargs={"case": case.pk})
    assert page in sign_in("head_of_body").get(desk).text
    assert sign_in("head_of_body").post(page, {"decline-reasons": ""}).status_code == 422
    assert sign_in("head_of_body").post(page, {"decline-reasons": "验收日期存疑，请再核实"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, first.signatures.count(), decision_of(case)) == (State.DECISION, 1, None)
    assert "验收日期存疑，请再核实" in sign_in("decision_maker").get(desk).text
    at = case.changed_at + MINUTE
    assert codes(lambda: decline_to_sign(case, WHY, head, at)) == {"case.not_now"}
    again = decided(case, world, at)
    signed(case, world, at)
    assert (case.state, again.signatures.count()) == (State.GRANTED, 2)
    assert Voided.objects.get().decision == first
