# SPDX-License-Identifier: Apache-2.0
"""What the body issues is in the public register and on the verification page at once, and so is every change of it."""

from datetime import timedelta

import pytest

from gradus.certificates.status_lists import renew_lists
from gradus.trust.statement import Change
from tests.certificates.conftest import case, equipped
from tests.certificates.issuing import changed, issued

__all__ = ["case", "equipped"]


@pytest.fixture
def certificate(case, equipped, at):
    return issued(case, equipped, at - timedelta(hours=1))


def test_strangers_find_it_and_can_check_it(certificate, sign_in, at):
    visitor = sign_in(language="en")
    assert certificate.number in visitor.get("/register/", {"q": "天工"}).content.decode()
    page = visitor.get(f"/v/{certificate.number}").content.decode()
    assert '<section class="verdict holds"' in page


def test_a_suspension_is_told_by_both_at_once(certificate, equipped, sign_in, at):
    changed(certificate, equipped, at, Change.SUSPENDED, "accident")
    renew_lists(at)
    visitor = sign_in(language="en")
    assert "suspended" in visitor.get(f"/register/{certificate.number}/").content.decode()
    page = visitor.get(f"/v/{certificate.number}").content.decode()
    assert '<section class="verdict does_not_hold"' in page
    assert "suspended" in page
