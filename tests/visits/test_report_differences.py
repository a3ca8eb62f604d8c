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
from gradus.visits.draws import drawn_in, titles_of
from gradus.visits.models import EvaluationReport
from gradus.visits.report import issue_report, report_content
from tests.applications.walk import bring_to
from tests.evaluations.review import LEADER, MEMBER, reviewed_case
from tests.visits import on_site


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
    del content["differences"], content["document_findings"], content["body"]
    for each in content["visits"]:
        del each["titles"]
    assert evaluation_report_words(content, rules_of(case), made.digest, "zh")["sections"]


def test_a_report_names_the_body_tells_dimensions_in_their_order_and_a_draft_proposes_nothing(reported, world):
    case, _, _, made = reported
    rules = rules_of(case)

    def told(content):
        summary, results, *_ = evaluation_report_words(content, rules, made.digest, "zh")["sections"]
        return {each["label"]: each["text"] for each in summary["facts"]}, [row[0] for row in results["rows"]]

    facts, results = told(json.loads(made.content))
    assert facts["认证机构"] == world.body.name
    assert results[3:] == [each.text["zh"] for each in rules.edition.dimensions]
    assert facts["建议结果"] == "不建议授予"
    draft, _ = told(report_content(case, None, ""))
    assert facts.keys() - draft.keys() == {"建议结果", "建议范围", "评估结论", "出具"}


def test_what_was_drawn_is_called_as_the_submission_calls_it(submitted_case, world):
    on_site.planned(submitted_case, world, submitted_case.changed_at)
    visit = on_site.finished(submitted_case, world)
    content = report_content(submitted_case, None, "")
    told = evaluation_report_words(content, rules_of(submitted_case), "–", "zh")["sections"][3]["facts"]
    titles = titles_of(submitted_case)
    assert "、".join(f"{each}（{titles[each]}）" for each in drawn_in(visit)) in [each["text"] for each in told]
