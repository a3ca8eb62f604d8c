# SPDX-License-Identifier: Apache-2.0
"""The certification body's first page: what each member of its staff sees first."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gradus.people.permissions import Permission
from gradus.people.queries import own_access
from gradus.web.office.dossier_list import dossier_list
from gradus.web.ui.desk import Request, needs


@needs(Permission.OFFICE_ENTER)
@require_safe
def office_home(request: Request) -> HttpResponseBase:
    """The clients for those who may list them, with what they submitted for those who may read it; one's own access to
    clients' data."""
    desk = request.desk
    reads = desk.may(Permission.SUBMISSION_READ)
    listed = dossier_list(request.GET, submitted=reads) if desk.may(Permission.CLIENT_LIST) else None
    access = own_access(desk.account, desk.at) if desk.may(Permission.ACCESS_ASK) else []
    return render(request, "office/home.html.j2", {"listed": listed, "access": access, "roles": desk.appointments})
