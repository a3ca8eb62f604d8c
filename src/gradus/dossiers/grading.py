# SPDX-License-Identifier: Apache-2.0
"""The grade of a dossier under construction: its rows through the core, and what lists keep of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.timezone import localdate

from gradus.dossiers import models
from gradus.dossiers.convert import Draft, Stored, draft
from gradus.grading.assess import assess_draft
from gradus.grading.faults import Fault
from gradus.grading.result import Result
from gradus.grading.scheme import Edition, Outcome
from gradus.schemes.queries import edition_named


@dataclass(frozen=True, slots=True)
class Graded:
    """A dossier as it stands: its draft, the result, and the edition it is meant for."""

    edition: Edition
    draft: Draft
    result: Result


def edition_of(dossier: models.Dossier) -> Edition:
    """The edition a dossier is built under."""
    return edition_named(dossier.edition_hash)


def stored_rows(dossier: models.Dossier) -> list[Stored]:
    """The dossier's rows, numbered from 1 in each table."""
    counts: dict[str, int] = {}
    found: list[Stored] = []
    rows = models.Row.objects.filter(dossier=dossier, removed_at__isnull=True).annotate(text=Cast("cells", TextField()))
    for id_, table, text in rows.order_by("table", "position", "id").values_list("id", "table", "text"):
        counts[table] = counts.get(table, 0) + 1
        found.append(Stored(id_, table, counts[table], text))
    return found


def evidence_names(dossier: models.Dossier) -> frozenset[str]:
    """The names under which the client's evidence can be cited."""
    return frozenset(
        models.Evidence.objects.filter(client=dossier.client_id, removed_at__isnull=True).values_list("name", flat=True)
    )


def grade_dossier(dossier: models.Dossier, at: datetime) -> Graded:
    """Grade a dossier as it stands, for the day it declares or else the day of ``at``, with the plan to what it aims
    at."""
    edition = edition_of(dossier)
    day = localdate(at)
    found = draft(edition, dossier.title, stored_rows(dossier), evidence_names(dossier), day, str(dossier.client))
    aim = next((each.rank for each in edition.outcomes if each.id == dossier.aim), 0)
    result, errors = assess_draft(found.edition, found.dossier, aim)
    return Graded(edition, replace(found, faults=(*found.faults, *errors)), result)


def to_fill(fault: Fault) -> bool:
    """Whether something has only not been filled in yet; anything else is a fault of what was."""
    return fault.code == "dossier.empty_cell"


def aim_of(dossier: models.Dossier, graded: Graded) -> Outcome:
    """The outcome aimed at: the chosen one, else the one after the present capability, else the highest."""
    outcomes = graded.edition.outcomes
    chosen = next((each for each in outcomes if each.id == dossier.aim), None)
    return chosen or outcomes[max(graded.result.next_rank, graded.result.capability) - 1]


def summary(dossier: models.Dossier, graded: Graded) -> dict[str, object]:
    """What lists show of a dossier."""
    result, aim = graded.result, aim_of(dossier, graded).id
    return {
        "capability": result.capability,
        "grantable": result.grantable,
        "overall": str(result.overall) if result.overall is not None else None,
        "faults": len(graded.draft.faults),
        "warnings": len(result.warnings),
        "missing": sum(aim in line.owed_by and not line.present for line in result.documents),
        "worst": result.bounds.worst if result.bounds else result.grantable,
        "best": result.bounds.best if result.bounds else result.grantable,
    }


def keep_summary(dossier: models.Dossier, graded: Graded, at: datetime) -> None:
    """Store what the dossier came to at its present revision; a derived value, made again whenever it is missing."""
    day: date = localdate(at)
    models.Dossier.objects.filter(pk=dossier.pk, revision=dossier.revision).update(
        summary=summary(dossier, graded), summary_revision=dossier.revision, summary_day=day
    )
