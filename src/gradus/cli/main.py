# SPDX-License-Identifier: Apache-2.0
"""The command line: ``gradus COMMAND``. Exit 0: done; 1: checked and found wanting; 2: refused, the reasons on
stderr."""

import argparse
from collections.abc import Sequence

from gradus import __version__
from gradus.cli import dossier, grade, recheck, scheme
from gradus.cli.refusals import print_refusal
from gradus.cli.streams import open_streams, tell
from gradus.formats.files import problem
from gradus.grading.faults import Fault, Place, Refusal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    open_streams()
    parser = argparse.ArgumentParser(
        prog="gradus",
        description="Grade a dossier under a certification scheme, and say why every point is what it is."
        " / 按认证制度给申报材料评级，并说明每一分的由来。",
    )
    parser.add_argument("--version", action="version", version=f"gradus {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (grade, recheck, scheme, dossier):
        module.add_parser(commands)
    language = "zh"
    try:
        options = _options(parser, arguments)
        language = options.lang
        return int(options.run(options))
    except Refusal as refusal:
        print_refusal(refusal, language)
    except OSError as error:
        print_refusal(Refusal([Fault("file.not_read", Place(str(error.filename or "")), problem(error))]), language)
    return 2


def _options(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> argparse.Namespace:
    try:
        return parser.parse_args(arguments)
    except SystemExit:
        tell("", end="")  # the help text that was asked for may still wait to be written
        raise
