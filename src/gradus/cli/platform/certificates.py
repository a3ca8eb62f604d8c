# SPDX-License-Identifier: Apache-2.0
"""``gradus certificates recover`` and ``gradus certificates tick``."""

from argparse import Namespace

from django.utils.timezone import now

from gradus.certificates.recover import recover
from gradus.certificates.status_lists import renew_lists
from gradus.certificates.unfinished import look_everywhere
from gradus.cli.platform.prepare import require_tables
from gradus.cli.streams import tell
from gradus.dossiers.telling import tell_what_ends
from gradus.formats.wording import words


def run(options: Namespace) -> int:
    """Finish what was begun: with ``recover`` whatever all tables tell is, with ``tick`` what is in line; and renew
    status lists that run out. ``tick`` also tells clients of evidence that runs out, which needs no keys."""
    require_tables()
    at = now()
    if options.action == "tick":
        tell(words("platform.reminded", options.lang, count=str(tell_what_ends(at))))
    if options.action == "recover":
        look_everywhere()
    published = recover(at)
    lists = renew_lists(at)
    tell(words("certificates.recovered", options.lang, published=str(published), lists=str(lists)))
    return 0
