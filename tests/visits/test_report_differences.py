# SPDX-License-Identifier: Apache-2.0
"""The evaluation report tells row by row why verified is not claimed, and what the papers left open."""

import json
from datetime import timedelta

import pytest

from gradus.applications.cases import rules_of
from gradus.evaluations.rows import rated_items, submitted
from gradus.evaluations.verdicts import Opinion, Rated, judge_row, note_finding, rate_item
from gradus.formats.evaluation_report import evaluation_report_words, render_evaluation_pdf
from gradus.process.states import State
from gradus.visits.models import EvaluationReport
from gradus.visits.report import issue_report
from tests.applications.walk import bring_to
from tests.evaluations.review import LEADER, MEMBER, reviewed_case


@pytest.fixture
def reported(submitted_case, world):
    case, at = submitted_case, submitted_case.changed_at + timedelta(minutes=1)
    row = submitted(case).rows["projects"][0]
    judge_row(case, "projects", row.id, Opinion(False, "not-proven", "验收报告无签章"), world.actor(MEMBER), at)
    item = next(iter(rated_items(rules_of(case).edition)))
    rate_item(case, item, Rated(1, "只有制度，没有记录"), world.actor(MEMBER), at)
    note_finding(case, item, "现场核对工具的使用记录", world.actor(MEMBER), at)
    bring_to(case, State.REPORTING, at)
    made = issue_report(case, "", "现有证据不足以建议任何等级", world.actor(LEADER), case.changed_at)
    return case, row, item, made


@pytest.fixture
def submitted_case(submitted, world):
    return reviewed_case(world, submitted())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_says_why_verified_is_not_claimed(reported, language):
    case, row, item, made = reported
    content = json.loads(EvaluationReport.objects.get(pk=made.pk).content)
    rejected = next(each for each in content["differences"] if each.get("table") == "projects")
    assert (rejected["row"], rejected["reason"], rejected["text"]) == (row.number, "not-proven", "验收报告无签章")
    assert rejected["touches"]
    rated = next(each for each in content["differences"] if each.get("item") == item)
    assert rated["rating"] == 1
    assert [each["text"] for each in content["document_findings"]] == ["现场核对工具的使用记录"]
    shown = evaluation_report_words(content, rules_of(case), made.digest, language)
    cells = [cell for section in shown["sections"] for cells in section["rows"] for cell in cells]
    reason = rules_of(case).procedure.reason("reject_row", "not-proven").text[language]
    assert any(reason in each and "验收报告无签章" in each for each in cells)
    assert "现场核对工具的使用记录" in cells
    assert render_evaluation_pdf(content, rules_of(case), made.digest, language).startswith(b"%PDF-")


def test_a_report_of_before_this_was_told_is_shown_all_the_same(reported):
    case, _, _, made = reported
    content = json.loads(made.content)
    del content["differences"], content["document_findings"]
    assert evaluation_report_words(content, rules_of(case), made.digest, "zh")["sections"]
