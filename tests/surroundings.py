# SPDX-License-Identifier: Apache-2.0
"""The surroundings of every test: a data folder of its own, and no setting of whoever runs the tests.

Imported by tests/conftest.py before anything else, because Django reads its settings once.
"""

import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest

# Named by ``python -m tests.postgresql``; everything else that a shell may have set stays outside. It is left where it
# is for the processes that pytest starts for itself.
_NAMED = "GRADUS_TESTS_DATABASE_URL"
DATABASE = os.environ.get(_NAMED, "")
for name in [each for each in os.environ if each.startswith("GRADUS_") and each != _NAMED]:
    del os.environ[name]

DATA = Path(tempfile.mkdtemp(prefix="gradus-tests-"))
for folder in ("uploads", "files", "static"):
    (DATA / folder).mkdir()

os.environ["OPENPYXL_LXML"] = "False"  # as gradus.formats says
os.environ["GRADUS_DATA"] = str(DATA)
os.environ["GRADUS_NO_RATE_LIMITS"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "gradus.conf.settings"
if DATABASE:
    os.environ["GRADUS_DATABASE_URL"] = DATABASE
django.setup()


def touches_database(item: pytest.Item) -> bool:
    """Whether a test is to run on PostgreSQL too: it asks for the database by fixture or mark, or it is one of the
    platform's commands whose parameter names PostgreSQL."""
    asked = {"db", "transactional_db", "own_database"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None or "postgresql" in item.name


def belongs_on_postgresql(item: pytest.Item, everything: bool) -> bool:
    """Whether a test runs on PostgreSQL too: what records, counts and guards always; pages, walks, and servers that are
    killed again and again, with ``everything`` (``./run test --long``)."""
    later = item.nodeid.startswith(("tests/web/", "tests/api/", "tests/walks/")) or "killed" in item.path.name
    return touches_database(item) and (everything or not later)


def remove() -> None:
    """Leave nothing behind."""
    shutil.rmtree(DATA, ignore_errors=True)
