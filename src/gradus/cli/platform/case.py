# SPDX-License-Identifier: Apache-2.0
"""``gradus case list`` and ``gradus case bundle CASE OUT.zip``."""

from argparse import Namespace
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate

from gradus.applications.belongings import belongings
from gradus.applications.cases import lock
from gradus.applications.models import Case
from gradus.cli.platform.prepare import require_tables
from gradus.cli.streams import tell
from gradus.decisions.file import decided_file
from gradus.formats.case_bundle import write_bundle
from gradus.formats.wording import words
from gradus.grading.faults import Fault, Refusal
from gradus.visits.draws import draw_files


def run(options: Namespace) -> int:
    """List every case, or write one into a file."""
    require_tables()
    return _list(options) if options.action == "list" else _bundle(options)


def _list(options: Namespace) -> int:
    found = Case.objects.select_related("client").order_by("number")
    for case in found:
        blanks = {
            "client": case.client.name,
            "requested": case.requested,
            "opened": localdate(case.opened_at).isoformat(),
        }
        state = words(f"state.{case.state}", options.lang)
        tell(words("bundle.listed", options.lang, case=case.number, state=state, **blanks))
    if not found:
        tell(words("bundle.no_cases", options.lang))
    return 0


def _bundle(options: Namespace) -> int:
    case = Case.objects.filter(number=options.case).first()
    if case is None:
        raise Refusal([Fault("bundle.no_such_case", params={"value": options.case})])
    file = Path(options.file).absolute()
    with transaction.atomic():  # locked: whoever acts on the case meanwhile waits, so that it is of one moment
        locked = lock(case)
        kept = belongings(locked, draw_files(locked) | decided_file(locked))
    count = write_bundle(file, kept.head, kept.files)
    tell(words("bundle.written", options.lang, case=case.number, file=str(file), files=str(count)))
    return 0
