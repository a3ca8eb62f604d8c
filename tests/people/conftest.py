# SPDX-License-Identifier: Apache-2.0
"""People are tested on a day of their own, in the small world of firms.py."""

from datetime import UTC, datetime

import pytest

from tests.people.firms import make_world


@pytest.fixture
def at():
    return datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def world(db, at):
    return make_world(at)
