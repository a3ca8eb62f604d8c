# SPDX-License-Identifier: Apache-2.0
"""What stands in the way: the named change suffices, one less does not, and rejected rows are not counted on."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradus.formats.editions import edition_from_content
from gradus.formats.result_json import result_to_json
from gradus.formats.result_words import change_sentence
from gradus.grading.assess import assess
from gradus.grading.distance import Asked, smallest_change
from gradus.grading.dossier import Dossier, Row
from gradus.grading.evaluate import Evaluator
from gradus.grading.grade import declared_as_of, programs, score_indicator
from gradus.grading.result import Change, Facts, Gain, IndicatorResult, Missing, Reach
from gradus.grading.rows import prepare
from gradus.grading.scheme import Cell, Indicator
from tests.grading.dossiers import case, edition, perturbed, with_table
from tests.grading.test_rules import changed

TOP, BORDER = case("top"), case("milestones-95")
Rejected = frozenset[tuple[str, int]]
Cells = dict[str, Cell]
Edit = tuple[int, Callable[[Cells], Cells]]


def rows_of(table: str, *numbers: int) -> Rejected:
    """Rows of a table as they are rejected; without numbers all rows of TOP."""
    return frozenset((table, number) for number in numbers or (row.number for row in TOP.tables[table]))


def indicator_of(name: str) -> Indicator:
    """An indicator by its id."""
    return next(each for each in edition().indicators if each.id == name)


def evaluator(dossier: Dossier, rejected: Rejected) -> Evaluator:
    """The dossier, ready to be graded in parts."""
    day = declared_as_of(edition(), dossier)
    return Evaluator(programs(edition()), prepare(edition(), dossier, rejected), day)


def scored(dossier: Dossier, name: str, rejected: Rejected) -> IndicatorResult:
    """What one indicator comes to."""
    return score_indicator(evaluator(dossier, rejected), indicator_of(name), applies=True)


def change_to(dossier: Dossier, name: str, rejected: Rejected, asked: Fraction) -> Change:
    """The smallest change that brings an indicator to a value."""
    run, indicator = evaluator(dossier, rejected), indicator_of(name)
    result = score_indicator(run, indicator, applies=True)
    return smallest_change(
        run, indicator.measure, result.explanation, result.value, Asked(asked, indicator.floor.value)
    )


# Each change that is named can be made by hand, row by row.


def credited(leaf: Facts) -> set[int]:
    """The rows with credit."""
    return set(leaf.counted if leaf.credited is None else leaf.credited)


def marks(column: str, cell: Cell) -> Callable[[Dossier, IndicatorResult, Fraction], list[Edit]]:
    """A share: a row earns credit when a cell is set."""

    def edits(_dossier: Dossier, result: IndicatorResult, _asked: Fraction) -> list[Edit]:
        leaf = result.explanation.facts[-1]
        free = set(leaf.counted) - set(leaf.rejected) - credited(leaf)
        return [(number, lambda cells: {**cells, column: cell}) for number in sorted(free)]

    return edits


def parts(column: str, whole: str) -> Callable[[Dossier, IndicatorResult, Fraction], list[Edit]]:
    """A ratio of sums: each row's part may grow, one by one, to the whole."""

    def edits(dossier: Dossier, result: IndicatorResult, _asked: Fraction) -> list[Edit]:
        leaf = result.explanation.facts[0]
        table = edition().tables[leaf.table]
        found: list[Edit] = []
        for row in dossier.tables[leaf.table]:
            if row.number in set(leaf.counted) - set(leaf.rejected):
                part, most = (row.cells[table.position(each)] for each in (column, whole))
                assert isinstance(part, int)
                assert isinstance(most, int)
                found += [(row.number, more(column))] * (most - part)
        return found

    return edits


def more(column: str) -> Callable[[Cells], Cells]:
    """One more in a column."""
    return lambda cells: {**cells, column: int(str(cells[column])) + 1}


def shorter(dossier: Dossier, result: IndicatorResult, asked: Fraction) -> list[Edit]:
    """A falling median: a row comes down to what is asked."""
    leaf = result.explanation.facts[-1]
    at = edition().tables["infrastructure"].position("scale_minutes")
    slow = {
        row.number: Fraction(str(row.cells[at]))
        for row in dossier.tables["infrastructure"]
        if row.number in leaf.counted
    }
    return [
        (number, lambda cells: {**cells, "scale_minutes": asked})
        for number, minutes in sorted(slow.items(), key=lambda each: each[1])
        if minutes > asked and number not in leaf.rejected
    ]


def answers(_dossier: Dossier, result: IndicatorResult, _asked: Fraction) -> list[Edit]:
    """A difference of two shares: detractors become promoters first, for they count twice."""
    first, second = result.explanation.facts[-2:]
    free = set(first.counted) - set(first.rejected) - credited(first)
    order = sorted(free, key=lambda number: (number not in credited(second), number))
    return [(number, lambda cells: {**cells, "score": 10}) for number in order]


BY_HAND: dict[str, tuple[str, int, Callable[[Dossier, IndicatorResult, Fraction], list[Edit]]]] = {
    "process.requirements": ("projects", 1, marks("requirements_baselined", True)),
    "strategy.pdca": ("goals", 1, marks("pdca_complete", True)),
    "resources.automation": ("service_catalogue", 1, marks("automated", True)),
    "personnel.skill_evaluated": ("staff", 1, marks("skill_evaluated_on", date(2026, 6, 1))),
    "process.milestones": ("projects", 1, parts("milestones_on_time", "milestones_due")),
    "process.change_control": ("projects", 1, parts("changes_controlled", "changes_total")),
    "process.sla": ("operations", 1, parts("sla_met", "sla_events")),
    "resources.elasticity": ("infrastructure", 0, shorter),
    "personnel.nps": ("surveys", 100, answers),
}
"""Indicators with the table whose rows change, the best value there is, and the single changes, the best first."""


def made(dossier: Dossier, table: str, edits: list[Edit]) -> Dossier:
    """The dossier after some changes."""
    columns = [column.id for column in edition().tables[table].columns]
    rows = {row.number: dict(zip(columns, row.cells, strict=True)) for row in dossier.tables[table]}
    for number, edit in edits:
        rows[number] = edit(rows[number])
    return with_table(dossier, table, tuple(Row(number, tuple(cells.values())) for number, cells in rows.items()))


@pytest.mark.parametrize("name", BY_HAND)
@settings(max_examples=max(10, settings.default.max_examples // 4))  # for each of the indicators
@given(data=st.data())
def test_the_smallest_change_reaches_what_is_asked_and_one_less_does_not(data: st.DataObject, name: str) -> None:
    """Whatever rows are rejected; and where no change is named, changing every row that is left does not reach it."""
    dossier = data.draw(perturbed())
    table, best, by_hand = BY_HAND[name]
    assume(dossier.tables[table])
    numbers = [row.number for row in dossier.tables[table]]
    rejected = frozenset((table, number) for number in data.draw(st.sets(st.sampled_from(numbers))))
    before = scored(dossier, name, rejected)
    assume(before.value is not None and before.value != best)
    assert before.value is not None
    asked = before.value + (best - before.value) * data.draw(st.fractions(Fraction(1, 100), 1, max_denominator=100))
    sign = 1 if asked > before.value else -1
    change, edits = change_to(dossier, name, rejected, asked), by_hand(dossier, before, asked)

    def reaches(count: int) -> bool:
        value = scored(made(dossier, table, edits[:count]), name, rejected).value
        assert value is not None
        return sign * value >= sign * asked

    if change.amount is None:
        assert change.reach in (Reach.NEW_ROWS, Reach.NEVER)
        assert rejected
        assert not reaches(len(edits))
    else:
        count = int(change.amount)
        assert count == change.amount == change.blanks["k"]
        assert 1 <= count <= len(edits)
        assert reaches(count)
        assert not reaches(count - 1)


# A missed score


def gain(rejected: Rejected, name: str) -> Gain | None:
    """What an indicator could add to the overall score of BORDER."""
    return gain_of(BORDER, rejected, name)


def gain_of(dossier: Dossier, rejected: Rejected, name: str) -> Gain | None:
    """What an indicator could add to the overall score, where every outcome asks 100 of it."""
    content: Any = deepcopy(edition().content)
    for outcome in content["outcomes"]:
        outcome["overall_at_least"] = {"value": 100, "provenance": "assumed"}
    result = assess(edition_from_content(content), dossier, rejected=rejected)
    (overall,) = (block for block in result.blocking if block.kind == "overall")
    return next((each for each in overall.gains if each.indicator == name), None)


def test_a_gain_goes_as_far_as_the_rows_that_are_left() -> None:
    """Of 50 changes 41 are under control and 4 are rejected: 5 more are all that can be had, and it is told what they
    add."""
    before, after = gain(frozenset(), "process.change_control"), gain(rows_of("projects", 7), "process.change_control")
    assert before
    assert after
    assert (before.full.amount, before.full.reach) == (5, Reach.ENOUGH)
    assert (after.full.amount, after.full.reach) == (5, Reach.NEVER)
    assert after.full.blanks["t"] == Fraction(46, 50)
    assert (after.adds, after.enough) == (before.adds, None)


def test_where_no_row_is_left_only_new_ones_add_to_a_score() -> None:
    """The one project with milestones is rejected: others could still reach 95 %."""
    after = gain(rows_of("projects", 2), "process.milestones")
    assert after
    assert (after.full.amount, after.full.reach, after.enough) == (None, Reach.NEW_ROWS, None)
    assert after.adds == Fraction(17 * 30, 100), "its weight in the dimension, and the dimension's"


def test_an_indicator_that_nothing_can_raise_adds_nothing() -> None:
    """A rejected rating stays at the floor, and no second row may rate the same item."""
    at = edition().tables["ratings"].position("item")
    (row,) = (row.number for row in BORDER.tables["ratings"] if row.cells[at] == "technology.adaptability")
    assert gain(frozenset(), "technology.adaptability")
    assert gain(rows_of("ratings", row), "technology.adaptability") is None


# Requirements, with a measure of the test's own


def distance(measure: str, asked: Any, rejected: Rejected = frozenset(), dossier: Dossier = TOP, **rule: Any) -> Change:
    """How far a dossier is from a requirement of the lowest outcome."""
    content: Any = deepcopy(edition().content)
    requirement = next(each for each in content["requirements"] if each["id"] == "scale.staff")
    requirement |= {"measure": measure, "unit": "count", "compare": ">=", **rule}
    requirement["asks"] = {"level-4": {"value": asked, "provenance": "assumed"}}
    result = assess(edition_from_content(content), dossier, rejected=rejected)
    (block,) = (block for block in result.blocking if block.id == "scale.staff")
    assert block.distance
    return block.distance


def test_a_distance_says_why_the_rows_do_not_reach() -> None:
    """A share: with new rows, unless all is asked or the rows are fixed by their key."""
    share = "share(projects, requirements_baselined)"
    half = rows_of("projects", *(row.number for row in TOP.tables["projects"][:12]))
    assert distance(share, 0.9, half, unit="ratio").reach is Reach.NEW_ROWS
    assert distance(share, 1, half, unit="ratio").reach is Reach.NEVER
    fixed = "share(reported_months, faults >= 0)"
    assert distance(fixed, 0.9, rows_of("operations"), unit="ratio").reach is Reach.NEVER
    every = "every(projects, requirements_baselined)"
    assert distance(every, "yes", half, unit="boolean", compare="=").reach is Reach.NEVER


def test_a_falling_share_names_the_rows_that_must_not_count() -> None:
    """Of the rejected ones none can change."""
    share, size = "share(projects, complete_records)", len(TOP.tables["projects"])
    change = distance(share, 0.5, unit="ratio", compare="<=")
    assert (change.amount, change.unit) == (scoring("complete_records") - size // 2, "count")
    assert distance(share, 0.5, rows_of("projects"), unit="ratio", compare="<=").reach is Reach.NEW_ROWS
    assert distance("count(projects)", 3, rows_of("projects"), compare="<=").reach is Reach.NEVER
    assert distance("count(projects)", 3, compare="<=").amount == size - 3


def scoring(column: str) -> int:
    """How many projects of TOP say yes."""
    at = edition().tables["projects"].position(column)
    return sum(row.cells[at] is True for row in TOP.tables["projects"])


def test_a_ratio_falls_by_its_numerator_and_rises_to_its_denominator() -> None:
    """Part and whole in one row; a rejected row gives neither."""
    ratio = "sum(reported_months, faults_within_1h) / sum(reported_months, faults)"
    assert distance(ratio, 1, rows_of("operations"), unit="ratio").reach is Reach.NEVER
    ratio = "sum(projects, changes_total) / count(projects)"
    falling = distance(ratio, 0, unit="ratio", compare="<=")
    at = edition().tables["projects"].position("changes_total")
    assert falling.amount == sum(int(str(row.cells[at])) for row in TOP.tables["projects"])
    rejected = rows_of("projects", TOP.tables["projects"][0].number)
    assert distance(ratio, 0, rejected, unit="ratio", compare="<=").reach is Reach.NEVER


def test_a_mean_is_bounded_by_what_its_column_allows() -> None:
    """Nine of ten at most: with a fifth of the answers rejected not even all tens reach it."""
    mean, numbers = "mean(recent_surveys, score)", [row.number for row in TOP.tables["surveys"]]
    rejected = rows_of("surveys", *numbers[: len(numbers) // 5])
    assert distance(mean, 9, rejected, unit="0-10").reach is Reach.NEW_ROWS
    assert distance(mean, 10, rejected, unit="0-10").reach is Reach.NEVER
    assert distance(mean, 10, dossier=BORDER, unit="0-10").amount == Fraction(23, 100)
    assert distance("mean(expected_years, revenue)", 1, rows_of("finance"), unit="CNY").reach is Reach.NEVER


def test_a_streak_lacks_only_the_years_that_are_not_there() -> None:
    """One year without a report breaks the row of three; a rejected year cannot be brought a second time."""
    measure = "streak(audited_years, fiscal_year, latest_closed_year(closing_months))"
    gap = changed(TOP, "finance", lambda row: {**row, "audit_report_no": None if row["fiscal_year"] == 2024 else "x"})
    assert distance(measure, 3, dossier=gap).amount == 1
    assert distance(measure, 5, dossier=gap).amount == 3
    at = edition().tables["finance"].position("fiscal_year")
    (rejected,) = (row.number for row in TOP.tables["finance"] if row.cells[at] == 2024)
    assert distance(measure, 3, rows_of("finance", rejected)).reach is Reach.NEVER


def test_a_lacking_document_asks_for_no_more_rows_than_are_lacking() -> None:
    """The optimisations are there, only the case report is not."""
    measure = "count(projects) if exists(documents, issued_on > A) else 0"
    assert distance(measure, 1).amount == 0
    assert distance(measure, len(TOP.tables["projects"]) + 2).amount == 2


def test_a_median_behind_a_term_has_a_distance() -> None:
    """Its values reach the plan through the term."""
    content: Any = deepcopy(edition().content)
    term = {"id": "usual", "zh": "常见合同额", "en": "usual contract", "unit": "CNY"}
    content["terms"].append({**term, "formula": "median(projects, amount)"})
    requirement = next(each for each in content["requirements"] if each["id"] == "scale.staff")
    requirement |= {"measure": "usual", "unit": "CNY", "compare": ">="}
    requirement["asks"] = {"level-4": {"value": 10**9, "provenance": "assumed"}}
    blocks = {block.id: block.distance for block in assess(edition_from_content(content), TOP).blocking}
    assert blocks["scale.staff"]
    assert blocks["scale.staff"].amount == len(TOP.tables["projects"]) // 2 + 1


# Too few rows


def words_of(dossier: Dossier, name: str, language: str) -> tuple[Change, str]:
    """What stands between a dossier and a requirement, and how it is said."""
    result = assess(edition(), dossier)
    (block,) = (block for block in result.blocking if block.id == name)
    requirement = next(each for each in edition().requirements if each.id == name)
    explanation = result.requirements[name].explanation
    assert block.distance
    return block.distance, change_sentence(
        edition(), requirement.change, block.distance, requirement.unit, explanation, language
    )


KEY_POSTS = {
    "en": "52 new rows of “staff on key posts” (or 46 of the present rows to count as such) before it can be told; "
    "then 15 of 54 key posts need a certificate",
    "zh": "“核心岗位人员”还需新增 52 行（或现有行中再有 46 行计入）才能判定；届时54个核心岗位中还需15人持证",
}


@pytest.mark.parametrize(("language", "words"), KEY_POSTS.items(), ids=KEY_POSTS)
def test_too_few_key_posts_say_how_many_more_it_takes(language: str, words: str) -> None:
    """A tenth of the staff: new people are staff too, so the floor grows with them."""
    few = changed(TOP, "staff", lambda row: {**row, "key_post": row["person"] in ("S0001", "S0002")})
    change, said = words_of(few, "personnel.certified_posts", language)
    assert (change.amount, change.unit, change.reach) == (52, "count", Reach.TOO_FEW)
    assert said == words
    one_less = changed(TOP, "staff", lambda row: {**row, "key_post": str(row["person"]) <= "S0047"})
    enough = changed(TOP, "staff", lambda row: {**row, "key_post": str(row["person"]) <= "S0048"})
    blanks = words_of(one_less, "personnel.certified_posts", language)[0].blanks
    assert (blanks["k"], blanks["moved"]) == (2, 1), "48 of 481 are less than a tenth, 48 of 480 are not"
    assert scored(enough, "personnel.certified_posts", frozenset()).value is not None


def joined(dossier: Dossier, count: int, certified: int) -> Dossier:
    """The dossier with so many new people on key posts, the first of them with a certificate."""
    staff, certificates = dossier.tables["staff"], dossier.tables["person_certificates"]
    people, papers = edition().tables["staff"], edition().tables["person_certificates"]
    for number in range(count):
        key = {"person": f"N{number}", "key_post": True, "employed_from": date(2020, 1, 1), "employed_until": None}
        row = {column.id: cell for column, cell in zip(people.columns, staff[0].cells, strict=True)} | key
        staff = (*staff, Row(staff[-1].number + 1, tuple(row.values())))
        if number < certified:
            own = {column.id: cell for column, cell in zip(papers.columns, certificates[0].cells, strict=True)}
            own |= {"person": f"N{number}", "kind": "pmp", "number": f"N{number}", "valid_until": None}
            certificates = (*certificates, Row(certificates[-1].number + 1, tuple(own.values())))
    return with_table(with_table(dossier, "staff", staff), "person_certificates", certificates)


@pytest.mark.parametrize("posts", [0, 1, 2, 3])
def test_the_new_key_posts_that_are_named_suffice_and_one_less_does_not(posts: int) -> None:
    """Made by hand: so many people more, so many of them certified, and the requirement of the next outcome is met."""
    kept = {row.cells[0] for row in BORDER.tables["staff"][-posts:]} if posts else set()
    few = changed(BORDER, "staff", lambda row: {**row, "key_post": row["person"] in kept})
    change, _ = words_of(few, "personnel.certified_posts", "en")
    rows, certified = int(change.blanks["k"]), int(change.blanks["credits"])

    def value(count: int, named: int) -> Fraction | None:
        return scored(joined(few, count, named), "personnel.certified_posts", frozenset()).value

    assert value(rows - 1, 0) is None
    least, less = value(rows, certified), value(rows, certified - 1)
    assert least is not None
    assert less is not None
    assert less < change.blanks["t"] <= least


def test_a_short_register_says_how_many_more_rows_it_takes() -> None:
    """Five rows make a share worth telling."""
    short = with_table(TOP, "goals", TOP.tables["goals"][:2])
    change = change_to(short, "strategy.pdca", frozenset(), Fraction(1))
    assert (change.amount, change.reach) == (3, Reach.TOO_FEW)


def answered(dossier: Dossier, scores: list[int]) -> Dossier:
    """The dossier with answers of its own."""
    columns, first = edition().tables["surveys"].columns, BORDER.tables["surveys"][0]
    (at,) = (index for index, column in enumerate(columns) if column.id == "score")
    rows = (Row(number, (*first.cells[:at], score, *first.cells[at + 1 :])) for number, score in enumerate(scores, 2))
    return with_table(dossier, "surveys", tuple(rows))


@pytest.mark.parametrize("scores", [[], [0], [0, 0, 0, 0], [7, 7, 0], [10, 10, 10, 10]])
def test_what_too_few_answers_could_add_is_what_they_add(scores: list[int]) -> None:
    """The named answers, all of them the best, give the points that are promised; one answer less gives none."""
    few = answered(BORDER, scores)
    found = gain_of(few, frozenset(), "personnel.nps")
    assert found
    assert found.full.reach is Reach.TOO_FEW
    assert found.adds > 0
    rows = int(found.full.blanks["k"])

    def overall(more: int) -> Fraction:
        return assess(edition(), answered(few, scores + [10] * more)).overall or Fraction(0)

    before = overall(0)
    assert overall(rows) - before == found.adds
    assert overall(rows - 1) == before


def test_four_detractors_need_more_answers_than_make_it_told() -> None:
    """A fifth answer makes it -60: five promoters are needed before it is above nought."""
    found = gain_of(answered(BORDER, [0, 0, 0, 0]), frozenset(), "personnel.nps")
    assert found
    assert (found.full.blanks["tell"], found.full.blanks["k"]) == (1, 5)


def test_nothing_is_promised_where_it_is_not_computed() -> None:
    """How many technologies a counted project would bring nobody knows."""
    none = changed(BORDER, "projects", lambda row: {**row, "complete_records": False})
    found = gain_of(none, frozenset(), "technology.coverage")
    assert found
    assert (found.adds, found.full.amount, found.full.reach) == (0, 1, Reach.TOO_FEW)


def test_an_unknown_fact_promises_what_it_earns_at_best() -> None:
    """One project's milestones are unknown; on time altogether they still leave the others late."""
    late = changed(BORDER, "projects", lambda row: {**row, "milestones_on_time": 0})
    busy = late.tables["projects"][0].number

    def with_on_time(cell: Cell) -> Dossier:
        at = edition().tables["projects"].position("milestones_on_time")
        return with_table(
            late,
            "projects",
            tuple(
                Row(row.number, (*row.cells[:at], cell, *row.cells[at + 1 :])) if row.number == busy else row
                for row in late.tables["projects"]
            ),
        )

    found = gain_of(with_on_time(None), frozenset(), "process.milestones")
    at = edition().tables["projects"].position("milestones_due")
    before, after = (
        assess(edition(), with_on_time(cell)).overall for cell in (None, late.tables["projects"][0].cells[at])
    )
    assert found
    assert before is not None
    assert after is not None
    assert found.adds == after - before


# Yes or no


def only(dossier: Dossier, table: str, column: str, *without: str) -> Dossier:
    """The dossier without the rows of some kinds."""
    at = edition().tables[table].position(column)
    return with_table(dossier, table, tuple(row for row in dossier.tables[table] if row.cells[at] not in without))


@pytest.mark.parametrize(
    ("name", "table", "column", "kind", "said"),
    [
        ("process.manuals", "documents", "kind", "operations_sla", "Operations SLA agreement"),
        ("basic.management_system", "documents", "kind", "risk_control_process", "Risk control process"),
        ("technology.iso_both", "management_certificates", "standard", "iso27001", "ISO/IEC 27001"),
    ],
)
def test_what_is_lacking_is_named_and_what_is_there_is_not(
    name: str, table: str, column: str, kind: str, said: str
) -> None:
    """Of two kinds that are asked for, one is there."""
    change, words = words_of(only(TOP, table, column, kind), name, "en")
    assert change.lacking == (Missing(table, 0, column, kind),)
    assert words.endswith((said, f"({said})"))
    assert "none that counts yet: " in words


def test_a_yes_that_is_asked_for_stays_a_yes_in_json() -> None:
    """No number of anything is lacking."""
    data = result_to_json(assess(edition(), only(TOP, "documents", "kind", "operations_sla")))
    (block,) = (each for each in data["blocking"] if each["id"] == "process.manuals")
    assert (block["value"], block["asked"]) == (False, True)
    assert type(block["value"]) is type(block["asked"]) is bool
    assert (block["distance"]["amount"], block["distance"]["unit"]) == (None, "boolean")
