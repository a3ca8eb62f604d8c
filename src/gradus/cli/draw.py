# SPDX-License-Identifier: Apache-2.0
"""``gradus draw check FILE``: draw again from a record alone, without the server."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from gradus.cli.refusals import add_language, print_refusal
from gradus.cli.streams import tell
from gradus.formats.draw_record import check_draw, read_draw
from gradus.formats.wording import words
from gradus.grading.faults import Refusal


def describe(parser: ArgumentParser) -> None:
    """The command's options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="draw again from a record, and compare")
    check.add_argument("file", type=Path, metavar="FILE", help="a record of a draw (docs/formats/draw.md)")
    check.set_defaults(run=run_check)
    add_language(check)


def run_check(options: Namespace) -> int:
    """Check one record: 0 reproduced, 1 not."""
    record = read_draw(options.file)
    faults = check_draw(record)
    if faults:
        print_refusal(Refusal(faults), options.lang, None, str(options.file))
        return 1
    blanks = {"case": record.case, "visit": str(record.visit), "population": str(len(record.population))}
    blanks |= {"count": str(len(record.drawn)), "drawn": ", ".join(record.drawn)}
    tell(words("draw.whole", options.lang, **blanks))
    return 0
