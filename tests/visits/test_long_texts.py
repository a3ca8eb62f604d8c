# SPDX-License-Identifier: Apache-2.0
"""Texts that are too long are refused in words, not cut and not left to the database."""

from datetime import timedelta

import pytest
from django.db.models import CharField
from django.urls import reverse

from gradus.evaluations.rows import judged_tables, rated_items
from gradus.evaluations.rows import submitted as rows_of
from gradus.evaluations.verdicts import Opinion, Rated, judge_row, note_finding, rate_item
from gradus.grading.faults import Refusal
from gradus.process.states import State
from gradus.process.visits import FindingGrade, Moment, RecordKind, Side
from gradus.visits.closing import repeat_visit
from gradus.visits.draws import add_client_text, commit_draw
from gradus.visits.findings import Answer, Verdict, answer_finding, verify_correction
from gradus.visits.models import DrawText, Explanation, Signing, Verification, Visit, VisitRecord
from gradus.visits.plan import AgendaItem, Site, plan_visit
from gradus.visits.presence import explain, presence_of
from gradus.visits.records import Seen, record_seen
from gradus.visits.report import issue_report
from tests.applications.walk import bring_to
from tests.visits import on_site
from tests.web.conftest import browser


def most(model, field):
    found = model._meta.get_field(field)
    assert isinstance(found, CharField)
    return found.max_length


def faults(act, *said):
    with pytest.raises(Refusal) as refused:
        act(*said)
    return [(each.code, each.place.field, each.params.get("limit")) for each in refused.value.faults]


def too_long(field, limit):
    return [("visit.text_too_long", field, str(limit))]


def test_a_plan_gives_no_longer_reason_than_is_kept(case, world):
    on_site.with_team(bring_to(case, State.PLANNING, case.opened_at), world, case.changed_at)
    limit, then = most(Visit, "reason"), case.changed_at + timedelta(minutes=1)
    plan = on_site.plan_of(world, then, reason="字" * (limit + 1))
    assert faults(plan_visit, case, plan, world.actor("lead_assessor"), then) == too_long("reason", limit)


def test_what_the_letter_of_a_plan_prints_has_its_limit(case, world):
    on_site.with_team(bring_to(case, State.PLANNING, case.opened_at), world, case.changed_at)
    then, leader = case.changed_at + timedelta(minutes=1), world.actor("lead_assessor")
    for site in (Site("名" * 201, "某路 1 号", on_site.PLACE), Site("总部", "某" * 201, on_site.PLACE)):
        plan = on_site.plan_of(world, then, sites=[site])
        assert faults(plan_visit, case, plan, leader, then) == too_long("sites", 200)
    plan = on_site.plan_of(world, then, agenda=[AgendaItem("9:00", "题" * 400)] * 20)
    assert faults(plan_visit, case, plan, leader, then) == too_long("agenda", 8000)


def test_a_conclusion_and_the_reason_for_another_visit_have_their_limits(case, world):
    on_site.with_team(bring_to(case, State.REPORTING, case.opened_at), world, case.changed_at)
    then, leader = case.changed_at + timedelta(minutes=1), world.actor("lead_assessor")
    assert faults(issue_report, case, "", "字" * 4001, leader, then) == too_long("conclusion", 4000)
    bring_to(case, State.CORRECTION, then)
    told = faults(repeat_visit, case, "字" * 2001, leader, case.changed_at)
    assert told == [("visit.nothing_to_repeat", "", None), *too_long("reason", 2000)]


def test_on_site_every_text_has_its_limit(visit, case, world):
    leader, client = world.actor("lead_assessor"), world.actor("manager")
    limit = most(VisitRecord, "subject")
    seen = Seen(RecordKind.INTERVIEW, "字" * (limit + 1), "说明了做法")
    assert faults(record_seen, case, seen, leader, visit.opening) == too_long("subject", limit)
    record_seen(case, Seen(RecordKind.INTERVIEW, "字" * limit, "说明了做法"), leader, visit.opening)
    commit_draw(case, leader, visit.opening)
    limit = most(DrawText, "text")
    assert faults(add_client_text, case, "字" * (limit + 1), client, visit.opening) == too_long("text", limit)
    limit, missing = most(Explanation, "text"), presence_of(visit, world.people["lead_assessor"].pk, Moment.SIGN_IN)
    late = visit.opening + timedelta(hours=3)
    told = faults(explain, missing, Side.ASSESSOR, "字" * (limit + 1), leader, late)
    assert told == too_long("text", limit)
    finding = on_site.find(case, world, FindingGrade.MINOR)
    said = Answer("已补评审记录", "流程没有执行", "每月抽查一次")
    correction = answer_finding(finding, said, client, late)
    limit = most(Verification, "text")
    verdict = Verdict(accepted=True, text="字" * (limit + 1))
    assert faults(verify_correction, correction, verdict, world.actor("assessor"), late) == too_long("text", limit)


def test_what_an_assessor_says_of_the_papers_is_not_cut(case, world):
    bring_to(case, State.DOCUMENT_REVIEW, case.opened_at)
    on_site.with_team(case, world, case.changed_at)
    found, then, who = rows_of(case), case.changed_at + timedelta(minutes=1), world.actor("assessor")
    table, item, long = judged_tables(found.edition)[0].id, next(iter(rated_items(found.edition))), "字" * 2001
    row = found.rows[table][0].id
    told = [("evaluation.text_too_long", "text", "2000")]
    rejected = Opinion(accepted=False, reason="no-evidence", text=long)
    assert faults(judge_row, case, table, row, rejected, who, then) == told
    assert faults(rate_item, case, item, Rated(3, long), who, then) == told
    assert faults(note_finding, case, item, long, who, then) == told


@pytest.mark.parametrize("degrees", ["1e999999999", "1/3", "3" * 30, "nan", "39.9.1"])
def test_a_position_that_is_no_plain_number_signs_nothing(visit, case, world, degrees):
    leader = browser(world.people["lead_assessor"])
    sent = {"moment": "sign_in", "north": degrees, "east": "116.3"}
    assert leader.post(reverse("visit_sign", kwargs={"case": case.pk}), sent).status_code == 422
    assert not Signing.objects.exists()
