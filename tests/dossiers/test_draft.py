# SPDX-License-Identifier: Apache-2.0
"""Grading a dossier under construction: exact where it is complete, and never better for what is wrong with it."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.dossiers.actions import create_dossier
from gradus.dossiers.grading import grade_dossier
from gradus.formats.dossier import read_dossier
from gradus.formats.editions import draft_edition, edition_from_content
from gradus.grading.assess import assess, assess_draft
from gradus.grading.result import Status
from gradus.grading.scheme import Empty
from gradus.journal.actor import system
from tests.dossiers.drafts import EDITIONS, UNREADABLE, day_of, drafted, edition, graded, store, texts_of
from tests.grading.dossiers import CASES, case, perturbed
from tests.grading.test_properties import assert_not_raised, not_applicable, numbers

GOLDEN = [(name, path) for name, folder in EDITIONS.items() for path in sorted((folder / "cases").iterdir())]


def everything(result):
    """What a result says, but the row numbers it names."""
    blocks = [(each.kind, each.id, each.status, each.value, each.asked, each.distance) for each in result.blocking]
    bounds = (result.bounds.worst, result.bounds.best, result.bounds.exact) if result.bounds else None
    documents = [(line.kind, line.subject, line.owed_by, line.present) for line in result.documents]
    rules = sorted(str(fault.params.get("rule")) for fault in result.warnings)
    return numbers(result), blocks, result.next_rank, bounds, documents, rules, result.claimed


@pytest.mark.parametrize(("name", "path"), GOLDEN, ids=lambda each: getattr(each, "name", each))
def test_a_complete_dossier_is_graded_as_a_draft_to_the_last_digit(name, path):
    """From its text, under the draft of its edition."""
    dossier, notices = read_dossier(path, edition(name))
    draft, result = graded(name, texts_of(name, dossier), day_of(name, dossier), dossier.evidence)
    strict = assess(edition(name), dossier, notices=notices)
    assert draft.faults == ()
    assert everything(result)[:5] == everything(strict)[:5]
    assert result.edition.hash == strict.edition.hash


def wrong_text(data, table, column, texts):
    """Something that cannot be read or is not allowed in a column; None where everything can."""
    if column.key:
        return texts[table][data.draw(st.integers(0, len(texts[table]) - 1))].get(column.id, "")
    if column.ref:
        return "nobody"
    if column.options:
        return "no such option"
    return None if column.type == "text" else UNREADABLE[column.type]


def spoil(data, texts):
    """One cell emptied that must not be empty, or anything at all made unreadable."""
    names = [name for name, rows in texts.items() if rows and name != "events"]
    table = edition("ccid").tables[data.draw(st.sampled_from(names))]
    row = texts[table.id][data.draw(st.integers(0, len(texts[table.id]) - 1))]
    empty = data.draw(st.booleans())
    columns = [
        each
        for each in table.columns
        if (table.id, each.id) not in NAMED and (not empty or each.empty in (Empty.ERROR, Empty.UNKNOWN))
    ]
    column = data.draw(st.sampled_from(columns or [each for each in table.columns if (table.id, each.id) not in NAMED]))
    text = "" if empty and columns else wrong_text(data, table.id, column, texts)
    if text is not None:
        row[column.id] = text


NAMED = {edition("ccid").as_of, edition("ccid").subject}


@given(st.data(), perturbed())
def test_a_cell_that_is_missing_or_wrong_never_raises_the_outcome(data, dossier):
    """Declared events aside: an event that nobody can read is no event."""
    right = texts_of("ccid", dossier)
    wrong = copy.deepcopy(right)
    for _ in range(data.draw(st.integers(1, 4))):
        spoil(data, wrong)
    day = day_of("ccid", dossier)
    before, after = graded("ccid", right, day)[1], graded("ccid", wrong, day)[1]
    assert_not_raised(before, after)
    assert not_applicable(after) <= not_applicable(before)
    for key, each in before.indicators.items():
        assert each.points is None or (after.indicators[key].points or 0) <= each.points, key
    assert after.bounds is None or after.bounds.worst <= after.bounds.best


def with_cells(name, table, **cells):
    """A golden case as text, one cell of each named column changed in the first row of a table."""
    texts = texts_of("ccid", case(name))
    texts[table][0].update(cells)
    return graded("ccid", texts, day_of("ccid", case(name)))


@pytest.mark.parametrize("table", ["staff", "projects", "suppliers", "ratings", "finance"])
def test_a_row_without_its_key_keeps_its_place(table):
    """Left out it would make every share of the others larger."""
    right = graded("ccid", texts_of("ccid", case("top")), day_of("ccid", case("top")))[0]
    key = next(each.id for each in edition("ccid").tables[table].columns if each.key)
    draft, _ = with_cells("top", table, **{key: ""})
    assert len(draft.dossier.tables[table]) == len(right.dossier.tables[table])
    assert "dossier.empty_cell" in {fault.code for fault in draft.faults}


def test_an_end_that_nobody_can_read_is_not_taken_for_no_end():
    """An empty cell says that the licence holds for ever; 2026-02-30 says nothing."""
    found = with_cells("top", "enterprise", licence_valid_until="2026-02-30")[1]
    assert found.requirements["basic.licence"].status["level-4"] is Status.UNKNOWN
    assert with_cells("top", "enterprise", licence_valid_until="")[1].capability == 8
    assert found.capability == 0


def test_of_two_rows_with_one_key_neither_is_the_right_one():
    """The first would hide the second, whichever was mistyped."""
    twice = with_cells("top", "ratings", item="process.solution")[1]
    assert twice.indicators["process.solution"].status is Status.UNKNOWN


def test_a_wish_that_nobody_can_read_lifts_no_limit():
    found = with_cells("top", "application", requested_outcome="level-9")[1]
    assert found.capability == 8
    assert (found.grantable, found.path[-2].code) == (0, "path.request_unread")


@settings(max_examples=settings.default.max_examples // 3)
@given(st.data())
def test_no_draft_is_a_crash(data):
    """Whatever stands in however many cells, in tables with too many rows or none."""
    texts = texts_of("ccid", case("first-application-small"))
    scraps = st.one_of(
        st.sampled_from(["", "0", "-1", "yes", "2026-06-30", "1e9", "S0001", "level-4"]), st.text(max_size=8)
    )
    for _ in range(data.draw(st.integers(0, 30))):
        table = data.draw(st.sampled_from(sorted(texts)))
        column = data.draw(st.sampled_from([each.id for each in edition("ccid").tables[table].columns]))
        at = data.draw(st.integers(0, len(texts[table])))
        if at == len(texts[table]):
            texts[table].append({})
        if data.draw(st.integers(0, 9)):
            texts[table][at][column] = data.draw(scraps)
        else:
            del texts[table][at:]
    draft, result = graded("ccid", texts, DAY)
    assert result.capability >= result.grantable >= 0
    assert len(draft.ids) == sum(map(len, texts.values()))


DAY = day_of("ccid", case("top"))


def test_an_empty_dossier_is_graded_none_and_says_what_is_missing():
    draft, result = graded("ccid", {}, DAY)
    assert (result.capability, result.grantable, result.as_of) == (0, 0, DAY)
    assert "dossier.no_row" in {fault.code for fault in draft.faults}
    assert result.blocking


def test_a_check_that_refuses_is_one_more_fault_of_a_draft():
    """A strict dossier is refused for it; a page that shows a draft must stay open."""
    content = copy.deepcopy(dict(edition("iso").content))
    content["checks"][0]["severity"] = "error"
    strict = edition_from_content(content)
    path = EDITIONS["iso"] / "cases" / "level-five"
    texts = texts_of("iso", read_dossier(path, edition("iso"))[0])
    texts["attributes"][0]["achieved"] = "0.9"
    found = drafted("iso", texts, DAY)
    result, errors = assess_draft(draft_edition(strict), found.dossier)
    assert [fault.code for fault in errors] == ["check.failed"]
    assert result.capability == 0


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_a_dossier_in_the_database_is_graded_like_its_files(client_firm, at, name):
    """Through the rows that pages write and read."""
    dossier = create_dossier(client_firm, "2026", edition("ccid").name, system, at)
    store(dossier, texts_of("ccid", case(name)), at)
    found = grade_dossier(dossier, at)
    assert found.draft.faults == ()
    assert numbers(found.result) == numbers(assess(edition("ccid"), case(name)))
