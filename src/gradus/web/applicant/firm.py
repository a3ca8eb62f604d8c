# SPDX-License-Identifier: Apache-2.0
"""A firm's dossiers, and a dossier's first page."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gradus.dossiers.actions import create_dossier
from gradus.dossiers.grading import edition_of
from gradus.dossiers.models import Dossier
from gradus.formats.editions import default_edition
from gradus.people.models import Organisation
from gradus.people.permissions import Permission
from gradus.web.applicant.panel import panel
from gradus.web.ui.desk import Request, needs, signed_in


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
    dossiers = Dossier.objects.filter(client=request.client).order_by("-created_at")
    return render(request, "applicant/firm.html.j2", {"client": request.client, "dossiers": dossiers})


@needs(Permission.DOSSIER_CREATE)
@require_http_methods(["GET", "POST"])
def new_dossier(request: Request) -> HttpResponseBase:
    """Open a dossier."""
    if request.method == "POST":
        title = request.POST.get("title", "").strip()[:100] or str(request.desk.at.year)
        dossier = create_dossier(request.client, title, default_edition(), request.actor, request.desk.at)
        return redirect("dossier_home", client=request.client.pk, dossier=dossier.pk)
    return render(request, "applicant/new_dossier.html.j2", {"client": request.client})


@needs(Permission.DOSSIER_READ)
@require_safe
def dossier_home(request: Request) -> HttpResponseBase:
    """Where the dossier stands: outcome, what stands in the way, its tables."""
    edition = edition_of(request.dossier)
    context = {"client": request.client, "dossier": request.dossier, "edition": edition}
    return render(request, "applicant/dossier.html.j2", {**context, "panel": panel(request.dossier, request.desk.at)})
