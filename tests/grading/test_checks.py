# SPDX-License-Identifier: Apache-2.0
"""The edition's cross-checks at their edges: which rule warns of which row and cell. None of them changes a grade."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from gradus.cli.main import main
from gradus.formats.wording import sentence
from gradus.grading.assess import assess
from gradus.grading.dossier import Dossier
from gradus.grading.grade import grade
from gradus.grading.scheme import Cell
from tests.grading.dossiers import FOLDER, case, edition, with_table
from tests.grading.test_rules import adding, having

YEAR_RULES = ("fiscal-year-not-ended", "fiscal-year-long-past")
SMALL, TOP = case("first-application-small"), case("top")


def warned(dossier: Dossier, rule: str, as_of: date | None = None) -> list[tuple[str, str]]:
    """Table and column of each warning of a rule, each of which can be said in both languages."""
    found = [each for each in assess(edition(), dossier, as_of).warnings if each.params.get("rule") == rule]
    for each in found:
        said = sentence(each, "zh"), sentence(each, "en")
        assert all(said)
        assert "{" not in "".join(said)
    return [(each.place.table, each.place.field) for each in found]


def alone(table: str, **cells: Cell) -> Dossier:
    """The small case with one row of a table, in which these cells stand."""
    return having(with_table(SMALL, table, SMALL.tables[table][:1]), table, **cells)


@pytest.mark.parametrize(
    ("table", "column", "rule", "least"),
    [
        ("finance", "revenue", "revenue-in-ten-thousands", 100_000),
        ("finance", "rd_expense", "research-in-ten-thousands", 10_000),
        ("projects", "amount", "contract-in-ten-thousands", 10_000),
    ],
)
def test_an_amount_that_looks_entered_in_ten_thousands(table: str, column: str, rule: str, least: int) -> None:
    """Below the limit, unless it is 0; a limit reached is no doubt."""
    assert warned(alone(table, **{column: Fraction(least) - Fraction(1, 100)}), rule) == [(table, column)]
    assert warned(alone(table, **{column: Fraction(least)}), rule) == []
    assert warned(alone(table, **{column: Fraction(0)}), rule) == []


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("11010519491231002X", True),  # the standard's own example (GB 11643-1999)
        ("１１０１０５１９４９１２３１００２x", True),
        ("440524188001010014", True),
        ("110105194912310021", False),  # the last character is wrong
        ("110105194902310026", False),  # there is no 31 February
        ("91110108551380018B", False),
        ("P001", False),
    ],
)
def test_an_identity_number_for_a_person_is_warned_of_and_changes_no_grade(number: str, is_one: bool) -> None:
    named = alone("staff", person=number)
    found = [each for each in assess(edition(), named).warnings if each.code == "check.identity_number"]
    assert [(each.place.table, each.place.field) for each in found] == [("staff", "person")] * is_one
    for each in found:
        assert "身份证号码" in sentence(each, "zh")
        assert "identity number" in sentence(each, "en")
        assert number not in str(each)
    assert grade(edition(), named) == grade(edition(), alone("staff", person="P001"))


def test_an_expense_beside_a_doubtful_revenue_is_not_told_again() -> None:
    """The doubt about the revenue is one about the whole row; an expense that nobody knows is no doubt at all."""
    both = alone("finance", revenue=Fraction(412), rd_expense=Fraction(12))
    assert warned(both, "revenue-in-ten-thousands") == [("finance", "revenue")]
    assert warned(both, "research-in-ten-thousands") == []
    assert warned(alone("finance", rd_expense=None), "research-in-ten-thousands") == []


@pytest.mark.parametrize(
    ("year", "as_of", "rules"),
    [
        (2025, date(2026, 6, 30), []),
        (2026, date(2026, 6, 30), ["fiscal-year-not-ended"]),
        (2026, date(2026, 12, 30), ["fiscal-year-not-ended"]),
        (2026, date(2026, 12, 31), []),
        (2025, date(2026, 1, 1), []),
        (20255, date(2026, 6, 30), ["fiscal-year-not-ended"]),
        (2015, date(2026, 6, 30), []),
        (2014, date(2026, 6, 30), ["fiscal-year-long-past"]),
        (25, date(2026, 6, 30), ["fiscal-year-long-past"]),
    ],
)
def test_a_fiscal_year_has_ended_and_is_of_the_last_ten_closed_ones(year: int, as_of: date, rules: list[str]) -> None:
    """A year that has ended and is not yet closed is no mistake."""
    found = {rule: warned(alone("finance", fiscal_year=year), rule, as_of) for rule in YEAR_RULES}
    assert found == {rule: [("finance", "fiscal_year")] if rule in rules else [] for rule in YEAR_RULES}


@pytest.mark.parametrize(
    ("level", "since", "rules"),
    [
        (None, None, []),
        (None, date(2025, 1, 1), ["held-date-without-level"]),
        ("level-4", date(2025, 1, 1), []),
        ("level-4", date(2020, 5, 6), []),
        ("level-4", date(2020, 5, 5), ["held-before-establishment"]),
        (None, date(2020, 5, 5), ["held-date-without-level", "held-before-establishment"]),
    ],
)
def test_the_level_held_and_its_date_belong_together(level: str | None, since: date | None, rules: list[str]) -> None:
    """A date alone is passed over in grading, so it is told; no level is older than the enterprise."""
    dossier = having(SMALL, "enterprise", established_on=date(2020, 5, 6))
    dossier = having(dossier, "application", held_level=level, held_since=since)
    every = ("held-date-without-level", "held-before-establishment")
    assert [rule for rule in every if warned(dossier, rule) == [("application", "held_since")]] == rules


def test_an_application_for_no_field_is_warned_of() -> None:
    """One row is enough."""
    assert warned(with_table(SMALL, "application_fields", ()), "no-field-applied-for") == [("application", "")]
    one = with_table(SMALL, "application_fields", SMALL.tables["application_fields"][:1])
    assert warned(one, "no-field-applied-for") == []


@pytest.mark.parametrize(
    ("project", "day", "score", "rows"),
    [
        ("P001", date(2026, 1, 5), 9, 2),
        ("P001", date(2026, 1, 5), 3, 2),
        ("P001", date(2026, 1, 6), 9, 0),
        ("P002", date(2026, 1, 5), 9, 0),
    ],
)
def test_two_answers_of_a_project_on_one_day_are_told(project: str, day: date, score: int, rows: int) -> None:
    """Whatever they score: a corrected answer beside the first is a repetition too. Both rows are told."""
    answers = with_table(TOP, "surveys", ())
    answers = adding(answers, "surveys", project="P001", surveyed_on=date(2026, 1, 5), score=9)
    answers = adding(answers, "surveys", project=project, surveyed_on=day, score=score)
    assert warned(answers, "survey-repeats") == [("surveys", "surveyed_on")] * rows


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        ("91350100M000100Y43", []),
        ("91350100m000100y43", []),
        ("91350100M000100Y4Z", ["credit-code"]),
        ("91350100M000100Y4", ["credit-code"]),
        ("911101085513800180", ["inner-organisation-code"]),
    ],
)
def test_a_wrong_credit_code_is_told_once(code: str, rules: list[str]) -> None:
    """A code that is wrong as a whole is not also called wrong inside."""
    dossier = having(SMALL, "enterprise", uscc=code)
    every = ("credit-code", "inner-organisation-code")
    assert [rule for rule in every if warned(dossier, rule) == [("enterprise", "uscc")]] == rules


@pytest.mark.parametrize(("language", "said"), [("zh", "统一社会信用代码"), ("en", "unified social credit code")])
def test_the_check_of_a_dossier_tells_a_wrong_credit_code(
    tmp_path: Path, language: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not only the grade, whose requirement it fails."""
    for file in (FOLDER / "cases" / "first-application-small").glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    header, row = (tmp_path / "enterprise.csv").read_text(encoding="utf-8").splitlines()
    at = header.split(",").index("uscc")
    code = row.split(",")[at]
    wrong = row.replace(code, f"{code[:-1]}{'0' if code[-1] != '0' else '1'}")
    (tmp_path / "enterprise.csv").write_text(f"{header}\n{wrong}\n", encoding="utf-8")
    assert main(["dossier", "check", str(tmp_path), "--edition", str(FOLDER), "--lang", language]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "(uscc)" in line or "uscc (" in line]
    assert said in line


def test_warnings_change_no_grade() -> None:
    """A dossier full of doubts is graded as if there were none."""
    doubtful = having(SMALL, "application", held_since=date(2001, 1, 1))
    assert warned(doubtful, "held-date-without-level")
    before, after = grade(edition(), SMALL), grade(edition(), doubtful)
    assert (after.capability, after.grantable, after.overall) == (before.capability, before.grantable, before.overall)
