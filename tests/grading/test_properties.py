# SPDX-License-Identifier: Apache-2.0
"""What must hold of every grade, whatever the dossier."""

from dataclasses import replace
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradus.formats.result_json import result_to_json
from gradus.formats.result_words import bounds_sentences
from gradus.grading.assess import assess
from gradus.grading.dossier import Dossier
from gradus.grading.grade import grade
from gradus.grading.result import Grade, Status
from gradus.grading.scheme import Column, Table
from tests.grading.dossiers import (
    CASES,
    case,
    edition,
    improved,
    is_valid,
    perturbed,
    unknown_cells,
    with_cell,
    with_table,
)


def numbers(found: Grade) -> object:
    """Everything a grade says but the row numbers it names."""
    return (
        found.capability,
        found.grantable,
        found.overall,
        found.dimensions,
        [(each.value, each.points, each.status) for each in found.indicators.values()],
        [(each.value, each.status) for each in found.requirements.values()],
        found.scope,
    )


def not_applicable(found: Grade) -> set[str]:
    """The indicators that do not apply."""
    return {each.id for each in found.indicators.values() if each.status is Status.NOT_APPLICABLE}


def assert_not_raised(before: Grade, after: Grade) -> None:
    """The outcome is not higher than it was."""
    assert after.capability <= before.capability
    assert after.grantable <= before.grantable


@given(st.data(), perturbed())
def test_grade_is_deterministic_and_independent_of_row_order(data: st.DataObject, dossier: Dossier) -> None:
    """The same facts in another order give the same grade."""
    shuffled = dossier
    for table, rows in dossier.tables.items():
        shuffled = with_table(shuffled, table, tuple(data.draw(st.permutations(rows)) if len(rows) < 9 else rows[::-1]))
    assert (
        numbers(grade(edition(), dossier)) == numbers(grade(edition(), dossier)) == numbers(grade(edition(), shuffled))
    )


@given(st.data(), perturbed())
def test_a_better_value_never_lowers_the_outcome(data: st.DataObject, dossier: Dossier) -> None:
    """Moving one present value in its declared better direction never lowers the outcome."""
    directed = [
        (table, column)
        for table in edition().tables.values()
        for column in table.columns
        if column.better and any(row.cells[table.position(column.id)] is not None for row in dossier.tables[table.id])
    ]
    table, column = data.draw(st.sampled_from(directed))
    at = table.position(column.id)
    index = data.draw(
        st.sampled_from([i for i, row in enumerate(dossier.tables[table.id]) if row.cells[at] is not None])
    )
    cell = dossier.tables[table.id][index].cells[at]
    better = with_cell(dossier, table, index, column, improved(cell, column, data.draw(st.integers(1, 60))))
    assume(is_valid(better))
    before, after = grade(edition(), dossier), grade(edition(), better)
    assume(not_applicable(before) == not_applicable(after))
    assert_not_raised(after, before)
    for key, each in before.indicators.items():
        assert (each.points or 0) <= (after.indicators[key].points or 0), key


@given(st.data(), perturbed())
def test_an_unknown_fact_never_raises_the_outcome(data: st.DataObject, dossier: Dossier) -> None:
    """Forgetting a fact never helps."""
    cells = unknown_cells(dossier)
    assume(cells)
    table, index, column = data.draw(st.sampled_from(cells))
    forgotten = with_cell(dossier, table, index, column, None)
    assert_not_raised(grade(edition(), dossier), grade(edition(), forgotten))


@given(st.data(), perturbed())
def test_an_empty_table_never_raises_the_outcome(data: st.DataObject, dossier: Dossier) -> None:
    """Leaving out a whole table never helps; declared events aside."""
    tables = [each.id for each in edition().tables.values() if not each.single and each.id != "events"]
    table = data.draw(st.sampled_from(tables))
    emptied = with_table(dossier, table, ())
    assert_not_raised(grade(edition(), dossier), grade(edition(), emptied))


@given(st.data(), perturbed())
def test_rejecting_a_row_never_raises_the_outcome(data: st.DataObject, dossier: Dossier) -> None:
    """A rejected row earns nothing and keeps its place in every denominator."""
    rows = [(table, row.number) for table, rows in dossier.tables.items() for row in rows]
    first = frozenset(data.draw(st.lists(st.sampled_from(rows), max_size=3)))
    more = first | {data.draw(st.sampled_from(rows))}
    before, after = grade(edition(), dossier, None, first), grade(edition(), dossier, None, more)
    assert_not_raised(before, after)
    assert not_applicable(before) == not_applicable(after)
    for key, each in before.indicators.items():
        assert (after.indicators[key].points or 0) <= (each.points or 0), key


@given(perturbed(), st.sampled_from(["fraud_finding", "safety_accident", "complaint"]))
def test_a_veto_gives_no_outcome(dossier: Dossier, kind: str) -> None:
    """A confirmed event rules out every outcome, and leaves the scope as it is."""
    table = edition().tables["events"]
    day = grade(edition(), dossier).as_of.replace(day=1).replace(month=1)
    cells = {"kind": kind, "occurred_on": day.replace(year=day.year - 1), "major": True, "resolved_on": None}
    row = replace(next(iter(dossier.tables["enterprise"])), number=99, cells=tuple(cells[c.id] for c in table.columns))
    found = grade(edition(), with_table(dossier, "events", (row,)))
    assert (found.capability, found.grantable) == (0, 0)
    assert found.scope == grade(edition(), dossier).scope


def test_stars_only_where_the_level_has_them_and_the_band_rises_with_the_rank() -> None:
    """Levels 4 and 3 have no stars; a higher outcome never has a lower band."""
    bands = [band.id for band in edition().bands]
    ranks = [bands.index(outcome.band) for outcome in edition().outcomes]
    assert ranks == sorted(ranks)
    assert {outcome.level for outcome in edition().outcomes if outcome.stars} == {"level-2", "level-1"}


# Up to 64 grades an example: a tenth of the examples takes as long as another property.
def unknown_before(dossier: Dossier) -> list[tuple[Table, int, Column]]:
    """The cells that a golden case leaves unknown itself."""
    bounds = assess(edition(), dossier).bounds
    found = []
    for fact in bounds.facts if bounds else ():
        table = edition().tables[fact.table]
        index = next(at for at, row in enumerate(dossier.tables[table.id]) if row.number == fact.row)
        found.append((table, index, table.column(fact.column)))
    return found


@settings(max_examples=max(10, settings.default.max_examples // 10))
@given(st.data(), st.sampled_from([name for name in CASES if name != "veto-fraud"]))
def test_bounds_equal_full_enumeration(data: st.DataObject, name: str) -> None:
    """With few unknown facts, worst and best are those of every combination of their values."""
    dossier = case(name)
    finite = {
        "requirements_baselined": (False, True),
        "milestones_on_time": (),
        "changes_controlled": (),
        "scale_minutes": (),
    }
    cells = [each for each in unknown_cells(dossier) if each[2].id in finite]
    chosen = data.draw(st.lists(st.sampled_from(cells), min_size=1, max_size=5, unique_by=lambda c: (c[2].id, c[1])))
    chosen += unknown_before(dossier)
    values = []
    for table, index, column in chosen:
        if column.type == "boolean":
            values.append((False, True))
            continue
        row = dossier.tables[table.id][index]
        whole = row.cells[table.position(column.within)] if column.within else 10080
        values.append((0, whole // 2, whole) if len(chosen) < 4 else (0, whole))
    for table, index, column in chosen:
        dossier = with_cell(dossier, table, index, column, None)
    ranks = []
    for combination in product(*values):
        known = dossier
        for (table, index, column), value in zip(chosen, combination, strict=True):
            known = with_cell(known, table, index, column, value)
        ranks.append(grade(edition(), known).capability)
    bounds = assess(edition(), dossier).bounds
    if bounds is not None:
        assert (bounds.worst, bounds.best) == (min(ranks), max(ranks))


@settings(max_examples=max(10, settings.default.max_examples // 5))
@given(st.data(), perturbed())
def test_bounds_agree_with_the_capability_and_name_what_they_leave_out(data: st.DataObject, dossier: Dossier) -> None:
    """Best is never below the capability. Worst is above it only where what is unknown keeps it down, never through a
    gate that is known to be shut; and whatever both leave unknown is named."""
    tables = [each.id for each in edition().tables.values() if not each.single and each.id != "events"]
    for table in data.draw(st.lists(st.sampled_from(tables), max_size=2)):
        dossier = with_table(dossier, table, ())
    result = assess(edition(), dossier)
    bounds = result.bounds
    unknown = {each.id for each in result.indicators.values() if each.status is Status.UNKNOWN}
    unknown |= {each.id for each in result.requirements.values() if Status.UNKNOWN in each.status.values()}
    if bounds is None:
        assert not unknown
        return
    assert set(bounds.left_out) <= unknown
    assert bounds.facts or set(bounds.left_out) == unknown
    assert not (bounds.exact and bounds.left_out)
    if result.vetoed:
        assert (bounds.worst, bounds.best) == (0, 0)
        return
    assert bounds.worst <= bounds.best
    assert bounds.best >= result.capability
    shut = [
        outcome.rank
        for outcome in edition().outcomes
        if any(each.status[outcome.id] is Status.NOT_MET for each in result.requirements.values())
    ]
    assert bounds.worst < min(shut, default=99)
    if bounds.worst > result.capability:
        assert unknown - set(bounds.left_out)


def test_absent_ratings_open_no_gate_at_worst() -> None:
    """Who rates nothing has no complete self-assessment, and may leave it so: worst is what it is graded now."""
    result = assess(edition(), with_table(case("top"), "ratings", ()))
    assert result.bounds
    assert (result.capability, result.bounds.worst, result.bounds.best) == (0, 0, 8)
    assert (result.bounds.exact, result.bounds.left_out) == (True, ())


def test_bounds_say_that_they_suppose_no_rows() -> None:
    """Without answers the net promoter score is unknown at worst and at best, and the bounds are not exact."""
    result = assess(edition(), with_table(case("top"), "surveys", ()))
    assert result.bounds
    assert (result.bounds.facts, result.bounds.exact, result.bounds.left_out) == ((), False, ("personnel.nps",))
    (said,) = bounds_sentences(result, "en")
    assert "Net promoter score" in said
    written = result_to_json(result)["bounds"]
    assert (written["exact"], written["left_out"]) == (False, ["personnel.nps"])


def test_a_worst_bound_above_the_capability_says_why() -> None:
    """A fact that is unknown earns less than the worst it can turn out to be."""
    result = assess(edition(), with_table(case("unknown-milestones"), "service_catalogue", ()))
    assert result.bounds
    assert result.bounds.worst > result.capability
    assert any("what is unknown earns no points" in said for said in bounds_sentences(result, "en"))
