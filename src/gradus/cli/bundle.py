# SPDX-License-Identifier: Apache-2.0
"""``gradus bundle check FILE``: whether a case bundle is what was written, without the platform. Exit 0: whole; 1:
altered; 2: it is no bundle, or can not be read."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from gradus.cli.refusals import add_language
from gradus.cli.streams import tell, warn
from gradus.dossiers.regrade import grade_facts
from gradus.formats.case_bundle import check_bundle
from gradus.formats.result_json import result_to_json
from gradus.formats.wording import place, sentence, words
from gradus.grading.scheme import Edition

_MOST_SHOWN = 100


def describe(parser: ArgumentParser) -> None:
    """The command's options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="find what was altered / 核对案卷是否被改动")
    check.add_argument("file", type=Path, metavar="FILE", help="what `gradus case bundle` wrote")
    add_language(check)
    check.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Check one bundle, and say everything that is wrong with it."""
    found = check_bundle(options.file, _regrade)
    if not found.faults:
        blanks = {"files": found.files, "entries": found.entries, "submissions": found.submissions}
        counts = {name: str(count) for name, count in blanks.items()}
        tell(words("bundle.whole", options.lang, case=found.case, **counts))
        return 0
    for fault in found.faults[:_MOST_SHOWN]:
        warn(f"  {place(fault, None, options.lang)} {sentence(fault, options.lang)}".rstrip())
    tell(words("bundle.altered", options.lang, count=str(len(found.faults))))
    return 1


def _regrade(edition: Edition, facts: dict[str, Any], evidence: list[dict[str, Any]]) -> dict[str, Any]:
    return result_to_json(grade_facts(edition, facts, evidence))
