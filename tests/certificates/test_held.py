# SPDX-License-Identifier: Apache-2.0
"""What Gradus certified counts for the holder's next application, and for bars, without anybody entering it."""

from datetime import timedelta

import pytest

from gradus.applications.cases import rules_of
from gradus.applications.models import HeldCertificate
from gradus.applications.register import bars_on, certificates_of, held_on, take_back_certificate
from gradus.decisions.file import case_file
from gradus.grading.faults import Refusal
from gradus.trust.instants import day_of, whole
from gradus.trust.statement import Change, Name
from tests.applications.walk import open_case
from tests.certificates.issuing import changed, issued
from tests.decisions.deciding import brought_to_grant, evaluated

DAY = timedelta(days=1)


@pytest.fixture
def when(case):
    return whole(case.changed_at) + DAY


@pytest.fixture
def certificate(case, equipped, when):
    return issued(case, equipped, when)


def held(case, at):
    found = held_on(case.client_id, rules_of(case).edition, day_of(at))
    return found and (found.number, found.level, found.since)


def test_a_level_is_held_from_the_issue_to_the_last_day_and_while_it_is_suspended(case, certificate, equipped, when):
    expected = (certificate.number, "level-4", day_of(when))
    assert [held(case, when + each * DAY) for each in (-1, 0)] == [None, expected]
    last = HeldCertificate.objects.get().valid_until
    assert held(case, when + (last - day_of(when))) == expected
    assert held(case, when + (last - day_of(when)) + DAY) is None
    changed(certificate, equipped, when + DAY, Change.SUSPENDED, "contract")
    assert held(case, when + 2 * DAY) == expected
    assert HeldCertificate.objects.count() == 1


def test_a_withdrawal_ends_it_and_bars_for_its_reason(case, certificate, equipped, when):
    on = when + 10 * DAY
    changed(certificate, equipped, on, Change.WITHDRAWN, "fraud")
    assert held(case, on) is None
    assert held(case, on - DAY) == (certificate.number, "level-4", day_of(when))
    (bar,) = bars_on(case.client_id, rules_of(case), day_of(on))
    assert (bar.certificate.number, bar.until.year) == (certificate.number, on.year + 3)


def test_the_file_of_the_case_just_decided_stays_as_it_was_signed(case, equipped, when):
    before = case_file(case).digest
    certificate = issued(case, equipped, when)
    changed(certificate, equipped, when + DAY, Change.WITHDRAWN, "fraud")
    case.refresh_from_db()
    assert case_file(case).digest == before


def test_one_level_is_held_since_its_first_certificate_through_changes_and_grants(
    case, certificate, equipped, submitted, when
):
    changed(certificate, equipped, when + DAY, Change.SUPERSEDED, "name-changed", name=Name("天工集团有限公司", ""))
    assert held(case, when + DAY)[1:] == ("level-4", day_of(when))
    again = open_case(submitted(title="2027"), when + 300 * DAY, number="2026-0002")
    brought_to_grant(evaluated(again, again.opened_at + DAY), equipped)
    new = issued(again, equipped, whole(again.changed_at) + DAY)
    assert held(again, new.at) == (new.number, "level-4", day_of(when))
    ended = [each.ended_on is not None for each in certificates_of(case.client_id, "ccid-isd")]
    assert sorted(ended) == [False, True, True]


def test_nobody_takes_back_what_follows_from_a_certificate_issued_here(certificate, equipped, when):
    row = HeldCertificate.objects.get()
    with pytest.raises(Refusal) as refused:
        take_back_certificate(row, "写错了", equipped.actor("office"), when + DAY)
    assert [each.code for each in refused.value.faults] == ["register.issued_here"]
