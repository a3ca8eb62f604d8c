# SPDX-License-Identifier: Apache-2.0
"""No Decision, no Statement; and what is drafted says what was decided."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from gradus.formats.wording import sentence
from gradus.grading.faults import Refusal
from gradus.grading.texts import Text
from gradus.trust.certificate_number import certificate_number
from gradus.trust.issue import StatusDecision, issue, issue_change, last_valid_on
from gradus.trust.statement import Change, DecisionNamed, Worded
from tests.trust.world import DECIDED, GRANT, ISSUED, NUMBER, TERMS, TODAY, change, statement

DECISION = StatusDecision("D-2026-0099", TODAY, NUMBER, Change.SUSPENDED, "contract-duties", TODAY)


def codes(ask) -> list[str]:
    """The codes of a refusal; on the way, that each can be said in both languages."""
    with pytest.raises(Refusal) as refused:
        ask()
    for fault in refused.value.faults:
        for language in ("zh", "en"):
            said = sentence(fault, language)
            assert said
            assert not re.search(r"[{}]", said)
    return [fault.code for fault in refused.value.faults]


def test_what_says_what_was_decided_is_issued():
    assert issue(statement(), GRANT, TERMS) == statement()
    assert issue_change(change(Change.SUSPENDED, TODAY), DECISION) == change(Change.SUSPENDED, TODAY)


def test_without_a_decision_nothing_is_issued():
    assert codes(lambda: issue(statement(), None, TERMS)) == ["issue.no_decision"]
    assert codes(lambda: issue_change(change(Change.SUSPENDED, TODAY), None)) == ["issue.no_decision"]


@pytest.mark.parametrize(
    ("draft", "grant", "code"),
    [
        ({}, {"granted": False}, "issue.not_granted"),
        ({"issued_at": DECIDED - timedelta(seconds=1)}, {}, "statement.before_decision"),
        ({"valid_from": date(2026, 5, 31)}, {}, "statement.valid_before_decision"),
        ({"last_valid_on": date(2029, 6, 2)}, {}, "issue.validity"),
        ({"last_valid_on": date(2029, 5, 31)}, {}, "issue.validity"),
        ({"decision": DecisionNamed("D-1", DECIDED)}, {}, "issue.differs.decision"),
        ({"decision": DecisionNamed("D-2026-0042", DECIDED - timedelta(days=1))}, {}, "issue.differs.decided_at"),
        ({}, {"edition_hash": "sha256:" + "9" * 64}, "issue.differs.edition"),
        ({}, {"edition_hash": "sha256:" + "9" * 64}, "issue.differs.terms"),
        ({"edition": replace(statement().edition, name="example/2025")}, {}, "issue.differs.edition_name"),
        ({}, {"uscc": "91310115MA1K00007Q"}, "issue.differs.holder"),
        ({}, {"outcome_id": "two-three", "rank": 4}, "issue.differs.outcome"),
        ({}, {"scope": ("development",)}, "issue.differs.scope"),
        ({"result_digest": "sha256:" + "9" * 64}, {}, "issue.differs.result"),
        ({"submission_digest": "sha256:" + "9" * 64}, {}, "issue.differs.submission"),
        ({"first_issued_on": date(2026, 6, 1)}, {}, "issue.first_issue"),
        ({"supersedes": certificate_number("XA", 2023, 1)}, {}, "issue.replaces_another"),
        ({}, {"keeps_validity": True}, "issue.nothing_to_keep"),
        ({"number": "XA-2026-000042-00"}, {}, "statement.number"),
        ({"surveillance": Text("工信部监制", "Supervised")}, {}, "statement.authority"),
    ],
)
def test_a_draft_that_says_something_else_is_refused(draft, grant, code):
    assert code in codes(lambda: issue(statement(**draft), replace(GRANT, **grant), TERMS))


def test_everything_that_is_wrong_is_said_at_once():
    draft = statement(scope=(), issued_at=DECIDED - timedelta(days=9), last_valid_on=date(2031, 1, 1))
    assert len(codes(lambda: issue(draft, replace(GRANT, uscc="-"), TERMS))) >= 5


OLD = statement(
    number=certificate_number("XA", 2025, 9), first_issued_on=date(2025, 1, 9), last_valid_on=date(2028, 1, 8)
)


def test_a_new_address_begins_no_new_period():
    draft = statement(supersedes=OLD.number, first_issued_on=OLD.first_issued_on, last_valid_on=OLD.last_valid_on)
    kept = replace(GRANT, keeps_validity=True)
    assert issue(draft, kept, TERMS, OLD) == draft
    longer = replace(draft, last_valid_on=date(2029, 6, 1))
    assert codes(lambda: issue(longer, kept, TERMS, OLD)) == ["issue.validity"]


def test_a_renewal_begins_a_new_period_and_keeps_the_day_of_first_issue():
    draft = statement(supersedes=OLD.number, first_issued_on=OLD.first_issued_on)
    assert issue(draft, GRANT, TERMS, OLD) == draft
    assert codes(lambda: issue(statement(supersedes=OLD.number), GRANT, TERMS, OLD)) == ["issue.first_issue"]


def test_only_the_same_holders_certificate_is_superseded():
    other = replace(OLD, holder=replace(OLD.holder, uscc="91310115MA1K00007Q"))
    draft = statement(supersedes=OLD.number, first_issued_on=OLD.first_issued_on)
    assert codes(lambda: issue(draft, GRANT, TERMS, other)) == ["issue.replaces_another_holders"]


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        ({"change": Change.WITHDRAWN}, "issue.differs.change"),
        ({"number": certificate_number("XA", 2026, 43)}, "issue.differs.number"),
        ({"reason": Worded("other", Text("其他", "Other"))}, "issue.differs.reason"),
        ({"effective_at": TODAY - timedelta(days=1)}, "issue.differs.effective_at"),
        ({"decision": DecisionNamed("D-1", TODAY)}, "issue.differs.decision"),
        ({"recorded_at": TODAY - timedelta(seconds=1)}, "statement.before_decision"),
        ({"superseded_by": certificate_number("XA", 2027, 7)}, "statement.superseded_by"),
        ({"change": Change.SUPERSEDED}, "statement.superseded_by"),
    ],
)
def test_a_change_that_says_something_else_is_refused(draft, code):
    drafted = replace(change(Change.SUSPENDED, TODAY), **draft)
    assert code in codes(lambda: issue_change(drafted, DECISION))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2024, 2, 29), date(2027, 2, 27)),
        (date(2026, 6, 2), date(2029, 6, 1)),
        (date(2026, 1, 1), date(2028, 12, 31)),
    ],
)
def test_the_last_day_is_the_one_before_the_months_are_full(first, last):
    assert last_valid_on(first, 36) == last


def test_the_certificate_of_these_tests_was_issued_after_its_decision():
    assert DECIDED < ISSUED
