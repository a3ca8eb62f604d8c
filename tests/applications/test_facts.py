# SPDX-License-Identifier: Apache-2.0
"""Level held and events of a case are the body's, whatever the applicant declared."""

from datetime import date, timedelta

import pytest

from gradus.applications.apply import apply, withdraw
from gradus.applications.cases import rules_of
from gradus.applications.facts import case_dossier, case_result, frozen_dossier
from gradus.applications.register import Event, body_events, enter_certificate, record_event, take_back_certificate
from gradus.dossiers.frozen import grade_submission
from gradus.formats.result_json import result_to_json
from gradus.grading.faults import Refusal
from tests.applications.stage_one import certificate, later
from tests.grading.dossiers import edition

FRAUD = {"kind": "fraud_finding", "occurred_on": "2026-01-05", "major": "yes"}


@pytest.fixture
def opened(submitted, world):
    def make(name):
        submission = submitted(name)
        return apply(submission, world.actor("manager"), submission.submitted_at)

    return make


def codes(case):
    return [each.code for each in case_dossier(case)[2]]


def path_of(result):
    return [each.code for each in result.path]


def test_where_the_body_knows_the_same_the_result_is_that_of_the_submission(opened, world):
    case = opened("first-application-small")
    assert codes(case) == []
    assert result_to_json(case_result(case)) == result_to_json(grade_submission(case.submission))


def test_a_level_that_the_register_does_not_know_is_not_held(opened, world):
    case = opened("upgrade-after-12-months")
    assert "path.next" in path_of(grade_submission(case.submission))
    assert codes(case) == ["difference.held_level", "difference.held_since"]
    assert "path.entry" in path_of(case_result(case))
    at, office = later(case), world.actor("office")
    known = certificate(at, since=date(2025, 6, 30), until=date(2028, 6, 29))
    made = enter_certificate(world.client, edition(), known, office, at)
    assert codes(case) == []
    assert "path.next" in path_of(case_result(case))
    late = certificate(at, since=date(2025, 7, 1), until=date(2028, 6, 29))
    enter_certificate(world.client, edition(), late, office, at, supersedes=made)
    assert codes(case) == ["difference.held_since"]
    assert "path.same" in path_of(case_result(case))


def test_the_highest_level_that_holds_on_the_declared_day_counts(opened, world):
    case = opened("first-application-small")
    at, office, day = later(case), world.actor("office"), case.submission.submitted_at.date()
    for number, level, until, ended in (
        ("A", "level-1", day - timedelta(days=1), None),  # run out
        ("B", "level-2", day + timedelta(days=90), day),  # withdrawn on that very day
        ("C", "level-4", day + timedelta(days=90), None),
        ("D", "level-3", day, None),  # on its last day
    ):
        entered = certificate(at, level, number, date(2024, 1, 1), until, ended_on=ended)
        made = enter_certificate(world.client, edition(), entered, office, at)
    (_, dossier, differences), (table, column) = case_dossier(case), edition().path.level_held
    assert dossier.tables[table][0].cells[edition().tables[table].position(column)] == "level-3"
    assert [each.code for each in differences] == ["difference.held_level", "difference.held_since"]
    take_back_certificate(made, "认错了企业", office, at)
    (_, dossier, _) = case_dossier(case)
    assert dossier.tables[table][0].cells[edition().tables[table].position(column)] == "level-4"


def test_an_event_that_the_body_recorded_can_not_be_hidden(opened, world):
    case = opened("first-application-small")
    assert case_result(case).capability == 1
    event = Event(FRAUD, "监管通报")
    made = record_event(world.client, rules_of(case), event, world.actor("office"), later(case))
    assert codes(case) == ["difference.event"]
    assert case_result(case).vetoed
    assert case_result(case).capability == 0
    taken_back = Event(FRAUD, "通报撤回", supersedes=made, void=True)
    record_event(world.client, rules_of(case), taken_back, world.actor("office"), later(case))
    assert codes(case) == []
    assert not case_result(case).vetoed


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"occurred_on": "2099-05-01"}, "occurred_on"),
        ({"occurred_on": "2026-05-01", "resolved_on": "2026-01-01"}, "resolved_on"),
        ({"occurred_on": "2026-01-01", "resolved_on": "2099-01-01"}, "resolved_on"),
    ],
)
def test_the_body_records_no_event_of_a_day_to_come_or_settled_before_it_happened(cells, field, opened, world):
    case = opened("first-application-small")
    event = Event({**FRAUD, **cells}, "监管通报")
    with pytest.raises(Refusal) as refused:
        record_event(world.client, rules_of(case), event, world.actor("office"), later(case))
    assert [(each.code, each.place.field) for each in refused.value.faults] == [("check.failed", field)]
    assert not body_events(world.client, rules_of(case).edition.scheme).exists()


def test_declared_events_stay_and_one_that_both_know_counts_once(opened, world):
    case = opened("veto-fraud")
    declared = frozen_dossier(case.submission)[1].tables["events"]
    cells = {"kind": "fraud_finding", "occurred_on": declared[0].cells[1].isoformat(), "major": "yes"}
    record_event(world.client, rules_of(case), Event(cells, "监管通报"), world.actor("office"), later(case))
    other = {**cells, "occurred_on": "2026-02-01"}
    record_event(world.client, rules_of(case), Event(other, "监管通报"), world.actor("office"), later(case))
    rows = case_dossier(case)[1].tables["events"]
    assert rows[: len(declared)] == declared
    same = [row for row in rows if row.cells == declared[0].cells]
    assert len(same) == 1
    assert rows[-1].number == len(rows)


def test_a_case_that_has_ended_rests_on_what_was_known_then(opened, world):
    case = opened("first-application-small")
    withdraw(case, "", world.actor("manager"), later(case))
    rules, at = rules_of(case), later(case)
    record_event(world.client, rules, Event(FRAUD, "监管通报"), world.actor("office"), at)
    case.refresh_from_db()
    assert codes(case) == []


def test_rows_are_rejected_by_the_numbers_of_the_submission(opened, world):
    case = opened("first-application-small")
    rows = frozen_dossier(case.submission)[1].tables["projects"]
    result = case_result(case, frozenset({("projects", rows[0].number)}))
    assert result.rejected == {("projects", rows[0].number)}
    assert result.capability <= case_result(case).capability


def test_assessed_ratings_stand_alone_and_claims_count_no_more(opened, world):
    case = opened("top")
    rated = [each.id for each in edition().indicators if each.rating]
    claimed, nothing = case_result(case), case_result(case, ratings={})
    assert claimed.claimed
    assert not nothing.claimed
    assert {nothing.indicators[each].points for each in rated} == {0}
    full = case_result(case, ratings=dict.fromkeys(rated, 5))
    assert not full.claimed
    assert {full.indicators[each].points for each in rated} == {100}


def test_the_body_records_no_event_of_the_year_one(opened, world):
    case = opened("first-application-small")
    event = Event({**FRAUD, "occurred_on": "0001-01-01"}, "监管通报")
    with pytest.raises(Refusal) as refused:
        record_event(world.client, rules_of(case), event, world.actor("office"), later(case))
    assert [(each.code, each.place.field) for each in refused.value.faults] == [("day.too_early", "occurred_on")]


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"ended_on": date(2025, 6, 1), "barred_until": date(2025, 1, 1)}, "barred_until", "register.ends_before"),
        ({"since": date(1, 1, 1)}, "since", "day.too_early"),
    ],
)
def test_no_bar_ends_before_it_begins_and_no_certificate_is_of_the_year_one(world, at, more, field, code):
    with pytest.raises(Refusal) as refused:
        enter_certificate(world.client, edition(), certificate(at, **more), world.actor("office"), at)
    assert [(each.code, each.place.field) for each in refused.value.faults] == [(code, field)]
