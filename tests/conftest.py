# SPDX-License-Identifier: Apache-2.0
"""What every test stands on: the platform's surroundings, and Hypothesis profiles (the same sample on every run by
default, a long and random search with ``./run test --long``)."""

from hypothesis import settings

from tests import surroundings

pytest_plugins = ["tests.platform_fixtures"]

# No deadline: a slow machine is no defect; bench/ holds what is measured.
settings.register_profile("default", max_examples=100, derandomize=True, database=None, deadline=None)
settings.register_profile("long", max_examples=5000, derandomize=False, deadline=None, print_blob=True)
settings.load_profile("default")


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL (``python -m tests.postgresql``), what does not touch a database would only be run twice.

    The demonstration is built first: one process does it while the other goes on with the longest file that needs no
    browser, and nobody waits; begun near the end, that file would keep one process busy alone.
    """
    first = ("test_demonstration.py", "test_permissions.py")
    items.sort(key=lambda item: first.index(item.path.name) if item.path.name in first else len(first))
    if surroundings.DATABASE:
        everything = not config.option.markexpr
        chosen = {item for item in items if surroundings.belongs_on_postgresql(item, everything)}
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = [item for item in items if item in chosen]


def pytest_unconfigure() -> None:
    surroundings.remove()
