# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from gradus.applications.cases import advance, lock, take_part
from gradus.applications.models import Case, CaseStep, Filing, Involvement, Tie
from gradus.evaluations.models import Objection, ObjectionAnswer
from gradus.grading.faults import Refusal
from gradus.journal.actor import system
from gradus.journal.models import Entry
from gradus.process.parts import FORBIDDEN, Part
from gradus.process.states import TRANSITIONS, State, Step
from tests.applications.walk import bring_to, open_case, proposed, recorded

PAIRS = sorted(tuple(sorted(pair)) for pair in FORBIDDEN)


@pytest.fixture
def case(submitted):
    submission = submitted()
    return open_case(submission, submission.submitted_at)


@pytest.fixture
def then(case):
    return case.opened_at + timedelta(minutes=1)


def test_a_case_moves_by_a_step_a_journal_entry_and_nothing_else(case, world, then):
    later = then + timedelta(hours=1)
    with transaction.atomic():
        recorded(case, Step.ACCEPT_APPLICATION, later)
        advance(lock(case), Step.ACCEPT_APPLICATION, world.actor("application_reviewer"), later, {"note": "whole"})
    case.refresh_from_db()
    assert (case.state, case.steps, case.changed_at) == (State.ACCEPTED, 2, later)
    taken = CaseStep.objects.get(case=case, number=2)
    assert (taken.before, taken.after, taken.said) == ("applied", "accepted", {"note": "whole"})
    assert Entry.objects.filter(kind="case.advanced", subject=f"case:{case.pk}").count() == 2


def test_a_step_that_the_table_does_not_know_is_refused_and_changes_nothing(case, then):
    with pytest.raises(Refusal) as refused, transaction.atomic():
        advance(lock(case), Step.GRANT, system, then)
    assert refused.value.faults[0].code == "case.not_now"
    with pytest.raises(Refusal) as refused, transaction.atomic():
        advance(lock(case), Step.ACCEPT_APPLICATION, system, then - timedelta(days=1))
    assert refused.value.faults[0].code == "case.before_last"
    case.refresh_from_db()
    assert (case.state, case.steps) == ("applied", 1)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE applications_case SET state = 'granted'",
        "UPDATE applications_case SET state = 'decision', steps = 2",
        "UPDATE applications_casestep SET after = 'granted'",
        "DELETE FROM applications_casestep",
    ],
)
def test_raw_sql_can_not_move_a_case(case, change):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Case.objects.get(pk=case.pk).state == "applied"


@pytest.mark.parametrize(
    ("state", "step", "after", "guard"),
    [
        ("applied", "accept_application", "accepted", "concluded_without_review"),
        ("applied", "refuse_application", "not_accepted", "concluded_without_review"),
        ("accepted", "quote", "quoted", "quoted_without_quotation"),
        ("quoted", "record_agreement", "agreed", "agreed_without_record"),
        ("agreed", "propose_team", "objection", "proposed_without_team"),
        ("planning", "plan_visit", "on_site", "planned_without_visit"),
        ("reporting", "issue_report", "technical_review", "issued_without_report"),
        ("technical_review", "recommend", "notice", "recommended_without_review"),
        ("technical_review", "open_panel", "panel", "recommended_without_review"),
        ("technical_review", "return_to_evaluation", "document_review", "returned_without_review"),
        ("panel", "close_panel", "notice", "closed_without_opinion"),
        ("notice", "reopen_panel", "panel", "reopened_without_leave"),
        ("notice", "return_to_review", "technical_review", "anew_"),
        ("decision", "ask_consent", "consent", "asked_without_proposal"),
        ("consent", "give_consent", "decision", "consent_not_given"),
        ("consent", "deny_consent", "decision", "consent_not_denied"),
        ("decision", "decide", "signature", "decided_without_decision"),
        ("signature", "void_decision", "decision", "voided_without_record"),
    ],
)
def test_raw_sql_takes_no_step_without_the_record_that_it_rests_on(case, then, state, step, after, guard):
    if state != case.state:
        bring_to(case, State(state), then)
    with pytest.raises(IntegrityError, match=guard):
        step_inserted(case, step, after)
    assert Case.objects.get(pk=case.pk).state == state


def step_inserted(case, step, after):
    values = [case.pk.hex, case.steps + 1, step, case.state, after, case.changed_at, "{}"]
    into = "INSERT INTO applications_casestep (case_id, number, step, before, after, at, said)"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{into} VALUES (%s, %s, %s, %s, %s, %s, %s)", values)


def test_raw_sql_begins_no_document_review_without_a_team_at_work_or_over_the_clients_head(case, then, world):
    """The leader takes its part, an objection is answered, the client agrees: only then."""
    day = bring_to(case, State.AGREED, then).changed_at.date() + timedelta(days=9)
    team = proposed(case, day, case.changed_at)
    bring_to(case, State.OBJECTION, case.changed_at)
    [leader] = team.members.all()
    by, at = {"case": case, "team": team, "account": world.people["manager"]}, case.changed_at

    def refused_as(guard):
        with pytest.raises(IntegrityError, match=guard):
            step_inserted(case, "start_document_review", "document_review")

    refused_as("begun_")
    Objection.objects.create(**by, made_at=at)
    refused_as("begun_without_team")
    take_part(case, leader.account_id, Part.LEAD_ASSESSOR, at)
    asked = Objection.objects.create(**by, made_at=at, member=leader, reason="曾任职于竞争对手")
    refused_as("begun_unheard")
    ObjectionAnswer.objects.create(
        case=case, objection=asked, text="已核实", account=world.people["office"], made_at=at
    )
    step_inserted(case, "start_document_review", "document_review")


def test_a_review_of_an_earlier_submission_accepts_nothing(case, then, submitted):
    """A review that came to a refusal, and one of a submission that another followed."""
    with transaction.atomic():
        recorded(case, Step.REFUSE_APPLICATION, then)
    with pytest.raises(IntegrityError, match="concluded_without_review"), transaction.atomic():
        advance(lock(case), Step.ACCEPT_APPLICATION, system, then)
    with transaction.atomic():
        recorded(case, Step.ACCEPT_APPLICATION, then)
        bring_to(case, State.SUPPLEMENT, then)
        Filing.objects.create(case=case, submission=submitted(title="2027"), number=2, filed_at=case.changed_at)
        bring_to(case, State.APPLIED, case.changed_at)
    with pytest.raises(IntegrityError, match="concluded_without_review"), transaction.atomic():
        advance(lock(case), Step.ACCEPT_APPLICATION, system, case.changed_at)


@pytest.mark.parametrize("late", [0, -1])
def test_the_database_refuses_a_step_outside_the_table_or_before_the_last(case, then, late):
    """One that would skip stages, and one that lies before what it follows."""
    step, after = ("grant", "granted") if not late else ("accept_application", "accepted")
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseStep.objects.create(
            case=case, number=2, step=step, before="applied", after=after, at=then + timedelta(days=late)
        )


def test_no_pair_of_forbidden_parts_is_played_by_one_person(case, world, then):
    """Refused by the core through the action, and by the database under the action, in either order."""
    who, wrong = world.people["assessor"], []
    for one, other in [*PAIRS, *(pair[::-1] for pair in PAIRS)]:
        with transaction.atomic():
            take_part(case, who.pk, Part(one), then)
            with pytest.raises(Refusal) as refused:
                take_part(case, who.pk, Part(other), then)
            assert "case.forbidden_part" in {fault.code for fault in refused.value.faults}, (one, other)
            try:
                with transaction.atomic():
                    Involvement.objects.create(case=case, account=who, part=other, since=then)
                wrong.append((one, other))
            except IntegrityError:
                pass
            transaction.set_rollback(True)
    assert wrong == []
    assert len(PAIRS) > 40


def test_whoever_is_tied_to_the_client_plays_no_part(case, world, then):
    who, day = world.people["assessor"], then.date()
    Tie.objects.create(
        account=who, client=case.client, kind="consulted", starts_on=day - timedelta(days=400),
        ends_on=day - timedelta(days=30), bars_until=day + timedelta(days=700), source="declared", told_at=then,
    )  # fmt: skip
    with pytest.raises(Refusal) as refused:
        take_part(case, who.pk, Part.ASSESSOR, then)
    assert [fault.code for fault in refused.value.faults] == ["case.tied"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Involvement.objects.create(case=case, account=who, part="assessor", since=then)


def test_whoever_is_appointed_at_the_client_plays_no_part(case, world, then):
    who = world.people["member"]
    with pytest.raises(Refusal) as refused:
        take_part(case, who.pk, Part.DECISION_MAKER, then)
    assert [fault.code for fault in refused.value.faults] == ["case.clients_own"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Involvement.objects.create(case=case, account=who, part="decision_maker", since=then)


def test_the_shortest_way_to_a_decision_is_whole_in_the_database_and_ends_there(case, then):
    """Without a decision that bears two signatures the database refuses the end (decisions, migration 0002)."""
    reached = bring_to(case, State.SIGNATURE, then)
    steps = CaseStep.objects.filter(case=reached).order_by("number")
    assert [each.after for each in steps][-1] == "signature"
    for step in (Step.GRANT, Step.REFUSE):
        with pytest.raises(IntegrityError), transaction.atomic():
            advance(lock(case), step, system, reached.changed_at)
    assert {step.before for step in steps} < {state for state, _ in TRANSITIONS}
