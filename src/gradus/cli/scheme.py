# SPDX-License-Identifier: Apache-2.0
"""``gradus scheme list | check | show | diff``: look at editions and check them."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from gradus.cli.refusals import add_language, print_refusal
from gradus.cli.streams import tell
from gradus.formats.editions import default_edition, edition_folders, find_edition, load_edition
from gradus.formats.published import altered
from gradus.formats.scheme_diff import diff
from gradus.formats.scheme_text import show
from gradus.formats.wording import say, sentence, words
from gradus.grading.faults import Refusal


def describe(parser: ArgumentParser) -> None:
    """The command's options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="the published editions with their hashes")
    listing.set_defaults(run=run_list)
    check = actions.add_parser("check", help="report every fault of an edition, with its line")
    check.add_argument("path", type=Path, metavar="PATH", help="an edition's folder or file")
    check.set_defaults(run=run_check)
    shown = actions.add_parser("show", help="print an edition as a tree")
    shown.add_argument("edition", nargs="?", metavar="EDITION", help="SCHEME/EDITION, hash or folder")
    shown.set_defaults(run=run_show)
    compared = actions.add_parser("diff", help="tell in words what changed from one edition to another")
    compared.add_argument("old", metavar="A")
    compared.add_argument("new", metavar="B")
    compared.set_defaults(run=run_diff)
    for each in (listing, check, shown, compared):
        add_language(each)


def run_list(options: Namespace) -> int:
    """Print every published edition."""
    for folder in edition_folders():
        edition = load_edition(folder)
        tell(f"{edition.name}  {edition.hash}  {edition.text[options.lang]}")
    return 0


def run_check(options: Namespace) -> int:
    """Check one edition: 0 clean, 1 with faults."""
    try:
        edition = load_edition(options.path)
    except Refusal as refusal:
        print_refusal(refusal, options.lang, None, str(options.path))
        return 1
    params = {
        "name": edition.name,
        "hash": edition.hash,
        "indicators": str(len(edition.indicators)),
        "requirements": str(len(edition.requirements)),
        "outcomes": str(len(edition.outcomes)),
    }
    tell(words("cli.scheme_clean", options.lang, **params))
    for notice in altered(edition):
        tell(sentence(notice, options.lang))
    return 0


def run_show(options: Namespace) -> int:
    """Print an edition."""
    tell(show(find_edition(options.edition or default_edition()), options.lang))
    return 0


def run_diff(options: Namespace) -> int:
    """Print what changed: 0 also when nothing did."""
    lines = diff(find_edition(options.old), find_edition(options.new), options.lang)
    tell("\n".join(lines) if lines else say("cli.no_difference", options.lang))
    return 0
