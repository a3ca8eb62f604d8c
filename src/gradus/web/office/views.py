# SPDX-License-Identifier: Apache-2.0
"""The certification body's first page."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gradus.people.permissions import Permission
from gradus.web.ui.desk import Request, needs


@needs(Permission.CLIENT_LIST)
@require_safe
def office_home(request: Request) -> HttpResponseBase:
    return render(request, "office/home.html.j2")
