# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from gradus.applications.cases import rules_of
from gradus.applications.clock import clock_of
from gradus.applications.models import CaseStep
from gradus.applications.register import Event, enter_certificate, record_event
from gradus.applications.worklist import board
from gradus.decisions.decide import Verdict, answer_proposal, ask_consent, bounds_of, decide, return_from_decision
from gradus.decisions.file import case_file, outcome_id
from gradus.decisions.models import Decision, Signature, Voided
from gradus.decisions.notice import answer_objection, close_notice, record_objection
from gradus.decisions.record import decision_of, notice_of
from gradus.decisions.review import Recommendation, recommend, return_to_evaluation
from gradus.decisions.sign import Proof, sign_second
from gradus.grading.faults import Refusal
from gradus.journal.models import Entry
from tests.applications.stage_one import certificate
from tests.decisions.deciding import BECAUSE, announced, decided, granted, proof, recommended, reviewable, signed
from tests.grading.dossiers import edition

MINUTE = timedelta(minutes=1)


@pytest.fixture
def case(submitted):
    return reviewable(submitted())


def codes(refused):
    return [fault.code for fault in refused.value.faults]


def test_a_level_4_is_recommended_announced_decided_signed_and_granted(submitted, world):
    case = granted(submitted(), world)
    assert case.state == "granted"
    steps = CaseStep.objects.filter(case=case, number__gt=case.steps - 4).order_by("number")
    assert [each.step for each in steps] == ["recommend", "close_notice", "decide", "grant"]
    decision = decision_of(case)
    assert (decision.outcome, decision.scope != []) == ("level-4", True)
    first, second = decision.signatures.order_by("id")
    assert (first.part, second.part) == ("decision_maker", "second_signatory")
    assert first.file_digest == second.file_digest == decision.file_digest
    assert Entry.objects.get(kind="decision.granted").subject == f"case:{case.pk}"


def test_a_recommendation_says_no_more_than_was_verified(case, world):
    at, file = case.changed_at + MINUTE, case_file(case)
    said = Recommendation("level-1-star-5", "short", ("no-such-field",), ())
    with pytest.raises(Refusal) as refused:
        recommend(case, said, "another file", world.actor("technical_reviewer"), at)
    assert codes(refused) == [
        "decision.file_changed", "decision.reasons_needed", "review.above_verified", "decision.scope_beyond",
        "review.unanswered",
    ]  # fmt: skip
    assert case_file(case).digest == file.digest
    case.refresh_from_db()
    assert case.state == "technical_review"


def test_a_reviewer_returns_for_a_reason_of_the_closed_list(case, world):
    at, seen = case.changed_at + MINUTE, case_file(case).digest
    reviewer = world.actor("technical_reviewer")
    with pytest.raises(Refusal) as refused:
        return_to_evaluation(case, "because", BECAUSE, seen, reviewer, at)
    assert codes(refused) == ["decision.reason_not_listed"]
    return_to_evaluation(case, "incomplete-file", BECAUSE, seen, reviewer, at)
    case.refresh_from_db()
    assert case.state == "document_review"


def test_the_notice_runs_for_the_working_days_of_the_edition(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    notice = notice_of(case)
    # 2026-06-30 is a Tuesday: Wednesday, Thursday, Friday, Monday, Tuesday.
    assert (notice.opened_on.isoformat(), notice.last_day.isoformat()) == ("2026-06-30", "2026-07-07")
    last = case.changed_at + timedelta(days=7)
    with pytest.raises(Refusal) as refused:
        close_notice(case, world.actor("office"), last)
    assert codes(refused) == ["notice.runs"]
    close_notice(case, world.actor("office"), last + timedelta(days=1))


def test_a_notice_is_due_on_its_own_last_day_however_long_the_review_took(case, world):
    late = case.changed_at + timedelta(days=30)
    [item] = board(late)[4]
    assert (clock_of(item.case).slot, item.overdue) == ("decision", True)
    recommended(case, world, late)
    [item] = board(late + MINUTE)[4]
    assert (clock_of(item.case).slot, item.last_day, item.overdue) == ("notice", notice_of(case).last_day, False)
    close_notice(case, world.actor("office"), late + timedelta(days=10))
    assert clock_of(board(late + timedelta(days=10))[4][0].case).slot == "decision"


def test_an_objection_is_answered_before_the_notice_closes(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at, office = case.changed_at + timedelta(days=1), world.actor("office")
    day = notice_of(case).opened_on
    with pytest.raises(Refusal) as refused:
        record_objection(case, ("", "", ""), day - timedelta(days=1), office, at)
    assert codes(refused) == ["notice.said_by_needed", "notice.text_needed", "notice.received_outside"]
    with pytest.raises(Refusal) as refused:
        record_objection(case, ("某" * 101, "0" * 201, "长" * 4001), day, office, at)
    assert codes(refused) == ["notice.said_by_needed", "notice.contact_too_long", "notice.text_needed"]
    objection = record_objection(case, ("某单位", "010-0000", "项目并非其独立完成"), day, office, at)
    late = at + timedelta(days=20)
    with pytest.raises(Refusal) as refused:
        close_notice(case, office, late)
    assert codes(refused) == ["notice.unanswered"]
    answer_objection(objection, "已核对合同与验收记录，为独立完成。", world.actor("technical_reviewer"), late)
    close_notice(case, office, late)
    case.refresh_from_db()
    assert case.state == "decision"


def test_nothing_above_what_was_recommended_is_granted(submitted, world):
    case = reviewable(submitted(), "level-3")
    verified = case_file(case).verified
    recommended(case, world, case.changed_at + MINUTE, outcome="level-4")
    at = announced(case, world)
    for outcome, code in [("level-3", "decision.above_bounds"), ("level-4", "decision.no_consent")]:
        with pytest.raises(Refusal) as refused:
            decided(case, world, at, outcome=outcome)
        assert codes(refused) == [code]
    with pytest.raises(Refusal) as refused:
        decided(case, world, at, outcome="level-4", scope=(*verified.scope, "no-such-field"))
    assert codes(refused) == ["decision.scope_beyond", "decision.no_consent"]


def test_nothing_above_what_was_applied_for_is_recommended_or_granted(submitted, world):
    """Also when the facts that are graded ask for more than the case does."""
    submission = submitted("upgrade-after-12-months", requested="level-3")
    at = submission.submitted_at
    enter_certificate(world.client, edition(), certificate(at, "level-4"), world.actor("office"), at)
    case = reviewable(submission)
    verified = case_file(case).verified
    assert outcome_id(verified.edition, verified.grantable) == "level-3"
    with pytest.raises(Refusal) as refused:
        recommended(case, world, case.changed_at + MINUTE)
    assert codes(refused) == ["review.above_verified"]
    recommended(case, world, case.changed_at + MINUTE, outcome="level-4")
    at = announced(case, world)
    assert bounds_of(case, case_file(case)).rank == 1
    decided(case, world, at, outcome="level-4")


def test_a_signature_before_the_decision_is_refused_in_words(case, world):
    """As when a clock was set back; the database would refuse it without any."""
    recommended(case, world, case.changed_at + MINUTE)
    decided(case, world, announced(case, world))
    with pytest.raises(Refusal) as refused:
        signed(case, world, case.changed_at - MINUTE)
    assert codes(refused) == ["case.before_last"]


@pytest.mark.parametrize("given", [True, False])
def test_less_than_was_applied_for_is_granted_with_the_clients_consent_alone(given, submitted, world):
    case = reviewable(submitted(), "level-3")
    recommended(case, world, case.changed_at + MINUTE, outcome="level-4")
    at, maker = announced(case, world), world.actor("decision_maker")
    file = case_file(case)
    lower = Verdict(BECAUSE, "level-4", file.verified.scope)
    assert len(lower.scope) > 1
    ask_consent(case, lower, file.digest, maker, at)
    for name in (" ", "王" * 101):
        with pytest.raises(Refusal) as refused:
            answer_proposal(case, given=given, name=name, actor=world.actor("manager"), at=at + MINUTE)
        assert codes(refused) == ["consent.name_needed"]
    answer_proposal(case, given=given, name="王法定", actor=world.actor("manager"), at=at + MINUTE)
    case.refresh_from_db()
    later = at + 2 * MINUTE
    if not given:
        with pytest.raises(Refusal) as refused:
            decided(case, world, later, outcome="level-4")
        assert codes(refused) == ["decision.no_consent"]
        return
    with pytest.raises(Refusal) as refused:
        decided(case, world, later, outcome="level-4", scope=file.verified.scope[:1])
    assert codes(refused) == ["decision.no_consent"], "it was asked about the whole scope"
    decided(case, world, later, outcome="level-4")
    signed(case, world, later + MINUTE)
    assert (case.state, decision_of(case).outcome) == ("granted", "level-4")


def test_a_refusal_names_a_reason_of_the_list_and_bears_two_signatures(case, world):
    recommended(case, world, case.changed_at + MINUTE, outcome="", answered=())
    assert notice_of(case) is None
    at = announced(case, world)
    with pytest.raises(Refusal) as refused:
        decided(case, world, at, outcome="", refused_for="not liked", reasons="no")
    assert codes(refused) == ["decision.reasons_needed", "decision.reason_not_listed"]
    with pytest.raises(Refusal, match="reasons_needed"):
        decided(case, world, at, outcome="", refused_for="other", reasons="长" * 4001)
    decided(case, world, at, outcome="", refused_for="other")
    signed(case, world, at + MINUTE)
    assert case.state == "refused"
    assert Entry.objects.filter(kind="decision.refused").exists()


def test_a_decision_maker_returns_instead_of_deciding(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    maker, seen = world.actor("decision_maker"), case_file(case).digest
    return_from_decision(case, "new-information", BECAUSE, seen, maker, at)
    case.refresh_from_db()
    assert case.state == "document_review"
    assert decision_of(case) is None


def recorded(case, world, at, **cells):
    """The office records an event that it has come to know of."""
    record_event(world.client, rules_of(case), Event(cells, "现场评估发现"), world.actor("office"), at)


def fraud(case, world, at):
    recorded(case, world, at, kind="fraud_finding", occurred_on=at.date().isoformat(), major="yes")


def test_fraud_found_after_the_declared_day_lets_nothing_be_recommended_or_granted(case, world):
    at = case.changed_at + timedelta(days=3)
    with transaction.atomic():
        fraud(case, world, at)
        with pytest.raises(Refusal) as refused:
            recommended(case, world, at)
        assert codes(refused) == ["readiness.veto"]
        transaction.set_rollback(True)
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    fraud(case, world, at)
    assert case_file(case).verified.grantable == 1, "the facts are graded on the declared day"
    with pytest.raises(Refusal) as refused:
        decided(case, world, at)
    assert codes(refused) == ["readiness.veto"]
    decided(case, world, at, outcome="", refused_for="other")
    signed(case, world, at + MINUTE)
    assert case.state == "refused"


def test_fraud_recorded_before_the_second_signature_voids_the_grant(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    decided(case, world, at)
    fraud(case, world, at + MINUTE)
    signed(case, world, at + 2 * MINUTE)
    assert (case.state, decision_of(case)) == ("decision", None)


def test_a_complaint_that_is_late_on_the_day_of_the_second_signature_voids_the_grant(case, world):
    day = case.submission.submitted_at.date().isoformat()
    recorded(case, world, case.changed_at, kind="complaint", occurred_on=day, major="yes")
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    decided(case, world, at)
    with transaction.atomic():
        assert isinstance(signed(case, world, at + MINUTE), Signature)
        transaction.set_rollback(True)
    assert isinstance(signed(case, world, at + timedelta(days=90)), Voided)


@pytest.mark.parametrize("ago", [timedelta(minutes=6), -MINUTE, None])
def test_who_has_not_just_proven_to_be_who_they_are_signs_nothing(ago, case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    old, file = Proof("password", ago and at - ago), case_file(case)
    verdict = Verdict(BECAUSE, "level-4", file.verified.scope)
    with pytest.raises(Refusal) as refused:
        decide(case, verdict, old, file.digest, world.actor("decision_maker"), at)
    assert codes(refused) == ["decision.prove_again"]
    decided(case, world, at)
    with pytest.raises(Refusal) as refused:
        sign_second(case, old, case_file(case).digest, world.actor("head_of_body"), at)
    assert codes(refused) == ["decision.prove_again"]
    case.refresh_from_db()
    assert case.state == "signature"


def test_the_same_person_does_not_sign_twice(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    made = decided(case, world, at)
    with pytest.raises(Refusal) as refused:
        sign_second(case, proof(at), made.file_digest, world.actor("decision_maker"), at)
    assert codes(refused) == ["case.forbidden_part"]


def test_nothing_is_signed_over_another_file_than_was_shown(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at = announced(case, world)
    decided(case, world, at)
    with pytest.raises(Refusal) as refused:
        sign_second(case, proof(at), "0" * 64, world.actor("head_of_body"), at)
    assert codes(refused) == ["decision.file_changed"]
    assert not Voided.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE decisions_decision SET outcome = 'level-1-star-5'",
        "DELETE FROM decisions_signature",
        "UPDATE decisions_signature SET name = 'somebody'",
        "DELETE FROM decisions_review",
    ],
)
def test_nothing_recorded_is_changed(change, submitted, world):
    granted(submitted(), world)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert (Decision.objects.count(), Signature.objects.count()) == (1, 2)


@pytest.mark.parametrize("recommended_for", ["both fields", "one field"])
def test_a_smaller_scope_than_applied_for_is_granted_with_the_clients_consent_alone(case, world, recommended_for):
    """Also where the review already recommended less than was applied for."""
    fields = case_file(case).verified.scope
    some = fields[:1]
    recommended(case, world, case.changed_at + MINUTE, scope=fields if recommended_for == "both fields" else some)
    at, maker = announced(case, world), world.actor("decision_maker")
    with pytest.raises(Refusal) as refused:
        decided(case, world, at, scope=some)
    assert codes(refused) == ["decision.no_consent"]
    lesser = Verdict(BECAUSE, "level-4", some)
    ask_consent(case, lesser, case_file(case).digest, maker, at)
    answer_proposal(case, given=True, name="王法定", actor=world.actor("manager"), at=at + MINUTE)
    case.refresh_from_db()
    decided(case, world, at + 2 * MINUTE, scope=some)
    signed(case, world, at + 3 * MINUTE)
    assert decision_of(case).scope == list(some)


def test_the_client_is_not_asked_about_what_it_applied_for(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at, file = announced(case, world), case_file(case)
    with pytest.raises(Refusal) as refused:
        ask_consent(
            case,
            Verdict(BECAUSE, "level-4", file.verified.scope),
            case_file(case).digest,
            world.actor("decision_maker"),
            at,
        )
    assert codes(refused) == ["decision.not_lower"]


@pytest.mark.parametrize("reason", ["not-reached", "below-request", "veto", "findings-open"])
def test_no_reason_for_refusing_says_what_is_not_so(case, world, reason):
    recommended(case, world, case.changed_at + MINUTE, outcome="", answered=())
    at = announced(case, world)
    with pytest.raises(Refusal) as refused:
        decided(case, world, at, outcome="", scope=(), refused_for=reason)
    assert codes(refused) == ["decision.reason_untrue"]
    decided(case, world, at, outcome="", scope=(), refused_for="other")


def test_who_recommends_to_refuse_what_may_be_granted_is_warned_first(case, world):
    with pytest.raises(Refusal) as refused:
        recommended(case, world, case.changed_at + MINUTE, outcome="", answered=(), against_verified=False)
    assert codes(refused) == ["review.refuses_grantable"]
    recommended(case, world, case.changed_at + MINUTE, outcome="", answered=())
    assert case.state == "notice"


def test_a_client_that_declined_less_is_refused_for_that(submitted, world):
    case = reviewable(submitted(), "level-3")
    recommended(case, world, case.changed_at + MINUTE, outcome="level-4")
    at, file = announced(case, world), case_file(case)
    lower = Verdict(BECAUSE, "level-4", file.verified.scope)
    ask_consent(case, lower, case_file(case).digest, world.actor("decision_maker"), at)
    answer_proposal(case, given=False, name="王法定", actor=world.actor("manager"), at=at + MINUTE)
    case.refresh_from_db()
    decided(case, world, at + 2 * MINUTE, outcome="", scope=(), refused_for="below-request")


def test_the_same_objection_to_a_notice_sent_twice_is_recorded_once(case, world):
    recommended(case, world, case.changed_at + MINUTE)
    at, office = case.changed_at + MINUTE, world.actor("office")
    told = ("某单位", "010-1234", "项目并非其独立完成")
    first = record_objection(case, told, at.date(), office, at)
    again = record_objection(case, (" 某单位 ", "010-1234", "项目并非其独立完成\n"), at.date(), office, at + MINUTE)
    assert again == first
    assert Entry.objects.filter(kind="notice.objected").count() == 1
    other = record_objection(case, ("另一单位", "", "项目并非其独立完成"), at.date(), office, at + MINUTE)
    assert other != first
