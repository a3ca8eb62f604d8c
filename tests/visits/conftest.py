# SPDX-License-Identifier: Apache-2.0
import pytest

from tests.applications.walk import open_case
from tests.visits import on_site


@pytest.fixture
def case(submitted):
    submission = submitted()
    return open_case(submission, submission.submitted_at)


@pytest.fixture
def visit(case, world):
    """The case is on site."""
    return on_site.planned(case, world, case.opened_at)
