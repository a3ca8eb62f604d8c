# SPDX-License-Identifier: Apache-2.0
"""Editing rows: who may, what conflicts, what an undo takes back, and that nobody's word is lost without being told."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.dossiers.actions import create_dossier
from gradus.dossiers.grading import grade_dossier, stored_rows
from gradus.dossiers.models import Row
from gradus.dossiers.queries import undoable_change
from gradus.dossiers.rows import CellChange, Removal, RowChange, Save, change_rows, save_once, undo_change
from gradus.formats.dossier_rows import most_rows
from gradus.grading.faults import Refusal
from gradus.journal.actor import Actor
from gradus.journal.models import Entry
from gradus.journal.queries import faults, payload
from gradus.people.actions import create_organisation
from gradus.people.permissions import Kind
from tests.grading.dossiers import edition

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
ANN, BO = Actor("a", "安", "client_manager"), Actor("b", "波", "client_member")


def empty_dossier():
    firm = create_organisation(Kind.CLIENT, "企业", "", ANN, AT)
    return create_dossier(firm, "2026", edition().name, ANN, AT)


@pytest.fixture
def dossier(db):
    return empty_dossier()


def add(dossier, *people, actor=ANN, table="staff"):
    """New rows of staff; returns their ids."""
    changes = [RowChange(0, {"person": CellChange("", each)}, each) for each in people]
    return list(change_rows(dossier, table, changes, [], actor, AT).new.values())


def write(dossier, row, seen, wanted, *, column="training_hours", actor=ANN, at=AT):
    change = RowChange(row, {column: CellChange(seen, wanted)})
    return change_rows(dossier, "staff", [change], [], actor, at)


def cells(row):
    return Row.objects.get(pk=row).cells


def living(dossier, table="staff"):
    return [row.cells.get("person") for row in stored_rows(dossier) if row.table == table]


def entries():
    return list(Entry.objects.filter(kind="dossier.rows_changed").order_by("sequence"))


# ---- Saving


def test_a_change_is_one_entry_that_says_what_was_there_before(dossier):
    row, other = add(dossier, "S1", "S2")
    write(dossier, row, "", "40")
    said = payload(entries()[-1])
    assert len(entries()) == 2
    assert said["rows"] == [
        {"row": row, "version": 2, "before": {"person": "S1"}, "after": {"person": "S1", "training_hours": "40"}}
    ]
    assert cells(other) == {"person": "S2"}
    assert list(faults()) == []


def test_what_can_be_read_is_kept_in_its_plain_form_and_the_rest_as_typed(dossier):
    (row,) = add(dossier, "S1")
    write(dossier, row, "", " 是 ", column="technical")
    write(dossier, row, "", "2024/3/1", column="employed_from")
    write(dossier, row, "", "0,500", column="training_hours")
    assert cells(row) == {
        "person": "S1",
        "technical": "yes",
        "employed_from": "2024-03-01",
        "training_hours": "0,500",
    }


@pytest.mark.parametrize("typed", ["1,500", "1，500", " 1,500 "])
def test_thousands_parted_by_commas_are_kept_as_their_digits(dossier, typed):
    (row,) = add(dossier, "S1")
    write(dossier, row, "", typed, column="training_hours")
    assert cells(row)["training_hours"] == "1500"


def test_nothing_changed_is_no_entry_and_no_new_version(dossier):
    (row,) = add(dossier, "S1")
    done = write(dossier, row, "", "", column="technical")
    assert (done.entry, done.conflicts, len(entries())) == (0, [], 1)
    assert Row.objects.get(pk=row).version == 1


def test_a_save_sent_again_is_answered_as_before_and_done_once(dossier):
    save = Save("0123456789abcdef", [RowChange(0, {"person": CellChange("", "S1")}, "new-1")])
    first = save_once(dossier, "staff", save, ANN, AT)
    again = save_once(dossier, "staff", save, ANN, AT + timedelta(minutes=5))
    assert (again.new, again.entry) == (first.new, first.entry)
    assert [row.pk for row in again.rows] == [row.pk for row in first.rows]
    assert living(dossier) == ["S1"]


def test_a_save_sent_again_tells_its_conflicts_again(dossier):
    row, other = add(dossier, "S1", "S2")
    write(dossier, row, "", "40", actor=BO)
    changes = [RowChange(each, {"training_hours": CellChange("", "50")}) for each in (row, other)]
    save = Save("0123456789abcdef", changes)
    first = save_once(dossier, "staff", save, ANN, AT)
    again = save_once(dossier, "staff", save, ANN, AT + timedelta(minutes=5))
    assert [(each.row, each.theirs, each.wanted, each.by) for each in first.conflicts] == [(row, "40", "50", BO.name)]
    assert again.conflicts == first.conflicts
    assert {each.id for each in again.rows} == {each.id for each in first.rows} == {row, other}
    assert list(faults()) == []


def test_a_key_written_into_a_cell_is_not_taken_for_the_key_of_a_save(dossier):
    add(dossier, '"key":"0123456789abcdef"')
    done = save_once(
        dossier, "staff", Save("0123456789abcdef", [RowChange(0, {"person": CellChange("", "S2")}, "n")]), ANN, AT
    )
    assert list(done.new) == ["n"]
    assert len(living(dossier)) == 2


# ---- Conflicts


@pytest.mark.parametrize(
    ("seen", "now", "wanted", "kept", "told"),
    [
        ("", "", "5", "5", False),
        ("1", "1", "5", "5", False),
        ("1", "1", "", None, False),
        ("1", "2", "5", "2", True),
        ("1", "2", "", "2", True),
        ("1", "", "5", None, True),
        ("", "2", "5", "2", True),
        ("1", "2", "2", "2", False),
        ("1", "", "", None, False),
        ("5.0", "5", "6", "6", False),
    ],
)
def test_what_somebody_changed_in_between_is_kept_and_told(dossier, seen, now, wanted, kept, told):
    (row,) = add(dossier, "S1")
    write(dossier, row, "", "9", actor=BO)
    write(dossier, row, "9", now, actor=BO)
    done = write(dossier, row, seen, wanted)
    assert cells(row).get("training_hours") == kept
    assert [(each.column, each.theirs, each.wanted, each.by) for each in done.conflicts] == (
        [("training_hours", now, wanted, "波")] if told else []
    )


def test_cells_of_one_row_conflict_each_for_itself(dossier):
    (row,) = add(dossier, "S1")
    write(dossier, row, "", "40", actor=BO)
    change = RowChange(row, {"training_hours": CellChange("", "50"), "technical": CellChange("", "yes")})
    done = change_rows(dossier, "staff", [change], [], ANN, AT)
    assert [each.column for each in done.conflicts] == ["training_hours"]
    assert cells(row) == {"person": "S1", "training_hours": "40", "technical": "yes"}


def test_an_edit_of_a_removed_row_is_told_with_every_cell(dossier):
    (row,) = add(dossier, "S1")
    change_rows(dossier, "staff", [], [Removal(row, 1)], BO, AT)
    done = write(dossier, row, "", "50")
    assert [(each.removed, each.wanted, each.by) for each in done.conflicts] == [(True, "50", "波")]


def test_a_row_that_somebody_changed_is_not_removed_under_their_hands(dossier):
    (row,) = add(dossier, "S1")
    write(dossier, row, "", "40", actor=BO)
    done = change_rows(dossier, "staff", [], [Removal(row, 1)], ANN, AT)
    assert [(each.row, each.column, each.by) for each in done.conflicts] == [(row, "", "波")]
    assert living(dossier) == ["S1"]


def test_two_who_remove_the_same_row_wanted_the_same(dossier):
    (row,) = add(dossier, "S1")
    change_rows(dossier, "staff", [], [Removal(row, 1)], BO, AT)
    done = change_rows(dossier, "staff", [], [Removal(row, 1)], ANN, AT)
    assert (done.removed, done.conflicts, done.entry) == ([row], [], 0)


# ---- Undo


def test_an_undo_takes_back_changes_additions_and_removals_as_one_entry(dossier):
    one, two = add(dossier, "S1", "S2")
    changes = [RowChange(one, {"person": CellChange("S1", "S9")}), RowChange(0, {"person": CellChange("", "S3")}, "n")]
    done = change_rows(dossier, "staff", changes, [Removal(two, 1)], ANN, AT)
    assert living(dossier) == ["S9", "S3"]
    before = len(entries())
    undone = undo_change(dossier, done.entry, ANN, AT)
    assert living(dossier) == ["S1", "S2"]
    assert len(entries()) == before + 1
    assert payload(entries()[-1])["undoes"] == done.entry
    undo_change(dossier, undone.entry, ANN, AT)
    assert living(dossier) == ["S9", "S3"]


def test_ones_last_change_can_be_undone_until_somebody_else_changes_the_table(dossier):
    (row,) = add(dossier, "S1")
    write(dossier, row, "", "8")
    own = entries()[-1].sequence
    change_rows(dossier, "projects", [RowChange(0, {"project": CellChange("", "P1")})], [], BO, AT)
    assert undoable_change(dossier, "staff", ANN.account) == own
    assert undoable_change(dossier, "staff", BO.account) == 0
    undo_change(dossier, own, ANN, AT)
    assert undoable_change(dossier, "staff", ANN.account) == 0
    write(dossier, row, "", "9")
    assert undoable_change(dossier, "staff", ANN.account) == entries()[-1].sequence
    write(dossier, row, "9", "10", actor=BO)
    assert undoable_change(dossier, "staff", ANN.account) == 0


def test_undo_after_undo_goes_back_through_what_one_did(dossier):
    done = [change_rows(dossier, "staff", [RowChange(0, {"person": CellChange("", "S1")}, "n")], [], ANN, AT)]
    row = done[0].new["n"]
    done += [write(dossier, row, "", "40"), write(dossier, row, "40", "50")]
    for each in reversed(done):
        assert undo_change(dossier, each.entry, ANN, AT).conflicts == []
    assert living(dossier) == []


def test_an_undo_leaves_what_others_changed_since_and_says_so(dossier):
    one, two = add(dossier, "S1", "S2")
    changes = [RowChange(each, {"training_hours": CellChange("", "40")}) for each in (one, two)]
    done = change_rows(dossier, "staff", changes, [], ANN, AT)
    write(dossier, one, "40", "45", actor=BO)
    undone = undo_change(dossier, done.entry, ANN, AT)
    assert (cells(one).get("training_hours"), cells(two).get("training_hours")) == ("45", None)
    assert [(each.row, each.theirs, each.by) for each in undone.conflicts] == [(one, "45", "波")]


def test_an_undo_brings_no_row_back_that_somebody_removed_again(dossier):
    (row,) = add(dossier, "S1")
    done = change_rows(dossier, "staff", [], [Removal(row, 1)], ANN, AT)
    undo_change(dossier, done.entry, ANN, AT)
    change_rows(dossier, "staff", [], [Removal(row, 3)], BO, AT)
    again = undo_change(dossier, done.entry, ANN, AT)
    assert living(dossier) == []
    assert [(each.row, each.by) for each in again.conflicts] == [(row, "波")]


def test_an_undo_does_not_pass_the_most_rows_that_a_table_may_have(dossier):
    (row,) = add(dossier, "S1")
    done = change_rows(dossier, "staff", [], [Removal(row, 1)], ANN, AT)
    more = (
        Row(dossier=dossier, table="staff", position=at, cells={}, changed_at=AT, changed_by="x")
        for at in range(2, most_rows + 2)
    )
    Row.objects.bulk_create(more, batch_size=2000)
    with pytest.raises(Refusal) as refusal:
        undo_change(dossier, done.entry, ANN, AT)
    assert [each.code for each in refusal.value.faults] == ["dossier.too_many_rows"]
    assert Row.objects.get(pk=row).removed_at is not None


def test_an_added_row_that_somebody_wrote_into_survives_the_undo(dossier):
    done = change_rows(dossier, "staff", [RowChange(0, {"person": CellChange("", "S1")}, "n")], [], ANN, AT)
    write(dossier, done.new["n"], "", "40", actor=BO)
    undone = undo_change(dossier, done.entry, ANN, AT)
    assert living(dossier) == ["S1"]
    assert [each.column for each in undone.conflicts] == [""]


def test_an_undo_sent_again_is_done_once(dossier):
    (row,) = add(dossier, "S1")
    done = write(dossier, row, "", "40")
    first = undo_change(dossier, done.entry, ANN, AT, "undo-0123456789")
    write(dossier, row, "", "40", actor=BO)
    again = undo_change(dossier, done.entry, ANN, AT, "undo-0123456789")
    assert again.entry == first.entry
    assert cells(row)["training_hours"] == "40"


@pytest.mark.parametrize("entry", [0, 1, 10**9])
def test_what_is_no_change_of_this_dossier_is_not_undone(dossier, entry):
    with pytest.raises(Refusal, match="nothing_to_undo"):
        undo_change(dossier, entry, ANN, AT)


# ---- Refusals


def test_a_table_of_another_department_is_neither_changed_nor_undone(dossier):
    (row,) = add(dossier, "S1")
    done = write(dossier, row, "", "40")
    finance = replace(BO, tables=frozenset({"finance"}))
    with pytest.raises(Refusal, match="table_not_yours"):
        write(dossier, row, "40", "50", actor=finance)
    with pytest.raises(Refusal, match="table_not_yours"):
        undo_change(dossier, done.entry, finance, AT)
    assert cells(row)["training_hours"] == "40"


@pytest.mark.parametrize(
    ("table", "column", "text", "code"),
    [
        ("nothing", "person", "S1", "unknown_table"),
        ("staff", "salary", "1", "unknown_column"),
        ("ratings", "assessed", "5", "for_assessor"),
        ("staff", "person", "x" * 40_000, "too_long"),
        ("staff", "person", "a\0b", "control_character"),
        ("staff", "person", "a\ud800b", "control_character"),
        ("enterprise", "legal_name", "又一家", "one_row_only"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_with_it(dossier, table, column, text, code):
    good = RowChange(0, {"person": CellChange("", "S1")}, "good") if table == "staff" else None
    bad = RowChange(0, {column: CellChange("", text)}, "bad")
    with pytest.raises(Refusal, match=code):
        change_rows(dossier, table, [each for each in (good, bad) if each], [], ANN, AT)
    assert entries() == []
    assert living(dossier) == []


def test_the_row_of_a_table_of_one_row_is_not_removed(dossier):
    row = Row.objects.get(dossier=dossier, table="enterprise")
    with pytest.raises(Refusal, match="one_row_only"):
        change_rows(dossier, "enterprise", [], [Removal(row.pk, 1)], ANN, AT)


def test_a_row_of_another_dossier_is_out_of_reach(dossier):
    other = create_dossier(dossier.client, "2025", edition().name, ANN, AT)
    (row,) = add(other, "S1")
    done = write(dossier, row, "", "40")
    assert [each.removed for each in done.conflicts] == [True]
    assert cells(row) == {"person": "S1"}


# ---- The grade follows


def test_the_draft_forgets_nothing_of_what_it_remembers(dossier):
    """Rows typed before are not typed again; a fault that comes and goes is found each time."""
    add(dossier, "S1", "S2")
    (third,) = add(dossier, "S1")
    there = [each.place.row for each in grade_dossier(dossier, AT).draft.faults if each.code == "dossier.duplicate_key"]
    assert there == [3]
    write(dossier, third, "S1", "S3", column="person")
    assert "dossier.duplicate_key" not in {each.code for each in grade_dossier(dossier, AT).draft.faults}
    write(dossier, third, "S3", "S2", column="person")
    again = [each for each in grade_dossier(dossier, AT).draft.faults if each.code == "dossier.duplicate_key"]
    assert [(each.place.row, each.params["other_row"]) for each in again] == [(3, "2")]


# ---- Nobody's word is lost


@contextmanager
def thrown_away():
    """A transaction whose effects end with it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


COLUMNS = ("training_hours", "technical", "employed_from")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["look", "write", "write", "write", "remove", "add"]),
        st.integers(0, 1),
        st.integers(0, 2),
        st.sampled_from(COLUMNS),
        st.sampled_from(["", "1", "2", "yes", "2024-01-01"]),
    ),
    max_size=14,
)


@pytest.mark.django_db
@settings(max_examples=settings.default.max_examples // 4)  # each writes into the database many times
@given(steps=STEPS)
def test_no_acknowledged_cell_is_overwritten_unseen(steps):
    """Two editors, each with the page as last seen. Whenever a cell or row changes, its author had seen what was there;
    whoever did not is told of a conflict, and what stood there stays."""
    with thrown_away():
        dossier = empty_dossier()
        add(dossier, "S1", "S2", "S3")
        pages = [_page(dossier), _page(dossier)]
        for act, who, at, column, text in steps:
            page, actor = pages[who], (ANN, BO)[who]
            rows = sorted(page)
            if act == "look":
                pages[who] = _page(dossier)
            elif act == "add":
                page.update(
                    _seen(
                        change_rows(
                            dossier, "staff", [RowChange(0, {column: CellChange("", text)}, "n")], [], actor, AT
                        )
                    )
                )
            elif at < len(rows):
                before = _page(dossier)
                row = rows[at]
                if act == "write":
                    done = write(dossier, row, page[row][1].get(column, ""), text, column=column, actor=actor)
                    unseen = row not in before or before[row][1].get(column, "") not in {
                        page[row][1].get(column, ""),
                        text,
                    }
                else:
                    done = change_rows(dossier, "staff", [], [Removal(row, page[row][0])], actor, AT)
                    unseen = row in before and before[row][0] != page[row][0]
                assert bool(done.conflicts) is unseen
                if unseen:
                    assert _page(dossier) == before
                page.update(_seen(done))
                for gone in [*done.removed, *(each.row for each in done.conflicts if each.removed)]:
                    page.pop(gone, None)
        assert list(faults()) == []


def _page(dossier):
    """What a page shows: by row, its version and its cells."""
    rows = Row.objects.filter(dossier=dossier, table="staff", removed_at=None)
    return {row.pk: (row.version, dict(row.cells)) for row in rows}


def _seen(done):
    return {row.pk: (row.version, dict(row.cells)) for row in done.rows}
