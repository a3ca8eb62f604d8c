# SPDX-License-Identifier: Apache-2.0
"""A dossier's facts and the evidence they cite as plain data, the form in which a submission keeps them.

docs/formats/submission.md says what each key holds. What assessors fill in is no fact of the applicant's, and is left
out; the grade of frozen facts is therefore that of the applicant's facts alone.
"""

import json
from dataclasses import dataclass
from typing import Any

from gradus.dossiers.grading import edition_of, stored_rows
from gradus.dossiers.models import Citation, Dossier, Evidence, Submission
from gradus.dossiers.regrade import grade_facts
from gradus.grading.result import Result
from gradus.grading.scheme import Edition
from gradus.journal.canonical import canonical, digest
from gradus.schemes.queries import edition_named

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Frozen:
    """``facts``: client, dossier, and rows by table; ``evidence``: the files that rows cite or name, by name."""

    facts: Json
    evidence: list[Json]

    @property
    def digest(self) -> str:
        """The same as long as nothing that would be submitted has changed."""
        return digest([self.facts, self.evidence])

    def is_of(self, submission: Submission) -> bool:
        """Whether exactly this was submitted."""
        return (canonical(self.facts), canonical(self.evidence)) == (submission.facts, submission.evidence)


def freeze(dossier: Dossier) -> Frozen:
    """The dossier as it stands."""
    edition = edition_of(dossier)
    theirs = {
        table.id: {column.id for column in table.columns if column.for_assessor} for table in edition.tables.values()
    }
    tables: dict[str, list[Json]] = {}
    numbers: dict[int, Json] = {}
    for row in stored_rows(dossier):
        kept = {name: text for name, text in sorted(row.cells.items()) if text and name not in theirs[row.table]}
        tables.setdefault(row.table, []).append({"id": row.id, "number": row.number, "cells": kept})
        numbers[row.id] = {"table": row.table, "row": row.id, "number": row.number}
    client = dossier.client
    facts = {
        "client": {"id": str(client.pk), "name": client.name, "name_en": client.name_en},
        "dossier": {"id": str(dossier.pk), "title": dossier.title},
        "tables": tables,
    }
    return Frozen(facts, _evidence(dossier, named_files(edition, tables), numbers))


def named_files(edition: Edition, tables: dict[str, list[Json]]) -> frozenset[str]:
    """The names of the files that the dossier's list of documents gives."""
    listed = edition.document_table
    rows = tables.get(listed.table, []) if listed else []
    return frozenset(row["cells"].get(listed.file, "").replace("\\", "/") for row in rows if listed) - {""}


def _evidence(dossier: Dossier, named: frozenset[str], numbers: dict[int, Json]) -> list[Json]:
    """Every file of the client's that a row cites or names, with the pages cited."""
    cites: dict[object, list[Json]] = {}
    cited = Citation.objects.filter(
        row__dossier=dossier, row__removed_at__isnull=True, evidence__removed_at__isnull=True
    )
    for evidence, row, page in cited.values_list("evidence_id", "row_id", "page"):
        cites.setdefault(evidence, []).append({**numbers[row], "page": page})
    every = Evidence.objects.filter(client=dossier.client_id, removed_at__isnull=True).select_related("file")
    return [
        {
            "name": each.name,
            "digest": each.file.digest,
            "size": each.file.size,
            "media_type": each.file.media_type,
            "pages": each.file.pages,
            "valid_until": each.valid_until.isoformat() if each.valid_until else None,
            "cited_by": sorted(cites.get(each.pk, []), key=lambda cite: (cite["table"], cite["number"], cite["page"])),
        }
        for each in sorted(every, key=lambda each: each.name)
        if each.pk in cites or each.name in named
    ]


def frozen_in(submission: Submission) -> Frozen:
    """What a submission froze."""
    return Frozen(json.loads(submission.facts), json.loads(submission.evidence))


def grade_frozen(edition: Edition, frozen: Frozen) -> Result:
    """The result under the edition itself."""
    return grade_facts(edition, frozen.facts, frozen.evidence)


def grade_submission(submission: Submission) -> Result:
    """What was submitted, graded anew from the frozen facts under the edition that it names."""
    return grade_frozen(edition_named(submission.edition_hash), frozen_in(submission))
