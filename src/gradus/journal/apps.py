# SPDX-License-Identifier: Apache-2.0
"""How Django knows this app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "gradus.journal"
    label = "journal"
