# SPDX-License-Identifier: Apache-2.0
"""A person's own account."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gradus.web.ui.desk import Request, signed_in


@signed_in
@require_safe
def my_account(request: Request) -> HttpResponseBase:
    return render(request, "entrance/account.html.j2")
