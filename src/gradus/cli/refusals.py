# SPDX-License-Identifier: Apache-2.0
"""Printing what was refused: every fault with its place, then how many there were."""

from argparse import ArgumentParser

from gradus.cli.streams import warn
from gradus.formats.wording import place, sentence, words
from gradus.grading.faults import Refusal
from gradus.grading.scheme import Edition


def add_language(parser: ArgumentParser) -> None:
    """The option that every command has."""
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the output (default: zh)")


def print_refusal(refusal: Refusal, language: str, edition: Edition | None = None, subject: str = "") -> None:
    """Print a refusal's faults on stderr."""
    count = {"count": str(len(refusal.faults)), "subject": subject}
    warn(words("cli.refused" if subject else "cli.refused_input", language, **count))
    for fault in refusal.faults:
        where = place(fault, edition, language)
        warn(f"  {where} {sentence(fault, language)}" if where else f"  {sentence(fault, language)}")
