# SPDX-License-Identifier: Apache-2.0
"""Submissions: frozen once and for all, made anew by later edits, and compared in words."""

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import localdate

from gradus.dossiers.citations import Listing, cite, list_document, uncite
from gradus.dossiers.evidence import add_evidence, remove_evidence, replace_evidence, set_valid_until
from gradus.dossiers.frozen import freeze
from gradus.dossiers.models import Row, Submission
from gradus.dossiers.readiness import readiness
from gradus.dossiers.store import path_of
from gradus.dossiers.submission_differences import compare, state_now, state_of
from gradus.dossiers.submit import Signature, changed_since, declarations, sealed, submit_dossier, verify_submission
from gradus.grading.faults import Refusal
from gradus.journal.canonical import canonical
from gradus.journal.models import Entry
from tests.dossiers import papers
from tests.dossiers.submissions import fresh, ready_dossier, submit, write
from tests.grading.dossiers import edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(client_firm, at):
    return ready_dossier(client_firm, at)


@pytest.fixture
def actor(world):
    return world.actor("manager")


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


def codes(refusal):
    return sorted(fault.code for fault in refusal.value.faults)


def test_what_was_submitted_is_sealed_and_anybody_can_compute_the_digest_again(dossier, actor, at):
    submission = submit(dossier, actor, at)
    content = canonical(sealed(submission))
    assert sha256(content.encode()).hexdigest() == submission.digest
    said = json.loads(content)
    assert (said["declaration"]["name"], said["number"]) == ("李申报", 1)
    assert said["edition"]["hash"] == edition().hash
    assert verify_submission(Submission.objects.get(pk=submission.pk)) == ()
    (entry,) = Entry.objects.filter(kind="dossier.submitted")
    assert submission.digest in entry.payload


CHANGES = {
    "a fact": "UPDATE dossiers_submission SET facts = '{}'",
    "a result": "UPDATE dossiers_submission SET result = '{}'",
    "the signature": "UPDATE dossiers_submission SET declared_by = 'Mallory'",
    "the number": "UPDATE dossiers_submission SET number = 7",
    "everything": "DELETE FROM dossiers_submission",
}


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
def test_the_database_itself_refuses_to_change_or_remove_a_submission(statement, dossier, actor, at):
    before = sealed(submit(dossier, actor, at))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert sealed(Submission.objects.get()) == before


def test_nothing_new_is_not_submitted_again_and_a_later_edit_makes_a_new_one(dossier, actor, at):
    first = submit(dossier, actor, at)
    assert changed_since(fresh(dossier)) == 0
    with pytest.raises(Refusal) as refusal:
        submit(dossier, actor, at)
    assert codes(refusal) == ["submission.nothing_new"]
    write(dossier, "staff", "training_hours", "12", at)
    assert changed_since(fresh(dossier)) == 1
    second = submit(dossier, actor, at)
    assert (first.number, second.number) == (1, 2)
    assert verify_submission(Submission.objects.get(pk=first.pk)) == ()


def test_a_change_after_the_page_was_shown_is_not_signed_unseen(dossier, actor, at):
    seen = fresh(dossier)
    write(dossier, "staff", "training_hours", "12", at)
    with pytest.raises(Refusal) as refusal:
        submit_dossier(seen, Signature("another text", "", " "), actor, at)
    assert codes(refusal) == [
        "submission.declared_as_needed",
        "submission.declared_by_needed",
        "submission.other_declaration",
    ]
    with pytest.raises(Refusal) as refusal:
        submit_dossier(seen, Signature(declarations(seen)["zh"], "李", "总经理"), actor, at)
    assert codes(refusal) == ["submission.changed_since_shown"]
    assert not Submission.objects.exists()


@pytest.mark.parametrize("change", ["another file", "another day", "one more page"])
def test_a_change_of_the_evidence_after_the_page_was_shown_is_not_signed_unseen(
    change, dossier, actor, at, client_firm, data
):
    file = add_evidence(client_firm, "cited.pdf", [papers.pdf(2)], actor, at).evidence
    cite(first_row(dossier), file, 1, actor, at)
    seen = fresh(dossier)
    shown = Signature(declarations(seen)["zh"], "李", "总经理", freeze(seen).digest)
    if change == "another file":
        replace_evidence(file, [papers.pdf(3)], actor, at)
    elif change == "another day":
        set_valid_until(file, localdate(at) + timedelta(days=300), actor, at)
    else:
        cite(first_row(dossier), file, 2, actor, at)
    with pytest.raises(Refusal) as refusal:
        submit_dossier(seen, shown, actor, at)
    assert codes(refusal) == ["submission.changed_since_shown"]
    assert submit_dossier(seen, replace(shown, seen=freeze(seen).digest), actor, at).number == 1


def prevented(dossier, at):
    return {each.fault.code for each in readiness(fresh(dossier), at) if each.prevents}


PREVENT = {
    "readiness.day_long_past": ("application", "applied_on", "2020-01-01"),
    "readiness.day_to_come": ("application", "applied_on", "tomorrow"),
    "dossier.bad_date": ("application", "applied_on", "soon"),
    "readiness.no_request": ("application", "requested_outcome", ""),
    "dossier.bad_number": ("staff", "training_hours", "many"),
}


@pytest.mark.parametrize("code", PREVENT)
def test_what_would_make_it_unusable_prevents_it_and_nothing_is_kept(code, dossier, actor, at):
    table, column, text = PREVENT[code]
    tomorrow = (localdate(at) + timedelta(days=1)).isoformat()
    write(dossier, table, column, tomorrow if text == "tomorrow" else text, at)
    assert prevented(dossier, at) == {code}
    with pytest.raises(Refusal) as refusal:
        submit(dossier, actor, at)
    assert codes(refusal) == [code]
    assert not Submission.objects.exists()
    assert not Entry.objects.filter(kind="dossier.submitted").exists()


def first_row(dossier, table="staff"):
    return Row.objects.filter(dossier=dossier, table=table, removed_at=None).order_by("position")[0]


def test_evidence_that_expired_or_was_lost_prevents_it(dossier, actor, at, client_firm, data):
    day = localdate(at)
    old = add_evidence(client_firm, "old.pdf", [papers.pdf(1)], actor, at, valid_until=day - timedelta(days=1)).evidence
    lost = add_evidence(client_firm, "lost.pdf", [papers.pdf(2)], actor, at).evidence
    for each in (old, lost):
        cite(first_row(dossier), each, 1, actor, at)
    path = path_of(lost.file.digest)
    path.chmod(0o600)
    path.write_bytes(b"x" * path.stat().st_size)  # as long as before: only its digest tells
    with pytest.raises(Refusal) as refusal:
        submit(dossier, actor, at)
    assert codes(refusal) == ["readiness.evidence_damaged", "readiness.evidence_expired"]


def test_the_difference_of_two_submissions_names_rows_evidence_and_what_moved(dossier, actor, at, client_firm, data):
    kept = add_evidence(client_firm, "kept.pdf", [papers.pdf(1)], actor, at).evidence
    gone = add_evidence(client_firm, "gone.pdf", [papers.pdf(2)], actor, at).evidence
    for each in (kept, gone):
        cite(first_row(dossier), each, 1, actor, at)
    first = submit(dossier, actor, at)
    replace_evidence(kept, [papers.pdf(3)], actor, at)
    remove_evidence(gone, actor, at)
    with pytest.raises(Refusal) as refusal:
        submit(dossier, actor, at)
    assert codes(refusal) == ["readiness.cited_removed"]
    uncite(gone.citations.get(), actor, at)
    new = add_evidence(client_firm, "new.pdf", [papers.pdf(4)], actor, at).evidence
    cite(first_row(dossier), new, 2, actor, at)
    write(dossier, "ratings", "claimed", "0", at)
    second = submit(dossier, actor, at)
    found = compare(edition(), state_of(first), state_of(second))
    evidence = found.evidence
    assert [each["name"] for each in evidence.added] == ["new.pdf"]
    assert [each["name"] for each in evidence.removed] == ["gone.pdf"]
    assert [old["name"] for old, _ in evidence.replaced] == ["kept.pdf"]
    (table,) = found.tables
    assert (table.table, len(table.changed), table.added, table.removed) == ("ratings", 1, (), ())
    assert found.moves.any
    same = compare(edition(), state_of(second), state_now(fresh(dossier), at))
    assert (same.tables, same.evidence.count, same.moves.any) == ((), 0, False)


def told(dossier, at):
    """What is told and prevents nothing, by code."""
    return {each.fault.code: each for each in readiness(fresh(dossier), at) if not each.prevents}


def test_a_listed_paper_that_expired_is_told_though_nothing_cites_it(dossier, actor, at, client_firm, data):
    assert "readiness.paper_expired" not in told(dossier, at)
    yesterday = localdate(at) - timedelta(days=1)
    old = add_evidence(client_firm, "licence.pdf", [papers.pdf()], actor, at, valid_until=yesterday).evidence
    list_document(fresh(dossier), old, Listing(edition().documents[0].id), actor, at)
    fault = told(dossier, at)["readiness.paper_expired"].fault
    assert fault.params == {"said": "licence.pdf", "day": yesterday.isoformat()}
    cite(first_row(dossier), old, 1, actor, at)  # what is cited prevents, and is told once
    assert "readiness.evidence_expired" in prevented(dossier, at)
    assert "readiness.paper_expired" not in told(dossier, at)


def test_rows_past_their_last_day_are_told_once_a_table_and_who_left_is_none_of_them(dossier, at):
    before = {each.fault.place.table for each in readiness(dossier, at) if each.fault.code == "readiness.rows_expired"}
    yesterday = (localdate(at) - timedelta(days=1)).isoformat()
    write(dossier, "person_certificates", "valid_until", yesterday, at)
    write(dossier, "staff", "employed_until", yesterday, at)
    found = [each.fault for each in readiness(fresh(dossier), at) if each.fault.code == "readiness.rows_expired"]
    assert {each.place.table for each in found} == before | {"person_certificates"}
    assert len({each.place.table for each in found}) == len(found)


def test_facts_that_are_unknown_are_told_by_table_and_reason(dossier, at):
    """The case's months end long before today: each that is missing since is told, and once."""
    write(dossier, "staff", "training_hours", "", at)
    found = [each for each in readiness(fresh(dossier), at) if each.fault.code.endswith("_unknown")]
    told = {(each.fault.place.table, each.fault.place.field): each.fault for each in found}
    assert len(told) == len(found)
    assert told["staff", "training_hours"].place.row == 1
    months = told["operations", ""].params["said_zh"].split("、")
    there = Row.objects.filter(dossier=dossier, table="operations").values_list("cells__month", flat=True)
    assert (localdate(at).replace(day=1) - timedelta(days=1)).replace(day=1).isoformat() in months
    assert not set(months) & set(there)
    assert not any(each.prevents for each in found)
