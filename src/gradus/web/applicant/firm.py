# SPDX-License-Identifier: Apache-2.0
"""A firm's dossiers, and a dossier's first page."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from gradus.dossiers.expiry import carried_rows, expired_rows
from gradus.dossiers.grading import Graded, edition_of, grade_dossier, to_fill
from gradus.dossiers.models import Dossier
from gradus.dossiers.readiness import unknown_facts
from gradus.dossiers.reminders import reminders
from gradus.dossiers.submit import changed_since
from gradus.formats.result_words import outcome_name
from gradus.people.models import Organisation
from gradus.people.permissions import Permission
from gradus.people.queries import appointments_at
from gradus.web.applicant.evidence_words import reminder_words
from gradus.web.applicant.panel import address, panel
from gradus.web.applicant.submission_words import fault_lines
from gradus.web.ui.desk import Request, needs, signed_in
from gradus.web.ui.templates import language

_FIRST_REMINDERS = 5


@signed_in
@require_safe
def firms(request: Request) -> HttpResponseBase:
    """The firms somebody works for, when there are several or none."""
    found = Organisation.objects.filter(pk__in=request.desk.clients).order_by("name")
    return render(request, "applicant/firms.html.j2", {"firms": found})


@needs(Permission.DOSSIER_READ)
@require_safe
def firm_home(request: Request) -> HttpResponseBase:
    """The firm's dossiers, newest first."""
    dossiers = list(Dossier.objects.filter(client=request.client).order_by("-created_at"))
    for each in dossiers:
        each.outcome, each.under = _outcomes(each), edition_of(each).text[language()]
    return render(request, "applicant/firm.html.j2", {"client": request.client, "dossiers": dossiers})


@needs(Permission.DOSSIER_READ)
@require_safe
def dossier_home(request: Request) -> HttpResponseBase:
    """Where the dossier stands: outcome, what stands in the way, its tables and who keeps them."""
    graded = grade_dossier(request.dossier, request.desk.at)
    carried = carried_rows(graded.edition, request.dossier)
    expired = expired_rows(graded.edition, request.dossier, localdate(request.desk.at))
    ending = reminders(request.dossier, request.desk.at)
    context = {
        "client": request.client,
        "dossier": request.dossier,
        "edition": graded.edition,
        "panel": panel(request.dossier, request.desk.at, graded),
        "tables": [
            {
                **line,
                "carried": rows_shown(request.dossier, str(line["id"]), carried),
                "expired": rows_shown(request.dossier, str(line["id"]), expired),
                "to_confirm": bool(set(carried.get(str(line["id"]), ())) - set(expired.get(str(line["id"]), ()))),
            }
            for line in table_lines(graded, owners(request.client, request.desk.at))
        ],
        "unknown": fault_lines(unknown_facts(graded), request.dossier, graded.edition),
        "reminders": [reminder_words(request.dossier, graded.edition, each) for each in ending[:_FIRST_REMINDERS]],
        "ending": len(ending),
        "may_edit": request.desk.may(Permission.DOSSIER_EDIT, request.client.pk),
        "changed_since": changed_since(request.dossier),
    }
    return render(request, "applicant/dossier.html.j2", context)


def rows_shown(dossier: Dossier, table: str, rows: Mapping[str, list[int]]) -> dict[str, object]:
    """How many rows of a table there are of a kind, and the table's page with them shown; {} where there are none."""
    found = rows.get(table, [])
    return {"count": len(found), "url": address(dossier, table, found)} if found else {}


def _outcomes(dossier: Dossier) -> str:
    """Capability and grantable outcome as the summary has them."""
    if not dossier.summary:
        return ""
    edition = edition_of(dossier)
    ranks = dict.fromkeys([dossier.summary["capability"], dossier.summary["grantable"]])
    return " / ".join(outcome_name(edition, rank, language()) for rank in ranks)


def table_lines(graded: Graded, kept_by: Mapping[str, str]) -> list[dict[str, object]]:
    """Every table with its rows, what is wrong in it, and who keeps it."""
    rows = Counter(table for table, _ in graded.draft.ids)
    faults = Counter(fault.place.table for fault in graded.draft.faults if not to_fill(fault))
    empty = Counter(fault.place.table for fault in graded.draft.faults if to_fill(fault))
    warnings = Counter(fault.place.table for fault in graded.result.warnings)
    return [
        {
            "id": table.id,
            "name": table.text[language()],
            "owner": kept_by.get(table.id, ""),
            "rows": rows[table.id],
            "faults": faults[table.id],
            "to_fill": empty[table.id],
            "warnings": warnings[table.id],
        }
        for table in graded.edition.tables.values()
    ]


def owners(client: Organisation, at: datetime) -> dict[str, str]:
    """By table, the departments (or names) of those whose appointment is for that table."""
    found: dict[str, list[str]] = {}
    for each in appointments_at(client, at):
        for table in each.tables:
            found.setdefault(table, []).append(each.department or each.account.name)
    return {table: ", ".join(dict.fromkeys(names)) for table, names in found.items()}
