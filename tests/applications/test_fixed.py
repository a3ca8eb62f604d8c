# SPDX-License-Identifier: Apache-2.0
"""What the database keeps of a case against raw SQL: what it is bound to, and whose words are the client's."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from gradus.applications.agreement import record_agreement
from gradus.applications.apply import withdraw
from gradus.applications.models import Agreement, Case, CaseStep, Filing, Quotation, SupplementAnswer, SupplementItem
from gradus.applications.supplements import answer_supplement
from gradus.decisions.decide import answer_proposal
from gradus.decisions.models import Consent, Proposal
from gradus.evaluations.models import Objection, Team
from gradus.evaluations.review import answer_review_supplement
from gradus.evaluations.team import agree_to_team
from gradus.grading.faults import Refusal
from gradus.process.states import State
from tests.applications.walk import bring_to, open_case, proposed


@pytest.fixture
def case(submitted):
    submission = submitted()
    return open_case(submission, submission.submitted_at)


@pytest.mark.parametrize(
    "change",
    [
        "edition_hash = 'x'", "requested = 'level-1'", "by_exception = NOT by_exception", "procedure_id = 'x'",
        "edition = 'x'", "number = '2025-0001'", "opened_at = '2020-01-01 00:00:00+00:00'",
        "client_id = (SELECT id FROM people_organisation WHERE id <> client_id AND kind = 'client')",
    ],
)  # fmt: skip
def test_raw_sql_changes_nothing_that_a_case_is_bound_to(case, change):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE applications_case SET by_exception = NOT by_exception")  # asked for in the beginning
    with pytest.raises(DatabaseError, match="case_is_fixed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE applications_case SET " + change)  # noqa: S608  raw on purpose
    assert Case.objects.get(pk=case.pk).requested == "level-4"


def test_raw_sql_makes_no_case_anew_that_is_bound_to_something_else(case):
    """Steps and decisions hang on the case's id: another case in its place would be decided by them."""
    bring_to(case, State.DECISION, case.changed_at)
    with pytest.raises(IntegrityError, match="case_is_kept"), transaction.atomic():
        raw("DELETE FROM applications_case")
    same = "id, number, client_id, edition, edition_hash, procedure_id, submission_id, by_exception, opened_at"
    verb = "REPLACE" if connection.vendor == "sqlite" else "INSERT"
    with pytest.raises(IntegrityError, match=r"append-only|unique"), transaction.atomic():
        raw(
            f"{verb} INTO applications_case ({same}, changed_at, requested, state, steps) "  # noqa: S608
            f"SELECT {same}, changed_at, 'level-1', 'new', 0 FROM applications_case"
        )
    assert Case.objects.get().requested == "level-4"


def raw(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_raw_sql_lets_no_case_rest_on_what_nobody_has_evaluated(case, submitted):
    """Neither on a submission that was not filed, nor on one that is filed once the evaluation is over."""
    bring_to(case, State.DECISION, case.changed_at)
    other = submitted("top", "2027")
    with pytest.raises(IntegrityError, match="case_of_newest_filing"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(submission=other)
    with pytest.raises(IntegrityError, match="filed_out_of_time"), transaction.atomic():
        Filing.objects.create(case=case, submission=other, number=2, filed_at=case.changed_at)
    assert case.filings.count() == 1


def _agreement(case, who, at):
    amounts = dict.fromkeys(("man_days", "application", "evaluation", "certificate", "total"), 1)
    last = Quotation.objects.create(
        case=case, account=who, number=7, extra_sites=0, currency="CNY", plan="计划", at=at, **amounts
    )
    Agreement.objects.create(
        case=case, quotation=last, account=who, duties=[], signatory="王法定", position="经理", at=at
    )


def _answer(case, who, at):
    asked = SupplementItem.objects.create(
        case=case, step=case.taken.order_by("-number")[0], account=case.involvements.get().account, number=1,
        reason="missing", text="请补",
    )  # fmt: skip
    filing = Filing.objects.get(case=case)
    SupplementAnswer.objects.create(case=case, asked=asked, filing=filing, account=who, note="已补", at=at)


def _objection(case, who, at):
    team = Team.objects.filter(case=case).first()
    Objection.objects.create(case=case, team=team, account=who, made_at=at)


def _consent(case, who, at):
    Consent.objects.create(
        case=case, round=1, account=who, at=at, proposal=Proposal.objects.get(case=case), given=True, name="王法定"
    )


def _step(step, state, after, at_once):
    def row(case, who, at):
        CaseStep.objects.create(
            case=case, number=case.steps + 1, step=step, before=state, after=after, at=at, account=who
        )

    return row, at_once


CLIENTS = {
    State.APPLIED: _step("withdraw", "applied", "withdrawn", lambda case, who, at: withdraw(case, "", who, at)),
    State.REVIEW_SUPPLEMENT: _step(
        "answer_review_supplement", "review_supplement", "document_review",
        lambda case, who, at: answer_review_supplement(case, [], None, who, at),
    ),
    State.QUOTED: (_agreement, lambda case, who, at: record_agreement(case, 1, [], ("", ""), who, at)),
    State.SUPPLEMENT: (_answer, lambda case, who, at: answer_supplement(case, case.submission, {}, who, at)),
    State.OBJECTION: (_objection, agree_to_team),
    State.CONSENT: (
        _consent, lambda case, who, at: answer_proposal(case, given=True, name="王法定", actor=who, at=at)
    ),
}  # fmt: skip


def prepared(case, world, state):
    """A case in a state with what the rows there point at."""
    if state is State.SUPPLEMENT:
        case.involvements.create(
            account=world.people["application_reviewer"], part="application_reviewer", since=case.changed_at
        )
    if state is State.OBJECTION:
        bring_to(case, State.AGREED, case.changed_at)
        proposed(case, case.changed_at.date() + timedelta(days=9), case.changed_at)
    return bring_to(case, state, case.changed_at)


@pytest.mark.parametrize("state", CLIENTS, ids=str)
def test_what_is_the_clients_to_say_is_said_by_nobody_else(case, world, state):
    row, act = CLIENTS[state]
    prepared(case, world, state)
    then = case.changed_at + timedelta(minutes=1)
    for who in ("office", "stranger", "lead_assessor"):
        with pytest.raises(IntegrityError, match="not_clients"), transaction.atomic():
            row(case, world.people[who], then)
        with pytest.raises(Refusal) as refused:
            act(case, world.actor(who), then)
        assert [each.code for each in refused.value.faults] == ["case.client_only"]
    with transaction.atomic():
        row(case, world.people["manager"], then)
