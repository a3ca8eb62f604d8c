# SPDX-License-Identifier: Apache-2.0
"""Published editions never change: the hash each was published with stands in ``schemes/PUBLISHED``."""

from gradus.formats.editions import scheme_folders


def published_hashes() -> dict[str, str]:
    """The published editions' hashes by name (``scheme/edition``)."""
    found: dict[str, str] = {}
    for root in scheme_folders():
        file = root / "PUBLISHED"
        if file.is_file():
            lines = (line.split() for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
            found.update((name, digest) for name, digest in lines)
    return found
