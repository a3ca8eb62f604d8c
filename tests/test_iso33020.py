# SPDX-License-Identifier: Apache-2.0
"""A second scheme of another shape: ratings on a scale and levels, without points, stars, bands, path or documents.

The rule is written down here once more, and differently, so that the edition is not only compared with itself.
"""

import json
import subprocess
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.cli.terminal import print_result
from gradus.formats.dossier import read_dossier
from gradus.formats.editions import find_edition, load_edition
from gradus.formats.report_html import render_html
from gradus.formats.report_pdf import render_pdf
from gradus.formats.result_json import dumps, result_to_json
from gradus.formats.result_reader import read_result
from gradus.grading.assess import assess
from gradus.grading.result import Missing
from tests.test_golden import compare

FOLDER = Path(__file__).parents[1] / "schemes" / "iso33020" / "2019-a1"
CASES = sorted(path.name for path in (FOLDER / "cases").iterdir())
LANGUAGES = ("zh", "en")

ATTRIBUTES = "pa1.1 pa2.1 pa2.2 pa3.1 pa3.2 pa4.1 pa4.2 pa5.1 pa5.2".split()
LEVEL = dict(zip(ATTRIBUTES, (1, 2, 2, 3, 3, 4, 4, 5, 5), strict=True))
WORDS = {
    "zh": {"N": "N 未达成", "P": "P 部分达成", "L": "L 大部分达成", "F": "F 完全达成"},
    "en": {
        "N": "N (not achieved)",
        "P": "P (partially achieved)",
        "L": "L (largely achieved)",
        "F": "F (fully achieved)",
    },
}
PERCENTS = ("0", "15", "15.01", "50", "50.01", "85", "85.01", "100")


def rating(percent):
    value = Fraction(percent)
    return next(letter for letter, below in (("N", 15), ("P", 50), ("L", 85), ("F", 100)) if value <= below)


def level(ratings):
    """The highest level whose own attributes are L or F while those below are F."""
    reached = 0
    while reached < 5 and all(
        ratings[name] in ("F" if LEVEL[name] <= reached else "LF") for name in ATTRIBUTES if LEVEL[name] <= reached + 1
    ):
        reached += 1
    return reached


@cache
def edition():
    return load_edition(FOLDER)


@cache
def case(name):
    dossier, notices = read_dossier(FOLDER / "cases" / name, edition())
    return assess(edition(), dossier, notices=notices)


def assessed(folder, achieved, rejected=frozenset()):
    """The result of a dossier with these percentages: text by attribute, "" for an empty cell."""
    folder.mkdir(exist_ok=True)
    rows = "".join(f"{name},{percent}\n" for name, percent in achieved.items())
    (folder / "process.csv").write_text("name,organisation,assessed_on\nSWE.4,ECU,2026-06-30\n", encoding="utf-8")
    (folder / "attributes.csv").write_text(f"attribute,achieved\n{rows}", encoding="utf-8")
    return assess(edition(), read_dossier(folder, edition())[0], rejected=rejected)


def ranks(bounds):
    return bounds.worst, bounds.best, bounds.exact


def bare(text):
    return "".join(text.split())


def pdf_text(pdf):
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def rating_of(result, requirement):
    """A requirement's rating as its letter."""
    value = result.requirements[requirement].value
    assert value.denominator == 1
    return result.edition.scales["nplf"].values[int(value)].id


def test_the_edition_is_found_by_its_name_and_has_no_points_stars_bands_path_or_documents():
    found = find_edition("iso33020")
    assert found.hash == edition().hash
    assert not any((found.dimensions, found.indicators, found.bands, found.vetoes, found.documents, found.parameters))
    assert (found.path, found.scope, found.document_table) == (None, None, None)
    assert [outcome.stars for outcome in found.outcomes] == [0] * 5


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_exactly_its_expected_result(name):
    expected = json.loads((FOLDER / "cases" / name / "expected.json").read_text(encoding="utf-8"))
    found = json.loads(dumps(result_to_json(case(name))))
    assert compare(expected, found) == []
    assert [found[key] for key in ("dimensions", "indicators", "documents", "vetoes", "scope")] == [{}, {}, [], [], []]
    assert list(expected["requirements"]) == list(found["requirements"])


@pytest.mark.parametrize(
    ("name", "percent", "letter", "rank"),
    [
        ("fifteen-percent", "15", "N", 0),
        ("fifteen-point-zero-one", "15.01", "P", 0),
        ("fifty", "50", "P", 0),
        ("eighty-five", "85", "L", 1),
        ("eighty-five-point-zero-one", "85.01", "F", 2),
    ],
)
def test_a_boundary_belongs_to_the_lower_rating(name, percent, letter, rank):
    result = case(name)
    entered = {row.cells[0]: row.cells[1] for row in result.dossier.tables["attributes"]}
    assert entered["pa1.1"] == Fraction(percent)
    assert rating_of(result, "pa.1.1") == letter == rating(percent)
    assert result.capability == result.grantable == rank


def test_a_largely_achieved_performance_caps_the_process_at_level_1():
    """Whatever the attributes above: here PA 2.1 and PA 2.2 are F, and only PA 1.1 stands in the way."""
    result = case("eighty-five")
    assert [rating_of(result, each) for each in ("pa.1.1", "pa.2.1", "pa.2.2")] == ["L", "F", "F"]
    assert result.capability == 1
    assert [(block.id, block.value, block.asked) for block in result.blocking] == [("pa.1.1", 2, 3)]


@pytest.mark.parametrize("percent", PERCENTS)
@pytest.mark.parametrize("name", ATTRIBUTES)
def test_one_attribute_alone_decides_as_the_rule_says(name, percent, tmp_path):
    achieved = dict.fromkeys(ATTRIBUTES, "100") | {name: percent}
    ratings = {each: rating(value) for each, value in achieved.items()}
    result = assessed(tmp_path, achieved)
    assert rating_of(result, f"pa.{name[2:]}") == ratings[name]
    caps = {"N": LEVEL[name] - 1, "P": LEVEL[name] - 1, "L": LEVEL[name], "F": 5}
    assert result.capability == level(ratings) == caps[ratings[name]]
    assert result.bounds is None


@given(st.lists(st.sampled_from(PERCENTS), min_size=9, max_size=9))
def test_any_ratings_give_the_level_that_the_rule_gives(tmp_path_factory, percents):
    achieved = dict(zip(ATTRIBUTES, percents, strict=True))
    result = assessed(tmp_path_factory.getbasetemp() / "any", achieved)
    assert result.capability == level({name: rating(percent) for name, percent in achieved.items()})


def test_an_empty_percentage_is_unknown_and_bounds_the_level():
    """PA 3.1 is L: with PA 3.2 the process is at level 3, never higher; without it, at level 2."""
    result = case("unknown-attribute")
    assert ranks(result.bounds) == (2, 3, True)
    assert result.bounds.facts == (Missing("attributes", 6, "achieved"),)
    assert result.requirements["pa.3.2"].value is None


def test_a_missing_row_is_unknown_like_an_empty_one():
    """Nothing is known of PA 1.1; PA 2.1 is L and PA 2.2 too, so the best is level 2."""
    result = case("missing-attribute")
    assert ranks(result.bounds) == (0, 2, True)
    assert result.bounds.facts == (Missing("attributes", 0, "achieved", "pa1.1"),)


@pytest.mark.parametrize(
    ("known", "worst", "best"),
    [
        ({}, 0, 5),
        ({"pa1.1": "85"}, 1, 1),
        ({"pa1.1": "50"}, 0, 0),
        ({"pa1.1": "100", "pa2.1": "100"}, 1, 5),
        ({"pa1.1": "100", "pa2.1": "100", "pa2.2": "51", "pa3.1": ""}, 2, 2),
        (dict.fromkeys(ATTRIBUTES[:-1], "100"), 4, 5),
    ],
)
def test_bounds_are_those_of_every_rating_that_the_unknown_attributes_may_have(known, worst, best, tmp_path):
    assert ranks(assessed(tmp_path, known).bounds) == (worst, best, True)


def test_a_rejected_rating_counts_as_not_achieved(tmp_path):
    achieved = dict.fromkeys(ATTRIBUTES, "100")
    result = assessed(tmp_path, achieved, frozenset({("attributes", 4)}))
    assert rating_of(result, "pa.2.2") == "N"
    assert result.capability == 1


def test_a_ratio_in_place_of_a_percentage_is_pointed_out(tmp_path):
    result = assessed(tmp_path, {"pa1.1": "0.85", "pa2.1": "0", "pa2.2": "1.5", "pa3.1": ""})
    assert [(each.params["rule"], each.place.row) for each in result.warnings] == [("achieved-looks-like-a-ratio", 2)]


@pytest.mark.parametrize("name", CASES)
def test_a_result_grades_again_to_itself(name):
    text = dumps(result_to_json(case(name)))
    again, dossier, as_of, rejected, notices, _ = read_result(text)
    assert dumps(result_to_json(assess(again, dossier, as_of, rejected, notices))) == text


def said(result, requirement, language):
    """What must be read of a rated requirement: its name and its rating's words."""
    text = next(each.text for each in result.edition.requirements if each.id == requirement)
    return text[language], WORDS[language][rating_of(result, requirement)]


def rated(result):
    return [key for key, each in result.requirements.items() if each.value is not None]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_the_terminal_names_the_level_and_every_rating(name, language, capsys):
    result = case(name)
    print_result(result, language)
    out = capsys.readouterr().out
    outcome = edition().outcome(result.capability)
    assert (outcome.text if outcome else edition().none)[language] in out
    signs = [line for line in out.splitlines() if line[2:3] in "✓×?–"]
    for key in rated(result):
        title, words = said(result, key, language)
        assert any(title in line and line.endswith(words) for line in signs), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_the_page_names_the_level_and_every_rating(name, language):
    result = case(name)
    page = render_html(result, language)
    outcome = edition().outcome(result.capability)
    assert (outcome.text if outcome else edition().none)[language] in page
    assert all(words in page for key in rated(result) for words in said(result, key, language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["eighty-five", "level-five", "missing-attribute"])
def test_the_pdf_names_the_level_and_every_rating(name, language):
    result = case(name)
    text = bare(pdf_text(render_pdf(result, language)))
    outcome = edition().outcome(result.capability)
    assert bare((outcome.text if outcome else edition().none)[language]) in text
    assert all(bare(words) in text for key in rated(result) for words in said(result, key, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_to_do_is_said_in_the_words_of_the_scale(language, capsys):
    print_result(case("eighty-five"), language)
    raise_it = {"zh": "把过程实施的达成度提高到F 完全达成", "en": "raise process performance to F (fully achieved)"}
    assert raise_it[language] in capsys.readouterr().out
    assert raise_it[language] in render_html(case("eighty-five"), language)
