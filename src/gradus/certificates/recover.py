# SPDX-License-Identifier: Apache-2.0
"""The one path on which what was begun is finished: after a crash, after a theft, in the ordinary course (ADR 13)."""

from datetime import datetime

from gradus.certificates.log import log_staged
from gradus.certificates.publish import publish
from gradus.certificates.queries import unpublished
from gradus.certificates.status_lists import renew_lists


def recover(at: datetime) -> int:
    """Log what is staged, publish what is logged; returns how much was published. Two processes may do so at once."""
    log_staged(at)
    waiting = list(unpublished())
    for leaf in waiting:
        publish(leaf, at)
    return len(waiting)


def restate(at: datetime) -> int:
    """After a theft: state anew what verifiers do not believe any more, status lists among it. Certificates keep their
    numbers; returns how many statements were published."""
    count = recover(at)
    renew_lists(at)
    return count
