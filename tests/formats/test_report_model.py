# SPDX-License-Identifier: Apache-2.0
"""The report's model: whole, in both languages, made of plain data, for every result that grading can give."""

import json
import re
from importlib import resources
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from gradus.formats.report_model import report_model
from gradus.formats.report_pdf import covered
from gradus.formats.result_words import indicator_sentence, requirement_sentence
from gradus.grading.assess import assess
from tests.formats.report_results import LANGUAGES, SHOWN, long_checklist, plain, result
from tests.grading.dossiers import CASES, edition, perturbed

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
    assert section(report_model(plain("86"), "en"), "blocking")["empty"] == "There is no outcome above it."


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
