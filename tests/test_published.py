# SPDX-License-Identifier: Apache-2.0
"""A published edition never changes: a new threshold is a new edition."""

import pytest

from gradus.formats.editions import edition_folders, load_edition
from gradus.formats.published import published_hashes


@pytest.mark.parametrize("folder", edition_folders(), ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_every_edition_is_published_under_its_hash(folder) -> None:  # type: ignore[no-untyped-def]
    """Its content still has the hash that it was published with, and its folder bears its name."""
    edition = load_edition(folder)
    assert edition.name == f"{folder.parent.name}/{folder.name}"
    assert published_hashes()[edition.name] == edition.hash
