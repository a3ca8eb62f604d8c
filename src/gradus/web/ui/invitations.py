# SPDX-License-Identifier: Apache-2.0
"""The address that an invitation's letter carries."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse


def link_of(request: HttpRequest) -> Callable[[str], str]:
    """How a secret becomes the address of its page, on the host that the request came to."""
    return lambda secret: request.build_absolute_uri(reverse("invitation", args=[secret]))
