# SPDX-License-Identifier: Apache-2.0
"""Pictures taken on site and proofs of corrections, kept in the store of evidence under their digest."""

from collections.abc import Iterable
from datetime import datetime

from gradus.dossiers import store
from gradus.dossiers.evidence import look_once
from gradus.dossiers.models import File
from gradus.grading.faults import Fault, Refusal

Chunks = Iterable[bytes]


def keep_file(chunks: Chunks, at: datetime, *, picture: bool) -> File:
    """Keep an uploaded file. Raises Refusal for what is no PDF or picture, or where a ``picture`` is asked for and it
    is none."""
    with store.received(chunks) as content:
        looked = look_once(content)
        if picture and not looked.media_type.startswith("image/"):
            raise Refusal([Fault("visit.no_picture")])
        store.keep(content)
        fields = {"size": content.size, "media_type": looked.media_type, "pages": looked.pages, "stored_at": at}
        return File.objects.get_or_create(digest=content.digest, defaults=fields)[0]
