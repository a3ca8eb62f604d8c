# SPDX-License-Identifier: Apache-2.0
"""A case's letters: for the body's staff here, for the client at its own address."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gradus.applications.models import Case
from gradus.decisions.letters import letter_of, lettered_steps, letters_taken_back
from gradus.formats.letters import render_letter
from gradus.people.permissions import Permission
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.templates import issuer_named


@needs(Permission.FILE_READ)
@require_safe
def case_letters(request: Request) -> HttpResponseBase:
    """Every letter of the case, drafts among them."""
    found = lettered_steps(request.case, for_client=False)
    context = {"case": request.case, "letters": found, "taken_back": letters_taken_back(request.case)}
    return render(request, "office/letters.html.j2", context)


@needs(Permission.FILE_READ)
@require_safe
def case_letter(request: Request, number: int, tongue: str) -> HttpResponseBase:
    """One letter as PDF."""
    return letter_file(request.case, number, tongue, for_client=False)


def letter_file(case: Case, number: int, tongue: str, *, for_client: bool) -> HttpResponse:
    """The letter of a step, in a language."""
    steps = {step.number: step for step, _ in lettered_steps(case, for_client=for_client)}
    if number not in steps or tongue not in ("zh", "en"):
        raise Http404
    named = issuer_named()
    letter = letter_of(case, steps[number], tongue, named.address[tongue] if named else "")
    response = HttpResponse(render_letter(letter), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{letter.number}.{tongue}.pdf"'
    return response
