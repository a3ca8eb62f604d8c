# SPDX-License-Identifier: Apache-2.0
"""What anybody may download of certificates; these addresses stand in what was signed."""

from django.urls import path

from gradus.web.public import certificate_files as files

urlpatterns = [
    path("certificates/<str:number>/certificate.pdf", files.certificate_pdf, name="certificate_pdf"),
    path("certificates/<str:number>/credential.json", files.certificate_credential, name="certificate_credential"),
    path("certificates/<str:number>/receipt.json", files.certificate_receipt, name="certificate_receipt"),
    path("issuer", files.issuer_document, name="issuer_document"),
    path("status/<str:purpose>/<int:number>", files.status_list, name="status_list"),
    path("log/checkpoint", files.log_checkpoint, name="log_checkpoint"),
    path("log/tile/<path:tile>", files.log_tile, name="log_tile"),
]
