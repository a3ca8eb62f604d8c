# SPDX-License-Identifier: Apache-2.0
"""Issuing killed at every step: after a restart exactly one certificate, in the log, with a receipt that holds."""

import pytest

from tests.cli.conftest import DATABASES


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("kills", ["every_write", pytest.param("every_statement", marks=pytest.mark.long)])
def test_however_issuing_was_killed_one_certificate_comes_of_it(kills, database, new_platform):
    platform = new_platform(database)
    platform.filled("build", room="issue_killed")
    found = platform.filled(kills, room="issue_killed")
    assert [each["killed"] for each in found] == [True] * (len(found) - 1) + [False]
    assert {each["staged"] for each in found} == {0, 1}  # killed before anything was written, and after
    assert len(found) > 15
    for each in found:
        assert (len(each["numbers"]), each["numbers"][0][:14]) == (1, "TC-2026-000001")
        assert (each["leaves"], each["published"], each["journal"]) == (1, 1, [])
        assert each["not_passed"] == []
        assert each["told"] == ["certificate.issued", "certificate.published"]


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
def test_two_officers_at_once_give_one_decision_one_number(database, new_platform):
    platform = new_platform(database)
    platform.filled("build", room="issue_killed")
    found = platform.filled("at_once", room="issue_killed")
    assert found["answers"] == ["issue.issued_already", "issued"]
    assert (len(found["numbers"]), found["leaves"], found["published"], found["journal"]) == (1, 1, 1, [])
    assert found["not_passed"] == []
