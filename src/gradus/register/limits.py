# SPDX-License-Identifier: Apache-2.0
"""How often one address may ask the register, which answers everybody and must stay quick for all."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.core.cache import cache

FILE = 10
"""A file with many lines, or a paper that is drawn, counts as so many pages."""


def address_of(meta: Mapping[str, str]) -> str:
    """Who asks, from a request's headers: what the proxy in front of us saw, where there is one; else whoever is
    connected."""
    seen = meta.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_TLS else ""
    return seen.rpartition(",")[2].strip() or meta.get("REMOTE_ADDR", "")


def seconds_to_wait(address: str, at: datetime, cost: int = 1) -> int:
    """0 where the address may ask now; else how many seconds later it may again. Counted by the minute."""
    most = settings.PUBLIC_REQUESTS_A_MINUTE
    minute, second = divmod(int(at.timestamp()), 60)
    key = f"register-asked-{address}-{minute}"
    if not most or cache.get_or_set(key, 0, 120) is None:
        return 0
    return 60 - second if cache.incr(key, cost) > most else 0
