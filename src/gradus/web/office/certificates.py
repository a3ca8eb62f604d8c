# SPDX-License-Identifier: Apache-2.0
"""The certificate officer's list: grants without a certificate, proposals without a decision, certificates."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gradus.applications.clock import clocks
from gradus.certificates.assertions import ready_faults, soon_faults
from gradus.certificates.convert import certificate_statement
from gradus.certificates.models import Certificate
from gradus.certificates.queries import left_numbers, open_proposals, standing_of, waiting_cases
from gradus.certificates.worklist import suspended
from gradus.decisions.record import decision_of
from gradus.formats.wording import sentence
from gradus.people.permissions import Permission
from gradus.schemes.queries import edition_named
from gradus.web.office.file_words import outcome_words
from gradus.web.public.standing_words import holder_name
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.templates import language

_NEWEST = 50


@needs(Permission.CERTIFICATE_LIST)
@require_safe
def certificate_list(request: Request) -> HttpResponseBase:
    """What awaits somebody, and the newest certificates with their standing."""
    waiting, at = list(waiting_cases()), request.desk.at
    running = clocks(waiting)
    newest = Certificate.objects.select_related("case__client").order_by("-at")[:_NEWEST]
    context = {
        "waiting": [
            {
                "case": each,
                "outcome": outcome_words(edition_named(each.edition_hash), getattr(decision_of(each), "outcome", "")),
                "due": clock.due if (clock := running[each.pk]) else None,
            }
            for each in waiting
        ],
        "proposals": open_proposals(),
        "suspended": suspended(at),
        "certificates": [_line(each, standing_of(each.number, at).standing) for each in newest],
        "unpublished": left_numbers(),
        "lacking": [sentence(each, language()) for each in [*ready_faults(at), *soon_faults(at)]],
    }
    return render(request, "office/certificates.html.j2", context)


def _line(row: Certificate, standing: str) -> dict[str, object]:
    statement = certificate_statement(row)
    return {
        "number": row.number,
        "case": row.case,
        "holder": holder_name(statement.holder.name, language()),
        "outcome": statement.outcome.text,
        "last": statement.last_valid_on,
        "standing": standing,
    }
