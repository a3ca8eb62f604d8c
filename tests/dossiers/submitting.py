# SPDX-License-Identifier: Apache-2.0
"""Submissions for the tests of later stages: a dossier made ready, and frozen by the real action."""

from datetime import UTC, datetime
from functools import cache
from itertools import count

from gradus.dossiers.convert import as_text
from gradus.dossiers.evidence import add_evidence
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Evidence, Row
from gradus.dossiers.submit import declarations, submit_dossier
from gradus.formats.dossier import read_dossier
from gradus.journal.canonical import canonical
from tests.dossiers import papers
from tests.grading.dossiers import FOLDER, edition


@cache
def golden_facts(case="first-application-small"):
    """The facts of a golden case as a submission keeps them, without the platform."""
    tables = as_text(edition(), read_dossier(FOLDER / "cases" / case, edition())[0])
    numbers = count(1)
    kept = {
        table: [
            {"id": next(numbers), "number": number, "cells": {name: text for name, text in cells.items() if text}}
            for number, cells in enumerate(rows, start=1)
        ]
        for table, rows in tables.items()
    }
    return canonical({"client": {}, "dossier": {"id": "", "title": case}, "tables": kept})


def submit_ready(dossier, actor, requested="level-4"):
    """Submit a dossier on the day it declares, with a request and one small file under every name its documents give.

    Its instant is 9 o'clock in the body's time zone on that day; ``submission.submitted_at`` has it.
    """
    own = edition_of(dossier)
    table, column = own.path.requested
    row = Row.objects.get(dossier=dossier, table=table)
    if not row.cells.get(column):
        row.cells[column] = requested
        row.save()
    day = Row.objects.get(dossier=dossier, table=own.as_of[0]).cells[own.as_of[1]]
    at = datetime.fromisoformat(f"{day}T01:00:00").replace(tzinfo=UTC)
    listed = own.document_table
    named = {row.cells.get(listed.file) for row in Row.objects.filter(dossier=dossier, table=listed.table)}
    kept = add_evidence(dossier.client, "paper.pdf", [papers.pdf()], actor, at).evidence
    Evidence.objects.bulk_create(
        Evidence(client=dossier.client, file=kept.file, name=name, added_at=at, added_by=actor.name)
        for name in sorted(named - {None, ""})
        if not Evidence.objects.filter(client=dossier.client, name=name).exists()
    )
    dossier.refresh_from_db()
    return submit_dossier(dossier, declarations(dossier)["zh"], "王法定", "法定代表人", actor, at)
