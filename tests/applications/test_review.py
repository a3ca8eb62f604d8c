# SPDX-License-Identifier: Apache-2.0
"""The application review and its three ways out; supplements; each deed refused by the database too."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from gradus.applications.apply import apply, withdraw
from gradus.applications.cases import advance, lock, parts_of, rules_of, take_part
from gradus.applications.facts import case_result
from gradus.applications.models import ApplicationReview, CaseStep, Filing, SupplementAnswer, SupplementItem
from gradus.applications.register import Event, record_event
from gradus.applications.review import Answer, accept_application, ask_supplement, findings, refuse_application
from gradus.applications.supplements import answer_supplement, open_items
from gradus.dossiers.models import Row
from gradus.dossiers.rows import Removal, change_rows
from gradus.grading.faults import Refusal
from gradus.process.parts import Part
from gradus.process.states import Step
from tests.applications.stage_one import LICENCE, RECORDS, all_yes, applied, later, submit_again, typed
from tests.applications.test_facts import FRAUD


@pytest.fixture
def case(submitted, world):
    return applied(submitted(), world)


@pytest.fixture
def reviewer(world):
    return world.actor("application_reviewer")


@pytest.fixture
def asked(case, reviewer):
    ask_supplement(case, {}, [LICENCE, RECORDS], reviewer, later(case))
    case.refresh_from_db()
    return case


def codes(call):
    with pytest.raises(Refusal) as told:
        call()
    return [fault.code for fault in told.value.faults]


def test_a_whole_application_is_accepted_by_somebody_who_then_plays_that_part(case, reviewer, world):
    review = accept_application(case, all_yes(case), reviewer, later(case))
    case.refresh_from_db()
    assert (case.state, review.verdict, review.found["missing"]) == ("accepted", "accept_application", [])
    assert parts_of(case, world.people["application_reviewer"].pk) == ["application_reviewer"]


def test_what_comes_after_a_conclusion_is_told_that_the_case_has_moved_on(case, reviewer):
    accept_application(case, all_yes(case), reviewer, later(case))
    at = later(case, 2)
    acts = (
        lambda: accept_application(case, all_yes(case), reviewer, at),
        lambda: ask_supplement(case, {}, [LICENCE], reviewer, at),
        lambda: refuse_application(case, {}, "scope-outside", "不在范围内", reviewer, at),
    )
    assert [codes(act) for act in acts] == [["case.not_now"]] * 3
    assert ApplicationReview.objects.count() == 1


def test_every_question_must_be_answered_with_yes(case, reviewer):
    answers = all_yes(case)
    first, second, *_ = answers
    answers[first] = Answer(met=False, note="范围不清")
    del answers[second]
    told = codes(lambda: accept_application(case, answers, reviewer, later(case)))
    assert told == ["application.answered_no", "application.not_answered"]
    assert not ApplicationReview.objects.exists()
    assert parts_of(case, reviewer.account) == []


def test_an_owed_document_that_is_missing_stops_acceptance_and_changes_no_grade(submitted, world, reviewer):
    submission = submitted()
    case = apply(submission, world.actor("manager"), submission.submitted_at)
    assert findings(case, later(case)).missing
    told = codes(lambda: accept_application(case, all_yes(case), reviewer, later(case)))
    assert set(told) <= {"readiness.material_lacking", "readiness.material_lacking_for"}
    assert findings(case, later(case)).result.capability == 1


def test_a_project_called_complete_without_plan_and_report_is_sent_back(case, reviewer, world):
    assert findings(case, later(case)).stopping == ()
    dossier, manager, at = case.submission.dossier, world.actor("manager"), later(case)
    plan = next(
        each
        for each in Row.objects.filter(dossier=dossier, table="documents", removed_at=None)
        if each.cells["kind"] == "implementation_plan"
    )
    change_rows(dossier, "documents", [], [Removal(plan.pk, plan.version)], manager, at)
    withdraw(case, "", manager, at)
    again = apply(submit_again(dossier, manager, at), manager, at)
    assert [each.params["rule"] for each in findings(again, at).stopping] == ["complete-without-plan-and-test"]
    assert "check.failed" in codes(lambda: accept_application(again, all_yes(again), reviewer, later(again)))


def test_a_veto_of_the_bodys_own_record_stops_acceptance(case, reviewer, world):
    record_event(world.client, rules_of(case), Event(FRAUD, "监管通报"), world.actor("office"), later(case))
    told = codes(lambda: accept_application(case, all_yes(case), reviewer, later(case)))
    assert told == ["readiness.veto"]


def test_a_veto_that_came_to_hold_after_the_declared_day_stops_acceptance(case, reviewer, world):
    then = later(case) + timedelta(days=5)
    late = {**FRAUD, "occurred_on": then.date().isoformat()}
    record_event(world.client, rules_of(case), Event(late, "监管通报"), world.actor("office"), then)
    assert not case_result(case).vetoed, "on the declared day it had not happened"
    assert codes(lambda: accept_application(case, all_yes(case), reviewer, then)) == ["readiness.veto"]


def test_what_lies_above_the_path_is_not_accepted(submitted, world, reviewer):
    submission = submitted("upgrade-after-12-months", requested="level-2-star-3")
    case = apply(submission, world.actor("manager"), submission.submitted_at)
    told = codes(lambda: accept_application(case, all_yes(case), reviewer, later(case)))
    assert "application.above_path" in told


def test_a_refusal_needs_a_reason_of_the_list_and_words(case, reviewer):
    told = codes(lambda: refuse_application(case, {}, "because", "", reviewer, later(case)))
    assert told == ["application.reason_needed", "application.text_needed"]
    told = codes(lambda: refuse_application(case, {}, "scope-outside", "申请的服务不属于本制度", reviewer, later(case)))
    assert told == ["application.not_answered"] * 5, "each question of 7.3 has its answer, yes or no"
    first, *others = all_yes(case)
    answers = {first: Answer(met=False, note="不在范围内"), **{each: Answer(met=True, note="") for each in others}}
    refuse_application(case, answers, "scope-outside", "申请的服务不属于本制度", reviewer, later(case))
    case.refresh_from_db()
    assert case.state == "not_accepted"
    assert CaseStep.objects.get(case=case, number=2).said["reason"] == "scope-outside"


@pytest.mark.parametrize("reason", ["barred", "not-eligible"])
def test_a_bar_or_a_missing_path_is_no_reason_to_refuse_where_there_is_none(case, reviewer, reason):
    told = codes(lambda: refuse_application(case, all_yes(case), reason, "处于禁止申请期", reviewer, later(case)))
    assert told == ["application.reason_untrue"]


def test_what_the_path_does_not_admit_is_refused_without_the_questions(submitted, world, reviewer):
    submission = submitted("upgrade-after-12-months", requested="level-2-star-3")
    case = apply(submission, world.actor("manager"), submission.submitted_at)
    refuse_application(case, {}, "not-eligible", "等级路径不允许", reviewer, later(case))
    case.refresh_from_db()
    assert case.state == "not_accepted"


def test_who_is_of_the_clients_own_does_not_review(case, world):
    told = codes(
        lambda: refuse_application(case, all_yes(case), "scope-outside", "不行", world.actor("member"), later(case))
    )
    assert told == ["case.clients_own"]


def test_what_is_asked_for_names_reason_place_and_words(case, reviewer):
    told = codes(
        lambda: ask_supplement(case, {}, [replace(LICENCE, reason="x", document="", text=" ")], reviewer, later(case))
    )
    assert told == ["supplement.reason_needed", "supplement.place_needed", "supplement.text_needed"]
    for row in (0, 999_999):
        wanted = [replace(RECORDS, row=row)]
        assert codes(lambda: ask_supplement(case, {}, wanted, reviewer, later(case))) == ["supplement.row_unknown"]  # noqa: B023
    assert codes(lambda: ask_supplement(case, {}, [], reviewer, later(case))) == ["supplement.no_items"]
    assert CaseStep.objects.filter(case=case).count() == 1


def test_exactly_the_items_asked_for_all_of_them_resume_the_clock(asked, world):
    manager, at = world.actor("manager"), later(asked)
    first, second = open_items(asked)
    new = submit_again(asked.submission.dossier, manager, at)
    told = codes(lambda: answer_supplement(asked, new, {first.pk: "已补"}, manager, at))
    assert told == ["supplement.not_answered"]
    told = codes(lambda: answer_supplement(asked, new, {first.pk: "已补", second.pk: "已补", 99: "x"}, manager, at))
    assert told == ["supplement.not_asked"]
    old = Filing.objects.get(case=asked, number=1).submission
    told = codes(lambda: answer_supplement(asked, old, {first.pk: "已补", second.pk: "已补"}, manager, at))
    assert told == ["application.filed_already", "application.not_newest"]
    answer_supplement(asked, new, {first.pk: "已补", second.pk: "换了清晰的"}, manager, at)
    asked.refresh_from_db()
    assert (asked.state, asked.submission) == ("applied", new)
    assert [each.number for each in Filing.objects.filter(case=asked)] == [1, 2]
    assert not open_items(asked).exists()


def test_a_supplement_asks_for_the_same_outcome(asked, world):
    manager, at = world.actor("manager"), later(asked)
    dossier = asked.submission.dossier
    typed(dossier, "application", {"requested_outcome": "level-3"}, manager, at)
    new = submit_again(dossier, manager, at)
    notes = {each.pk: "已补" for each in open_items(asked)}
    assert codes(lambda: answer_supplement(asked, new, notes, manager, at)) == ["application.another_outcome"]


def test_an_exception_that_a_supplement_claims_is_claimed_and_stays_so(case, world, reviewer):
    """Else the case would be decided without its panel."""
    manager, dossier = world.actor("manager"), case.submission.dossier
    for said in ("yes", "no"):
        ask_supplement(case, {}, [LICENCE], reviewer, later(case))
        typed(dossier, "application", {"cross_level": said}, manager, later(case))
        new = submit_again(dossier, manager, later(case))
        answer_supplement(case, new, {each.pk: "已补" for each in open_items(case)}, manager, later(case))
        case.refresh_from_db()
        assert (case.state, case.by_exception) == ("applied", True)


def test_the_database_refuses_what_stage_1_refuses(asked, world, reviewer):
    at, item = later(asked), SupplementItem.objects.filter(case=asked).first()
    step, filing, outsider = CaseStep.objects.get(case=asked, number=2), item.case.filings.get(), world.people["office"]
    answers = [
        SupplementAnswer(case=asked, asked=item, filing=filing, account=world.people["manager"], note="x", at=at)
    ]
    wrong = {
        "review by somebody without the part": lambda: ApplicationReview.objects.create(
            case=asked, account=outsider, filing=filing, answers={}, found={}, verdict="accept_application", at=at
        ),
        "item by somebody without the part": lambda: SupplementItem.objects.create(
            case=asked, step=step, account=outsider, number=9, reason="missing", text="x"
        ),
        "item that no step asked for": lambda: SupplementItem.objects.create(
            case=asked, step=CaseStep.objects.get(case=asked, number=1), account_id=reviewer.account, number=9,
            reason="missing", text="x",
        ),
        "clock resumed with open items": lambda: advance(lock(asked), Step.ANSWER_SUPPLEMENT, reviewer, at),
        "clock resumed with one of two": lambda: (
            SupplementAnswer.objects.bulk_create(answers),
            advance(lock(asked), Step.ANSWER_SUPPLEMENT, reviewer, at),
        ),
    }  # fmt: skip
    kept = []
    for what, deed in wrong.items():
        try:
            with transaction.atomic():
                deed()
            kept.append(what)
        except IntegrityError:
            pass
    assert kept == []
    advance_back = submit_again(asked.submission.dossier, world.actor("manager"), at)
    answer_supplement(asked, advance_back, {each.pk: "已补" for each in open_items(asked)}, world.actor("manager"), at)
    with pytest.raises(IntegrityError), transaction.atomic():  # the case is no longer the client's turn
        SupplementItem.objects.create(
            case=asked, step=step, account_id=reviewer.account, number=9, reason="missing", text="x"
        )
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE applications_supplementanswer SET note = 'y'")
    assert take_part(asked, reviewer.account, Part.APPLICATION_REVIEWER, at)
