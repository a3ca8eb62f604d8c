# SPDX-License-Identifier: Apache-2.0
"""What names in a file mean: ids, labels of both languages, and what the template writes."""

import pytest

from gradus.formats.dossier_names import column_names, header_name, table_names
from gradus.formats.editions import edition_folders, load_edition
from gradus.formats.template_words import heading
from gradus.grading.faults import Fault
from tests.formats.tables import TABLES

PART = [
    "part",
    "PART",
    "part的名称",
    "the part",
    "Part的名称（元）",
    "part的名称 (元)",
    "The part (CNY)",
    "#part的名称*",
]


@pytest.mark.parametrize("name", PART)
def test_a_column_is_named_by_its_id_or_a_label(name):
    assert column_names(TABLES["years"]).meant(name) == ["part"]


@pytest.mark.parametrize("name", ["", "#", "*", "parts", "part 的名", "part_", "名称", "元"])
def test_another_word_names_no_column(name):
    assert column_names(TABLES["years"]).meant(name) == []


def test_an_unknown_name_is_refused_with_the_one_that_was_probably_meant():
    near, probably = column_names(TABLES["years"]).refusal("Parts")
    assert (near.code, near.params["expected"], list(probably)) == ("dossier.unknown_column_like", "part", ["part"])
    far, probably = table_names("sheet", TABLES).refusal("zzz")
    assert (far.code, far.params["expected_zh"], list(probably)) == ("dossier.unknown_sheet", "、".join(TABLES), [])


def test_an_id_goes_before_the_labels_of_others():
    """A table whose label is another's id takes nothing from it."""
    names = table_names("table", {**TABLES, "firms": TABLES["firm"]})
    assert names.meant("firm") == ["firm"]


@pytest.mark.parametrize(("raw", "name"), [(" a\u3000", "a"), (None, ""), (2026, "2026"), (Fault("x"), "")])
def test_what_a_header_cell_says(raw, name):
    assert header_name(raw) == name


@pytest.mark.parametrize("folder", edition_folders(), ids=lambda folder: folder.parent.name)
def test_every_name_of_an_edition_means_one_thing(folder):
    """Tables and columns can be named by id, by either label and by what the template shows."""
    edition = load_edition(folder)
    tables = table_names("table", edition.tables)
    for table in edition.tables.values():
        assert [tables.meant(each) for each in (table.id, table.text.zh, table.text.en)] == [[table.id]] * 3
        columns = column_names(table)
        for column in table.columns:
            for word in (column.id, column.text.zh, column.text.en, heading(column), *heading(column).split("\n")):
                assert columns.meant(word) == [column.id]
