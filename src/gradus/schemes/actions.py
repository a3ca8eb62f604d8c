# SPDX-License-Identifier: Apache-2.0
"""Keeping an edition when something first rests on it."""

import json
from datetime import datetime

from gradus.grading.scheme import Edition
from gradus.schemes.models import KeptEdition


def keep_edition(edition: Edition, at: datetime) -> None:
    """Keep the edition's content; nothing when it is kept already."""
    content = json.dumps(edition.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    fields = {"name": edition.name, "content": content, "kept_at": at}
    KeptEdition.objects.get_or_create(hash=edition.hash, defaults=fields)
