# SPDX-License-Identifier: Apache-2.0
"""Published editions never change: the hash each was published with stands in ``schemes/PUBLISHED``."""

from gradus.formats.editions import scheme_folders
from gradus.grading.faults import Fault
from gradus.grading.scheme import Edition


def published_hashes() -> dict[str, str]:
    """The published editions' hashes by name (``scheme/edition``)."""
    found: dict[str, str] = {}
    for root in scheme_folders():
        file = root / "PUBLISHED"
        if file.is_file():
            lines = (line.split() for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
            found.update((name, digest) for name, digest in lines)
    return found


def altered(edition: Edition) -> tuple[Fault, ...]:
    """A notice when an edition bears the name of a published one and differs from it."""
    published = published_hashes().get(edition.name, edition.hash)
    if published == edition.hash:
        return ()
    return (Fault("edition.altered", params={"name": edition.name, "published": published[:19]}),)
