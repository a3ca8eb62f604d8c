# SPDX-License-Identifier: Apache-2.0
"""Applying with a submission, and withdrawing."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gradus.applications.apply import apply, to_file, withdraw
from gradus.applications.cases import rules_of
from gradus.applications.models import Case, Filing
from gradus.applications.register import enter_certificate
from gradus.dossiers.grading import edition_of
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


def test_who_asks_for_the_exception_of_the_path_says_so_in_the_dossier(submission, world):
    manager, at = world.actor("manager"), submission.submitted_at + timedelta(minutes=1)
    # The cell is named by the edition's own formula; the engine knows no name of it.
    table = edition_of(submission.dossier).path.requested[0]
    typed(submission.dossier, table, {"cross_level": "yes"}, manager, at)
    again = submit_again(submission.dossier, manager, at)
    assert apply(again, manager, at).by_exception
