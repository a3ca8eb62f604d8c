# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.applications.facts import with_ratings
from gradus.applications.models import CaseStep
from gradus.dossiers.models import Row as DossierRow
from gradus.evaluations.changed import answered, changed_rows
from gradus.evaluations.models import DocumentFinding, Rating, Verdict
from gradus.evaluations.review import (
    Wanted,
    answer_review_supplement,
    ask_review_supplement,
    finish_document_review,
    newer_submission,
    what_is_open,
)
from gradus.evaluations.rows import judged_tables, rated_items, submitted
from gradus.evaluations.verdicts import ACCEPTED, Opinion, Rated, accept_rows, judge_row, note_finding, rate_item
from gradus.evaluations.verified import claimed_result, standing, verified_result, why_they_differ
from gradus.formats.wording import sentence
from gradus.grading.assess import assess
from gradus.grading.faults import Refusal
from gradus.grading.grade import grade
from gradus.grading.result import Status
from gradus.journal.models import Entry
from gradus.process.states import State
from tests.applications.stage_one import typed
from tests.applications.walk import bring_to
from tests.dossiers.submitting import submit_ready
from tests.evaluations.review import EXPERT, LEADER, MEMBER, reviewed_case
from tests.grading.dossiers import edition, perturbed

REJECTED = Opinion(accepted=False, reason="not-proven", text="合同与所填金额不符")


@pytest.fixture
def case(world, submitted):
    return reviewed_case(world, submitted())


@pytest.fixture
def then(case):
    return case.changed_at + timedelta(minutes=1)


def codes(refused):
    return sorted({fault.code for fault in refused.value.faults})


def rate_all(case, world, then, value=4):
    for item in rated_items(submitted(case).edition):
        rate_item(case, item, Rated(value, "记录齐全"), world.actor(LEADER), then)


def test_without_ratings_of_assessors_a_rated_item_is_unknown_however_the_client_rates_itself(case, world, then):
    claimed, verified = claimed_result(case), verified_result(case)
    for item in rated_items(claimed.edition):
        assert claimed.indicators[item].status is Status.SCORED
        assert verified.indicators[item].status is Status.UNKNOWN
    assert verified.grantable <= claimed.grantable
    rate_all(case, world, then)
    rated = verified_result(case)
    assert {rated.indicators[item].value for item in rated_items(claimed.edition)} == {4}
    assert not rated.claimed


def test_a_rejected_row_lowers_the_verified_grade_and_is_named_as_the_reason(case, world, then):
    rate_all(case, world, then, value=5)
    before = verified_result(case)
    for row in submitted(case).rows["projects"]:
        judge_row(case, "projects", row.id, REJECTED, world.actor(MEMBER), then)
    after = verified_result(case)
    assert after.grantable < before.grantable
    assert claimed_result(case).grantable == before.grantable
    rows = [each for each in why_they_differ(case) if each.row is not None]
    assert {each.row.number for each in rows} == {row.number for row in submitted(case).rows["projects"]}
    assert all(each.verdict.text == REJECTED.text and each.touches for each in rows)
    assert Entry.objects.filter(kind="row.rejected", subject=f"case:{case.pk}").count() == len(rows)


def test_a_later_verdict_supersedes_and_both_stay(case, world, then):
    row = submitted(case).rows["projects"][0]
    judge_row(case, "projects", row.id, REJECTED, world.actor(MEMBER), then)
    judge_row(case, "projects", row.id, ACCEPTED, world.actor(LEADER), then)
    assert standing(case).rejected(submitted(case)) == frozenset()
    assert Verdict.objects.filter(case=case, row=row.id).count() == 2


def test_nobody_supersedes_what_another_said_without_having_seen_it(case, world, then):
    row, item = submitted(case).rows["projects"][0].id, next(iter(rated_items(edition())))
    verdict = judge_row(case, "projects", row, REJECTED, world.actor(MEMBER), then)
    rating = rate_item(case, item, Rated(2, "记录零散"), world.actor(MEMBER), then)
    for act, code, told in (
        (
            lambda: judge_row(case, "projects", row, Opinion(True, seen=0), world.actor(LEADER), then),
            "verdict",
            "金额不符",
        ),
        (lambda: rate_item(case, item, Rated(4, "齐全", seen=0), world.actor(LEADER), then), "rating", "记录零散"),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        (fault,) = refused.value.faults
        assert fault.code in ("verdict.rejected_since", "rating.rated_since")
        assert fault.code.startswith(code)
        for language in ("zh", "en"):
            assert told in sentence(fault, language)
            assert world.people[MEMBER].name in sentence(fault, language)
    assert (Verdict.objects.count(), Rating.objects.count()) == (1, 1)
    # One's own is superseded at once, another's by who has seen it.
    judge_row(case, "projects", row, replace(REJECTED, seen=0), world.actor(MEMBER), then)
    rate_item(case, item, Rated(4, "齐全", seen=rating.pk), world.actor(LEADER), then)
    with pytest.raises(Refusal):
        judge_row(case, "projects", row, Opinion(True, seen=verdict.pk), world.actor(LEADER), then)


def test_a_rejection_needs_a_reason_of_the_list_and_words(case, world, then):
    row = submitted(case).rows["projects"][0]
    with pytest.raises(Refusal) as refused:
        judge_row(case, "projects", row.id, Opinion(accepted=False, reason="whim"), world.actor(MEMBER), then)
    assert codes(refused) == ["verdict.reason_needed", "verdict.text_needed"]
    for table, id_, code in [
        ("projects", 10**9, "verdict.no_such_row"),
        ("enterprise", submitted(case).rows["enterprise"][0].id, "verdict.not_rejectable"),
        ("ratings", submitted(case).rows["ratings"][0].id, "verdict.not_rejectable"),
    ]:
        with pytest.raises(Refusal) as refused:
            judge_row(case, table, id_, REJECTED, world.actor(MEMBER), then)
        assert codes(refused) == [code]


def test_a_rating_keeps_to_the_rubric_and_says_what_it_rests_on(case, world, then):
    item = next(iter(rated_items(edition())))
    with pytest.raises(Refusal) as refused:
        rate_item(case, item, Rated(6, " "), world.actor(EXPERT), then)
    assert codes(refused) == ["rating.out_of_scale", "rating.text_needed"]
    with pytest.raises(Refusal) as refused:
        rate_item(case, "nothing", Rated(3, "有记录"), world.actor(EXPERT), then)
    assert codes(refused) == ["rating.no_such_item"]


def test_nobody_outside_the_team_judges_rates_notes_asks_or_finishes(case, world, then):
    """Whatever their role: refused by the action, and by the database beneath it."""
    row, item = submitted(case).rows["projects"][0], next(iter(rated_items(edition())))
    for who in ["office", "technical_reviewer", "decision_maker", "head_of_body", "administrator", "manager"]:
        actor = world.actor(who)
        acts = {
            "judge": lambda actor=actor: judge_row(case, "projects", row.id, REJECTED, actor, then),
            "accept": lambda actor=actor: accept_rows(case, "projects", [row.id], actor, then),
            "rate": lambda actor=actor: rate_item(case, item, Rated(3, "有记录"), actor, then),
            "note": lambda actor=actor: note_finding(case, item, "现场看记录", actor, then),
            "finish": lambda actor=actor: finish_document_review(case, actor, then),
            "ask": lambda actor=actor: ask_review_supplement(case, [], actor, then),
        }
        for name, act in acts.items():
            with pytest.raises(Refusal) as refused:
                act()
            expected = "evaluation.leader_only" if name in ("finish", "ask") else "evaluation.not_on_team"
            assert codes(refused) == [expected], (who, name)
        stranger = {"case": case, "account": world.people[who], "made_at": then}
        for made in [
            Verdict(table="projects", row=row.id, of=row.of, accepted=True, **stranger),
            Rating(item=item, value=5, text="x", **stranger),
            DocumentFinding(item=item, text="x", **stranger),
        ]:
            with pytest.raises(IntegrityError, match="of_stranger"), transaction.atomic():
                made.save(force_insert=True)


def test_nothing_is_judged_once_the_case_has_moved_on_neither_by_action_nor_by_sql(case, world, then):
    row = submitted(case).rows["projects"][0]
    bring_to(case, State.TECHNICAL_REVIEW, then)
    with pytest.raises(Refusal) as refused:
        judge_row(case, "projects", row.id, REJECTED, world.actor(MEMBER), then)
    assert codes(refused) == ["evaluation.not_now"]
    with pytest.raises(IntegrityError, match="verdict_out_of_time"), transaction.atomic():
        Verdict.objects.create(
            case=case,
            account=world.people[MEMBER],
            table="projects",
            row=row.id,
            of=row.of,
            accepted=True,
            made_at=then,
        )


def test_raw_sql_changes_nothing_that_was_said(case, world, then):
    judge_row(case, "projects", submitted(case).rows["projects"][0].id, REJECTED, world.actor(MEMBER), then)
    rate_item(case, next(iter(rated_items(edition()))), Rated(2, "记录零散"), world.actor(MEMBER), then)
    for change in [
        "UPDATE evaluations_verdict SET accepted = true",
        "DELETE FROM evaluations_verdict",
        "UPDATE evaluations_rating SET value = 5",
        "DELETE FROM evaluations_rating",
        "DELETE FROM evaluations_member",
        "UPDATE evaluations_competence SET level = 'level-1'",
    ]:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_the_review_ends_when_every_row_is_judged_and_every_item_rated(case, world, then):
    with pytest.raises(Refusal) as refused:
        finish_document_review(case, world.actor(LEADER), then)
    assert codes(refused) == ["review.item_open", "review.rows_open"]
    rate_all(case, world, then)
    for table in judged_tables(edition()):
        rows = [row.id for row in submitted(case).rows[table.id]]
        assert accept_rows(case, table.id, [*rows, 0], world.actor(MEMBER), then) == len(rows)
        assert accept_rows(case, table.id, rows, world.actor(MEMBER), then) == 0
    assert what_is_open(case) == []
    finish_document_review(case, world.actor(LEADER), then)
    case.refresh_from_db()
    assert case.state == State.PLANNING
    assert CaseStep.objects.get(case=case, step="finish_document_review").said["rejected"] == []


def test_a_supplement_stops_for_the_client_who_answers_exactly_what_was_asked(case, world, then):
    project = submitted(case).rows["projects"][0]
    for row in submitted(case).rows["projects"]:
        judge_row(case, "projects", row.id, REJECTED, world.actor(MEMBER), then)
    with pytest.raises(Refusal) as refused:
        ask_review_supplement(case, [Wanted("nothing", "missing", "")], world.actor(LEADER), then)
    assert codes(refused) == ["supplement.incomplete"]
    with pytest.raises(Refusal) as refused:
        ask_review_supplement(case, [Wanted("staff", "missing", "社保证明")] * 101, world.actor(LEADER), then)
    assert codes(refused) == ["supplement.no_items"]
    asked = [Wanted("projects", "not-supporting", "验收报告原件"), Wanted("staff", "missing", "社保证明")]
    ask_review_supplement(case, asked, world.actor(LEADER), then)
    with pytest.raises(Refusal) as refused:
        judge_row(case, "projects", project.id, REJECTED, world.actor(MEMBER), then)
    assert codes(refused) == ["evaluation.not_now"]
    with pytest.raises(Refusal) as refused:
        answer_review_supplement(case, ["已补充"], None, world.actor("manager"), then)
    assert codes(refused) == ["supplement.answer_needed"]
    changed = DossierRow.objects.get(pk=project.id)
    changed.cells["title"] = "更正后的项目名称"
    changed.save()
    submit_ready(case.submission.dossier, world.actor("manager"))
    answer_review_supplement(case, ["已补充", "见附件"], newer_submission(case), world.actor("manager"), then)
    case.refresh_from_db()
    assert (case.state, case.filings.count(), newer_submission(case)) == (State.DOCUMENT_REVIEW, 2, None)
    # The changed row must be judged again, the others keep their verdicts.
    others = {row.number for row in submitted(case).rows["projects"]} - {project.number}
    assert {number for _, number in standing(case).rejected(submitted(case))} == others


def supplemented(case, world, then, **cells):
    """Answer one item with a submission in which cells of the application are others."""
    ask_review_supplement(case, [Wanted("projects", "missing", "验收报告原件")], world.actor(LEADER), then)
    dossier = case.submission.dossier
    typed(dossier, edition().path.requested[0], cells, world.actor("manager"), then)
    submit_ready(dossier, world.actor("manager"))
    answer_review_supplement(case, ["已补充"], newer_submission(case), world.actor("manager"), then)
    case.refresh_from_db()


def test_an_exception_that_a_supplement_of_the_review_claims_is_claimed(case, world, then):
    supplemented(case, world, then, cross_level="yes")
    assert (case.state, case.by_exception) == (State.DOCUMENT_REVIEW, True)


def test_a_supplement_of_the_review_asks_for_the_same_outcome(case, world, then):
    with pytest.raises(Refusal) as refused:
        supplemented(case, world, then, requested_outcome="level-3")
    assert codes(refused) == ["application.another_outcome"]
    case.refresh_from_db()
    assert (case.state, case.filings.count()) == (State.REVIEW_SUPPLEMENT, 1)


@settings(max_examples=40)
@given(st.data(), perturbed())
def test_rejecting_any_row_never_raises_the_verified_outcome(data, dossier):
    """Also with ratings of assessors for some of the items only."""
    items = list(rated_items(edition()))
    values = data.draw(st.dictionaries(st.sampled_from(items), st.integers(0, 5)))
    rated = with_ratings(edition(), dossier, values)
    rows = [(table.id, row.number) for table in judged_tables(edition()) for row in rated.tables[table.id]]
    first = frozenset(data.draw(st.lists(st.sampled_from(rows), max_size=3)))
    more = first | {data.draw(st.sampled_from(rows))}
    before, after = grade(edition(), rated, None, first), grade(edition(), rated, None, more)
    assert (after.capability, after.grantable) <= (before.capability, before.grantable)
    assert after.capability <= before.capability
    assert after.grantable <= before.grantable
    assert before.grantable <= grade(edition(), with_ratings(edition(), dossier, dict.fromkeys(items, 5))).grantable


@given(perturbed(), st.dictionaries(st.sampled_from(list(rated_items(edition()))), st.integers(0, 5)))
@settings(max_examples=15)
def test_the_clients_ratings_bear_on_nothing_that_is_verified(dossier, values):
    assert not assess(edition(), with_ratings(edition(), dossier, values)).claimed


def test_a_row_that_was_changed_removed_or_added_under_review_is_known_with_what_was_said_of_it(case, world, then):
    first, second = submitted(case).rows["projects"][0], submitted(case).rows["risks"][0]
    for each in (first, second):
        judge_row(case, each.table, each.id, REJECTED, world.actor(MEMBER), then)
    assert changed_rows(case, standing(case)) == {}
    ask_review_supplement(case, [Wanted("projects", "missing", "验收报告原件")], world.actor(LEADER), then)
    changed = DossierRow.objects.get(pk=first.id)
    changed.cells["title"] = "更正后的项目名称"
    changed.save()
    DossierRow.objects.filter(pk=second.id).update(removed_at=then)
    submit_ready(case.submission.dossier, world.actor("manager"))
    answer_review_supplement(case, ["已补充"], newer_submission(case), world.actor("manager"), then)
    case.refresh_from_db()
    found = changed_rows(case, standing(case))
    one, gone = found["projects", first.id], found["risks", second.id]
    assert (one.before.cells["title"], one.after.cells["title"]) == (first.cells["title"], "更正后的项目名称")
    assert (gone.before.number, gone.after) == (second.number, None)
    assert {each.said.text for each in (one, gone)} == {REJECTED.text}
    assert {each.submission for each in found.values()} == {case.submission.number}
    # Judged anew it still tells how it was.
    judge_row(case, "projects", first.id, ACCEPTED, world.actor(MEMBER), then)
    assert changed_rows(case, standing(case))["projects", first.id].said.text == REJECTED.text
    (told,) = answered(case)
    assert (told.about, told.answer, told.submission) == ("projects", "已补充", case.submission.number)
