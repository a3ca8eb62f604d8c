# SPDX-License-Identifier: Apache-2.0
"""The edition's rules at their edges: each case differs from a golden one in a fact or two."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest

from gradus.grading.assess import assess
from gradus.grading.calendar import latest_closed_year, month_starts, plus_months, whole_months
from gradus.grading.dossier import Dossier, Row
from gradus.grading.grade import grade
from gradus.grading.identifiers import cn_patent_valid, gb11714_valid, gb32100_valid
from gradus.grading.result import Grade, Status
from gradus.grading.scheme import Cell
from tests.grading.dossiers import case, edition, is_valid, with_cell, with_table


def changed(dossier: Dossier, table: str, change: Callable[[dict[str, Cell]], dict[str, Cell] | None]) -> Dossier:
    """The dossier with every row of a table changed; None drops the row."""
    columns = [column.id for column in edition().tables[table].columns]
    rows = []
    for row in dossier.tables[table]:
        cells = change(dict(zip(columns, row.cells, strict=True)))
        if cells is not None:
            rows.append(Row(row.number, tuple(cells[column] for column in columns)))
    return with_table(dossier, table, tuple(rows))


def having(dossier: Dossier, table: str, **cells: Cell) -> Dossier:
    """The dossier with these cells in every row of a table."""
    return changed(dossier, table, lambda row: {**row, **cells})


def adding(dossier: Dossier, table: str, **cells: Cell) -> Dossier:
    """The dossier with one more row."""
    columns = [column.id for column in edition().tables[table].columns]
    row = Row(9000 + len(dossier.tables[table]), tuple(cells.get(column) for column in columns))
    return with_table(dossier, table, (*dossier.tables[table], row))


def graded(dossier: Dossier) -> Grade:
    """The grade under the CCID edition."""
    return grade(edition(), dossier)


TOP, CAPABLE, SMALL = case("top"), case("first-application-capable-of-more"), case("first-application-small")
A = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("held", "since", "grantable"),
    [
        (None, None, 1),
        ("level-4", date(2025, 6, 30), 2),
        ("level-4", date(2025, 7, 1), 1),
        ("level-3", date(2025, 6, 30), 5),
        ("level-3", date(2025, 7, 1), 2),
        ("level-2", date(2025, 6, 30), 8),
        ("level-2", date(2025, 7, 1), 5),
        ("level-1", date(2026, 6, 29), 8),
    ],
)
def test_the_path_goes_step_by_step(held: str | None, since: date | None, grantable: int) -> None:
    """Twelve whole months open the next level; level 1 opens everything."""
    found = graded(having(TOP, "application", held_level=held, held_since=since))
    assert (found.capability, found.grantable) == (8, grantable)


@pytest.mark.parametrize(
    ("held", "since", "grantable"),
    [
        (None, None, 2),
        ("level-4", date(2025, 6, 30), 5),
        ("level-3", date(2025, 6, 30), 7),
        ("level-2", date(2025, 7, 1), 7),
        ("level-2", date(2025, 6, 30), 8),
    ],
)
def test_a_cross_level_application_goes_one_level_further(held: str | None, since: date | None, grantable: int) -> None:
    """But never to level 1 five stars, and it only ever widens the path."""
    found = graded(having(TOP, "application", held_level=held, held_since=since, cross_level=True))
    assert found.grantable == grantable


def test_a_cross_level_application_needs_two_kinds_of_innovation_and_a_high_technology_score() -> None:
    """One kind is not enough; a technology score of 84.99 is not enough."""
    crossing = having(TOP, "application", held_level=None, held_since=None, cross_level=True)
    one_kind = having(crossing, "innovations", kind="white_paper")
    assert graded(one_kind).grantable == 1
    old = having(crossing, "innovations", published_on=date(2023, 6, 30))
    assert graded(old).grantable == 1
    weak = having(crossing, "ip", related=False)
    assert graded(weak).dimensions["technology"] == 80
    assert graded(weak).grantable == 1


def test_the_requested_outcome_is_never_exceeded() -> None:
    """It lowers what is granted, not the capability; a request above the path changes nothing."""
    found = graded(having(TOP, "application", requested_outcome="level-2-star-3"))
    assert (found.capability, found.grantable) == (8, 3)
    first = having(TOP, "application", held_level=None, held_since=None, requested_outcome="level-1-star-5")
    assert graded(first).grantable == 1


@pytest.mark.parametrize(
    ("event", "veto"),
    [
        ({"kind": "fraud_finding", "occurred_on": date(2023, 7, 1), "major": False}, ["fraud"]),
        ({"kind": "fraud_finding", "occurred_on": date(2023, 6, 30), "major": True}, []),
        ({"kind": "safety_accident", "occurred_on": date(2024, 7, 1), "major": True}, ["accident"]),
        ({"kind": "safety_accident", "occurred_on": date(2024, 6, 30), "major": True}, []),
        ({"kind": "safety_accident", "occurred_on": date(2026, 6, 1), "major": False}, []),
        ({"kind": "complaint", "occurred_on": date(2026, 5, 30), "major": True}, ["complaint"]),
        ({"kind": "complaint", "occurred_on": date(2026, 5, 31), "major": True}, []),
        ({"kind": "complaint", "occurred_on": date(2026, 1, 1), "major": True, "resolved_on": A}, []),
        (
            {"kind": "complaint", "occurred_on": date(2026, 1, 1), "major": True, "resolved_on": date(2026, 7, 1)},
            ["complaint"],
        ),
        ({"kind": "complaint", "occurred_on": date(2020, 1, 1), "major": False}, []),
    ],
)
def test_vetoes_at_their_edges(event: dict[str, Cell], veto: list[str]) -> None:
    """Windows are after A minus n months; a complaint must be more than 30 days old."""
    found = graded(adding(TOP, "events", **event))
    assert [each.id for each in found.vetoes.values() if each.holds] == veto
    assert (found.capability == 0) == bool(veto)


def test_several_vetoes_are_sorted_and_told_once() -> None:
    """Two findings of fraud and an accident are two vetoes."""
    dossier = TOP
    for kind in ("safety_accident", "fraud_finding", "fraud_finding"):
        dossier = adding(dossier, "events", kind=kind, occurred_on=date(2026, 1, 5), major=True)
    assert assess(edition(), dossier).vetoed == ("accident", "fraud")


def value(dossier: Dossier, requirement: str) -> Fraction | None:
    """A requirement's value."""
    return graded(dossier).requirements[requirement].value


@pytest.mark.parametrize(
    ("issued_on", "there"),
    [
        (date(2025, 6, 30), False),
        (date(2025, 7, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
        (None, False),
    ],
)
def test_the_checklist_asks_for_what_customers_said_within_12_months(issued_on, there) -> None:
    """A letter of another time leaves its alternative missing too."""
    assert evaluation_there(changed(TOP, "documents", survey(issued_on=issued_on))) == [there] * 2
    letter = survey(issued_on=issued_on, kind="recommendation_letter")
    assert evaluation_there(changed(TOP, "documents", letter)) == [there] * 2


def test_a_document_that_an_assessor_rejected_is_not_there() -> None:
    at = edition().tables["documents"].position("kind")
    (row,) = (row.number for row in TOP.tables["documents"] if row.cells[at] == "satisfaction_survey")
    assert evaluation_there(TOP) == [True] * 2
    assert evaluation_there(TOP, frozenset({("documents", row)})) == [False] * 2


def survey(**cells: Cell) -> Callable[[dict[str, Cell]], dict[str, Cell]]:
    """Change the survey's row."""
    return lambda row: {**row, **cells} if row["kind"] == "satisfaction_survey" else row


def evaluation_there(dossier: Dossier, rejected: frozenset[tuple[str, int]] = frozenset()) -> list[bool]:
    """Whether the checklist finds the survey and the letter, each of which is enough."""
    lines = assess(edition(), dossier, rejected=rejected).documents
    return [line.present for line in lines if line.any_of == "customer_evaluation"]


def test_audits_are_counted_back_until_a_year_is_missing() -> None:
    """A qualified opinion or a missing year ends the count; the latest closed year counts even without a row."""
    assert value(TOP, "basic.audits") == 3
    qualified = changed(
        TOP, "finance", lambda r: {**r, "audit_opinion": "qualified" if r["fiscal_year"] == 2024 else "unmodified"}
    )
    assert value(qualified, "basic.audits") == 1
    assert value(changed(TOP, "finance", lambda r: None if r["fiscal_year"] == 2025 else r), "basic.audits") == 0
    assert value(changed(TOP, "finance", lambda r: None if r["fiscal_year"] == 2023 else r), "basic.audits") == 2


def test_a_young_enterprise_is_expected_to_have_fewer_fiscal_years() -> None:
    """None before the year after it was established; then a missing year makes the mean unknown."""
    without_2023 = changed(TOP, "finance", lambda r: None if r["fiscal_year"] == 2023 else r)
    assert value(without_2023, "scale.revenue") is None
    young = having(without_2023, "enterprise", established_on=date(2023, 2, 1))
    assert value(young, "scale.revenue") == (515200000 + 460000000) // 2
    assert value(having(TOP, "enterprise", established_on=date(2022, 12, 31)), "scale.revenue") == 460000000
    newborn = having(TOP, "enterprise", established_on=date(2025, 3, 1))
    assert value(newborn, "scale.revenue") is None


def test_a_fiscal_year_is_closed_four_months_after_its_end() -> None:
    """On 29 April the year before is not yet closed, on 30 April it is."""
    before = grade(edition(), TOP, date(2026, 4, 29)).indicators["technology.rd_intensity"].value
    after = grade(edition(), TOP, date(2026, 4, 30)).indicators["technology.rd_intensity"].value
    assert (before, after) == (Fraction(39100000, 460000000), Fraction(43792000, 515200000))


def test_an_empty_register_is_unknown_and_never_not_applicable() -> None:
    """Four rows are too few; no suppliers at all is unknown; suppliers without a critical one is not applicable."""
    few = with_table(TOP, "risks", TOP.tables["risks"][:4])
    assert graded(few).indicators["strategy.risk_planned"].status is Status.UNKNOWN
    none = graded(with_table(TOP, "suppliers", ()))
    assert none.indicators["resources.supplier_admission"].status is Status.UNKNOWN
    uncritical = graded(having(TOP, "suppliers", critical=False))
    assert uncritical.indicators["resources.supplier_admission"].status is Status.NOT_APPLICABLE


def test_operations_need_all_twelve_months() -> None:
    """Eleven months are unknown; twelve months without events do not apply; months outside the window do not count."""
    sla = "process.sla"
    assert graded(with_table(TOP, "operations", TOP.tables["operations"][1:])).indicators[sla].status is Status.UNKNOWN
    quiet = graded(having(TOP, "operations", sla_events=0, sla_met=0))
    assert quiet.indicators[sla].status is Status.NOT_APPLICABLE
    older = adding(TOP, "operations", month=date(2025, 6, 1), sla_events=999, sla_met=0, faults=0, faults_within_1h=0)
    assert graded(older).indicators[sla].value == graded(TOP).indicators[sla].value


def test_changes_that_nobody_counted_are_unknown_and_none_at_all_do_not_apply() -> None:
    """An empty changes_controlled is unknown even beside a changes_total of 0."""
    key = "process.change_control"
    assert (
        graded(having(TOP, "projects", changes_total=0, changes_controlled=0)).indicators[key].status
        is Status.NOT_APPLICABLE
    )
    half = changed(TOP, "projects", lambda r: {**r, "changes_controlled": None} if r["project"] == "P001" else r)
    assert graded(half).indicators[key].status is Status.UNKNOWN
    nothing = having(TOP, "projects", changes_total=0, changes_controlled=None)
    assert graded(nothing).indicators[key].status is Status.NOT_APPLICABLE
    unknown = having(TOP, "projects", changes_total=None, changes_controlled=None)
    assert graded(unknown).indicators[key].status is Status.UNKNOWN


def test_training_is_pro_rata_for_those_who_joined() -> None:
    """Employed since 2026-01-01: 181 of 365 days, so 60 x 181/365 = 29.75 hours are asked."""
    staff = SMALL.tables["staff"][:1]
    alone = with_table(SMALL, "staff", staff)
    joined = {
        "employed_from": date(2026, 1, 1),
        "employed_until": None,
        "technical": True,
        "insured_by_applicant": True,
    }
    enough = having(alone, "staff", **joined, training_hours=Fraction(60 * 181, 365))
    short = having(alone, "staff", **joined, training_hours=Fraction(60 * 181, 365) - Fraction(1, 1000))
    assert graded(enough).indicators["personnel.training_share"].value == 1
    assert graded(short).indicators["personnel.training_share"].value == 0
    assert graded(enough).indicators["personnel.training_mean"].value == 60


def test_a_net_promoter_score_is_points_and_needs_five_answers() -> None:
    """Ten answers, eight of 9, a 7 and a 5: 80 % less 10 % is 70."""
    none = with_table(TOP, "surveys", ())
    ten = none
    for score in (9, 9, 9, 9, 9, 9, 9, 9, 7, 5):
        ten = adding(ten, "surveys", project="P001", surveyed_on=date(2026, 1, 1), score=score)
    assert graded(ten).indicators["personnel.nps"].value == 70
    four = with_table(ten, "surveys", ten.tables["surveys"][:4])
    assert graded(four).indicators["personnel.nps"].status is Status.UNKNOWN
    bad = having(ten, "surveys", score=0)
    assert graded(bad).indicators["personnel.nps"].value == -100


def test_key_posts_must_not_be_too_few_to_tell() -> None:
    """Fewer than a tenth of the staff on key posts is unknown, not excellent."""
    few = changed(TOP, "staff", lambda r: {**r, "key_post": r["person"] in ("S0001", "S0002")})
    assert graded(few).indicators["personnel.certified_posts"].status is Status.UNKNOWN
    assert graded(few).requirements["personnel.certified_posts"].status["level-3"] is Status.UNKNOWN


def test_a_patent_without_an_end_is_not_in_force_and_a_copyright_is() -> None:
    """An empty valid_until means different things for different kinds."""
    key = "technology.ip_count"
    assert value(having(TOP, "ip", kind="invention", valid_until=None), key) == 0
    assert value(having(TOP, "ip", kind="software_copyright", valid_until=None), key) == len(TOP.tables["ip"])
    assert value(having(TOP, "ip", kind="design", valid_until=A), key) == len(TOP.tables["ip"])
    assert value(having(TOP, "ip", number="2020SR0000001"), key) == 1


def test_the_gain_of_an_optimisation_depends_on_its_direction() -> None:
    """30 % less where lower is better, 30 % more where higher is; nothing without the case report."""
    key = "improvement.optimisation"
    assert value(having(TOP, "optimisations", before=Fraction(10), after=Fraction(7), higher_is_better=False), key) == 1
    assert value(having(TOP, "optimisations", before=Fraction(10), after=Fraction(13), higher_is_better=True), key) == 1
    assert (
        value(having(TOP, "optimisations", before=Fraction(10), after=Fraction(129, 10), higher_is_better=True), key)
        == 0
    )
    assert value(having(TOP, "optimisations", before=Fraction(0), after=Fraction(13), higher_is_better=True), key) == 0
    assert value(having(TOP, "optimisations", before=Fraction(-10), after=Fraction(5), higher_is_better=True), key) == 0
    bare = changed(TOP, "documents", lambda r: None if r["kind"] == "optimisation_case" else r)
    assert value(bare, key) == 0


def test_the_scope_follows_the_closed_list() -> None:
    """A field without a counted project is not granted."""
    assert graded(TOP).scope == ("it_service", "system_integration", "big_data")
    incomplete = changed(TOP, "projects", lambda r: {**r, "complete_records": r["field"] != "big_data"})
    assert graded(incomplete).scope == ("it_service", "system_integration")
    assert graded(incomplete).scope_not_granted == ("big_data",)


def test_an_assessed_rating_goes_before_a_claimed_one() -> None:
    """Also downward; without either the value is unknown, and the self-assessment is not complete."""
    rated = changed(TOP, "ratings", lambda r: {**r, "assessed": 2 if r["item"] == "strategy.fit" else None})
    assert graded(rated).indicators["strategy.fit"].points == 40
    assert not graded(rated).indicators["strategy.fit"].claimed
    missing = changed(TOP, "ratings", lambda r: None if r["item"] == "strategy.fit" else r)
    assert graded(missing).indicators["strategy.fit"].status is Status.UNKNOWN
    assert graded(missing).requirements["basic.self_assessment"].value == 0
    only_assessed = changed(TOP, "ratings", lambda r: {**r, "claimed": None, "assessed": 5})
    assert graded(only_assessed).indicators["strategy.fit"].points == 100
    assert graded(only_assessed).requirements["basic.self_assessment"].value == 0


def test_a_missing_rating_is_an_unknown_fact_of_the_bounds() -> None:
    """Set to 0 and to 5 in the indicator. That nothing is claimed is a fact: at worst the gate stays shut."""
    missing = changed(CAPABLE, "ratings", lambda r: None if r["item"] == "strategy.fit" else r)
    bounds = assess(edition(), missing).bounds
    assert bounds is not None
    assert [fact.key for fact in bounds.facts] == ["strategy.fit"]
    assert graded(missing).capability == 0
    assert (bounds.worst, bounds.best) == (0, 5)


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43",
        "91110108551385082Q",
        "9144030071526726XG",
        "91330100799655058B",
        "91110108MA00TERT2P",
        "91440305MA5DEM004T",
        "91310115MA1K00007Q",
        "91330106MA2AAAA132",
        "91110108551380018" + "0",
        "91350100m000100y43",
    ],
)
def test_valid_credit_codes(code: str) -> None:
    """Public and synthetic codes, the one with remainder 0, and lower case."""
    assert gb32100_valid(code)


@pytest.mark.parametrize(
    "code", ["91350100M000100Y4Z", "91350100M000100Y4", "91350100M000100Y433", "91350100I000100Y43", "", "十八"]
)
def test_invalid_credit_codes(code: str) -> None:
    """A wrong check character, a wrong length, a letter outside the alphabet."""
    assert not gb32100_valid(code)


def test_inner_organisation_codes_and_patents() -> None:
    """GB 11714 inside the credit code; the check character of a Chinese patent."""
    assert gb11714_valid("91350100M000100Y43")
    assert not gb11714_valid("911101085513800180")
    assert cn_patent_valid("ZL200310100002.X")
    assert cn_patent_valid("202110123456.7")
    assert not cn_patent_valid("202110123456.8")


def test_calendar_months() -> None:
    """A month keeps the day or takes the last one; whole months stop the day before."""
    assert plus_months(date(2027, 8, 31), -6) == date(2027, 2, 28)
    assert plus_months(date(2024, 2, 29), 36) == date(2027, 2, 28)
    assert whole_months(date(2025, 6, 30), date(2026, 6, 29)) == 11
    assert whole_months(date(2024, 2, 29), date(2025, 2, 28)) == 12
    assert whole_months(date(2026, 7, 1), date(2026, 6, 30)) == 0
    assert len(month_starts(date(2025, 6, 30), date(2026, 6, 30))) == 12
    assert month_starts(date(9999, 10, 31), date.max) == (date(9999, 11, 1), date(9999, 12, 1))


def test_calendar_arithmetic_never_leaves_the_calendar() -> None:
    """An edition may write any number of months; the result is then the first or the last date there is."""
    assert plus_months(A, -99999999) == date.min
    assert plus_months(A, 99999999) == date.max
    assert latest_closed_year(A, 99999999) == 1
    assert latest_closed_year(A, 4) == 2025


@pytest.mark.parametrize("day", [date.max, date.min])
def test_the_ends_of_the_calendar_are_days_like_others(day):
    """Registers write 9999-12-31 for no end, and nobody hinders anybody from typing the year 1."""
    without_end = having(TOP, "management_certificates", valid_until=date.max)
    assert graded(without_end).overall == graded(TOP).overall
    for table in edition().tables.values():
        for column in table.columns:
            if column.type == "date" and TOP.tables[table.id]:
                dossier = with_cell(TOP, table, 0, column, day)
                if is_valid(dossier):
                    assert 0 <= graded(dossier).overall <= 100, (table.id, column.id)
