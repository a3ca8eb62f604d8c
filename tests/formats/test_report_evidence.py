# SPDX-License-Identifier: Apache-2.0
"""Evidence is cited at what it proves, and nowhere else; every document is in the list with what it is cited for."""

import re
from functools import cache

import pytest

from gradus.formats.report_html import render_html
from gradus.formats.report_model import report_model
from gradus.grading.assess import assess
from gradus.grading.dossier import Row
from tests.formats.report_results import LANGUAGES, long_checklist, plain, result
from tests.grading.dossiers import case, edition, with_table


def document(number: int, kind: str, subject: str | None) -> Row:
    return Row(number, (kind, f"title {number}", f"file-{number}.pdf", None, subject))


@cache
def model():
    """A report about documents that name a certificate, a patent, a person, a person's certificate, and nothing."""
    dossier = case("top")
    tables = dossier.tables
    numbers = {
        table: str(tables[table][0].cells[edition().tables[table].position("number")])
        for table in ("management_certificates", "ip", "person_certificates")
    }
    holder = tables["person_certificates"][1].cells[0]
    rows = (
        document(2, "iso_certificate", numbers["management_certificates"]),
        document(3, "patent_certificate", numbers["ip"]),
        document(4, "personnel_certificate", str(holder)),
        document(5, "personnel_certificate", numbers["person_certificates"]),
        document(6, "business_licence", None),
        document(7, "other", "no such thing"),
    )
    return report_model(assess(edition(), with_table(dossier, "documents", rows)), "en")


def section(key: str):
    return next(each["content"] for each in model()["sections"] if each["key"] == key)


def evidence_of(item: str) -> str:
    for part in section("items"):
        for element in part["elements"]:
            for each in element["indicators"]:
                if each["id"] == item:
                    return str(each["basis"]["evidence"])
    rows = [row for group in section("requirements")["groups"] for row in group["rows"]]
    return str(next(row["basis"]["evidence"] for row in rows if row["id"] == item))


def listed() -> dict[str, tuple[str, str]]:
    """The appendix: the row of each document, its number and what it is cited for."""
    return {
        row["row"]: (row["number"], group["proves"]) for group in section("evidence")["groups"] for row in group["rows"]
    }


def test_a_document_about_a_certificate_a_patent_or_a_person_is_cited_at_its_indicator():
    numbers = {row: number[1:] for row, (number, _) in listed().items()}
    assert evidence_of("indicator-technology.ip") == f"Patent certificate: 1 (E{numbers['3']})"
    cited = re.findall(r"\d+", evidence_of("indicator-personnel.certified_posts").partition("(")[2])
    assert {int(numbers["4"]), int(numbers["5"])} == set(range(int(cited[0]), int(cited[-1]) + 1))
    assert "ISO certificate: 1" in evidence_of("requirement-technology.proof")


def test_a_count_of_people_cites_no_certificate_that_it_does_not_ask_for():
    assert evidence_of("requirement-scale.staff") == ""
    assert evidence_of("indicator-personnel.training_share") == ""


def test_every_document_is_listed_once_with_what_it_is_cited_for():
    found = listed()
    assert sorted(number for number, _ in found.values()) == [f"E{number}" for number in range(1, 7)]
    assert "Patents and software copyrights" in found["3"][1]
    assert "Certified key posts" in found["4"][1]
    assert found["6"][1] == "On the material checklist; no indicator or requirement cites it"
    assert found["7"][1] == "Cited by no indicator, no requirement and no material owed"


def test_a_file_that_is_not_there_is_marked_in_the_list():
    dossier = case("top")
    kept = type(dossier)(dossier.name, dossier.tables, frozenset({"P001/contract.pdf"}), dossier.source)
    part = report_model(assess(edition(), kept), "en")["sections"][-1]
    absent = {row["file"]: row["not_there"] for group in part["content"]["groups"] for row in group["rows"]}
    assert absent["P001/contract.pdf"] == ""
    assert absent["P001/test_report.pdf"] == "the file is not there"


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_files_stand_in_the_page(language):
    page = render_html(result("top"), language)
    at = edition().tables["documents"].position("file")
    rows = result("top").dossier.tables["documents"]
    assert len(rows) > 60
    assert all(str(row.cells[at]) in page for row in rows)


def test_a_scheme_without_documents_has_no_list():
    assert "evidence" not in [each["key"] for each in report_model(plain(), "zh")["sections"]]
    assert "evidence" in [each["key"] for each in report_model(long_checklist(), "zh")["sections"]]
