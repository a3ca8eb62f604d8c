# SPDX-License-Identifier: Apache-2.0
"""The report's model: whole, in both languages, made of plain data, for every result that grading can give."""

import json
import re
from datetime import date
from importlib import resources
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from gradus.formats.report_model import report_model
from gradus.formats.report_pdf import covered
from gradus.formats.result_words import indicator_sentence, requirement_sentence
from gradus.grading.assess import assess
from gradus.grading.dossier import Row
from tests.formats.report_results import LANGUAGES, SHOWN, long_checklist, plain, result
from tests.grading.dossiers import CASES, case, edition, perturbed, with_cell, with_table

SOURCE = Path(__file__).parents[2] / "src" / "gradus"
BLANK = re.compile(r"\{(\w+)[:}]")


def strings(part) -> list[str]:
    """Every string that is shown; drawings, formulas and anchors are for machines."""
    if isinstance(part, dict):
        machine = {"svg", "drawing", "formula", "id", "key", "link", "layout", "language", "page_of"}
        return [text for key, each in part.items() if key not in machine for text in strings(each)]
    if isinstance(part, list):
        return [text for each in part for text in strings(each)]
    assert isinstance(part, str), part
    return [part]


def section(model, key):
    return next((each["content"] for each in model["sections"] if each["key"] == key), None)


def sentences() -> dict[str, dict[str, str]]:
    return yaml.safe_load(resources.files("gradus.formats").joinpath("sentences/report.yaml").read_text("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_the_model_is_plain_and_every_string_is_ready_to_print(name, language):
    model = report_model(result(name), language)
    assert json.loads(json.dumps(model)) == model
    codes = set(sentences())
    for text in strings(model):
        assert text not in codes
        assert not re.search(r"[{}]|\bNone\b|Fraction|Status\.", text), text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_the_typeface_has_every_sign_of_the_report(name, language):
    signs = set(json.dumps(report_model(result(name), language), ensure_ascii=False))
    assert {sign for sign in signs if ord(sign) not in covered()} == set()


@given(dossier=perturbed())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_every_dossier_has_its_report(dossier):
    found = assess(edition(), dossier)
    for language in LANGUAGES:
        assert not any(re.search(r"[{}]|\bNone\b", text) for text in strings(report_model(found, language)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHOWN)
def test_nothing_of_the_edition_is_left_out(name, language):
    shown = set(strings(report_model(result(name), language)))
    parts = (edition().indicators, edition().requirements, edition().dimensions, edition().elements, edition().notes)
    for each in (each for part in parts for each in part):
        text = each.text if hasattr(each, "text") else each.resolution
        assert text[language] in shown


def test_a_sentence_tells_facts_value_and_what_is_asked():
    items = section(report_model(result("milestones-95"), "en"), "items")
    told = [each["sentence"] for part in items for element in part["elements"] for each in element["indicators"]]
    assert any(re.fullmatch(r"\d+ of \d+ milestones on time = 9\d(\.\d+)? %, asked 95 %", text) for text in told)


def test_an_unknown_fact_is_named_where_it_is_missing_and_bounds_are_told():
    model = report_model(result("unknown-milestones"), "en")
    unknown = [
        each
        for part in section(model, "items")
        for element in part["elements"]
        for each in element["indicators"]
        if each["status"]["key"] == "unknown"
    ]
    assert [each["points"] for each in unknown] == ["0.00"]
    assert unknown[0]["basis"]["missing"] == ["Projects row 3: “Milestones completed on time” is missing"]
    lines = [text for line in section(model, "result")["result"]["lines"] for text in line["texts"]]
    assert any("1 fact is unknown" in text for text in lines)


def test_every_assumed_number_bears_a_mark_that_the_list_explains():
    model = report_model(result("top"), "zh")
    marks = set(re.findall(r'"mark": "(A\d+)"', json.dumps(model["sections"])))
    listed = {each["mark"]: each["why"] for each in section(model, "assumptions")}
    assert marks == set(listed)
    assert all(each["uses"] for each in section(model, "assumptions"))
    assert len(listed.values()) == len(set(listed.values())), "one mark a reason"


def test_the_checklist_counts_and_names_what_is_lacking():
    part = section(report_model(long_checklist(), "en"), "materials")
    lacking = [row for group in part["groups"] for row in group["rows"] if row["status"]["key"] == "lacking"]
    subjects = [subject for row in lacking for subject in row["lacking"].removeprefix("Lacking: ").split(", ")]
    assert len(subjects) > 60
    assert all(row["lacking"] != "nothing" for row in part["outcomes"])


def test_many_warnings_of_a_kind_are_shown_as_five_and_a_count():
    groups = section(report_model(result("top"), "en"), "warnings")
    assert max(len(group["rows"]) for group in groups) == 5
    assert any(re.fullmatch(r"\d+ more of the same kind", group["more"]) for group in groups)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scheme_with_little_to_show_has_a_report_without_empty_sections(language):
    model = report_model(plain(), language)
    keys = [each["key"] for each in model["sections"]]
    assert keys == ["result", "blocking", "requirements", "assumptions", "recheck"]
    assert [each["number"] for each in model["sections"]] == ["1", "2", "3", "4", "5"]
    assert len(model["cover"]["outcomes"]) == 1, "without a path nothing but the capability can be granted"
    words = {
        "zh": "实施管理部分达成，要求大体达成",
        "en": "performance management Partially achieved, asked Largely achieved",
    }
    assert section(model, "blocking")["rows"][0]["now"] == words[language]


def test_the_highest_outcome_has_nothing_in_its_way():
    model = report_model(plain("86"), "en")
    assert section(model, "blocking")["empty"] == "There is no outcome above it."
    assert [each["lead"] for each in model["sections"] if each["key"] == "blocking"] == [""]


def lines(model) -> dict[str, list[str]]:
    return {line["label"]: line["texts"] for line in section(model, "result")["result"]["lines"]}


def facts_of(model, indicator: str) -> list[str]:
    every = [each for part in section(model, "items") for element in part["elements"] for each in element["indicators"]]
    return [row["full"] for each in every if each["id"] == indicator for row in each["basis"]["rows"]]


def test_the_english_report_bears_the_english_name_where_there_is_one():
    table = edition().tables["enterprise"]
    dossier = with_cell(case("top"), table, 0, table.column("legal_name_en"), "Tiangong Ltd.")
    found = assess(edition(), dossier)
    assert report_model(found, "en")["cover"]["subject"] == "Tiangong Ltd. (天工数智技术有限公司)"
    assert report_model(found, "zh")["cover"]["subject"] == "天工数智技术有限公司"
    assert report_model(result("top"), "en")["cover"]["subject"] == "天工数智技术有限公司"


def test_what_is_owed_and_lacking_stands_on_the_cover_and_beside_the_result():
    model = report_model(long_checklist(), "zh")
    cover = {fact["label"]: fact["text"] for fact in model["cover"]["facts"]}
    assert lines(model)["材料清单"][0] == cover["材料清单"]
    owed, present, lacking = map(int, re.findall(r" (\d+) 份", cover["材料清单"]))
    assert owed == present + lacking
    assert lacking > 60
    assert lines(model)["材料清单"][1].startswith("缺：审计报告（")
    assert lines(model)["评审剔除"] == ["项目第 3 行"]


def test_the_materials_are_those_of_the_outcome_applied_for():
    told = [lines(report_model(result(name), "en"))["Materials"][0] for name in ("top", "first-application-small")]
    assert all(re.search(r"^\d+ documents owed for Level ", text) for text in told)
    table = edition().tables["application"]
    dossier = with_cell(case("top"), table, 0, table.column("requested_outcome"), "level-3")
    told = lines(report_model(assess(edition(), dossier), "en"))["Materials"][0]
    assert re.search(r"^\d+ documents owed for Level 3[:,]", told)


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        (
            "fraud_finding",
            "自 2029-01-05 起不再计入",
            "it no longer counts from 2029-01-05 on",
        ),
        (
            "complaint",
            "下列各项都符合时计入，有一项不再符合即解除：“是客户投诉”、“重大”、“已超过处理期限”、“仍待处理”",
            "ends when one does not: “a complaint”, “major”, “past the days to settle it”, “still open”",
        ),
    ],
)
def test_a_veto_names_its_event_and_what_ends_it(kind, zh, en):
    row = Row(7, (kind, date(2026, 1, 5), True, None))
    found = assess(edition(), with_table(case("top"), "events", (row,)))
    for language, label, event, words in (
        ("zh", "一票否决", "事件第 7 行（2026-01-05）：", zh),
        ("en", "Vetoes", "Events row 7 (2026-01-05): ", en),
    ):
        model = report_model(found, language)
        said = lines(model)[label][1]
        assert said.startswith(event)
        assert said.endswith(words)
        assert said in section(model, "blocking")["rows"][0]["now"]


def test_an_unknown_value_is_told_as_one():
    found = result("unknown-milestones")
    told = [each for each in strings(report_model(found, "zh")) if "无法判定" in each]
    assert "缺少事实，无法判定（要求95%）" in told
    assert not any("?" in each for each in told)
    english = [each for each in strings(report_model(found, "en")) if "cannot be told" in each]
    assert "facts are missing, so it cannot be told (asked 95 %)" in english


def test_promoters_and_detractors_are_told_apart():
    promoters, detractors = facts_of(report_model(result("top"), "en"), "indicator-personnel.nps")
    assert ", 72 of them with “Likelihood to recommend ≥ 9 (Lowest score of a promoter)” (2-73)" in promoters
    assert detractors.endswith(", none with “Likelihood to recommend ≤ 6 (Highest score of a detractor)”")
    assert "≥ 9（推荐者的最低评分）”" in facts_of(report_model(result("top"), "zh"), "indicator-personnel.nps")[0]


def test_one_row_is_a_row_and_rows_in_chinese_have_a_chinese_comma():
    model = report_model(result("first-application-small"), "en")
    assert not [each for each in strings(model) if re.search(r"\b1 (rows|files|indicators|points)\b", each)]
    chinese = json.dumps(report_model(result("top"), "zh")["sections"], ensure_ascii=False)
    assert not re.search(r"（[\d-]+, ", chinese)


def test_warnings_bear_the_id_of_their_rule():
    found = result("top")
    rules = {each.params.get("rule", each.code) for each in found.warnings}
    assert rules
    assert {part["rule"] for part in section(report_model(found, "en"), "warnings")} == rules


def test_a_scheme_that_scores_nothing_lists_no_rounding():
    assumed = json.dumps(section(report_model(plain(), "en"), "assumptions"))
    assert "Rounding" not in assumed
    assert "Rounding" in json.dumps(section(report_model(result("top"), "en"), "assumptions"))


def test_the_words_of_the_report_are_whole_in_both_languages_and_used():
    code = "".join(path.read_text("utf-8") for path in (SOURCE / "formats").glob("*.py"))
    code += (SOURCE / "grading" / "grade.py").read_text("utf-8")
    labels = set(re.search(r"_LABELS = \((.*?)\)\.split", code, re.DOTALL)[1].replace('"', " ").split())
    families = ("unit_", "status_", "empty_", "section_", "lead_", "document_")
    for name, words in sentences().items():
        assert set(words) == {"zh", "en"}
        zh, en = (set(BLANK.findall(words[language])) for language in LANGUAGES)
        assert zh <= en or en <= zh, name
        short = name.removeprefix("report.").removeprefix("path.")
        known = short in labels or short.startswith(families) or short in ("floor", "target")
        assert known or f'"{name}"' in code or name.startswith("path."), f"{name} is never said"


def test_a_count_is_not_said_twice_and_a_ratio_is():
    told = result("top")
    requirement = next(each for each in told.edition.requirements if each.id == "experience.documents")
    said = requirement_sentence(told.edition, requirement, told.requirements[requirement.id], "en", None)
    assert re.fullmatch(r"(\d+) of \1 counted projects with contract and acceptance report", said)
    indicator = next(each for each in told.edition.indicators if each.id == "process.reuse")
    assert " = 100 %, asked 70 %" in indicator_sentence(told.edition, indicator, told.indicators[indicator.id], "en")
