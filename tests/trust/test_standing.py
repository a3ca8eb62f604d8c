# SPDX-License-Identifier: Apache-2.0
"""Standing at the second before, at and after each change; what is recorded later changes no earlier answer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.trust.certificate_number import certificate_number
from gradus.trust.standing import Standing, standing, standing_told
from gradus.trust.statement import Change
from tests.trust.world import ISSUED, change, statement

SECOND = timedelta(seconds=1)
NEVER = datetime(2100, 1, 1, tzinfo=UTC)
LATER = datetime(2027, 3, 1, 6, 0, tzinfo=UTC)
MUCH_LATER = datetime(2027, 5, 1, 6, 0, tzinfo=UTC)
CERTIFICATE = statement()

ENDS = {
    Change.WITHDRAWN: Standing.WITHDRAWN,
    Change.CANCELLED: Standing.CANCELLED,
    Change.SUPERSEDED: Standing.SUPERSEDED,
}


def at(instant, changes=(), known_at=NEVER, certificate=CERTIFICATE):
    return standing(certificate, changes, instant, known_at).standing


def test_a_certificate_is_valid_from_its_issue_to_the_end_of_its_last_day_in_china():
    last_second = datetime(2029, 6, 1, 15, 59, 59, tzinfo=UTC)
    assert at(ISSUED - SECOND) is Standing.NOT_YET_VALID
    assert at(ISSUED) is at(last_second) is Standing.VALID
    assert at(last_second + SECOND) is Standing.EXPIRED
    assert standing(CERTIFICATE, (), NEVER, NEVER).since == last_second + SECOND


def test_a_certificate_issued_in_advance_is_valid_from_the_first_second_of_its_first_day_in_china():
    later = statement(valid_from=date(2026, 7, 1))
    first = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
    assert at(first - SECOND, certificate=later) is Standing.NOT_YET_VALID
    assert at(first, certificate=later) is Standing.VALID


def told(instant, now, changes=(), certificate=CERTIFICATE):
    answer = standing_told(certificate, changes, instant, now)
    return answer.standing, answer.so_far


def test_of_an_instant_to_come_what_may_still_change_is_not_told():
    suspended, withdrawn = change(Change.SUSPENDED, LATER), change(Change.WITHDRAWN, MUCH_LATER, LATER)
    assert told(LATER, LATER) == (Standing.VALID, None)
    assert told(LATER + SECOND, LATER) == (Standing.UNKNOWN, Standing.VALID)
    assert told(LATER, LATER, [suspended]) == (Standing.SUSPENDED, None)
    assert told(LATER + SECOND, LATER, [suspended]) == (Standing.UNKNOWN, Standing.SUSPENDED)
    assert standing_told(CERTIFICATE, [suspended], LATER + SECOND, LATER).because == suspended
    assert told(MUCH_LATER - SECOND, LATER, [withdrawn]) == (Standing.UNKNOWN, Standing.VALID)
    assert told(MUCH_LATER, LATER, [withdrawn]) == (Standing.WITHDRAWN, None)
    assert told(NEVER, LATER, [withdrawn]) == (Standing.WITHDRAWN, None)
    assert told(NEVER, LATER, [suspended]) == (Standing.EXPIRED, None)
    later = statement(valid_from=date(2027, 6, 1))
    assert told(MUCH_LATER, LATER, certificate=later) == (Standing.NOT_YET_VALID, None)


def test_suspension_pauses_and_restoration_ends_the_pause():
    changes = [change(Change.SUSPENDED, LATER), change(Change.RESTORED, MUCH_LATER)]
    assert at(LATER - SECOND, changes) is Standing.VALID
    assert at(LATER, changes) is at(MUCH_LATER - SECOND, changes) is Standing.SUSPENDED
    assert at(MUCH_LATER, changes) is Standing.VALID
    assert standing(CERTIFICATE, changes, MUCH_LATER, NEVER).since == MUCH_LATER
    assert standing(CERTIFICATE, changes, LATER, NEVER).because == changes[0]


@pytest.mark.parametrize(("kind", "ends"), ENDS.items())
@pytest.mark.parametrize("suspended", [False, True])
def test_what_ends_a_certificate_ends_it_for_good_even_past_its_last_day(kind, ends, suspended):
    changes = [change(Change.SUSPENDED, LATER)] * suspended + [change(kind, MUCH_LATER)]
    assert at(MUCH_LATER - SECOND, changes) is (Standing.SUSPENDED if suspended else Standing.VALID)
    assert at(MUCH_LATER, changes) is at(NEVER, changes) is ends


def test_a_suspended_certificate_expires_all_the_same():
    assert at(NEVER, [change(Change.SUSPENDED, LATER)]) is Standing.EXPIRED


def test_a_decision_dated_back_changes_no_answer_that_was_given_before_it_was_recorded():
    back = change(Change.WITHDRAWN, LATER, MUCH_LATER)
    assert at(LATER, [back], known_at=MUCH_LATER - SECOND) is Standing.VALID
    assert at(LATER, [back], known_at=MUCH_LATER) is Standing.WITHDRAWN
    assert at(LATER - SECOND, [back], known_at=NEVER) is Standing.VALID


def test_a_decision_for_a_later_day_is_known_before_it_takes_effect():
    ahead = change(Change.WITHDRAWN, MUCH_LATER, LATER)
    assert at(LATER, [ahead], known_at=LATER) is Standing.VALID
    assert at(MUCH_LATER, [ahead], known_at=LATER) is Standing.WITHDRAWN


@pytest.mark.parametrize(
    "changes",
    [
        [change(Change.RESTORED, LATER)],
        [change(Change.SUSPENDED, LATER), change(Change.SUSPENDED, MUCH_LATER)],
    ],
)
def test_a_history_that_can_not_be_is_unknown_and_never_valid(changes):
    assert at(MUCH_LATER, changes) is Standing.UNKNOWN


def test_without_a_certificate_or_before_it_was_issued_the_standing_is_unknown():
    assert at(LATER, certificate=None) is Standing.UNKNOWN
    assert at(LATER, known_at=ISSUED - SECOND) is Standing.UNKNOWN


def test_changes_of_another_certificate_do_not_count():
    other = change(Change.WITHDRAWN, LATER, number=certificate_number("XA", 2026, 43))
    assert at(MUCH_LATER, [other]) is Standing.VALID


instants = st.integers(0, 4 * 365).map(lambda days: ISSUED + timedelta(days=days))
histories = st.lists(st.builds(change, st.sampled_from(Change), instants, instants), max_size=6)


@given(histories, st.builds(change, st.sampled_from(Change), instants, instants), instants, instants)
def test_nothing_recorded_later_changes_an_earlier_answer(history, later, asked, known):
    if later.recorded_at > known:
        assert standing(CERTIFICATE, [*history, later], asked, known) == standing(CERTIFICATE, history, asked, known)


@given(histories, instants, instants)
def test_the_order_in_which_changes_are_given_does_not_matter(history, asked, known):
    if len({each.effective_at for each in history}) == len(history):
        assert standing(CERTIFICATE, history, asked, known) == standing(CERTIFICATE, history[::-1], asked, known)


@given(histories, instants)
def test_nothing_is_valid_after_its_end(history, known):
    ended = [each for each in history if each.change in ENDS and each.recorded_at <= known]
    for each in ended:
        assert at(each.effective_at, history, known) is not Standing.VALID
