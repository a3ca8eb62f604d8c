# SPDX-License-Identifier: Apache-2.0
"""How Django knows this app."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "gradus.register"
    label = "register"
