# SPDX-License-Identifier: Apache-2.0
"""The report as PDF: everything can be found in it, nothing runs out of the page, and its bytes are always the same."""

import re
import subprocess
from functools import cache

import pytest

from gradus.formats.report_model import report_model
from gradus.formats.report_pdf import covered, printable, render_pdf
from gradus.formats.result_json import dumps, result_to_json
from gradus.formats.result_reader import read_result
from gradus.grading.assess import assess
from gradus.grading.result import Result
from tests.formats.report_results import LANGUAGES, LONG_NAME, SHOWN, long_checklist, named, plain, result

MARGIN = 51.0  # 20 mm in points, less what a full-width bracket at a line's end may hang over
WIDTH, HEIGHT = 595.276, 841.89


def poppler(command: str, pdf: bytes, *options: str) -> str:
    """The output of one of poppler's programs, which read from standard input."""
    words = [command, *options, "-", *(["-"] if command == "pdftotext" else [])]
    return subprocess.run(words, input=pdf, capture_output=True, check=True).stdout.decode()


def bare(text: str) -> str:
    """Without white space: lines are broken where the page needs it."""
    return "".join(text.split())


@cache
def rendered(name: str, language: str) -> bytes:
    return render_pdf(result(name), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHOWN)
def test_every_indicator_and_requirement_is_found_with_its_numbers(name, language):
    text = bare(poppler("pdftotext", rendered(name, language)))
    content = {each["key"]: each["content"] for each in report_model(result(name), language)["sections"]}
    for dimension in content["items"]:
        assert bare(dimension["name"]) in text
        for element in dimension["elements"]:
            for each in element["indicators"]:
                assert bare(each["name"]) in text
                assert bare(each["sentence"]) in text
                assert each["points"] in text
    for group in content["requirements"]["groups"]:
        for row in group["rows"]:
            assert bare(row["name"]) in text
            assert bare(row["sentence"]) in text
            assert all(bare(cell["text"]) in text for cell in row["cells"])


def test_what_is_broken_over_lines_is_copied_without_a_sign_that_no_one_sees():
    text = poppler("pdftotext", rendered("milestones-95", "en"))
    assert result("milestones-95").edition.hash in bare(text)
    assert "\u200b" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_its_number_and_the_first_line_of_every_other_page_names_the_subject(language):
    pages = poppler("pdftotext", rendered("milestones-95", language)).split("\f")[:-1]
    numbers = {"zh": "第 {at} 页，共 {all} 页", "en": "Page {at} of {all}"}[language]
    for at, page in enumerate(pages, 1):
        assert bare(numbers.format(at=at, all=len(pages))) in bare(page)
    subject = report_model(result("milestones-95"), language)["cover"]["subject"]
    assert all(bare(page).startswith(subject) for page in pages[1:])


def outside(pdf: bytes) -> list[str]:
    """Words that are not within the margins."""
    words = re.findall(
        r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>',
        poppler("pdftotext", pdf, "-bbox"),
    )
    assert words
    return [
        text
        for left, top, right, bottom, text in words
        if float(left) < MARGIN or float(right) > WIDTH - MARGIN or float(top) < 20 or float(bottom) > HEIGHT - 20
    ]


def long_file_names() -> Result:
    """A dossier whose files have names without a space that are wider than the page."""
    found = result("top")
    edition, dossier = found.edition, found.dossier
    at = edition.tables["documents"].position("file")
    rows = tuple(
        type(row)(row.number, (*row.cells[:at], f"{'without_any_space_' * 12}{row.number}.pdf", *row.cells[at + 1 :]))
        for row in dossier.tables["documents"]
    )
    tables = {**dossier.tables, "documents": rows}
    return assess(edition, type(dossier)(dossier.name, tables, dossier.evidence, dossier.source))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "found",
    [result("first-application-small"), named(LONG_NAME), named(LONG_NAME * 4), long_checklist(), plain()],
    ids=["small", "long name", "very long name", "long checklist", "plain"],
)
def test_nothing_runs_out_of_the_page(found, language):
    assert outside(render_pdf(found, language)) == []


def test_a_file_name_wider_than_the_page_is_broken():
    assert outside(render_pdf(long_file_names(), "en")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_name_and_a_long_checklist_are_all_there(language):
    assert len(LONG_NAME) == 40
    assert LONG_NAME in bare(poppler("pdftotext", render_pdf(named(LONG_NAME), language)))
    text = bare(poppler("pdftotext", render_pdf(long_checklist(), language)))
    lines = [line for line in long_checklist().documents if line.subject and not line.present]
    assert len(lines) > 60
    assert all(line.subject in text for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHOWN)
def test_no_sign_is_missing_and_only_our_typeface_is_used(name, language):
    text = poppler("pdftotext", rendered(name, language))
    assert "\ufffd" not in text
    assert "〓" not in text
    fonts = poppler("pdffonts", rendered(name, language)).splitlines()[2:]
    assert {line.split()[0].partition("+")[2] for line in fonts} == {"NotoSansSC-Regular", "NotoSansSC-Bold"}
    assert all(re.search(r"\byes yes yes\b", line) for line in fonts), "embedded, a subset, with a map to Unicode"


def test_a_sign_that_the_typeface_lacks_is_shown_as_a_geta_mark():
    assert ord("𝄞") not in covered()
    assert printable("天工𝄞") == "天工〓"
    assert "音乐〓公司" in bare(poppler("pdftotext", render_pdf(named("音乐𝄞公司"), "zh")))


def test_the_same_result_gives_the_same_bytes_and_another_language_others():
    first = render_pdf(result("top"), "zh")
    render_pdf(result("veto-fraud"), "en")
    assert render_pdf(result("top"), "zh") == first
    assert render_pdf(result("top"), "en") != first
    assert first.endswith(b"%%EOF\n")


def test_it_is_tagged_and_dated_by_the_result_alone():
    info = poppler("pdfinfo", rendered("top", "zh"))
    assert re.search(r"Tagged: +yes", info)
    assert re.search(r"CreationDate: +.*Jun 30.* 2026", info)
    assert re.search(r"Page size: +.*A4", info)
    assert b"pdfaid:part>3<" in rendered("top", "zh")


def test_the_result_is_attached_and_grades_again_to_itself(tmp_path):
    pdf, attached = tmp_path / "report.pdf", tmp_path / "result.json"
    pdf.write_bytes(rendered("first-application-small", "zh"))
    subprocess.run(["pdfdetach", "-save", "1", "-o", attached, pdf], check=True, capture_output=True)
    edition, dossier, as_of, rejected, notices, _ = read_result(attached.read_text("utf-8"))
    again = assess(edition, dossier, as_of, rejected, notices)
    assert dumps(result_to_json(again)) == attached.read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scheme_with_little_to_show_is_printed_too(language):
    text = bare(poppler("pdftotext", render_pdf(plain(), language)))
    assert {"zh": "过程实施完全达成", "en": "processperformanceFullyachieved"}[language] in text
