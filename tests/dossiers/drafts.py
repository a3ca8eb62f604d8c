# SPDX-License-Identifier: Apache-2.0
"""Dossiers of the core as the database would hold them, graded as drafts; and ways to spoil them."""

import json
from functools import cache

from django.db.models import F

from gradus.dossiers.convert import Stored, as_text, draft
from gradus.dossiers.models import Dossier, Row
from gradus.formats.editions import draft_edition, load_edition
from gradus.grading.assess import assess_draft
from gradus.grading.grade import declared_as_of
from tests.grading.dossiers import SCHEMES

EDITIONS = {"ccid": SCHEMES / "ccid-isd" / "2019-a1", "iso": SCHEMES / "iso33020" / "2019-a1"}
UNREADABLE = {"boolean": "maybe", "integer": "2O", "decimal": "1.2.3", "date": "2026-02-30", "text": "a\x01b"}


@cache
def edition(name):
    return load_edition(EDITIONS[name])


def stored(texts):
    """Rows as text by table, as the database gives them."""
    return [
        Stored(at, table, number, json.dumps(cells))
        for at, (table, number, cells) in enumerate(
            (table, number, cells) for table, rows in texts.items() for number, cells in enumerate(rows, 1)
        )
    ]


def texts_of(name, dossier):
    return as_text(edition(name), dossier)


def drafted(name, texts, day, evidence=frozenset()):
    return draft(edition(name), "draft", stored(texts), evidence, day, "某某有限公司")


def graded(name, texts, day, evidence=frozenset()):
    """The draft and what it came to."""
    found = drafted(name, texts, day, evidence)
    return found, assess_draft(draft_edition(edition(name)), found.dossier)[0]


def store(dossier, texts, at):
    """Put rows into the database as they are, the assessor's columns too."""
    Row.objects.filter(dossier=dossier).delete()
    Row.objects.bulk_create(
        Row(dossier=dossier, table=table, position=position, cells=cells, changed_at=at, changed_by="test")
        for table, rows in texts.items()
        for position, cells in enumerate(rows, 1)
    )
    Dossier.objects.filter(pk=dossier.pk).update(revision=F("revision") + 1)
    dossier.refresh_from_db()


def day_of(name, dossier):
    return declared_as_of(edition(name), dossier)
