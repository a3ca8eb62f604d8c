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
    """The clients and their dossiers for those who may list them; one's own access to clients' data."""
    listed = dossier_list(request.GET) if request.desk.may(Permission.CLIENT_LIST) else None
    access = own_access(request.desk.account, request.desk.at) if request.desk.may(Permission.ACCESS_ASK) else []
    return render(
        request, "office/home.html.j2", {"listed": listed, "access": access, "roles": request.desk.appointments}
    )
