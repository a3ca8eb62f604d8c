# SPDX-License-Identifier: Apache-2.0
import pytest
from django.core import mail

from gradus.people.models import Notification
from gradus.people.notifications import said_as
from gradus.process.states import State
from tests.applications.walk import bring_to, open_case


@pytest.fixture
def case(submitted, django_capture_on_commit_callbacks):
    submission = submitted()
    with django_capture_on_commit_callbacks(execute=True):
        return open_case(submission, submission.submitted_at)


def told():
    return set(Notification.objects.values_list("account__email", "blanks__state"))


def test_whom_a_case_awaits_is_told_in_the_page_and_by_letter(case):
    assert told() == {("application_reviewer@example.com", "state.applied")}
    [letter] = mail.outbox
    assert letter.to == ["application_reviewer@example.com"]
    assert case.number in letter.subject
    assert "申请审查" in letter.body
    assert "Application review" in letter.body
    assert f"/office/cases/{case.pk}/" in letter.body


def test_a_client_is_named_in_the_readers_language(case):
    notice = Notification.objects.get()
    assert case.client.name in said_as(notice.code, notice.blanks, "zh")
    assert f"({case.client.name_en})" in said_as(notice.code, notice.blanks, "en")
    without = {name: value for name, value in notice.blanks.items() if name != "client_en"}
    assert f"({case.client.name})" in said_as(notice.code, without, "en"), "as older notifications are kept"


def test_the_client_is_told_when_it_is_awaited_and_when_the_case_has_ended(case):
    bring_to(case, State.SUPPLEMENT, case.changed_at)
    bring_to(case, State.NOT_ACCEPTED, case.changed_at)
    managers = {state for email, state in told() if email == "manager@example.com"}
    assert managers == {"state.supplement", "state.not_accepted"}
    assert not {email for email, _ in told()} & {"member@example.com", "stranger@example.com"}
