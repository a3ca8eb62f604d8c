# SPDX-License-Identifier: Apache-2.0
"""Pages of the certification body."""

from django.urls import path

from gradus.web.office import views

urlpatterns = [
    path("", views.office_home, name="office_home"),
]
