# SPDX-License-Identifier: Apache-2.0
"""The command line: ``gradus COMMAND``. Exit 0: done; 1: checked and found wanting; 2: refused, the reasons on
stderr."""

import argparse
import sys
from collections.abc import Sequence

from gradus import __version__
from gradus.cli import dossier, grade, recheck, scheme
from gradus.cli.refusals import print_refusal
from gradus.grading.faults import Refusal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows or POSIX-locale terminal must still take Chinese.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(
        prog="gradus",
        description="Grade a dossier under a certification scheme, and say why every point is what it is."
        " / 按认证制度给申报材料评级，并说明每一分的由来。",
    )
    parser.add_argument("--version", action="version", version=f"gradus {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (grade, recheck, scheme, dossier):
        module.add_parser(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except Refusal as refusal:
        print_refusal(refusal, options.lang)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0
