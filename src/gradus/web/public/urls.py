# SPDX-License-Identifier: Apache-2.0
"""Public notices."""

from django.urls import path

from gradus.web.public import notices

urlpatterns = [path("", notices.public_notices, name="public_notices")]
