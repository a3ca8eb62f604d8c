# SPDX-License-Identifier: Apache-2.0
"""The first part of every address is the audience it is for."""

from django.urls import include, path

from gradus.web.ui.views import health, home, set_language

handler403 = "gradus.web.ui.views.forbidden"
handler404 = "gradus.web.ui.views.not_found"
handler500 = "gradus.web.ui.views.defect"

urlpatterns = [
    path("", home, name="home"),
    path("healthz", health, name="health"),
    path("language/", set_language, name="set_language"),
    path("enter/", include("gradus.web.entrance.urls")),
    path("", include("gradus.web.public.verify_urls")),
    path("", include("gradus.web.public.certificate_urls")),
    path("notices/", include("gradus.web.public.urls")),
    path("register/", include("gradus.web.public.register_urls")),
    path("scheme/", include("gradus.web.public.scheme_urls")),
    path("applicant/", include("gradus.web.applicant.urls")),
    path("assessor/", include("gradus.web.assessor.visit_urls")),
    path("office/", include("gradus.web.office.urls")),
    path("api/", include("gradus.api.urls")),
    path("assessor/", include("gradus.web.assessor.urls")),
]
