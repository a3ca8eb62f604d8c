# SPDX-License-Identifier: Apache-2.0
"""How Django knows this app."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "gradus.certificates"
    label = "certificates"
