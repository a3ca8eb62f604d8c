# SPDX-License-Identifier: Apache-2.0
"""Applying with a submission, and withdrawing."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gradus.applications.apply import apply, to_file, withdraw
from gradus.applications.cases import rules_of
from gradus.applications.models import Case, Filing
from gradus.applications.register import bar_differences, bars_on, enter_certificate
from gradus.dossiers.grading import edition_of
from gradus.formats.procedures import find_procedure
from gradus.grading.calendar import plus_months
from gradus.grading.faults import Refusal
from gradus.journal.models import Entry
from tests.applications.stage_one import certificate, later, submit_again, typed
from tests.grading.dossiers import edition


@pytest.fixture
def submission(submitted):
    return submitted()


def refused(action, *args):
    with pytest.raises(Refusal) as told:
        action(*args)
    return {fault.code for fault in told.value.faults}


def test_an_application_binds_edition_procedure_and_what_is_asked_for(submission, world):
    case = apply(submission, world.actor("manager"), submission.submitted_at)
    assert (case.number, case.state, case.requested) == (f"{submission.submitted_at.year}-0001", "applied", "level-4")
    assert (case.edition_hash, case.by_exception) == (submission.edition_hash, False)
    assert rules_of(case).procedure.hash == case.procedure_id
    assert Filing.objects.get(case=case).submission == submission
    assert Entry.objects.filter(kind="case.advanced", subject=f"case:{case.pk}").count() == 1


def test_a_client_has_one_open_case_and_files_a_submission_once(submission, world, golden_dossier):
    manager, at = world.actor("manager"), submission.submitted_at
    case = apply(submission, manager, at)
    assert refused(apply, submission, manager, at) == {"application.filed_already", "application.open_case"}
    assert to_file(world.client) == []
    withdraw(case, "计划有变", manager, later(case))
    again = submit_again(submission.dossier, manager, at + timedelta(minutes=5))
    assert to_file(world.client) == [again]
    assert apply(again, manager, later(case, 10)).number.endswith("-0002")
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state="applied")


def test_only_the_newest_submission_of_a_dossier_is_filed(submission, world):
    manager, at = world.actor("manager"), submission.submitted_at
    submit_again(submission.dossier, manager, at + timedelta(minutes=1))
    assert refused(apply, submission, manager, at + timedelta(minutes=2)) == {"application.not_newest"}


def test_a_submission_that_declares_a_day_long_past_is_not_applied_with(submission, world):
    """Else a level would be held whose certificate has ended since."""
    manager, at = world.actor("manager"), submission.submitted_at
    assert refused(apply, submission, manager, at + timedelta(days=32)) == {"application.day_long_past"}
    assert apply(submission, manager, at + timedelta(days=31)).state == "applied"


def test_a_bar_that_has_not_run_out_stops_an_application(submission, world):
    at = submission.submitted_at
    ended = certificate(
        at,
        ended_on=at.date() - timedelta(days=90),
        barred_until=at.date() + timedelta(days=1),
    )
    enter_certificate(world.client, edition(), ended, world.actor("office"), at)
    assert refused(apply, submission, world.actor("manager"), at) == {"application.barred"}
    assert apply(submission, world.actor("manager"), at + timedelta(days=1)).state == "applied"


@pytest.mark.parametrize(
    ("reason", "months"), [("fraud", 36), ("accident-own-fault", 24), ("audit-failed", 12), ("", None)]
)
def test_how_long_a_withdrawal_bars_follows_from_its_reason_and_not_from_what_was_typed(
    submission, world, reason, months
):
    at = submission.submitted_at
    typed_day = at.date() - timedelta(days=80)
    ended = certificate(at, ended_on=at.date() - timedelta(days=90), barred_until=typed_day, withdrawn_for=reason)
    enter_certificate(world.client, edition(), ended, world.actor("office"), at)
    rules = find_procedure(edition())
    found = bars_on(world.client.pk, rules, at.date())
    if months is None:
        assert found == bar_differences(world.client.pk, rules) == []
        return
    assert [each.until for each in found] == [plus_months(ended.ended_on, months)]
    [difference] = bar_differences(world.client.pk, rules)
    assert difference.params["declared"] == typed_day.isoformat()
    assert refused(apply, submission, world.actor("manager"), at) == {"application.barred"}


def test_a_reason_of_withdrawal_is_of_the_list_and_has_its_day(submission, world):
    at = submission.submitted_at
    wrong = certificate(at, withdrawn_for="because")
    told = refused(enter_certificate, world.client, edition(), wrong, world.actor("office"), at)
    assert told == {"register.reason_unknown", "register.bar_without_end"}


def test_who_asks_for_the_exception_of_the_path_says_so_in_the_dossier(submission, world):
    manager, at = world.actor("manager"), submission.submitted_at + timedelta(minutes=1)
    # The cell is named by the edition's own formula; the engine knows no name of it.
    table = edition_of(submission.dossier).path.requested[0]
    typed(submission.dossier, table, {"cross_level": "yes"}, manager, at)
    again = submit_again(submission.dossier, manager, at)
    assert apply(again, manager, at).by_exception
