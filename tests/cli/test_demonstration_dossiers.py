# SPDX-License-Identifier: Apache-2.0
"""The demonstration's dossiers reach what they ask for, whenever in the year it is made."""

from datetime import date

import pytest

from gradus.cli.platform.demonstration.dossiers import facts_of
from gradus.cli.platform.demonstration.plan import read_plan
from gradus.dossiers.convert import Stored, whole
from gradus.formats.editions import default_edition, find_edition
from gradus.grading.assess import assess
from gradus.journal.canonical import canonical


@pytest.mark.parametrize("month", range(1, 13))
def test_a_dossier_of_any_month_reaches_its_level(month):
    plan, edition = read_plan(), find_edition(default_edition())
    story = next(each for each in plan.stories if each.turns)
    tables = facts_of(edition, story, plan, date(2026, month, 15))
    rows = [
        Stored(number, table, number, canonical(cells))
        for table, own in tables.items()
        for number, cells in enumerate(own, 1)
    ]
    result = assess(edition, whole(edition, "", rows, frozenset()))
    assert edition.outcome(result.capability).id == story.asks
