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


@pytest.mark.parametrize(
    ("path", "new", "line"),
    [
        (
            ("indicators", 0, "target", "value"),
            "0.9",
            "  indicators › service.served Guests served › target: 1 -> 0.9",
        ),
        (
            ("terms", 0, "formula"),
            "exists(recent)",
            "  terms › busy has visitors › formula: count(recent) >= few -> exists(recent)",
        ),
        (
            ("populations", 1, "where", 0, "if"),
            "not happy",
            "  populations › happy_visits happy visits › where › #1 › if: happy -> not happy",
        ),
        (
            ("path", "exception", "never"),
            [],
            "removed path › exception › never › gold-5: gold-5",
        ),
    ],
)
def test_what_can_change_a_grade_comes_first(path, new, line):
    head, said = diff(MINI, changed(MINI, path, lambda _: new), "en")
    assert head == "May change grades:"
    assert said.strip() == line.strip()


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("indicators", 0, "zh"), "indicators › service.served 招待率 › zh：招待率 → 新"),
        (
            ("indicators", 0, "target", "provenance"),
            "indicators › service.served 招待率 › target › provenance：assumed → 新",
        ),
        (("populations", 1, "where", 0, "zh"), "populations › happy_visits 满意的光顾 › where › #1 › zh：满意 → 新"),
        (("edition", "id"), "edition 街角小店等级 › id：1 → 新"),
    ],
)
def test_words_and_provenance_come_last(path, line):
    assert diff(MINI, changed(MINI, path, lambda _: "新"), "zh") == ["仅文字：", f"  {line}"]


def test_what_was_added_removed_and_moved_is_told():
    content = copy.deepcopy(MINI.content)
    content["outcomes"].reverse()
    del content["vetoes"][0]
    content["parameters"].append({"id": "many", "value": "9", "zh": "多", "en": "Many", "provenance": "assumed"})
    lines = diff(MINI, replace(MINI, content=content), "en")
    assert "  outcomes › order: bronze, gold-3, gold-5 -> gold-5, gold-3, bronze" in lines
    assert any(line.startswith("  removed vetoes › nobody Nobody came: ") for line in lines)
    assert any(line.startswith("  added parameters › many Many: ") for line in lines)


def test_a_column_that_is_named_like_a_key_of_words_still_changes_grades():
    content = copy.deepcopy(MINI.content)
    content["tables"][2]["columns"][1]["id"] = "source"
    edition = replace(MINI, content=content)
    lines = diff(edition, changed(edition, ("tables", 2, "columns", 1, "type"), lambda _: "date"), "en")
    assert lines == ["May change grades:", "  tables › papers Papers › columns › source Subject › type: text -> date"]


def test_of_long_texts_the_part_that_differs_is_shown():
    long = "x" * 500
    one = changed(MINI, ("edition", "en"), lambda _: f"{long}1")
    two = changed(MINI, ("edition", "en"), lambda _: f"{long}2")
    (_, line) = diff(one, two, "en")
    assert "1 -> …" in line
    assert line.endswith("2")


def test_the_same_edition_has_no_difference():
    assert diff(MINI, MINI, "zh") == []
