# SPDX-License-Identifier: Apache-2.0
"""What tests of people share."""

from datetime import UTC, datetime

import pytest

from tests.people.firms import make_world


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def at():
    return datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def world(db, at):
    return make_world(at)
