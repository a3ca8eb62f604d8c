# SPDX-License-Identifier: Apache-2.0
"""The edition of a hash: from what is kept, checked against its name."""

import json
from functools import lru_cache

from gradus.formats.editions import edition_from_content
from gradus.grading.scheme import Edition
from gradus.schemes.models import KeptEdition


@lru_cache(maxsize=16)
def edition_named(hash_: str) -> Edition:
    """The kept edition of that hash. Raises KeptEdition.DoesNotExist; a content that is not its hash's is a defect."""
    edition = edition_from_content(json.loads(KeptEdition.objects.get(pk=hash_).content))
    if edition.hash != hash_:
        raise ValueError(f"the kept edition {hash_} has the content of {edition.hash}")
    return edition
