# SPDX-License-Identifier: Apache-2.0
"""What is done about a public notice: objections recorded and answered, the notice closed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from gradus.decisions.models import Objection
from gradus.decisions.notice import answer_objection, close_notice, record_objection
from gradus.people.permissions import Permission
from gradus.web.office.decision import desk_page
from gradus.web.office.decision_forms import answer_form, carried_out, objection_form
from gradus.web.ui.desk import Request, needs
from gradus.web.ui.templates import t


@needs(Permission.PANEL_CONVENE)
@require_POST
def record_public_objection(request: Request) -> HttpResponseBase:
    """Record an objection that reached the office."""
    form = objection_form(localdate(request.desk.at), request.POST)

    def action(said: dict[str, Any]) -> None:
        told = (said["said_by"], said["contact"], said["text"])
        record_objection(request.case, told, said["received_on"], request.actor, request.desk.at)

    if not carried_out(form, action):
        return desk_page(request, {"objection": form})
    messages.success(request, t("decisions.said_recorded"))
    return redirect("decision_desk", case=request.case.pk)


@needs(Permission.CASE_RECOMMEND)
@require_POST
def answer_public_objection(request: Request, objection: int) -> HttpResponseBase:
    """Say what the technical review finds about an objection."""
    found = get_object_or_404(Objection.objects.select_related("case"), pk=objection, case=request.case)
    form = answer_form(request.POST)

    def action(said: dict[str, Any]) -> None:
        answer_objection(found, said["reasons"], request.actor, request.desk.at)

    if not carried_out(form, action):
        return desk_page(request, {"answer": form})
    messages.success(request, t("decisions.said_answered"))
    return redirect("decision_desk", case=request.case.pk)


@needs(Permission.PANEL_CONVENE)
@require_POST
def close_public_notice(request: Request) -> HttpResponseBase:
    """Close the notice, after its last day."""
    close_notice(request.case, request.actor, request.desk.at)
    messages.success(request, t("decisions.said_closed"))
    return redirect("decision_desk", case=request.case.pk)
