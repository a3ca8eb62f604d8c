# SPDX-License-Identifier: Apache-2.0
"""Requests that come between each other: each has its own clock, and waits where another holds the lock."""

from datetime import timedelta

import pytest
from django.db import connection

from gradus.certificates.bundle import bundle_at
from gradus.certificates.issue import stage
from gradus.certificates.keys import current, note_theft, rotate_key
from gradus.certificates.log import log_staged
from gradus.certificates.models import KeyPurpose, Publication
from gradus.certificates.publish import publish
from gradus.certificates.queries import publication_of
from gradus.certificates.recover import recover
from gradus.dossiers.store import path_of
from gradus.journal.actor import system
from gradus.trust.instants import whole
from gradus.trust.pdf_verify import open_pdf
from gradus.trust.verdict import State
from tests.certificates.issuing import ADDRESSES, issued, verified

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def when(case):
    return whole(case.changed_at) + DAY


def not_passed(certificate, at):
    """The steps that the certificate and its page do not pass."""
    page = path_of(publication_of(certificate).page_id).read_bytes()
    steps = [*verified(certificate, at).steps, *open_pdf(page, bundle_at(at)).steps]
    return [each.id for each in steps if each.state is not State.PASSED]


def test_what_a_request_logged_whose_clock_is_ahead_is_handed_out_by_another(case, equipped, when):
    made = stage(case, ADDRESSES, equipped.actor("certificate_officer"), when + SECOND)
    log_staged(when + SECOND)
    assert recover(when) == 1
    assert not_passed(made, when + SECOND) == []


def test_a_key_made_while_an_issue_waits_signs_nothing_earlier_than_it_is_valid(case, equipped, when):
    for purpose in KeyPurpose:
        rotate_key(purpose, system, when + 5 * SECOND)
    made = issued(case, equipped, when)
    assert not_passed(made, when + 5 * SECOND) == []


def meanwhile(action):
    """Somebody else does something just before the log is locked."""
    left = [action]

    def watch(execute, sql, params, many, context):
        if "certificates_loghead" in sql and left:
            left.pop()()
        return execute(sql, params, many, context)

    return connection.execute_wrapper(watch)


def test_a_page_whose_key_is_stolen_while_it_is_drawn_is_drawn_again(case, equipped, when):
    made, key = stage(case, ADDRESSES, equipped.actor("certificate_officer"), when), current(KeyPurpose.PDF)
    log_staged(when)
    with meanwhile(lambda: note_theft(key, when - DAY, system, when)):
        publish(made.leaves.get(), when)
    assert [each.pdf_key for each in Publication.objects.all()] == [current(KeyPurpose.PDF)]
    assert not_passed(made, when) == []


def test_a_key_ends_after_all_that_it_signed(case, equipped, when):
    made = issued(case, equipped, when + SECOND)
    for purpose in KeyPurpose:
        rotate_key(purpose, system, when)
    assert not_passed(made, when + SECOND) == []
