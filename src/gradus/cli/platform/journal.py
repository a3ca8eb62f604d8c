# SPDX-License-Identifier: Apache-2.0
"""``gradus journal check``: whether the journal is what was written."""

from argparse import Namespace

from gradus.cli.platform.prepare import require_tables
from gradus.cli.platform.tables import snapshot
from gradus.cli.streams import tell, warn
from gradus.formats.wording import sentence, words
from gradus.journal.models import Entry, Head
from gradus.journal.queries import faults


def run(options: Namespace) -> int:
    """0 when it is whole, 1 with every place where it is not."""
    require_tables()
    with snapshot():  # people work on: what is recorded meanwhile is no fault
        found = list(faults())
        head = Head.objects.filter(pk=1).first()
        entries = Entry.objects.count()
    for fault in found:
        warn(f"  {sentence(fault, options.lang)}")
    said = "platform.journal_broken" if found else "platform.journal_whole"
    blanks = {"entries": str(entries), "hash": head.hash if head else "-", "faults": str(len(found))}
    tell(words(said, options.lang, **blanks))
    return 1 if found else 0
