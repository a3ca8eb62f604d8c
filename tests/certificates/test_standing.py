# SPDX-License-Identifier: Apache-2.0
"""Standing is changed by decisions alone, of two people, and is what it was for whoever asked before."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from gradus.certificates.bundle import bundle_at
from gradus.certificates.changes import decide_change
from gradus.certificates.models import Certificate, ChangeDecision, Leaf, StatusChange, StatusListIssue
from gradus.certificates.queries import publication_of, standing_of
from gradus.certificates.status_lists import renew_lists
from gradus.decisions.sign import Proof
from gradus.grading.faults import Refusal
from gradus.process.parts import Part
from gradus.trust.instants import ends, whole
from gradus.trust.statement import Change
from gradus.trust.verdict import Verdict
from tests.certificates.issuing import BECAUSE, accepted, changed, issued, proposed, verified

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


def codes(refused):
    return [fault.code for fault in refused.value.faults]


@pytest.fixture
def when(case):
    return whole(case.changed_at) + DAY


@pytest.fixture
def certificate(case, equipped, when):
    return issued(case, equipped, when)


def around(number, when):
    """The standing the second before, when, and after an instant."""
    return [standing_of(number, each).standing.value for each in (when - SECOND, when, when + SECOND)]


def test_each_change_holds_from_its_very_second(certificate, equipped, when):
    number = certificate.number
    assert around(number, when) == ["unknown", "valid", "valid"]
    changed(certificate, equipped, when + DAY, Change.SUSPENDED, "contract")
    assert around(number, when + DAY) == ["valid", "suspended", "suspended"]
    assert verified(certificate, when + DAY).verdict is Verdict.DOES_NOT_HOLD
    changed(certificate, equipped, when + 2 * DAY, Change.RESTORED, "cause-removed")
    assert around(number, when + 2 * DAY) == ["suspended", "valid", "valid"]
    assert verified(certificate, when + 2 * DAY).verdict is Verdict.HOLDS
    # Lists are kept: about the day between, a verifier who has that day's lists still finds the same.
    old = Verdict.DOES_NOT_HOLD
    assert verified(certificate, when + DAY, made_at=when + DAY + SECOND).verdict is old
    changed(certificate, equipped, when + 3 * DAY, Change.WITHDRAWN, "fraud")
    assert around(number, when + 3 * DAY) == ["valid", "withdrawn", "withdrawn"]
    assert around(number, ends_of(certificate)) == ["withdrawn"] * 3
    assert list(StatusChange.objects.order_by("at").values_list("leaves__index", flat=True)) == [1, 2, 3]
    with pytest.raises(Refusal) as refused:
        proposed(certificate, equipped, when + 4 * DAY, Change.RESTORED, "cause-removed")
    assert codes(refused) == ["change.not_possible"]


def ends_of(certificate):
    return ends(verified(certificate, certificate.at).statement.last_valid_on)


def test_it_expires_by_the_calendar_and_by_nothing_else(certificate, equipped, when):
    assert around(certificate.number, ends_of(certificate)) == ["valid", "expired", "expired"]
    changed(certificate, equipped, when + DAY, Change.CANCELLED, "own-request", effective_at=when + 10 * DAY)
    assert around(certificate.number, when + 10 * DAY) == ["valid", "cancelled", "cancelled"]
    assert bundle_at(when + DAY).status_lists != ()  # and no list speaks of the time after
    assert {each.valid_until for each in StatusListIssue.objects.order_by("-id")[:2]} == {when + 3 * DAY}
    late = when + 9 * DAY + MINUTE
    assert [renew_lists(late), renew_lists(late + MINUTE), renew_lists(late + 2 * MINUTE)] == [2, 0, 0]
    assert {each.valid_until for each in StatusListIssue.objects.order_by("-id")[:2]} == {when + 10 * DAY}
    assert verified(certificate, late).verdict is Verdict.HOLDS
    renew_lists(when + 10 * DAY)
    assert verified(certificate, when + 10 * DAY).verdict is Verdict.DOES_NOT_HOLD


def test_no_list_of_a_request_whose_clock_was_ahead_hides_a_withdrawal(certificate, equipped, when):
    changed(certificate, equipped, when + DAY + SECOND, Change.SUSPENDED, "contract")
    proposal = proposed(certificate, equipped, when + DAY, Change.WITHDRAWN, "fraud")
    accepted(proposal, equipped, when + DAY)  # began earlier, and came to the lock later
    assert standing_of(certificate.number, when + DAY + SECOND).standing == "withdrawn"
    ended = {step.id: [fault.code for fault in step.said] for step in verified(certificate, when + DAY + SECOND).steps}
    assert ended["9"] == ["verify.revoked"]


def test_a_decision_dated_back_changes_no_earlier_answer(certificate, equipped, when):
    number, decided = certificate.number, when + 10 * DAY
    changed(certificate, equipped, decided, Change.SUSPENDED, "accident", effective_at=when + 5 * DAY)
    asked = when + 7 * DAY
    assert standing_of(number, asked, known_at=asked).standing == "valid"
    assert standing_of(number, asked, known_at=decided - SECOND).standing == "valid"
    assert standing_of(number, asked, known_at=decided).standing == "suspended"
    effective = when + 5 * DAY
    assert standing_of(number, effective - SECOND, known_at=decided).standing == "valid"
    assert standing_of(number, effective, known_at=decided).standing == "suspended"


def test_a_change_is_proposed_for_a_reason_of_its_list_and_decided_by_another(certificate, case, equipped, when):
    officer, maker = equipped.actor("certificate_officer"), equipped.actor("decision_maker")
    with pytest.raises(Refusal) as refused:
        proposed(certificate, equipped, when + MINUTE, Change.SUSPENDED, "fraud")  # a reason to withdraw
    assert codes(refused) == ["decision.reason_not_listed"]
    proposal = proposed(certificate, equipped, when + MINUTE, Change.SUSPENDED, "contract")
    with pytest.raises(Refusal) as refused:
        proposed(certificate, equipped, when + MINUTE, Change.WITHDRAWN, "contract")
    assert codes(refused) == ["change.proposed_already"]
    fresh, later = Proof("password", when + MINUTE), when + 2 * MINUTE
    with pytest.raises(Refusal) as refused:
        decide_change(proposal, Proof("password", when - DAY), officer, later, accepted=True, reasons="no")
    assert codes(refused) == ["decision.prove_again", "decision.reasons_needed", "change.own_proposal"]
    for evaluator in ("assessor", "lead_assessor", "head_of_body"):  # who evaluated, and who signed second
        with pytest.raises(Refusal) as refused:
            decide_change(proposal, fresh, equipped.actor(evaluator), later, accepted=True, reasons=BECAUSE)
        assert codes(refused) == ["case.forbidden_part"]
    made = decide_change(proposal, fresh, maker, later, accepted=False, reasons=BECAUSE)
    assert (made.accepted, StatusChange.objects.count()) == (False, 0)
    assert standing_of(certificate.number, later).standing == "valid"
    with pytest.raises(Refusal) as refused:
        decide_change(proposal, fresh, maker, later, accepted=True, reasons=BECAUSE)
    assert codes(refused) == ["change.decided_already"]


def test_nothing_is_decided_that_could_not_be_stated(certificate, equipped, when, settings):
    settings.KEY_PASSPHRASE = "another horse battery staple"
    with pytest.raises(Refusal) as refused:
        changed(certificate, equipped, when + DAY, Change.WITHDRAWN, "fraud")
    assert codes(refused) == ["keys.not_opened"] * 3
    assert not ChangeDecision.objects.exists()


def refused_by_the_database(model, row, why, **changes):
    for name, value in changes.items():
        setattr(row, name, value)
    with pytest.raises(DatabaseError, match=why), transaction.atomic():
        model.objects.bulk_create([row])


def test_the_database_itself_refuses_what_no_decision_carries(certificate, case, equipped, when):
    made = changed(certificate, equipped, when + DAY, Change.SUSPENDED, "contract")
    second = Certificate.objects.get()
    new = {"number": "TC-2026-000002-00", "serial": 2, "status_index": 9, "digest": "d"}
    refused_by_the_database(Certificate, second, "(?i)unique", **new)  # two for one decision
    refused_by_the_database(Certificate, second, "certificate_needs_grant", decision_id=case.pk)
    second = Certificate.objects.get()
    early = certificate.decision.signatures.order_by("at").last().at - SECOND
    refused_by_the_database(Certificate, second, "certificate_needs_grant", **new, at=early)
    decision = ChangeDecision.objects.get()
    proposer = decision.proposal.account_id
    why = "decision_by_another|change_by_decision_maker"
    refused_by_the_database(ChangeDecision, decision, why, account_id=proposer, digest="d")
    change = StatusChange.objects.get()
    refused_by_the_database(StatusChange, change, "change_needs_decision", decision=None, successor_id="none")
    leaf = Leaf.objects.get(change__decision=made)
    refused_by_the_database(Leaf, leaf, "leaf_in_line", index=7)
    for table in ("certificate", "statuschange", "changedecision", "leaf", "publication", "statuslistissue"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM certificates_{table}")  # noqa: S608


def test_a_person_takes_part_as_decision_maker(certificate, case, equipped, when):
    changed(certificate, equipped, when + DAY, Change.SUSPENDED, "own-request")
    decision = ChangeDecision.objects.get()
    parts = decision.account.involvements.filter(case=case).values_list("part", flat=True)
    assert list(parts) == [Part.DECISION_MAKER.value]
    assert publication_of(certificate).leaf.index == 0
