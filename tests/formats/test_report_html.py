# SPDX-License-Identifier: Apache-2.0
"""The report as a page: whole, self-contained, accessible, and safe whatever a dossier holds."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from gradus.formats.report_html import render_html
from gradus.formats.report_model import report_model
from tests.formats.report_results import LANGUAGES, LONG_NAME, SHOWN, long_checklist, named, plain, result

VOID = {"meta", "br", "link", "img", "input", "hr"}
CLOSED = {"line", "rect", "circle", "polygon"}  # SVG, written as <line .../>


class Page(HTMLParser):
    """Reads a page strictly: every element that opens is closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        assert tag not in CLOSED
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in CLOSED, tag
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join("".join(self.text).split())


def flat(text: str) -> str:
    return " ".join(text.split())


def page(name: str, language: str) -> Page:
    return Page(render_html(result(name), language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHOWN)
def test_the_page_is_whole_and_says_all_that_the_model_says(name, language):
    words = page(name, language).words
    model = report_model(result(name), language)
    content = {each["key"]: each["content"] for each in model["sections"]}
    for dimension in content["items"]:
        for element in dimension["elements"]:
            for each in element["indicators"]:
                assert flat(each["sentence"]) in words
                assert each["points"] in words
    for group in content["requirements"]["groups"]:
        for row in group["rows"]:
            assert flat(row["name"]) in words
            assert flat(row["sentence"]) in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_its_language_and_needs_nothing_from_outside(language):
    read = page("top", language)
    attributes = [(tag, name, value) for tag, every in read.elements for name, value in every.items()]
    assert read.elements[0] == ("html", {"lang": "zh-Hans" if language == "zh" else "en"})
    assert not {tag for tag, _ in read.elements} & {"script", "link", "img", "iframe", "object"}
    assert not [value for _, name, value in attributes if name in ("src", "srcset") or name.startswith("on")]
    assert all(value.startswith("#") for _, name, value in attributes if name == "href")
    assert "url(" not in render_html(result("top"), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("found", [result("top"), result("no-operations"), plain()], ids=["top", "less", "plain"])
def test_every_link_within_the_page_leads_somewhere(found, language):
    read = Page(render_html(found, language))
    ids = [every["id"] for _, every in read.elements if "id" in every]
    assert len(ids) == len(set(ids))
    assert {every["href"][1:] for tag, every in read.elements if tag == "a"} <= set(ids)


def test_headings_descend_one_step_at_a_time_and_tables_name_their_cells():
    read = page("first-application-small", "en")
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(every.get("scope") in ("col", "row", "rowgroup") for tag, every in read.elements if tag == "th")
    drawings = [every for tag, every in read.elements if tag == "svg"]
    assert drawings
    assert all(every["role"] == "img" and every["aria-label"] for every in drawings)


def test_what_a_dossier_holds_is_text_and_never_markup():
    spiteful = """<script>alert("x")</script>&amp;'{{ 7 * 7 }}"""
    text = render_html(named(spiteful), "en")
    assert "<script" not in text
    assert spiteful in Page(text).words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_name_and_a_long_checklist_are_all_there(language):
    assert LONG_NAME in Page(render_html(named(LONG_NAME), language)).words
    words = Page(render_html(long_checklist(), language)).words
    lines = [line for line in long_checklist().documents if line.subject and not line.present]
    assert len(lines) > 60
    assert all(line.subject in words for line in lines)


def test_the_same_result_is_the_same_page():
    assert render_html(result("top"), "zh") == render_html(result("top"), "zh")
