# SPDX-License-Identifier: Apache-2.0
"""Whoever states something comes one by one."""

from gradus.certificates.models import LogHead


def lock_statements() -> None:
    """Wait for whoever states something, and keep others waiting until the transaction ends."""
    LogHead.objects.select_for_update(no_key=True).get(pk=1)
