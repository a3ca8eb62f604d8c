# SPDX-License-Identifier: Apache-2.0
"""The one path on which what was begun is finished: after a crash, after a theft, in the ordinary course (ADR 13)."""

from datetime import datetime, timedelta

from django.core.cache import cache

from gradus.certificates.log import log_staged
from gradus.certificates.publish import publish
from gradus.certificates.queries import left_since, unpublished
from gradus.certificates.status_lists import lists_due, renew_lists
from gradus.grading.faults import Refusal

_TRIED, _TRIED_AGAIN = "certificates-recovered", 60  # seconds
_LEFT = timedelta(minutes=1)
"""After which nobody is at work any more on what is staged and not handed out."""


def recover(at: datetime) -> int:
    """Log what is staged, publish what is logged; returns how much was published. Two processes may do so at once."""
    log_staged(at)
    waiting = list(unpublished())
    for leaf in waiting:
        publish(leaf, max(at, leaf.at))  # another request, whose clock is ahead, may have logged it
    return len(waiting)


def restate(at: datetime) -> int:
    """After a theft: state anew what verifiers do not believe any more, status lists among it. Certificates keep their
    numbers; returns how many statements were published."""
    count = recover(at)
    renew_lists(at)
    return count


def recover_when_asked(at: datetime, *, lists: bool = True) -> None:
    """Finish for whoever asks first what a crash left, and issue the lists anew when one will run out within a day, so
    that no timer is needed. Where the keys do not open, what is in force serves until it runs out (then nobody calls
    anything valid), and it is tried again a minute later. Whoever shows no ``lists`` does not look after them."""
    left = left_since(at - _LEFT)
    if not (left or (lists and lists_due(at))) or not cache.add(_TRIED, True, _TRIED_AGAIN):
        return
    try:
        if left:
            recover(at)
        renew_lists(at)
    except Refusal:
        return
    cache.delete(_TRIED)
