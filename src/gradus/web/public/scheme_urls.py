# SPDX-License-Identifier: Apache-2.0
"""What a scheme asks, for everybody to read."""

from django.urls import path

from gradus.web.public import scheme

urlpatterns = [
    path("", scheme.scheme, name="scheme"),
    path("<str:scheme_id>/<str:edition_id>/", scheme.scheme, name="scheme_edition"),
]
