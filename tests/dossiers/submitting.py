# SPDX-License-Identifier: Apache-2.0
"""Submissions for the tests of later stages: a dossier made ready, and frozen by the real action."""

from datetime import UTC, datetime

from gradus.dossiers.convert import as_text
from gradus.dossiers.evidence import add_evidence
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Evidence, Row, Submission
from gradus.dossiers.submit import Signature, declarations, submit_dossier
from gradus.formats.dossier import read_dossier
from gradus.journal.canonical import canonical
from tests.dossiers import papers
from tests.grading.dossiers import FOLDER


def submit_ready(dossier, actor, requested="level-4"):
    """Submit a dossier on the day it declares, with a request and one small file under every name its documents give.

    Its instant is 9 o'clock in the body's time zone on that day; ``submission.submitted_at`` has it.
    """
    edition = edition_of(dossier)
    table, column = edition.path.requested
    row = Row.objects.get(dossier=dossier, table=table)
    if not row.cells.get(column):
        row.cells[column] = requested
        row.save()
    day = Row.objects.get(dossier=dossier, table=edition.as_of[0]).cells[edition.as_of[1]]
    at = datetime.fromisoformat(f"{day}T01:00:00").replace(tzinfo=UTC)
    listed = edition.document_table
    named = {row.cells.get(listed.file) for row in Row.objects.filter(dossier=dossier, table=listed.table)}
    kept = add_evidence(dossier.client, "paper.pdf", [papers.pdf()], actor, at).evidence
    there = set(Evidence.objects.filter(client=dossier.client).values_list("name", flat=True))
    Evidence.objects.bulk_create(
        Evidence(client=dossier.client, file=kept.file, name=name, added_at=at, added_by=actor.name)
        for name in sorted(named - {None, ""} - there)
    )
    dossier.refresh_from_db()
    return submit_dossier(dossier, Signature(declarations(dossier)["zh"], "王法定", "法定代表人"), actor, at)


def kept_submission(dossier, account, at, case="first-application-small", requested="level-4", day=""):
    """A submission of a golden case put straight into the database: quick, for where only its facts matter.
    ``day``: the day it declares, where that is not the case's own."""
    edition = edition_of(dossier)
    rows = as_text(edition, read_dossier(FOLDER / "cases" / case, edition)[0])
    table, column = edition.path.requested
    rows[table][0][column] = requested
    if day:
        rows[edition.as_of[0]][0][edition.as_of[1]] = day
    tables = {
        table: [{"id": number, "number": number, "cells": cells} for number, cells in enumerate(own, 1)]
        for table, own in rows.items()
    }
    facts = {"client": {"name": dossier.client.name}, "dossier": {"title": dossier.title}, "tables": tables}
    return Submission.objects.create(
        dossier=dossier, number=1, edition=dossier.edition, edition_hash=dossier.edition_hash, facts=canonical(facts),
        evidence="[]", result="{}", account=account, submitted_at=at, digest=str(dossier.pk),
    )  # fmt: skip
