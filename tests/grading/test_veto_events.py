# SPDX-License-Identifier: Apache-2.0
"""A veto that holds names its rows, their days, and the first day on which they no longer count."""

from datetime import date, timedelta

import pytest

from gradus.grading.assess import assess
from gradus.grading.dossier import Row
from gradus.grading.scheme import Cell
from tests.grading.dossiers import case, edition, with_table


@pytest.mark.parametrize(
    ("event", "day", "ends_on"),
    [
        (("fraud_finding", date(2026, 1, 5), True, None), date(2026, 1, 5), date(2029, 1, 5)),
        (("safety_accident", date(2024, 8, 31), True, None), date(2024, 8, 31), date(2026, 8, 31)),
        (("complaint", date(2026, 1, 5), True, None), date(2026, 1, 5), None),
    ],
)
def test_a_veto_names_its_row_its_day_and_when_it_ends(
    event: tuple[Cell, ...], day: date, ends_on: date | None
) -> None:
    """A window tells the first day without the veto; an open complaint ends when it is settled, whenever that is."""
    dossier = with_table(case("top"), "events", (Row(7, event),))
    told = [each for veto in assess(edition(), dossier).vetoes.values() for each in veto.events]
    assert [(each.table, each.row, each.day, each.ends_on) for each in told] == [("events", 7, day, ends_on)]
    if ends_on:
        assert assess(edition(), dossier, ends_on - timedelta(days=1)).vetoed
        assert not assess(edition(), dossier, ends_on).vetoed


def test_a_veto_of_a_leap_day_ends_on_the_first_of_march() -> None:
    """24 months back from 28 February 2026 is 28 February 2024, and the accident lies after it."""
    event = ("safety_accident", date(2024, 2, 29), True, None)
    dossier = with_table(case("top"), "events", (Row(2, event),))
    held = assess(edition(), dossier, date(2026, 2, 28)).vetoes["accident"]
    assert [each.ends_on for each in held.events] == [date(2026, 3, 1)]
    assert not assess(edition(), dossier, date(2026, 3, 1)).vetoes["accident"].events
