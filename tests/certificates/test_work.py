# SPDX-License-Identifier: Apache-2.0
"""What awaits the certificate officer and the decision maker, until when, and that they are told of it."""

from datetime import timedelta

import pytest

from gradus.certificates.worklist import Task, certificate_work, suspended
from gradus.grading.calendar import plus_months
from gradus.people.models import Account, Notification
from gradus.people.permissions import Permission
from gradus.trust.instants import day_of, whole
from gradus.trust.statement import Change
from tests.certificates.issuing import changed, issued, proposed
from tests.decisions.deciding import announced, decided, recommended, reviewable, signed
from tests.web.conftest import browser

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LONGEST = 6  # months; the edition's


@pytest.fixture
def when(case):
    return whole(case.changed_at) + DAY


def told(role, code):
    """How often the holder of a role was told something."""
    return Notification.objects.filter(account=Account.objects.get(email=f"{role}@example.com"), code=code).count()


def test_a_grant_awaits_its_issue_and_the_officer_is_told_of_it(case, equipped, when):
    (task,) = certificate_work({Permission.CERTIFICATE_ISSUE}, when)
    assert (task.task, task.case, task.number, task.overdue) == (Task.ISSUE, case, "", False)
    assert certificate_work({Permission.CERTIFICATE_ISSUE}, when + 60 * DAY)[0].overdue
    assert [told(each, "certificate_awaited") for each in ("certificate_officer", "office")] == [1, 0]
    issued(case, equipped, when)
    assert certificate_work(set(Permission), when) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_officers_list_has_the_grant_that_awaits_a_certificate_and_no_other_case(
    case, equipped, when, submitted, language
):
    """Not one that is still to be signed, nor one that is certified: each before and after."""
    other = reviewable(submitted(title="2027"), number="2026-0002")
    client = browser(Account.objects.get(email="certificate_officer@example.com"), language)

    def listed():
        page = client.get("/office/work/").text
        return [each.number for each in (case, other) if each.number in page]

    assert listed() == [case.number]
    issued(case, equipped, when)
    assert listed() == []
    recommended(other, equipped, other.changed_at + MINUTE)
    at = announced(other, equipped)
    decided(other, equipped, at + MINUTE)
    assert listed() == []
    signed(other, equipped, at + 2 * MINUTE)
    assert listed() == [other.number]


def test_a_proposal_awaits_those_who_may_decide_on_it_and_they_are_told(case, equipped, when):
    certificate = issued(case, equipped, when)
    proposed(certificate, equipped, when + DAY, Change.SUSPENDED, "contract")
    (task,) = certificate_work({Permission.CERTIFICATE_DECIDE}, when + DAY)
    assert (task.task, task.number, task.last_day) == (Task.DECIDE, certificate.number, None)
    assert certificate_work({Permission.CERTIFICATE_PROPOSE}, when + DAY) == []
    assert [told(each, "change_proposed") for each in ("decision_maker", "certificate_officer")] == [1, 0]


def test_a_suspension_is_due_on_its_last_day_and_overdue_after_it(case, equipped, when):
    certificate = issued(case, equipped, when)
    assert suspended(when + DAY) == []
    changed(certificate, equipped, when + DAY, Change.SUSPENDED, "contract")
    last = plus_months(day_of(when + DAY), LONGEST)
    on_it = when + (last - day_of(when))
    before, after = (suspended(each)[0] for each in (on_it, on_it + DAY))
    assert (before.task, before.number, before.last_day) == (Task.END_SUSPENSION, certificate.number, last)
    assert (before.overdue, after.overdue) == (False, True)
    changed(certificate, equipped, on_it + 2 * DAY, Change.RESTORED, "cause-removed")
    assert suspended(on_it + 2 * DAY) == []


@pytest.mark.parametrize(("language", "task"), [("zh-hans", "恢复或撤销"), ("en", "Restore or withdraw it")])
def test_the_officers_desk_and_work_list_say_until_when_a_suspension_lasts(case, equipped, when, language, task):
    certificate = issued(case, equipped, when)
    changed(certificate, equipped, when + DAY, Change.SUSPENDED, "contract")
    client = browser(Account.objects.get(email="certificate_officer@example.com"), language)
    for page in ("/office/certificates/", "/office/work/"):
        text = client.get(page).content.decode()
        assert certificate.number in text
        assert task in text
        assert str(plus_months(day_of(when + DAY), LONGEST)) in text
