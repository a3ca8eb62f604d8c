# SPDX-License-Identifier: Apache-2.0
"""Verification."""

from django.urls import path

from gradus.web.public import verify

urlpatterns = [
    path("verify/", verify.verify_page, name="verify_page"),
    path("verify/file/", verify.verify_upload, name="verify_upload"),
    path("verify/trust.json", verify.verify_trust, name="verify_trust"),
    path("v/<str:number>", verify.verify_number, name="verify_number"),
    path("v/<str:number>/", verify.verify_number_slash, name="verify_number_slash"),
]
