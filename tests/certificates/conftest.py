# SPDX-License-Identifier: Apache-2.0
"""A certification body with its keys; and cases that were granted."""

import pytest

from tests.certificates.issuing import equip
from tests.decisions.deciding import granted


@pytest.fixture
def equipped(world, settings, tmp_path, at):
    """The keys lie in a folder of the test's own."""
    settings.DATA = tmp_path
    settings.KEY_PASSPHRASE = "correct horse battery staple"
    equip()
    return world


@pytest.fixture
def case(submitted, equipped):
    return granted(submitted(), equipped)
