# SPDX-License-Identifier: Apache-2.0
"""An edition shown on a terminal, and what is said about two of them: nothing too wide, nothing missed."""

import copy
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.formats.editions import edition_folders, load_edition
from gradus.formats.scheme_diff import diff
from gradus.formats.scheme_text import fold, show
from gradus.formats.template_words import cells_wide
from gradus.formats.wording import known, say
from gradus.grading.scheme import Reference
from gradus.grading.texts import Text

MINI = load_edition(Path(__file__).resolve().parents[1] / "assets" / "good" / "edition" / "mini.yaml")
EDITIONS = [MINI, *map(load_edition, edition_folders())]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("edition", EDITIONS, ids=lambda each: each.name)
def test_an_edition_fits_a_terminal_and_shows_every_part(edition, language):
    shown = show(edition, language)
    lines = shown.splitlines()
    assert max(map(cells_wide, lines)) <= 100
    assert [line for line in lines if line != line.rstrip()] == []
    for part in (edition.dimensions, edition.elements, edition.indicators, edition.requirements, edition.outcomes):
        assert all(f"[{each.id}]" in shown for each in part)
    for part in (edition.vetoes, edition.documents, [*edition.parameters.values()], [*edition.process.values()]):
        assert all(f"[{each.id}]" in shown for each in part)
    for part in (edition.scales, edition.tables, edition.populations, edition.terms, edition.windows, edition.sources):
        assert all(f"[{each.id}]" in shown for each in part.values())
    for table in edition.tables.values():
        assert all(f"[{column.id}]" in shown for column in table.columns)
    for note in edition.notes:
        assert f"  {note.id}  " in shown


def test_an_indicator_is_shown_with_its_formula_numbers_and_provenance():
    lines = [line.strip() for line in show(MINI, "en").splitlines()]
    at = lines.index("Happy visits  [care.happy]  floor 0 %*, target 80 %§, weight 100*")
    assert lines[at + 1 : at + 3] == ["= share(recent, happy, at_least=few)", "applies when: busy"]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "Scales and rubrics (0 is the lowest)",
            ["Trust  [trust]", "0  Low", "1  Fair  above 15*", "2  High  above 50*"],
        ),
        (
            "Visits  [visits]  one entry a row",
            [
                "Visit  [visit]  Text. Must be given. May not come twice.",
                "Goods  [goods]  Text. Must be given.",
                "Values: Tea [tea]; Books [books]",
            ],
        ),
        (
            "happy visits  [happy_visits]  out of recent visits (recent)",
            ["happy  = happy"],
        ),
        ("Wanted outcome  [wanted]  Text. Empty means none.", ["Values: the outcomes of this edition"]),
    ],
)
def test_what_formulas_rest_on_is_shown(title, lines):
    shown = [line.strip() for line in show(MINI, "en").splitlines()]
    at = shown.index(title)
    assert shown[at + 1 : at + 1 + len(lines)] == lines


@pytest.mark.parametrize(("language", "inferred"), [("zh", "（推定）"), ("en", " (inferred)")])
def test_a_crosswalk_entry_is_marked_where_it_is_inferred(language, inferred):
    known, guessed = (Reference("iso", ref, Text("管理", "Care"), ref == "8.2") for ref in ("8.1", "8.2"))
    element = replace(MINI.elements[0], crosswalk=(known, guessed))
    edition = replace(MINI, elements=(element, *MINI.elements[1:]), frameworks={"iso": Text("ISO", "ISO")})
    lines = [line.strip() for line in show(edition, language).splitlines()]
    assert [line for line in lines if line.startswith("↔")] == ["↔ ISO 8.1", f"↔ ISO 8.2{inferred}"]


@pytest.mark.parametrize(
    ("line", "folded"),
    [
        ("  short", ["  short"]),
        ("  one two three four five", ["  one two", "      three", "      four", "      five"]),
        ("  一二三四五六，七八九", ["  一二三四", "      五", "      六，", "      七八", "      九"]),
        ("  （一二三）四五六七八", ["  （一二", "      三）", "      四五", "      六七", "      八"]),
        ("  averylongwordindeed", ["  averylongwordindeed"]),
    ],
)
def test_long_lines_are_folded_at_spaces_and_between_chinese_characters(line, folded):
    assert list(fold(line, 11)) == folded


def leaves(node, path=()):
    if isinstance(node, dict | list):
        for key, each in node.items() if isinstance(node, dict) else enumerate(node):
            yield from leaves(each, (*path, key))
    else:
        yield path


def changed(edition, path, value):
    content = copy.deepcopy(edition.content)
    node = content
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value(node[path[-1]])
    return replace(edition, content=content)


@pytest.mark.parametrize(("edition", "step"), [(MINI, 1), *((each, 40) for each in EDITIONS[1:])])
def test_no_change_of_a_single_text_is_missed(edition, step):
    for path in list(leaves(edition.content))[::step]:
        lines = diff(edition, changed(edition, path, lambda text: f"{text}†"), "en")
        assert any("†" in line for line in lines), path


GRADES, BESIDE, PROVENANCE, WORDS = (
    {language: say(f"scheme_diff.{kind}", language) for language in ("zh", "en")}
    for kind in ("grades", "beside", "provenance", "words")
)


@pytest.mark.parametrize(
    ("path", "new", "zh", "en"),
    [
        (
            ("indicators", 0, "target", "value"),
            "0.9",
            "指标“招待率”[service.served]，目标：100% → 90%",
            "indicator “Guests served” [service.served], target: 100 % → 90 %",
        ),
        (
            ("indicators", 0, "weight", "value"),
            "60",
            "指标“招待率”[service.served]，权重：70 → 60",
            "indicator “Guests served” [service.served], weight: 70 → 60",
        ),
        (
            ("requirements", 0, "asks", "gold-3", "value"),
            "3",
            "要求“光顾次数”[basic.visits]，金级三星：2 → 3",
            "requirement “Number of visits” [basic.visits], Gold three stars: 2 → 3",
        ),
        (
            ("requirements", 1, "asks", "bronze", "value"),
            "high",
            "要求“信任度”[basic.trust]，铜：中 → 高",
            "requirement “Trust” [basic.trust], Bronze: Fair → High",
        ),
        (
            ("requirements", 2, "asks", "gold", "value"),
            "no",
            "要求“已开业”[basic.opened]，金：是 → 否",
            "requirement “Open” [basic.opened], Gold: yes → no",
        ),
        (
            ("terms", 0, "formula"),
            "exists(recent)",
            "名称“有人光顾”[busy]，公式：count(recent) >= few → exists(recent)",
            "term “has visitors” [busy], formula: count(recent) >= few → exists(recent)",
        ),
        (
            ("populations", 1, "where", 0, "if"),
            "not happy",
            "行集“满意的光顾”[happy_visits]，条件 1，公式：happy → not happy",
            "population “happy visits” [happy_visits], condition 1, formula: happy → not happy",
        ),
        (
            ("windows", 0, "months", "value"),
            "24",
            "时间窗“近12个月”[W12]，月数：12个月 → 24个月",
            "window “the last 12 months” [W12], months: 12 months → 24 months",
        ),
        (
            ("tables", 1, "columns", 5, "maximum"),
            "1500.001",
            "表“光顾”[visits]，列“消费”[spent]，最大值：1,000元 → 1500.001 CNY",
            "table “Visits” [visits], column “Spent” [spent], maximum: 1,000 CNY → 1500.001 CNY",
        ),
        (
            ("path", "entry", "value"),
            "gold",
            "晋级，首次申请的最高级别：铜 → 金",
            "path, highest level of a first application: Bronze → Gold",
        ),
        (
            ("path", "exception", "never"),
            [],
            "晋级，例外，不适用的等次：删去 金级五星",
            "path, exception, never to: removed Gold five stars",
        ),
    ],
)
def test_what_can_change_a_grade_is_said_in_words_and_units(path, new, zh, en):
    for language, line in (("zh", zh), ("en", en)):
        assert diff(MINI, changed(MINI, path, lambda _: new), language) == [GRADES[language], f"  {line}"]


@pytest.mark.parametrize(
    ("path", "new", "heading", "line"),
    [
        (("indicators", 0, "zh"), "新", WORDS, "指标“招待率”[service.served]，中文：招待率 → 新"),
        (("indicators", 0, "target", "value"), "1.0", WORDS, "指标“招待率”[service.served]，目标：1 → 1.0"),
        (("populations", 1, "where", 0, "zh"), "新", WORDS, "行集“满意的光顾”[happy_visits]，条件 1，中文：满意 → 新"),
        (("edition", "id"), "2", WORDS, "版本，代号：1 → 2"),
        (
            ("indicators", 0, "target", "provenance"),
            "brief",
            PROVENANCE,
            "指标“招待率”[service.served]，目标：假定 → 公开说明",
        ),
        (("parameters", 0, "provenance"), "source", PROVENANCE, "参数“最少次数”[few]：假定 → 引自其他文件"),
        (("indicators", 2, "target", "source"), "law", PROVENANCE, "指标“满意率”[care.happy]，目标，出处：pact → law"),
        (("process", "numbers", 0, "value"), "24", BESIDE, "过程，数值“有效期”[validity]：12个月 → 24个月"),
        (("documents", 1, "from"), "bronze", BESIDE, "材料“小票”[receipt]，起始：金 → 铜"),
        (
            ("checks", 0, "at"),
            "visit",
            BESIDE,
            "核对“{visited_on}晚于申请日期”[visit-in-the-future]，所指的列：visited_on → visit",
        ),
    ],
)
def test_what_moves_no_grade_stands_apart(path, new, heading, line):
    assert diff(MINI, changed(MINI, path, lambda _: new), "zh") == [heading["zh"], f"  {line}"]


def test_a_warning_that_becomes_an_error_can_stop_a_grade():
    (head, _) = diff(MINI, changed(MINI, ("checks", 0, "severity"), lambda _: "error"), "en")
    assert head == GRADES["en"]


def test_a_value_and_its_provenance_are_told_under_their_own_headings():
    new = {"value": "2", "provenance": "brief"}
    assert diff(MINI, changed(MINI, ("requirements", 0, "asks", "bronze"), lambda _: new), "en") == [
        GRADES["en"],
        "  requirement “Number of visits” [basic.visits], Bronze: 1 → 2",
        PROVENANCE["en"],
        "  requirement “Number of visits” [basic.visits], Bronze: assumed → the public description",
    ]


def test_what_was_added_removed_and_moved_is_told():
    content = copy.deepcopy(MINI.content)
    content["outcomes"].reverse()
    content["dimensions"].reverse()
    del content["vetoes"][0]
    content["parameters"].append({"id": "many", "value": "9", "zh": "多", "en": "Many", "provenance": "assumed"})
    lines = diff(MINI, replace(MINI, content=content), "en")
    words = lines.index(WORDS["en"])
    assert lines[words + 1 :] == ["  dimension, order: service, care → care, service"]
    assert "  outcome, order: bronze, gold-3, gold-5 → gold-5, gold-3, bronze" in lines[:words]
    assert "  veto “Nobody came” [nobody]: removed when it holds count(visits) == 0" in lines[:words]
    assert "  parameter “Many” [many]: added value 9" in lines[:words]


def test_a_thing_that_is_gone_is_told_with_its_numbers_in_their_units():
    content = copy.deepcopy(MINI.content)
    del content["indicators"][2], content["requirements"][2]["asks"]["gold"]
    assert diff(MINI, replace(MINI, content=content), "en") == [
        GRADES["en"],
        (
            "  indicator “Happy visits” [care.happy]: removed element delight; formula share(recent, happy,"
            " at_least=few); unit ratio; floor 0 %; target 80 %; weight 100; when it applies busy"
        ),
        "  requirement “Open” [basic.opened], Gold: removed yes",
    ]


def test_a_column_that_is_named_like_a_key_of_words_still_changes_grades():
    content = copy.deepcopy(MINI.content)
    content["tables"][2]["columns"][1]["id"] = "source"
    edition = replace(MINI, content=content)
    assert diff(edition, changed(edition, ("tables", 2, "columns", 1, "type"), lambda _: "date"), "en") == [
        GRADES["en"],
        "  table “Papers” [papers], column “Subject” [source], type: text → date",
    ]


def test_of_long_texts_the_part_that_differs_is_shown():
    long = "x" * 500
    one = changed(MINI, ("edition", "en"), lambda _: f"{long}1")
    two = changed(MINI, ("edition", "en"), lambda _: f"{long}2")
    (_, line) = diff(one, two, "zh")
    assert "1 → …" in line
    assert line.endswith("2")


def test_every_key_of_an_edition_has_a_word():
    def keys(node, above=""):
        if isinstance(node, dict):
            for key, each in node.items():
                yield from () if above in ("asks", "expects") else (key,)
                yield from keys(each, key)
        elif isinstance(node, list):
            for each in node:
                yield from keys(each, above)

    found = {key for edition in EDITIONS for key in keys(edition.content)}
    assert len(found) > 80
    assert {key for key in found if not known(f"scheme_diff.key_{key}")} == set()


def test_the_same_edition_has_no_difference():
    assert diff(MINI, MINI, "zh") == []
